/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A GIO module that lets a test drive the unmodified program: it is loaded through GIO_EXTRA_MODULES, listens on the
 * Unix socket named by CASELOAD_TEST_SOCKET and answers one JSON object per line. With CASELOAD_TEST_LOCALEDIR the program's
 * texts come from that folder of catalogues. Never installed.
 *
 *   {"do":"tree"}                                  every widget that is shown, as a list of descriptions
 *   {"do":"find", SELECTOR}                        the descriptions that fit
 *   {"do":"click"|"activate", SELECTOR}            presses a button, row, check or switch
 *   {"do":"type", SELECTOR, "text":"…"}            replaces the text of an entry or text view
 *   {"do":"append", SELECTOR, "text":"…"}          adds text at the end, as typing would
 *   {"do":"action", SELECTOR, "name":"…", "target":"variant text"}
 *   {"do":"select", SELECTOR, "position":n}        selects and activates a line of a list
 *   {"do":"get", SELECTOR, "property":"…"}         a property as text
 *   {"do":"set", SELECTOR, "property":"…", "text":"…"}
 *   {"do":"shot", "path":"…"}                      a PNG of the active window
 *   {"do":"size", "width":n, "height":n}           resizes the active window; with "screen":[n,n] also those behind it
 *   {"do":"pages", SELECTOR}                       the names of the pages of a stack
 *   {"do":"focus", SELECTOR}                       puts the keyboard's focus there
 *   {"do":"escape"}                                closes the popover in front
 *   {"do":"file", "path":"…"}                      chooses in the file chooser in front, see csl-test-driver.h
 *   {"do":"memory"}                                VmRSS in KiB
 *   {"do":"look"|"frames"|"layout", …}             see csl-test-driver.h
 *   {"do":"focus"}                                 what has the keyboard focus; no "focus" member: nothing has
 *   {"do":"stops"}                                 everything in the window in front that can have the focus
 *
 * SELECTOR: any of "id" (buildable id), "name" (widget name), "type" (GType name), "text" (shown text, exact), "has" (part
 * of the shown text), "class" (CSS class), "under" (id, name or type of an ancestor), "nth" (0-based, of those that fit).
 * Only mapped widgets are seen. Answers: {"ok":true, …} or {"ok":false,"error":"…"}.
 */
#include "csl-test-driver.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <libintl.h>
#include <stdio.h>

typedef struct
{
  GSocketConnection *connection;
  GDataInputStream *input;
} Peer;

typedef JsonObject *(*Command) (JsonObject *request, GtkWidget *widget, char **ret_error);

static const char *
get_string (JsonObject *object, const char *name)
{
  return json_object_has_member (object, name)
           ? json_object_get_string_member (object, name)
           : NULL;
}

/* -- looking -- */

static char *
dup_view_text (GtkTextView *view)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
}

/* What a person reads on the widget. */
static char *
dup_text (GtkWidget *widget)
{
  static const char *const properties[] = { "title", "label", "text" };

  if (GTK_IS_TEXT_VIEW (widget))
    return dup_view_text (GTK_TEXT_VIEW (widget));
  if (GTK_IS_EDITABLE (widget) &&
      g_object_class_find_property (G_OBJECT_GET_CLASS (widget), "title") == NULL)
    return g_strdup (gtk_editable_get_text (GTK_EDITABLE (widget)));
  for (guint i = 0; i < G_N_ELEMENTS (properties); i++) {
    GParamSpec *pspec =
      g_object_class_find_property (G_OBJECT_GET_CLASS (widget), properties[i]);
    char *text = NULL;

    if (pspec == NULL || pspec->value_type != G_TYPE_STRING ||
        (pspec->flags & G_PARAM_READABLE) == 0)
      continue;
    g_object_get (widget, properties[i], &text, NULL);
    if (text != NULL)
      return text;
  }
  return g_strdup ("");
}

static gboolean
has_id (GtkWidget *widget, const char *id)
{
  const char *own = gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget));

  return g_strcmp0 (own, id) == 0;
}

