/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-timeline-row.c: one thing that happened. */
#define G_LOG_DOMAIN "csl-timeline-row"

#include "config.h"

#include "client/ui/timeline/csl-timeline-row.h"

#include "client/ui/shell/csl-pill.h"
#include "client/ui/text/csl-display-time.h"
#include "client/ui/text/csl-display.h"
#include "client/ui/timeline/csl-timeline-text.h"

/* How much of a note is read out with its line; the whole is one key away. */
#define SPOKEN_CHARS 120

struct _CslTimelineRow
{
  CslRow parent_instance;

  GtkLabel *day;      /* (unowned): template child */
  GtkImage *image;    /* (unowned): template child */
  GtkLabel *sentence; /* (unowned): template child */
  GtkLabel *body;     /* (unowned): template child */
  GtkLabel *who;      /* (unowned): template child */
  CslPill *state;     /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslTimelineRow, csl_timeline_row, CSL_TYPE_ROW)

static gint64
item_ms (gpointer item)
{
  return CSL_IS_RECORD_ITEM (item)
           ? csl_display_record_time (csl_record_item_get_record (item))
           : 0;
}

static void
previous_changed_cb (CslTimelineRow *self)
{
  CslSession *session = csl_row_get_session (CSL_ROW (self));
  const gint64 when_ms = item_ms (csl_row_get_item (CSL_ROW (self)));
  const gint64 above_ms = item_ms (csl_row_get_previous (CSL_ROW (self)));
  g_autofree char *text = NULL;
  bool is_first;

  if (session == NULL || when_ms == 0)
    return;
  is_first = above_ms == 0 || csl_display_days_until (when_ms, above_ms) != 0;
  text = csl_display_day_heading (when_ms, csl_session_get_now_ms (session));
  gtk_label_set_label (self->day, text);
  gtk_widget_set_visible (GTK_WIDGET (self->day), is_first);
}

/* "14:02 · You" */
static void
show_who (CslTimelineRow *self, gint64 when_ms, const char *who)
{
  g_autofree char *clock = csl_display_clock (when_ms);
  g_autofree char *exact = csl_display_exact (when_ms);
  g_autofree char *text = g_strjoin (" · ", clock, who, NULL);

  gtk_label_set_label (self->who, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->who), exact);
}

/* What happened, how it begins and when. */
static char *
dup_spoken (const CslTimelineText *text, gint64 when_ms)
{
  g_autofree char *exact = csl_display_exact (when_ms);
  g_autofree char *begin = NULL;

  if (text->body == NULL)
    return g_strjoin (", ", text->sentence, exact, NULL);
  begin =
    g_utf8_substring (text->body, 0, MIN (g_utf8_strlen (text->body, -1), SPOKEN_CHARS));
  g_strdelimit (begin, "\n", ' ');
  return g_strjoin (", ", text->sentence, exact, begin, NULL);
}

static void
csl_timeline_row_item_changed (CslRow *row)
{
  CslTimelineRow *self = CSL_TIMELINE_ROW (row);
  CslRecordItem *item = csl_row_get_record_item (row);
  g_auto (CslTimelineText) text = { 0 };
  g_autofree char *spoken = NULL;

  if (item == NULL)
    return;
  csl_timeline_text_fill (&text, csl_row_get_session (row),
                          csl_record_item_get_record (item));
  gtk_image_set_from_icon_name (self->image, text.icon_name);
  gtk_label_set_label (self->sentence, text.sentence);
  gtk_label_set_label (self->body, text.body != NULL ? text.body : "");
  gtk_widget_set_visible (GTK_WIDGET (self->body), text.body != NULL);
  show_who (self, item_ms (item), text.who);
  csl_pill_set_state (self->state, csl_record_item_get_state (item));
  spoken = dup_spoken (&text, item_ms (item));
  csl_row_set_spoken (row, spoken);
  previous_changed_cb (self);
}

static void
csl_timeline_row_class_init (CslTimelineRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  CSL_ROW_CLASS (klass)->item_changed = csl_timeline_row_item_changed;

  g_type_ensure (CSL_TYPE_PILL);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/timeline/csl-timeline-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CslTimelineRow, day);
  gtk_widget_class_bind_template_child (widget_class, CslTimelineRow, image);
  gtk_widget_class_bind_template_child (widget_class, CslTimelineRow, sentence);
  gtk_widget_class_bind_template_child (widget_class, CslTimelineRow, body);
  gtk_widget_class_bind_template_child (widget_class, CslTimelineRow, who);
  gtk_widget_class_bind_template_child (widget_class, CslTimelineRow, state);
}

static void
csl_timeline_row_init (CslTimelineRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self, "notify::previous", G_CALLBACK (previous_changed_cb),
                           self, G_CONNECT_SWAPPED);
}
