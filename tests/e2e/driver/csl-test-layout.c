/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-test-layout.c: finds what a person could not read or hit: cut and overlapping words, targets that are too small.
 *
 * Everything is measured in the real tree after it was drawn. What is scrolled away is not looked at; what a scrolled area cuts in a
 * direction in which it can be moved is not cut. Popovers are surfaces of their own with coordinates of their own.
 */
#include "csl-test-driver.h"

#include <stdbool.h>

/* WCAG 2.2, 2.5.8; the tolerance is for text that ends between two pixels. */
/* Pixels each way; in a window as narrow as a telephone's, for fingers. */
#define MIN_TARGET        24
#define MIN_FINGER_TARGET 44
#define NARROW_WIDTH      500
#define TOLERANCE         1.5f

typedef struct
{
  graphene_rect_t seen; /* what scrolled areas let through */
  graphene_rect_t room; /* beyond this nobody can bring it into view */
  GtkWidget *native;    /* (unowned): the window or popover */
  GtkWidget *layer;     /* (unowned): what lies above or below its siblings on purpose */
  bool is_row;          /* in a line of a list */
} Place;

typedef struct
{
  GtkWidget *widget; /* (unowned) */
  graphene_rect_t area;
  GtkWidget *native; /* (unowned) */
  GtkWidget *layer;  /* (unowned) */
} Piece;

typedef struct
{
  JsonArray *findings; /* (unowned) */
  GArray *texts;       /* (owned) of Piece */
  GArray *controls;    /* (owned) of Piece */
  float target;        /* pixels: what can be hit is no smaller */
} Check;

static void check_widget (Check *check, GtkWidget *widget, const Place *place);

/* -- words for a finding -- */

/* "CslCasePage/name": the nearest own type above, and the nearest id. */
static char *
dup_where (GtkWidget *widget)
{
  const char *id = NULL;

  for (GtkWidget *place = widget; place != NULL; place = gtk_widget_get_parent (place)) {
    const char *type = G_OBJECT_TYPE_NAME (place);

    if (id == NULL)
      id = gtk_buildable_get_buildable_id (GTK_BUILDABLE (place));
    if (g_str_has_prefix (type, "Csl") || GTK_IS_NATIVE (place))
      return g_strdup_printf ("%s/%s", type,
                              id != NULL ? id : G_OBJECT_TYPE_NAME (widget));
  }
  return g_strdup (G_OBJECT_TYPE_NAME (widget));
}