static gboolean
is_called (GtkWidget *widget, const char *word)
{
  return has_id (widget, word) || g_strcmp0 (gtk_widget_get_name (widget), word) == 0 ||
         g_strcmp0 (G_OBJECT_TYPE_NAME (widget), word) == 0;
}

static gboolean
is_under (GtkWidget *widget, const char *word)
{
  for (GtkWidget *parent = gtk_widget_get_parent (widget); parent != NULL;
       parent = gtk_widget_get_parent (parent))
    if (is_called (parent, word))
      return TRUE;
  return FALSE;
}

/* In requests that write, "text" is what to write. */
static gboolean
writes (JsonObject *request)
{
  const char *name = get_string (request, "do");

  return g_strcmp0 (name, "type") == 0 || g_strcmp0 (name, "append") == 0 ||
         g_strcmp0 (name, "set") == 0;
}

static gboolean
fits (GtkWidget *widget, JsonObject *selector)
{
  const char *id = get_string (selector, "id");
  const char *name = get_string (selector, "name");
  const char *type = get_string (selector, "type");
  const char *text = writes (selector) ? NULL : get_string (selector, "text");
  const char *has = get_string (selector, "has");
  const char *css = get_string (selector, "class");
  const char *under = get_string (selector, "under");
  g_autofree char *shown = text != NULL || has != NULL ? dup_text (widget) : NULL;

  if (g_strcmp0 (get_string (selector, "do"), "action") == 0)
    name = get_string (selector, "widget");
  if (id == NULL && name == NULL && type == NULL && shown == NULL && css == NULL)
    return FALSE;
  return (id == NULL || has_id (widget, id)) &&
         (name == NULL || g_strcmp0 (gtk_widget_get_name (widget), name) == 0) &&
         (type == NULL || g_strcmp0 (G_OBJECT_TYPE_NAME (widget), type) == 0) &&
         (text == NULL || g_strcmp0 (shown, text) == 0) &&
         (has == NULL || strstr (shown, has) != NULL) &&
         (css == NULL || gtk_widget_has_css_class (widget, css)) &&
         (under == NULL || is_under (widget, under));
}

static void
collect (GtkWidget *widget, JsonObject *selector, GPtrArray *found)
{
  if (!gtk_widget_get_mapped (widget))
    return;
  if (selector == NULL || fits (widget, selector))
    g_ptr_array_add (found, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect (child, selector, found);
}

static GPtrArray *
collect_all (JsonObject *selector)
{
  GPtrArray *found = g_ptr_array_new ();
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = g_list_model_get_n_items (windows); i > 0; i--) {
    g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i - 1);
    collect (window, selector, found);
  }
  return found;
}

JsonObject *
csl_test_describe (GtkWidget *widget)
{
  JsonObject *object = json_object_new ();
  g_autofree char *text = dup_text (widget);
  const char *id = gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget));
  graphene_rect_t bounds;

  json_object_set_string_member (object, "type", G_OBJECT_TYPE_NAME (widget));
  if (id != NULL)
    json_object_set_string_member (object, "id", id);
  json_object_set_string_member (object, "name", gtk_widget_get_name (widget));
  json_object_set_string_member (object, "text", text);
  json_object_set_boolean_member (object, "sensitive", gtk_widget_is_sensitive (widget));
  json_object_set_boolean_member (object, "focus", gtk_widget_has_focus (widget));
  json_object_set_string_member (object, "direction",
                                 gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL
                                   ? "rtl"
                                   : "ltr");
  if (gtk_widget_compute_bounds (widget, GTK_WIDGET (gtk_widget_get_root (widget)),
                                 &bounds)) {
    json_object_set_int_member (object, "x", (gint64) bounds.origin.x);
    json_object_set_int_member (object, "y", (gint64) bounds.origin.y);
    json_object_set_int_member (object, "width", (gint64) bounds.size.width);
    json_object_set_int_member (object, "height", (gint64) bounds.size.height);
  }
  return object;
}

