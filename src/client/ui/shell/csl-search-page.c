/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-search-page.c: search over everything on this computer and over the commands.
 *
 * The focus stays in the entry: the arrows move the selected line, Enter opens it, Escape goes back. Every key makes
 * the few results anew. */
#define G_LOG_DOMAIN "csl-search-page"

#include "config.h"

#include "client/ui/shell/csl-search-page.h"

#include "client/ui/search/csl-search-item.h"
#include "client/ui/search/csl-search-results.h"
#include "client/ui/search/csl-search-row.h"
#include "client/ui/shell/csl-navigation.h"

#include <glib/gi18n.h>

/* Lines that Page Up and Page Down pass over. */
#define PAGE_LINES 8
/* Lines that fit a tall window: they answer the key, the others follow before anybody can scroll to them. */
#define FIRST_LINES 14

struct _CslSearchPage
{
  CslPage parent_instance;

  CslSearchPurpose purpose;
  GPtrArray *recent; /* (owned) (nullable) of char* */
  GListModel *model; /* (owned) (nullable) of CslSearchItem */
  GPtrArray *lines;  /* (owned) of GtkListBoxRow (unowned): more than are shown now */
  guint n_filled;    /* lines that show their item of the model */
  guint fill_source;

  GtkSearchEntry *entry; /* (unowned): template child */
  GtkStack *stack;       /* (unowned): template child */
  GtkListBox *list;      /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslSearchPage, csl_search_page, CSL_TYPE_PAGE)

static CslSearchRow *
get_row (CslSearchPage *self, guint position)
{
  return CSL_SEARCH_ROW (
    gtk_list_box_row_get_child (g_ptr_array_index (self->lines, position)));
}

static CslSearchItem *
get_selected_item (CslSearchPage *self)
{
  GtkListBoxRow *line = gtk_list_box_get_selected_row (self->list);

  return line != NULL ? csl_row_get_item (CSL_ROW (gtk_list_box_row_get_child (line)))
                      : NULL;
}

/* The entry keeps the focus, so it is what a screen reader reads: the selected line is its description. */
static void
describe_selected (CslSearchPage *self)
{
  CslSearchItem *item = get_selected_item (self);
  g_autofree char *spoken =
    item != NULL
      ? csl_search_row_dup_spoken (csl_page_get_session (CSL_PAGE (self)), item)
      : g_strdup ("");

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, spoken, -1);
}

/* The line that is selected now, if it is still found. */
static guint
find_selected (CslSearchPage *self, GListModel *model)
{
  CslSearchItem *item = get_selected_item (self);

  for (guint i = 0; item != NULL && i < g_list_model_get_n_items (model); i++) {
    g_autoptr (CslSearchItem) other = g_list_model_get_item (model, i);

    if (csl_search_item_get_record (other) == csl_search_item_get_record (item) &&
        csl_search_item_get_command (other) == csl_search_item_get_command (item))
      return i;
  }
  return 0;
}

/* Lines are made once and filled anew: making them is what would cost time. */
static void
add_line (CslSearchPage *self)
{
  GtkWidget *line = gtk_list_box_row_new ();
  GtkWidget *row = g_object_new (CSL_TYPE_SEARCH_ROW, "session",
                                 csl_page_get_session (CSL_PAGE (self)), NULL);

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (line), row);
  gtk_list_box_append (self->list, line);
  g_ptr_array_add (self->lines, line);
}

/* Up to @n_lines lines show their items. */
static void
fill (CslSearchPage *self, guint n_lines)
{
  const guint n_items = g_list_model_get_n_items (self->model);

  for (; self->n_filled < MIN (n_lines, n_items); self->n_filled++) {
    const guint i = self->n_filled;
    g_autoptr (CslSearchItem) item = g_list_model_get_item (self->model, i);
    g_autoptr (CslSearchItem) previous =
      i > 0 ? g_list_model_get_item (self->model, i - 1) : NULL;

    if (i == self->lines->len)
      add_line (self);
    g_object_set (get_row (self, i), "previous", previous, "item", item, NULL);
    gtk_widget_set_visible (g_ptr_array_index (self->lines, i), TRUE);
  }
}