static char *
dup_words (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    return g_strdup (gtk_label_get_text (GTK_LABEL (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    g_autofree char *words = dup_words (child);

    if (*words != '\0')
      return g_steal_pointer (&words);
  }
  return g_strdup (gtk_widget_get_tooltip_text (widget) != NULL
                     ? gtk_widget_get_tooltip_text (widget)
                     : "");
}

static void
add_finding (Check *check,
             const char *rule,
             GtkWidget *widget,
             const graphene_rect_t *area)
{
  JsonObject *finding = json_object_new ();
  g_autofree char *where = dup_where (widget);
  g_autofree char *words = dup_words (widget);

  json_object_set_string_member (finding, "rule", rule);
  json_object_set_string_member (finding, "where", where);
  json_object_set_string_member (finding, "text", words);
  json_object_set_int_member (finding, "x", (gint64) area->origin.x);
  json_object_set_int_member (finding, "y", (gint64) area->origin.y);
  json_object_set_int_member (finding, "width", (gint64) area->size.width);
  json_object_set_int_member (finding, "height", (gint64) area->size.height);
  json_array_add_object_element (check->findings, finding);
}

/* -- what kind of thing it is -- */

static bool
is_named_type (GtkWidget *widget, const char *name)
{
  const GType type = g_type_from_name (name);

  return type != 0 && g_type_is_a (G_OBJECT_TYPE (widget), type);
}

static bool
is_list_row (GtkWidget *widget)
{
  return is_named_type (widget, "GtkListItemWidget") ||
         is_named_type (widget, "CslRow") || is_named_type (widget, "CslOutboxRow");
}

/* What is meant to be pressed, as one target. A line of a list is one; its parts are counted for themselves. */
static bool
is_control (GtkWidget *widget)
{
  if (GTK_IS_LIST_BOX_ROW (widget))
    return gtk_list_box_row_get_activatable (GTK_LIST_BOX_ROW (widget));
  return GTK_IS_BUTTON (widget) || GTK_IS_CHECK_BUTTON (widget) ||
         GTK_IS_SWITCH (widget) || GTK_IS_ENTRY (widget) ||
         GTK_IS_SEARCH_ENTRY (widget) || GTK_IS_DROP_DOWN (widget) ||
         GTK_IS_SPIN_BUTTON (widget) || GTK_IS_SCALE (widget) ||
         is_named_type (widget, "GtkModelButton");
}

/* -- rectangles -- */

static bool
is_inside (const graphene_rect_t *inner, const graphene_rect_t *outer)
{
  graphene_rect_t wider;

  graphene_rect_inset_r (outer, -TOLERANCE, -TOLERANCE, &wider);
  return graphene_rect_contains_rect (&wider, inner);
}

/* The part of @area that is in view; FALSE: nothing of it. */
static bool
see (const graphene_rect_t *area, const graphene_rect_t *seen, graphene_rect_t *ret_part)
{
  return graphene_rect_intersection (area, seen, ret_part) &&
         ret_part->size.width > TOLERANCE && ret_part->size.height > TOLERANCE;
}

/* Where the letters of a label are, in the coordinates of @native. */
static bool
measure_text (GtkLabel *label, GtkWidget *native, graphene_rect_t *ret_area)
{
  PangoLayout *layout = gtk_label_get_layout (label);
  PangoRectangle logical;
  graphene_point_t from;
  int x, y;

  gtk_label_get_layout_offsets (label, &x, &y);
  pango_layout_get_pixel_extents (layout, NULL, &logical);
  if (!gtk_widget_compute_point (GTK_WIDGET (label), native,
                                 &GRAPHENE_POINT_INIT ((float) (x + logical.x),
                                                       (float) (y + logical.y)),
                                 &from))
    return false;
  graphene_rect_init (ret_area, from.x, from.y, (float) logical.width,
                      (float) logical.height);
  return true;
}

/* -- the rules -- */

static bool
has_tooltip (GtkWidget *widget)
{
  for (GtkWidget *place = widget; place != NULL && !GTK_IS_NATIVE (place);
       place = gtk_widget_get_parent (place)) {
    if (gtk_widget_get_has_tooltip (place))
      return true;
    if (is_list_row (place))
      return false;
  }
  return false;
}

static void
check_label (Check *check, GtkWidget *widget, const Place *place)
{
  GtkLabel *label = GTK_LABEL (widget);
  graphene_rect_t area, part, own;

  if (*gtk_label_get_text (label) == '\0' ||
      !measure_text (label, place->native, &area) || !see (&area, &place->seen, &part) ||
      !gtk_widget_compute_bounds (widget, place->native, &own))
    return;
  if (pango_layout_is_ellipsized (gtk_label_get_layout (label))) {
    if (!place->is_row)
      add_finding (check, "ellipsised", widget, &area);
    else if (!has_tooltip (widget))
      add_finding (check, "ellipsised without a tooltip", widget, &area);
  }
  if (!is_inside (&area, &own) || !is_inside (&part, &place->room))
    add_finding (check, "cut", widget, &area);
  g_array_append_vals (check->texts,
                       &(Piece){ widget, part, place->native, place->layer }, 1);
}

/* A text view that scrolls by itself may hide lines; any other one must be as high as its text. */
static void
check_view (Check *check, GtkWidget *widget, const Place *place)
{
  GtkTextView *view = GTK_TEXT_VIEW (widget);
  const int most = gtk_widget_get_height (widget) - gtk_text_view_get_top_margin (view) +
                   (int) TOLERANCE;
  graphene_rect_t area, part;
  GtkTextIter end;
  GdkRectangle last;

  if (GTK_IS_SCROLLED_WINDOW (gtk_widget_get_parent (widget)) ||
      !gtk_widget_compute_bounds (widget, place->native, &area) ||
      !see (&area, &place->seen, &part))
    return;
  gtk_text_buffer_get_end_iter (gtk_text_view_get_buffer (view), &end);
  gtk_text_view_get_iter_location (view, &end, &last);
  if (last.y + last.height > most)
    add_finding (check, "cut", widget, &area);
}

/* A switch at the end of a line that switches it: the line is what is hit. */
static gboolean
is_part_of_row (GtkWidget *widget)
{
  GtkWidget *row = gtk_widget_get_ancestor (widget, GTK_TYPE_LIST_BOX_ROW);

  return GTK_IS_SWITCH (widget) && row != NULL &&
         gtk_list_box_row_get_activatable (GTK_LIST_BOX_ROW (row));
}

static void
check_control (Check *check, GtkWidget *widget, const Place *place)
{
  const float least = is_part_of_row (widget) ? MIN_TARGET : check->target;
  graphene_rect_t area, part;

  if (!gtk_widget_compute_bounds (widget, place->native, &area) ||
      !see (&area, &place->seen, &part))
    return;
  if (area.size.width < least || area.size.height < least)
    add_finding (check, "too small to hit", widget, &area);
  if (!is_inside (&part, &place->room))
    add_finding (check, "outside", widget, &area);
  g_array_append_vals (check->controls,
                       &(Piece){ widget, part, place->native, place->layer }, 1);
}

static void
check_overlap (Check *check, const Piece *text, const Piece *other)
{
  graphene_rect_t both;

  if (text->native != other->native || text->layer != other->layer ||
      text->widget == other->widget ||
      gtk_widget_is_ancestor (text->widget, other->widget) ||
      gtk_widget_is_ancestor (other->widget, text->widget) ||
      !graphene_rect_intersection (&text->area, &other->area, &both))
    return;
  if (both.size.width > 2 * TOLERANCE && both.size.height > 2 * TOLERANCE)
    add_finding (check, "overlaps", text->widget, &both);
}

static void
check_overlaps (Check *check)
{
  for (guint i = 0; i < check->texts->len; i++) {
    const Piece *text = &g_array_index (check->texts, Piece, i);

    for (guint k = i + 1; k < check->texts->len; k++)
      check_overlap (check, text, &g_array_index (check->texts, Piece, k));
    for (guint k = 0; k < check->controls->len; k++)
      check_overlap (check, text, &g_array_index (check->controls, Piece, k));
  }
}

/* -- the walk -- */

/* In a direction that scrolls, only the view is limited; in the other one there is no way to see the rest. */
static void
narrow_to_scrolled (Place *place, GtkWidget *widget, const graphene_rect_t *area)
{
  GtkPolicyType across, down;
  graphene_rect_t room = place->room;

  gtk_scrolled_window_get_policy (GTK_SCROLLED_WINDOW (widget), &across, &down);
  if (across == GTK_POLICY_NEVER) {
    room.origin.x = area->origin.x;
    room.size.width = area->size.width;
  }
  if (down == GTK_POLICY_NEVER) {
    room.origin.y = area->origin.y;
    room.size.height = area->size.height;
  }
  if (!graphene_rect_intersection (&room, &place->room, &place->room))
    place->room = GRAPHENE_RECT_INIT (0, 0, 0, 0);
  if (across != GTK_POLICY_NEVER || down != GTK_POLICY_NEVER) {
    graphene_rect_t seen = place->seen;

    if (across != GTK_POLICY_NEVER) {
      seen.origin.x = area->origin.x;
      seen.size.width = area->size.width;
    }
    if (down != GTK_POLICY_NEVER) {
      seen.origin.y = area->origin.y;
      seen.size.height = area->size.height;
    }
    if (!graphene_rect_intersection (&seen, &place->seen, &place->seen))
      place->seen = GRAPHENE_RECT_INIT (0, 0, 0, 0);
  }
}

static void
enter (Place *place, GtkWidget *widget)
{
  GtkWidget *parent = gtk_widget_get_parent (widget);
  graphene_rect_t area;

  if (is_list_row (widget))
    place->is_row = true;
  /* A drawer above the page, a message above everything. */
  if (parent != NULL &&
      (is_named_type (parent, "AdwFlap") || is_named_type (parent, "AdwToastOverlay") ||
       GTK_IS_OVERLAY (parent)))
    place->layer = widget;
  if (!gtk_widget_compute_bounds (widget, place->native, &area))
    return;
  if (GTK_IS_SCROLLED_WINDOW (widget))
    narrow_to_scrolled (place, widget, &area);
  else if (gtk_widget_get_overflow (widget) == GTK_OVERFLOW_HIDDEN &&
           !GTK_IS_SCROLLABLE (widget) &&
           !graphene_rect_intersection (&area, &place->room, &place->room))
    place->room = GRAPHENE_RECT_INIT (0, 0, 0, 0);
}

static void
check_native (Check *check, GtkWidget *native)
{
  Place place = { .native = native, .layer = native };

  if (!gtk_widget_compute_bounds (native, native, &place.room))
    return;
  place.seen = GRAPHENE_RECT_INIT (-16384, -16384, 32768, 32768);
  for (GtkWidget *child = gtk_widget_get_first_child (native); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    check_widget (check, child, &place);
}

static void
check_popover (Check *check, GtkWidget *popover, GtkWidget *window)
{
  /* The frame that is seen; around it there are shadow and arrow. */
  GtkWidget *frame = gtk_widget_get_first_child (popover);
  graphene_rect_t area;

  if (frame == NULL || !gtk_widget_compute_bounds (frame, popover, &area))
    return;
  if (area.size.width > gtk_widget_get_width (window) ||
      area.size.height > gtk_widget_get_height (window))
    add_finding (check, "larger than the window", popover, &area);
  check_native (check, popover);
}

static void
check_widget (Check *check, GtkWidget *widget, const Place *around)
{
  Place place = *around;

  if (!gtk_widget_get_mapped (widget) || gtk_widget_get_opacity (widget) <= 0)
    return;
  if (GTK_IS_NATIVE (widget)) {
    check_popover (check, widget, GTK_WIDGET (gtk_widget_get_root (widget)));
    return;
  }
  if (GTK_IS_LABEL (widget))
    check_label (check, widget, &place);
  else if (GTK_IS_TEXT_VIEW (widget))
    check_view (check, widget, &place);
  else if (is_control (widget))
    check_control (check, widget, &place);
  else if (GTK_IS_IMAGE (widget) &&
           gtk_image_get_storage_type (GTK_IMAGE (widget)) != GTK_IMAGE_EMPTY) {
    graphene_rect_t area, part;

    if (gtk_widget_compute_bounds (widget, place.native, &area) &&
        see (&area, &place.seen, &part) && !is_inside (&part, &place.room))
      add_finding (check, "outside", widget, &area);
  }
  enter (&place, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    check_widget (check, child, &place);
}

/* A dialog is where its window is. */
static bool
is_on_telephone (GtkWindow *window)
{
  while (gtk_window_get_transient_for (window) != NULL)
    window = gtk_window_get_transient_for (window);
  return GTK_IS_APPLICATION_WINDOW (window) &&
         gtk_widget_get_width (GTK_WIDGET (window)) < NARROW_WIDTH;
}

JsonObject *
csl_test_layout_check (char **ret_error)
{
  GtkWidget *window = csl_test_driver_get_window ();
  g_autoptr (GArray) texts = g_array_new (FALSE, FALSE, sizeof (Piece));
  g_autoptr (GArray) controls = g_array_new (FALSE, FALSE, sizeof (Piece));
  Check check = { json_array_new (), texts, controls };
  JsonObject *answer;

  if (window == NULL) {
    *ret_error = g_strdup ("no window is shown");
    return NULL;
  }
  check.target = is_on_telephone (GTK_WINDOW (window)) ? MIN_FINGER_TARGET : MIN_TARGET;
  check_native (&check, window);
  check_overlaps (&check);
  answer = json_object_new ();
  json_object_set_string_member (answer, "window", G_OBJECT_TYPE_NAME (window));
  json_object_set_int_member (answer, "width", gtk_widget_get_width (window));
  json_object_set_int_member (answer, "height", gtk_widget_get_height (window));
  json_object_set_int_member (answer, "texts", texts->len);
  json_object_set_int_member (answer, "controls", controls->len);
  json_object_set_array_member (answer, "findings", check.findings);
  return answer;
}