static JsonObject *
describe_list (GPtrArray *widgets)
{
  JsonObject *answer = json_object_new ();
  JsonArray *list = json_array_new ();

  for (guint i = 0; i < widgets->len; i++)
    json_array_add_object_element (list, csl_test_describe (widgets->pdata[i]));
  json_object_set_array_member (answer, "widgets", list);
  return answer;
}

/* -- doing -- */

/* Presses like a person would: through "clicked" or the row's own activation. FALSE: a press here does nothing. */
static gboolean
press (GtkWidget *widget)
{
  if (GTK_IS_BUTTON (widget))
    g_signal_emit_by_name (widget, "clicked");
  else if (GTK_IS_MENU_BUTTON (widget))
    gtk_menu_button_popup (GTK_MENU_BUTTON (widget));
  else if (g_signal_lookup ("apply", G_OBJECT_TYPE (widget)) != 0)
    g_signal_emit_by_name (widget, "apply"); /* as the Enter key does */
  else if (GTK_IS_SWITCH (widget))
    gtk_switch_set_active (GTK_SWITCH (widget),
                           !gtk_switch_get_active (GTK_SWITCH (widget)));
  else if (GTK_IS_CHECK_BUTTON (widget))
    gtk_check_button_set_active (GTK_CHECK_BUTTON (widget), !gtk_check_button_get_active (
                                                              GTK_CHECK_BUTTON (widget)));
  else
    return gtk_widget_activate (widget);
  return TRUE;
}

/* A press on a label of a row or button presses the row or button. */
static JsonObject *
do_click (JsonObject *request, GtkWidget *widget, char **ret_error)
{
  (void) request;
  if (!gtk_widget_is_sensitive (widget)) {
    *ret_error = g_strdup ("the widget is not sensitive");
    return NULL;
  }
  for (GtkWidget *place = widget; place != NULL && !GTK_IS_NATIVE (place);
       place = gtk_widget_get_parent (place))
    if (press (place))
      return json_object_new ();
  *ret_error = g_strdup_printf ("%s cannot be pressed", G_OBJECT_TYPE_NAME (widget));
  return NULL;
}

static JsonObject *
do_focus (JsonObject *request, GtkWidget *widget, char **ret_error)
{
  if (gtk_widget_grab_focus (widget))
    return json_object_new ();
  *ret_error = g_strdup_printf ("%s takes no focus", G_OBJECT_TYPE_NAME (widget));
  return NULL;
}

static JsonObject *
do_type (JsonObject *request, GtkWidget *widget, char **ret_error)
{
  const char *text = get_string (request, "text");
  gboolean append = g_strcmp0 (get_string (request, "do"), "append") == 0;

  if (GTK_IS_TEXT_VIEW (widget)) {
    GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (widget));
    GtkTextIter end;

    if (!append)
      gtk_text_buffer_set_text (buffer, text, -1);
    else {
      gtk_text_buffer_get_end_iter (buffer, &end);
      gtk_text_buffer_insert_interactive (buffer, &end, text, -1, TRUE);
    }
  } else if (GTK_IS_EDITABLE (widget)) {
    int position =
      append ? (int) g_utf8_strlen (gtk_editable_get_text (GTK_EDITABLE (widget)), -1)
             : 0;

    if (!append)
      gtk_editable_delete_text (GTK_EDITABLE (widget), 0, -1);
    gtk_editable_insert_text (GTK_EDITABLE (widget), text, -1, &position);
  } else {
    *ret_error = g_strdup_printf ("%s takes no text", G_OBJECT_TYPE_NAME (widget));
    return NULL;
  }
  return json_object_new ();
}

static JsonObject *
do_action (JsonObject *request, GtkWidget *widget, char **ret_error)
{
  const char *name = get_string (request, "name");
  const char *text = get_string (request, "target");
  g_autoptr (GError) error = NULL;
  GVariant *target = NULL;

  if (text != NULL) {
    target = g_variant_parse (NULL, text, NULL, NULL, &error);
    if (target == NULL) {
      *ret_error = g_strdup (error->message);
      return NULL;
    }
  }
  if (!gtk_widget_activate_action_variant (widget, name, target)) {
    *ret_error = g_strdup_printf ("no action %s here", name);
    return NULL;
  }
  return json_object_new ();
}