static void
fill_all (CslSearchPage *self)
{
  g_clear_handle_id (&self->fill_source, g_source_remove);
  fill (self, G_MAXUINT);
}

static gboolean
fill_all_cb (gpointer data)
{
  CslSearchPage *self = data;

  self->fill_source = 0;
  fill_all (self);
  return G_SOURCE_REMOVE;
}

static void
show (CslSearchPage *self, GListModel *model, guint selected)
{
  const guint n_items = g_list_model_get_n_items (model);

  g_clear_handle_id (&self->fill_source, g_source_remove);
  g_set_object (&self->model, model);
  self->n_filled = 0;
  fill (self, MAX (FIRST_LINES, selected + 1));
  for (guint i = self->n_filled; i < self->lines->len; i++)
    gtk_widget_set_visible (g_ptr_array_index (self->lines, i), FALSE);
  if (self->n_filled < n_items)
    self->fill_source = g_idle_add (fill_all_cb, self);
  gtk_list_box_select_row (self->list, n_items > 0
                                         ? g_ptr_array_index (self->lines, selected)
                                         : NULL);
  gtk_stack_set_visible_child_name (self->stack, n_items > 0 ? "results" : "nothing");
  describe_selected (self);
}

static GListModel *
find (CslSearchPage *self)
{
  CslSession *session = csl_page_get_session (CSL_PAGE (self));
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));

  return self->purpose == CSL_SEARCH_OPEN
           ? csl_search_results_find (session, text, self->recent,
                                      csl_page_get_client (CSL_PAGE (self)) != NULL)
           : csl_search_results_find_clients (session, text, self->recent);
}

static void
scroll_to (CslSearchPage *self, GtkWidget *line)
{
  GtkWidget *scrolled =
    gtk_widget_get_ancestor (GTK_WIDGET (self->list), GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *adjustment =
    gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
  graphene_rect_t bounds;

  if (gtk_widget_compute_bounds (line, GTK_WIDGET (self->list), &bounds))
    gtk_adjustment_clamp_page (adjustment, bounds.origin.y,
                               bounds.origin.y + bounds.size.height);
}

static void
search_changed_cb (CslSearchPage *self)
{
  g_autoptr (GListModel) model = find (self);

  show (self, model, 0);
  if (self->lines->len > 0)
    scroll_to (self, g_ptr_array_index (self->lines, 0));
}

/* What is found follows the records, for example when a sync takes some away. */
static void
records_changed_cb (CslSearchPage *self)
{
  g_autoptr (GListModel) model = find (self);

  show (self, model, find_selected (self, model));
}

/* A command works on the page the search was opened from. */
static void
run_command (CslSearchPage *self, const CslCommand *command)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)));
  g_autofree char *name = NULL;
  g_autoptr (GVariant) target = NULL;

  g_action_parse_detailed_name (command->action, &name, &target, NULL);
  csl_navigation_back (GTK_WIDGET (self));
  gtk_widget_activate_action_variant (window, name, target);
}

static void
open_record (CslSearchPage *self, CslRecordItem *record)
{
  const char *type = csl_record_item_get_record_type (record)->name;
  const char *id = csl_record_item_get_id (record);

  switch (self->purpose) {
  case CSL_SEARCH_OPEN:
    csl_navigation_open_record (GTK_WIDGET (self), type, id);
    break;
  case CSL_SEARCH_CHOOSE_CLIENT:
    gtk_widget_activate_action (GTK_WIDGET (self), "shell.work-with", "s", id);
    break;
  case CSL_SEARCH_NEW_NOTE:
    csl_navigation_replace_with_note (GTK_WIDGET (self), id);
    break;
  }
}

static void
open_item (CslSearchPage *self, CslSearchItem *item)
{
  if (item == NULL)
    return;
  if (csl_search_item_get_command (item) != NULL)
    run_command (self, csl_search_item_get_command (item));
  else
    open_record (self, csl_search_item_get_record (item));
}

static void
activate_cb (CslSearchPage *self, GtkListBoxRow *line)
{
  g_autoptr (CslSearchItem) item =
    g_object_ref (csl_row_get_item (CSL_ROW (gtk_list_box_row_get_child (line))));

  open_item (self, item);
}

