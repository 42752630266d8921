/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-take-along.c: a replica holds every bucket of its worker, whole as of the last complete exchange
 * (docs/protocol.md, part 5). So taking along means: exchange once more, then say what is here and from when. */
#define G_LOG_DOMAIN "csl-take-along"

#include "config.h"

#include "client/ui/today/csl-take-along.h"

#include "client/ui/text/csl-display-time.h"

#include <glib/gi18n.h>

/* Longer nobody stands at the door for it. */
#define MOST_SECONDS 20

struct _CslTakeAlong
{
  AdwBin parent_instance;

  CslSession *session;        /* (owned) (nullable) */
  CslRecordItem *appointment; /* (owned) (nullable) */
  GSignalGroup *signals;      /* (owned): of the sync info */
  gint64 before_ms;           /* the last exchange when the button was pressed */
  guint source;               /* runs while something is fetched */
  bool has_failed;

  GtkLabel *label;  /* (unowned): template child */
  GtkBox *buttons;  /* (unowned): template child */
  GtkWidget *fetch; /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslTakeAlong, csl_take_along, ADW_TYPE_BIN)

static gint64
last_exchange_ms (CslTakeAlong *self)
{
  gint64 when_ms = 0;

  g_object_get (csl_session_get_sync_info (self->session), "last-success-ms", &when_ms,
                NULL);
  return when_ms;
}

static CslSyncStatus
get_status (CslTakeAlong *self)
{
  return csl_sync_info_get_status (csl_session_get_sync_info (self->session));
}

static bool
holds (CslTakeAlong *self, const char *field)
{
  const char *id = csl_record_item_get_text (self->appointment, field);
  g_autoptr (CslRecordItem) item =
    id != NULL ? csl_session_lookup (self->session, field, id) : NULL;

  return id == NULL || item != NULL;
}

static guint
count_notes (CslTakeAlong *self)
{
  const char *client = csl_record_item_get_text (self->appointment, "client");
  g_autoptr (CslQuery) query = csl_query_new (
    csl_schema_lookup_type (csl_session_get_schema (self->session), "note"));

  if (client == NULL)
    return 0;
  csl_query_add_text (query, "client", CSL_FILTER_IS, client);
  return csl_session_count (self->session, query);
}

/* What is here, and from when. */
static char *
dup_held (CslTakeAlong *self)
{
  const gint64 when_ms = last_exchange_ms (self);
  const guint n_notes = count_notes (self);
  g_autofree char *when =
    csl_display_moment (when_ms, csl_session_get_now_ms (self->session));

  if (!holds (self, "client") || !holds (self, "case"))
    return g_strdup (_ ("Not all of this case is on this computer."));
  if (when_ms == 0)
    return g_strdup (_ ("Your caseload has not arrived completely yet."));
  return g_strdup_printf (
    /* Translators: how many, and a moment like "Today 09:12" */
    ngettext ("On this computer with %u note, as of %s.",
              "On this computer with %u notes, as of %s.", n_notes),
    n_notes, when);
}

static void
show (CslTakeAlong *self)
{
  g_autofree char *held = dup_held (self);
  g_autofree char *text = NULL;

  gtk_widget_set_sensitive (self->fetch, self->source == 0);
  if (self->source != 0)
    text = g_strdup (_ ("Fetching what is new…"));
  else if (self->has_failed && get_status (self) == CSL_SYNC_STATUS_PAUSED)
    text = g_strconcat (_ ("You have chosen to work offline."), " ", held, NULL);
  else if (self->has_failed)
    text = g_strconcat (_ ("The server cannot be reached now."), " ", held, NULL);
  gtk_label_set_label (self->label, text != NULL ? text : held);
}

static void
finish (CslTakeAlong *self, bool has_failed)
{
  g_clear_handle_id (&self->source, g_source_remove);
  self->has_failed = has_failed;
  show (self);
}

static gboolean
time_is_over_cb (gpointer user_data)
{
  CslTakeAlong *self = user_data;

  self->source = 0;
  finish (self, true);
  return G_SOURCE_REMOVE;
}

static void
sync_changed_cb (CslTakeAlong *self)
{
  if (self->appointment == NULL)
    return;
  if (last_exchange_ms (self) > self->before_ms)
    finish (self, false);
  else if (self->source == 0)
    show (self);
}

static void
fetch_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CslTakeAlong *self = CSL_TAKE_ALONG (widget);

  if (self->appointment == NULL || self->source != 0)
    return;
  self->before_ms = last_exchange_ms (self);
  self->has_failed = get_status (self) == CSL_SYNC_STATUS_PAUSED;
  if (!self->has_failed) {
    self->source = g_timeout_add_seconds (MOST_SECONDS, time_is_over_cb, self);
    csl_session_sync_now (self->session);
  }
  show (self);
}

static void
csl_take_along_dispose (GObject *object)
{
  CslTakeAlong *self = CSL_TAKE_ALONG (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_object (&self->signals);
  g_clear_object (&self->appointment);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (csl_take_along_parent_class)->dispose (object);
}

static void
csl_take_along_class_init (CslTakeAlongClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = csl_take_along_dispose;
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/today/csl-take-along.ui");
  gtk_widget_class_bind_template_child (widget_class, CslTakeAlong, label);
  gtk_widget_class_bind_template_child (widget_class, CslTakeAlong, buttons);
  gtk_widget_class_bind_template_child (widget_class, CslTakeAlong, fetch);
  gtk_widget_class_install_action (widget_class, "take-along.fetch", NULL, fetch_action);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
csl_take_along_init (CslTakeAlong *self)
{
  self->signals = g_signal_group_new (CSL_TYPE_SYNC_INFO);
  g_signal_group_connect_swapped (self->signals, "notify", G_CALLBACK (sync_changed_cb),
                                  self);
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
csl_take_along_set (CslTakeAlong *self, CslSession *session, CslRecordItem *appointment)
{
  g_return_if_fail (CSL_IS_TAKE_ALONG (self));
  g_set_object (&self->session, session);
  if (g_set_object (&self->appointment, appointment)) {
    g_clear_handle_id (&self->source, g_source_remove);
    self->has_failed = false;
    self->before_ms = G_MAXINT64;
  }
  g_signal_group_set_target (self->signals, appointment != NULL
                                              ? csl_session_get_sync_info (session)
                                              : NULL);
  gtk_widget_set_visible (self->fetch, appointment != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->label), appointment != NULL);
  if (appointment != NULL)
    show (self);
}

void
csl_take_along_add_start (CslTakeAlong *self, GtkWidget *button)
{
  g_return_if_fail (CSL_IS_TAKE_ALONG (self));
  gtk_box_prepend (self->buttons, button);
}