static JsonObject *
do_select (JsonObject *request, GtkWidget *widget, char **ret_error)
{
  guint position = (guint) json_object_get_int_member (request, "position");

  if (GTK_IS_LIST_VIEW (widget) || GTK_IS_COLUMN_VIEW (widget)) {
    GtkSelectionModel *model = GTK_IS_LIST_VIEW (widget)
                                 ? gtk_list_view_get_model (GTK_LIST_VIEW (widget))
                                 : gtk_column_view_get_model (GTK_COLUMN_VIEW (widget));
    if (position >= g_list_model_get_n_items (G_LIST_MODEL (model))) {
      *ret_error = g_strdup_printf ("the list has %u lines",
                                    g_list_model_get_n_items (G_LIST_MODEL (model)));
      return NULL;
    }
    gtk_selection_model_select_item (model, position, TRUE);
    g_signal_emit_by_name (widget, "activate", position);
  } else if (g_object_class_find_property (G_OBJECT_GET_CLASS (widget), "selected") !=
             NULL)
    g_object_set (widget, "selected", position, NULL);
  else if (GTK_IS_LIST_BOX (widget)) {
    GtkListBoxRow *row =
      gtk_list_box_get_row_at_index (GTK_LIST_BOX (widget), (int) position);
    if (row == NULL || !gtk_widget_activate (GTK_WIDGET (row))) {
      *ret_error = g_strdup ("no such row");
      return NULL;
    }
  } else {
    *ret_error = g_strdup_printf ("%s has no lines", G_OBJECT_TYPE_NAME (widget));
    return NULL;
  }
  return json_object_new ();
}

static JsonObject *
do_get (JsonObject *request, GtkWidget *widget, char **ret_error)
{
  const char *property = get_string (request, "property");
  GParamSpec *pspec =
    g_object_class_find_property (G_OBJECT_GET_CLASS (widget), property);
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) text = G_VALUE_INIT;
  JsonObject *answer;

  if (pspec == NULL) {
    *ret_error =
      g_strdup_printf ("%s has no property %s", G_OBJECT_TYPE_NAME (widget), property);
    return NULL;
  }
  g_value_init (&value, pspec->value_type);
  g_value_init (&text, G_TYPE_STRING);
  g_object_get_property (G_OBJECT (widget), property, &value);
  g_value_transform (&value, &text);
  answer = json_object_new ();
  json_object_set_string_member (answer, "value",
                                 g_value_get_string (&text) != NULL
                                   ? g_value_get_string (&text)
                                   : "");
  return answer;
}

static JsonObject *
do_set (JsonObject *request, GtkWidget *widget, char **ret_error)
{
  const char *property = get_string (request, "property");
  const char *text = get_string (request, "text");
  GParamSpec *pspec =
    g_object_class_find_property (G_OBJECT_GET_CLASS (widget), property);

  if (pspec == NULL)
    *ret_error =
      g_strdup_printf ("%s has no property %s", G_OBJECT_TYPE_NAME (widget), property);
  else if (pspec->value_type == G_TYPE_BOOLEAN)
    g_object_set (widget, property, g_str_equal (text, "true"), NULL);
  else if (pspec->value_type == G_TYPE_STRING)
    g_object_set (widget, property, text, NULL);
  else if (G_TYPE_IS_ENUM (pspec->value_type) || pspec->value_type == G_TYPE_INT ||
           pspec->value_type == G_TYPE_UINT)
    g_object_set (widget, property, (int) g_ascii_strtoll (text, NULL, 10), NULL);
  else if (pspec->value_type == G_TYPE_DOUBLE)
    g_object_set (widget, property, g_ascii_strtod (text, NULL), NULL);
  else
    *ret_error = g_strdup_printf ("cannot set a %s", g_type_name (pspec->value_type));
  return *ret_error == NULL ? json_object_new () : NULL;
}

/* -- the window as a whole -- */

