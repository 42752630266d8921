/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-devices-window.c: computers as the server lists them. Asked anew each time: an old list would be worse than none. */
#define G_LOG_DOMAIN "csl-devices-window"

#include "config.h"

#include "client/ui/devices/csl-devices-window.h"

#include "client/app/csl-session-devices.h"
#include "client/ui/shell/csl-navigation.h"
#include "client/ui/text/csl-display-time.h"
#include "client/ui/text/csl-error-text.h"
#include "client/ui/wrap/csl-question.h"

#include <glib/gi18n.h>

struct _CslDevicesWindow
{
  AdwWindow parent_instance;

  CslSession *session;       /* (owned) */
  GCancellable *cancellable; /* (owned) */
  GPtrArray *entries;        /* (owned) (nullable): of CslDeviceEntry */
  const CslDeviceEntry
    *asked; /* (unowned) (nullable): in @entries, while a question is open */

  GtkStack *stack;            /* (unowned): template child */
  AdwPreferencesGroup *group; /* (unowned): template child */
  GtkListBox *list;           /* (unowned): template child */
  AdwStatusPage *trouble;     /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslDevicesWindow, csl_devices_window, ADW_TYPE_WINDOW)

static void load (CslDevicesWindow *self);

static void
show_trouble (CslDevicesWindow *self, const char *title, const char *sentence)
{
  adw_status_page_set_title (self->trouble, title);
  adw_status_page_set_description (self->trouble, sentence);
  gtk_stack_set_visible_child_name (self->stack, "trouble");
}

static void
show_error (CslDevicesWindow *self, const GError *error)
{
  CslErrorText text;

  if (csl_error_text_lookup (error, &text))
    show_trouble (self, text.title, text.sentence);
}

/* -- removing -- */

static void
removed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CslDevicesWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  bool no_key = false;

  if (csl_session_remove_device_finish (CSL_SESSION (object), result, &no_key, &error)) {
    if (self->session != NULL)
      load (self);
  } else if (no_key)
    show_trouble (self, _ ("Nothing Was Removed"),
                  _ ("Your organisation has no recovery key yet, so unsent work on the "
                     "computer would be lost. Please ask your administrator."));
  else
    show_error (self, error);
}

static void
answer_cb (CslDevicesWindow *self, const char *answer)
{
  const CslDeviceEntry *entry = self->asked;

  self->asked = NULL;
  if (entry != NULL && g_str_equal (answer, "go"))
    csl_session_remove_device_async (self->session, entry, self->cancellable, removed_cb,
                                     g_object_ref (self));
}

static void
remove_clicked_cb (CslDevicesWindow *self, GtkButton *button)
{
  const guint position =
    GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "position"));
  const CslDeviceEntry *entry = self->entries->pdata[position];
  g_autofree char *title =
    /* Translators: the name of a computer */
    g_strdup_printf (entry->is_here ? _ ("Remove This Computer, “%s”?")
                                    : _ ("Remove “%s”?"),
                     entry->name);
  const CslQuestion question = {
    .title = title,
    .body =
      entry->is_here
        ? _ ("You are working on it now. Your records on it are deleted, and you are "
             "signed out at once; work that was not sent is sealed and handed in "
             "first.")
        : _ ("Use this when a computer is lost or not used any more. It is refused "
             "at once. When it is next online its records are deleted; work that "
             "was not sent is sealed and handed in first."),
    .stay = _ ("_Cancel"),
    .go = _ ("_Remove"),
    .is_destructive = TRUE,
  };
  GtkWidget *dialog = csl_question_new (GTK_WINDOW (self), &question);

  self->asked = entry;
  g_signal_connect_object (dialog, "response", G_CALLBACK (answer_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* -- the list -- */

static const char *
get_state_text (const CslDeviceEntry *entry)
{
  switch (entry->state) {
  case CSL_DEVICE_IN_USE:
    return entry->is_here ? _ ("This computer") : NULL;
  case CSL_DEVICE_SUSPENDED:
    return _ ("Not let in at present");
  case CSL_DEVICE_LEAVING:
    return _ ("Being removed: waits until it is online");
  case CSL_DEVICE_GONE:
    return _ ("Removed");
  }
  g_assert_not_reached ();
}

static void
append (GString *text, const char *part)
{
  if (part == NULL || *part == '\0')
    return;
  if (text->len > 0)
    g_string_append (text, " · ");
  g_string_append (text, part);
}

static char *
dup_subtitle (CslDevicesWindow *self, const CslDeviceEntry *entry)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *time =
    entry->last_sync_at != NULL
      ? csl_display_instant (entry->last_sync_at, csl_session_get_now_ms (self->session))
      : NULL;
  /* Translators: a time, such as "today 14:03" */
  g_autofree char *seen = time != NULL ? g_strdup_printf (_ ("Last sync: %s"), time)
                                       : g_strdup (_ ("Never synced"));
  g_autofree char *unsent = NULL;

  append (text, get_state_text (entry));
  append (text, entry->is_own ? NULL : entry->user_name);
  append (text, entry->platform);
  if (entry->state != CSL_DEVICE_GONE)
    append (text, seen);
  if (entry->unsent > 0 && entry->state != CSL_DEVICE_GONE) {
    unsent = g_strdup_printf (ngettext ("%u entry not sent", "%u entries not sent",
                                        (guint) entry->unsent),
                              (guint) entry->unsent);
    append (text, unsent);
  }
  return g_markup_escape_text (text->str, (gssize) text->len);
}

static GtkWidget *
create_remove_button (CslDevicesWindow *self, guint position)
{
  const CslDeviceEntry *entry = self->entries->pdata[position];
  GtkWidget *button = gtk_button_new ();
  g_autofree char *name = g_strconcat ("remove-", entry->id, NULL);
  g_autofree char *label =
    /* Translators: the name of a computer */
    g_strdup_printf (_ ("Remove the computer “%s”"), entry->name);

  /* As a child, not as its label: that would be said instead of the name of the computer. */
  gtk_button_set_child (GTK_BUTTON (button), gtk_label_new (_ ("Remove…")));
  gtk_widget_set_name (button, name);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_object_set_data (G_OBJECT (button), "position", GUINT_TO_POINTER (position));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (remove_clicked_cb), self,
                           G_CONNECT_SWAPPED);
  return button;
}