static void
open_selected_cb (CslSearchPage *self)
{
  GtkListBoxRow *line;

  /* The last letter may have come a moment ago. */
  records_changed_cb (self);
  line = gtk_list_box_get_selected_row (self->list);
  if (line != NULL)
    activate_cb (self, line);
}

static void
stop_search_cb (CslSearchPage *self)
{
  csl_navigation_back (GTK_WIDGET (self));
}

static void
move_selection (CslSearchPage *self, int lines)
{
  GtkListBoxRow *line = gtk_list_box_get_selected_row (self->list);
  const int last = (int) g_list_model_get_n_items (self->model) - 1;
  int position;

  if (line == NULL)
    return;
  fill_all (self);
  position = CLAMP (gtk_list_box_row_get_index (line) + lines, 0, last);
  line = g_ptr_array_index (self->lines, (guint) position);
  gtk_list_box_select_row (self->list, line);
  describe_selected (self);
  scroll_to (self, GTK_WIDGET (line));
}

static gboolean
key_pressed_cb (CslSearchPage *self, guint key, guint code, GdkModifierType modifiers)
{
  if ((modifiers & gtk_accelerator_get_default_mod_mask ()) != 0)
    return GDK_EVENT_PROPAGATE;
  switch (key) {
  case GDK_KEY_Down:
  case GDK_KEY_KP_Down:
    move_selection (self, 1);
    return GDK_EVENT_STOP;
  case GDK_KEY_Up:
  case GDK_KEY_KP_Up:
    move_selection (self, -1);
    return GDK_EVENT_STOP;
  case GDK_KEY_Page_Down:
    move_selection (self, PAGE_LINES);
    return GDK_EVENT_STOP;
  case GDK_KEY_Page_Up:
    move_selection (self, -PAGE_LINES);
    return GDK_EVENT_STOP;
  default:
    return GDK_EVENT_PROPAGATE;
  }
}

static gboolean
csl_search_page_find (CslPage *page)
{
  GtkWidget *entry = GTK_WIDGET (CSL_SEARCH_PAGE (page)->entry);

  gtk_editable_select_region (GTK_EDITABLE (entry), 0, -1);
  return gtk_widget_grab_focus (entry);
}

static void
csl_search_page_client_changed (CslPage *page)
{
  records_changed_cb (CSL_SEARCH_PAGE (page));
}

static void
csl_search_page_dispose (GObject *object)
{
  CslSearchPage *self = CSL_SEARCH_PAGE (object);

  g_clear_handle_id (&self->fill_source, g_source_remove);
  g_clear_object (&self->model);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  g_clear_pointer (&self->recent, g_ptr_array_unref);
  G_OBJECT_CLASS (csl_search_page_parent_class)->dispose (object);
}

static void
csl_search_page_class_init (CslSearchPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = csl_search_page_dispose;
  CSL_PAGE_CLASS (klass)->find = csl_search_page_find;
  CSL_PAGE_CLASS (klass)->client_changed = csl_search_page_client_changed;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/shell/csl-search-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CslSearchPage, entry);
  gtk_widget_class_bind_template_child (widget_class, CslSearchPage, stack);
  gtk_widget_class_bind_template_child (widget_class, CslSearchPage, list);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
}

static void
csl_search_page_init (CslSearchPage *self)
{
  self->lines = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

CslPage *
csl_search_page_new (CslSession *session, CslSearchPurpose purpose, GPtrArray *recent)
{
  CslSearchPage *self = g_object_new (CSL_TYPE_SEARCH_PAGE, "session", session, NULL);

  self->purpose = purpose;
  self->recent = recent;
  if (purpose != CSL_SEARCH_OPEN) {
    csl_page_set_title (CSL_PAGE (self), purpose == CSL_SEARCH_NEW_NOTE
                                           ? _ ("Whose Note?")
                                           : _ ("Choose a Client"));
    g_object_set (self->entry, "placeholder-text", _ ("Name, phone or number"), NULL);
  }
  search_changed_cb (self);
  g_signal_connect_object (session, "changed", G_CALLBACK (records_changed_cb), self,
                           G_CONNECT_SWAPPED);
  return CSL_PAGE (self);
}