GtkWidget *
csl_test_driver_get_window (void)
{
  GListModel *windows = gtk_window_get_toplevels ();
  GtkWidget *best = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++) {
    g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);
    if (gtk_widget_get_mapped (window) &&
        (best == NULL || gtk_window_get_transient_for (GTK_WINDOW (window)) != NULL))
      best = window;
  }
  return best;
}

/* Popovers have surfaces of their own; a picture without them would not be what the worker sees. */
static void
snapshot_popovers (GtkWidget *widget, GtkSnapshot *snapshot, graphene_rect_t *area)
{
  GtkNative *native = gtk_widget_get_native (widget);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    if (GTK_IS_POPOVER (child) && gtk_widget_get_mapped (child)) {
      GdkPopup *popup = GDK_POPUP (gtk_native_get_surface (GTK_NATIVE (child)));
      g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (child);
      const graphene_size_t size =
        GRAPHENE_SIZE_INIT ((float) gtk_widget_get_width (child),
                            (float) gtk_widget_get_height (child));
      double x, y, own_x, own_y;
      graphene_rect_t place;

      gtk_native_get_surface_transform (native, &x, &y);
      gtk_native_get_surface_transform (GTK_NATIVE (child), &own_x, &own_y);
      place = GRAPHENE_RECT_INIT ((float) (gdk_popup_get_position_x (popup) + own_x - x),
                                  (float) (gdk_popup_get_position_y (popup) + own_y - y),
                                  size.width, size.height);
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &place.origin);
      gdk_paintable_snapshot (paintable, snapshot, size.width, size.height);
      gtk_snapshot_restore (snapshot);
      graphene_rect_union (area, &place, area);
    }
    snapshot_popovers (child, snapshot, area);
  }
}

static JsonObject *
do_shot (JsonObject *request, GtkWidget *widget, char **ret_error)
{
  GtkWidget *window = widget != NULL ? widget : csl_test_driver_get_window ();
  g_autoptr (GdkPaintable) paintable = NULL;
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  GtkSnapshot *snapshot;
  graphene_rect_t area;

  if (window == NULL) {
    *ret_error = g_strdup ("no window is shown");
    return NULL;
  }
  paintable = gtk_widget_paintable_new (window);
  area = GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (window),
                             gtk_widget_get_height (window));
  snapshot = gtk_snapshot_new ();
  gdk_paintable_snapshot (paintable, snapshot, area.size.width, area.size.height);
  snapshot_popovers (window, snapshot, &area);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node == NULL) {
    *ret_error = g_strdup ("nothing is drawn yet");
    return NULL;
  }
  texture =
    gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (window)),
                                 node, &area);
  if (!gdk_texture_save_to_png (texture, get_string (request, "path"))) {
    *ret_error = g_strdup ("the picture could not be written");
    return NULL;
  }
  return json_object_new ();
}

static JsonObject *
do_size (JsonObject *request, char **ret_error)
{
  GtkWidget *window = csl_test_driver_get_window ();
  JsonArray *screen;

  if (window == NULL) {
    *ret_error = g_strdup ("no window is shown");
    return NULL;
  }
  gtk_window_set_default_size (GTK_WINDOW (window),
                               (int) json_object_get_int_member (request, "width"),
                               (int) json_object_get_int_member (request, "height"));
  if (!json_object_has_member (request, "screen"))
    return json_object_new ();
  screen = json_object_get_array_member (request, "screen");
  while ((window = GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (window)))) !=
         NULL)
    gtk_window_set_default_size (GTK_WINDOW (window),
                                 (int) json_array_get_int_element (screen, 0),
                                 (int) json_array_get_int_element (screen, 1));
  return json_object_new ();
}

/* Closes the popover in front, as the Escape key would. */
static JsonObject *
do_escape (char **ret_error)
{
  g_autoptr (GPtrArray) found = collect_all (NULL);

  for (guint i = found->len; i > 0; i--)
    if (GTK_IS_POPOVER (found->pdata[i - 1])) {
      gtk_popover_popdown (GTK_POPOVER (found->pdata[i - 1]));
      return json_object_new ();
    }
  *ret_error = g_strdup ("no popover is open");
  return NULL;
}