static void
append_row (CslDevicesWindow *self, guint position)
{
  const CslDeviceEntry *entry = self->entries->pdata[position];
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *title = g_markup_escape_text (entry->name, -1);
  g_autofree char *subtitle = dup_subtitle (self, entry);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("computer-symbolic"));
  if (entry->state == CSL_DEVICE_IN_USE || entry->state == CSL_DEVICE_SUSPENDED)
    adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                               create_remove_button (self, position));
  gtk_list_box_append (self->list, row);
}

/* This one, one's own, those of others; removed ones last. */
static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const CslDeviceEntry *first = *(const CslDeviceEntry *const *) a;
  const CslDeviceEntry *second = *(const CslDeviceEntry *const *) b;

  if ((first->state == CSL_DEVICE_GONE) != (second->state == CSL_DEVICE_GONE))
    return first->state == CSL_DEVICE_GONE ? 1 : -1;
  if (first->is_here != second->is_here)
    return first->is_here ? -1 : 1;
  if (first->is_own != second->is_own)
    return first->is_own ? -1 : 1;
  if (first->is_own)
    return g_strcmp0 (second->last_sync_at, first->last_sync_at);
  return g_utf8_collate (first->user_name, second->user_name);
}

static void
update_title (CslDevicesWindow *self)
{
  bool others = false;

  for (guint i = 0; i < self->entries->len; i++)
    others |= !((const CslDeviceEntry *) self->entries->pdata[i])->is_own;
  adw_preferences_group_set_title (self->group, others
                                                  ? _ ("Computers of Your Organisation")
                                                  : _ ("Computers You Use"));
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CslDevicesWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries =
    csl_session_list_devices_finish (CSL_SESSION (object), result, &error);
  GtkWidget *row;

  if (entries == NULL) {
    show_error (self, error);
    return;
  }
  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  self->entries = g_steal_pointer (&entries);
  g_ptr_array_sort (self->entries, compare_entries);
  update_title (self);
  for (guint i = 0; i < self->entries->len; i++)
    append_row (self, i);
  gtk_stack_set_visible_child_name (self->stack, "list");
  csl_navigation_keep_focus (GTK_WIDGET (self->stack));
}

static void
load (CslDevicesWindow *self)
{
  csl_session_list_devices_async (self->session, self->cancellable, loaded_cb,
                                  g_object_ref (self));
}

static void
csl_devices_window_dispose (GObject *object)
{
  CslDevicesWindow *self = CSL_DEVICES_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  self->asked = NULL;
  G_OBJECT_CLASS (csl_devices_window_parent_class)->dispose (object);
}

static void
csl_devices_window_class_init (CslDevicesWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = csl_devices_window_dispose;
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/devices/csl-devices-window.ui");
  gtk_widget_class_bind_template_child (widget_class, CslDevicesWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, CslDevicesWindow, group);
  gtk_widget_class_bind_template_child (widget_class, CslDevicesWindow, list);
  gtk_widget_class_bind_template_child (widget_class, CslDevicesWindow, trouble);
}

static void
csl_devices_window_init (CslDevicesWindow *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
csl_devices_window_new (GtkWindow *parent, CslSession *session)
{
  CslDevicesWindow *self =
    g_object_new (CSL_TYPE_DEVICES_WINDOW, "transient-for", parent, NULL);

  self->session = g_object_ref (session);
  /* This very computer may be the one. */
  g_signal_connect_object (session, "removed", G_CALLBACK (gtk_window_destroy), self,
                           G_CONNECT_SWAPPED);
  load (self);
  return GTK_WINDOW (self);
}