/* The names of the pages of a stack, for "visible-child-name". */
static JsonObject *
do_pages (JsonObject *request, GtkWidget *widget, char **ret_error)
{
  g_autoptr (GtkSelectionModel) pages = NULL;
  JsonObject *answer;
  JsonArray *names;

  (void) request;
  if (!GTK_IS_STACK (widget)) {
    *ret_error = g_strdup_printf ("%s has no pages", G_OBJECT_TYPE_NAME (widget));
    return NULL;
  }
  answer = json_object_new ();
  names = json_array_new ();
  pages = gtk_stack_get_pages (GTK_STACK (widget));
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (pages)); i++) {
    g_autoptr (GObject) page = g_list_model_get_item (G_LIST_MODEL (pages), i);
    json_array_add_string_element (names,
                                   gtk_stack_page_get_name (GTK_STACK_PAGE (page)));
  }
  json_object_set_array_member (answer, "names", names);
  return answer;
}

static JsonObject *
do_memory (void)
{
  g_autofree char *status = NULL;
  const char *line;
  long kib = 0;
  JsonObject *answer = json_object_new ();

  if (g_file_get_contents ("/proc/self/status", &status, NULL, NULL)) {
    line = strstr (status, "VmRSS:");
    if (line != NULL)
      sscanf (line, "VmRSS: %ld", &kib);
  }
  json_object_set_int_member (answer, "kib", kib);
  return answer;
}

/* -- requests -- */

static const struct
{
  const char *name;
  Command command;
} commands[] = {
  { "click", do_click },   { "activate", do_click }, { "type", do_type },
  { "append", do_type },   { "get", do_get },        { "set", do_set },
  { "select", do_select }, { "pages", do_pages },    { "focus", do_focus },
};

/* The one widget a command is for. */
static GtkWidget *
choose (JsonObject *request, char **ret_error)
{
  g_autoptr (GPtrArray) found = collect_all (request);
  guint nth = json_object_has_member (request, "nth")
                ? (guint) json_object_get_int_member (request, "nth")
                : 0;

  if (nth < found->len)
    return found->pdata[nth];
  *ret_error = g_strdup_printf ("%u widgets fit", found->len);
  return NULL;
}

static JsonObject *
run_on_widget (JsonObject *request, const char *name, char **ret_error)
{
  GtkWidget *widget = choose (request, ret_error);

  if (widget == NULL)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i].name, name))
      return commands[i].command (request, widget, ret_error);
  *ret_error = g_strdup_printf ("unknown command %s", name);
  return NULL;
}

static JsonObject *
run_action (JsonObject *request, char **ret_error)
{
  gboolean anywhere = get_string (request, "id") == NULL &&
                      get_string (request, "widget") == NULL &&
                      get_string (request, "type") == NULL;
  GtkWidget *widget = anywhere ? csl_test_driver_get_window ()
                               : choose (request, ret_error);

  if (widget == NULL) {
    if (*ret_error == NULL)
      *ret_error = g_strdup ("no window is shown");
    return NULL;
  }
  return do_action (request, widget, ret_error);
}

static JsonObject *
run (JsonObject *request, char **ret_error)
{
  const char *name = get_string (request, "do");

  if (g_strcmp0 (name, "tree") == 0 || g_strcmp0 (name, "find") == 0) {
    g_autoptr (GPtrArray) found =
      collect_all (g_str_equal (name, "tree") ? NULL : request);
    return describe_list (found);
  }
  if (g_strcmp0 (name, "shot") == 0)
    return do_shot (request, NULL, ret_error);
  if (g_strcmp0 (name, "size") == 0)
    return do_size (request, ret_error);
  if (g_strcmp0 (name, "escape") == 0)
    return do_escape (ret_error);
  if (g_strcmp0 (name, "file") == 0)
    return csl_test_choose_file (csl_test_driver_get_window (),
                                 get_string (request, "path"), ret_error);
  if (g_strcmp0 (name, "memory") == 0)
    return do_memory ();
  if (g_strcmp0 (name, "look") == 0)
    return csl_test_look_set (request, ret_error);
  if (g_strcmp0 (name, "frames") == 0)
    return csl_test_look_count_frames ();
  if (g_strcmp0 (name, "layout") == 0)
    return csl_test_layout_check (ret_error);
  /* With a selector it is a wish, not a question. */
  if (g_strcmp0 (name, "focus") == 0 && json_object_get_size (request) == 1)
    return csl_test_focus (csl_test_driver_get_window ());
  if (g_strcmp0 (name, "stops") == 0)
    return csl_test_stops (csl_test_driver_get_window ());
  if (g_strcmp0 (name, "action") == 0)
    return run_action (request, ret_error);
  return run_on_widget (request, name != NULL ? name : "", ret_error);
}

static char *
answer_line (const char *line)
{
  g_autoptr (JsonNode) node = json_from_string (line, NULL);
  g_autoptr (JsonNode) out = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *error = NULL;
  JsonObject *answer = NULL;

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    answer = run (json_node_get_object (node), &error);
  else
    error = g_strdup ("not an object");
  if (answer == NULL) {
    answer = json_object_new ();
    json_object_set_string_member (answer, "error", error != NULL ? error : "failed");
  }
  json_object_set_boolean_member (answer, "ok", error == NULL);
  json_node_take_object (out, answer);
  return json_to_string (out, FALSE);
}

/* -- the socket -- */

static void
peer_free (Peer *peer)
{
  g_object_unref (peer->input);
  g_object_unref (peer->connection);
  g_free (peer);
}

static void
line_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Peer *peer = data;
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (peer->connection));
  g_autofree char *line =
    g_data_input_stream_read_line_finish_utf8 (G_DATA_INPUT_STREAM (source), result, NULL,
                                               NULL);
  g_autofree char *answer = NULL;
  g_autofree char *text = NULL;

  if (line == NULL) {
    peer_free (peer);
    return;
  }
  answer = answer_line (line);
  text = g_strconcat (answer, "\n", NULL);
  if (!g_output_stream_write_all (output, text, strlen (text), NULL, NULL, NULL)) {
    peer_free (peer);
    return;
  }
  g_data_input_stream_read_line_async (peer->input, G_PRIORITY_DEFAULT, NULL,
                                       line_read_cb, peer);
}

static gboolean
incoming_cb (GSocketService *service, GSocketConnection *connection)
{
  Peer *peer = g_new0 (Peer, 1);

  (void) service;
  peer->connection = g_object_ref (connection);
  peer->input =
    g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  g_data_input_stream_read_line_async (peer->input, G_PRIORITY_DEFAULT, NULL,
                                       line_read_cb, peer);
  return TRUE;
}

static gboolean
start (gpointer data)
{
  const char *path = data;
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  GSocketService *service = g_socket_service_new ();
  g_autoptr (GError) error = NULL;

  /* A program that replaced itself leaves the socket of the one before. */
  g_unlink (path);
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (service), address,
                                      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT,
                                      NULL, NULL, &error))
    g_error ("Test driver cannot listen on %s: %s", path, error->message);
  g_signal_connect (service, "incoming", G_CALLBACK (incoming_cb), NULL);
  return G_SOURCE_REMOVE;
}

G_MODULE_EXPORT void g_io_module_load (GIOModule *module);
G_MODULE_EXPORT void g_io_module_unload (GIOModule *module);
G_MODULE_EXPORT char **g_io_module_query (void);

void
g_io_module_load (GIOModule *module)
{
  const char *path = g_getenv ("CASELOAD_TEST_SOCKET");
  const char *locales = g_getenv ("CASELOAD_TEST_LOCALEDIR");

  g_type_module_use (G_TYPE_MODULE (module));
  if (path != NULL)
    g_idle_add (start, g_strdup (path));
  /* The program has bound its own folder before this; what is looked up from now on comes from here. */
  if (locales != NULL)
    bindtextdomain ("caseload", locales);
}

void
g_io_module_unload (GIOModule *module)
{
  (void) module;
}

char **
g_io_module_query (void)
{
  return g_strsplit ("caseload-test-driver", ",", -1);
}
