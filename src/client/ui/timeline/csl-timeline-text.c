/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-timeline-text.c: records as sentences, by a table of types whose last row is generic. */
#define G_LOG_DOMAIN "csl-timeline-text"

#include "config.h"

#include "client/ui/timeline/csl-timeline-text.h"

#include "client/ui/list/csl-record-summary.h"
#include "client/ui/text/csl-display.h"
#include "core/schema/csl-label.h"

#include <glib/gi18n.h>

typedef void (*FillFunc) (CslTimelineText *self,
                          CslSession *session,
                          const CslRecord *record);

static const CslEnumValue *
lookup_choice (const CslRecord *record, const char *field)
{
  const char *value = csl_record_get_text (record, field);

  return value != NULL
           ? csl_enum_lookup (csl_record_type_lookup_field (record->type, field)->options,
                              value)
           : NULL;
}

static const char *
label_choice (const CslRecord *record, const char *field)
{
  return csl_label_value (csl_record_type_lookup_field (record->type, field)->options,
                          csl_record_get_text (record, field));
}

static void
fill_note (CslTimelineText *self, CslSession *session, const CslRecord *record)
{
  const CslEnumValue *kind = lookup_choice (record, "kind");
  const char *title = csl_record_get_text (record, "title");
  const char *label = kind != NULL ? label_choice (record, "kind") : _ ("Note");

  self->sentence = title != NULL && g_strcmp0 (title, label) != 0
                     /* Translators: the kind of a note, and its title. */
                     ? g_strdup_printf (_ ("%s: %s"), label, title)
                     : g_strdup (label);
  self->body = g_strdup (csl_record_get_text (record, "content"));
  self->icon_name = kind != NULL ? kind->icon : NULL;
}

static void
fill_communication (CslTimelineText *self, CslSession *session, const CslRecord *record)
{
  const CslEnumValue *channel = lookup_choice (record, "channel");
  g_autofree char *outcome = csl_display_field (session, record, "outcome");
  const char *subject = csl_record_get_text (record, "subject");
  const char *content = csl_record_get_text (record, "content");
  const bool inbound = g_strcmp0 (csl_record_get_text (record, "direction"), "inbound") ==
                       0;
  const char *label = channel != NULL ? label_choice (record, "channel") : _ ("Contact");
  g_autofree char *way = NULL;

  /* Translators: a way of contact (phone, letter) that came from them, or went to them. */
  way = g_strdup_printf (inbound ? _ ("%s from them") : _ ("%s to them"), label);
  self->sentence = *outcome != '\0' ? g_strdup_printf (_ ("%s: %s"), way, outcome)
                                    : g_strdup (way);
  self->body = subject != NULL && content != NULL
                 ? g_strdup_printf ("%s\n%s", subject, content)
                 : g_strdup (subject != NULL ? subject : content);
  self->icon_name = channel != NULL ? channel->icon : NULL;
}

/* Status values are shown by the label of the case's own status. */
static void
fill_case_event (CslTimelineText *self, CslSession *session, const CslRecord *record)
{
  bool both = csl_record_get_text (record, "from_value") != NULL &&
              csl_record_get_text (record, "to_value") != NULL;

  self->body = g_strdup (csl_record_get_text (record, "details"));
  if (both) {
    g_autofree char *from = csl_display_field (session, record, "from_value");
    g_autofree char *to = csl_display_field (session, record, "to_value");

    /* Translators: a status and the one that follows it. */
    self->sentence = g_strdup_printf (_ ("Status: %s → %s"), from, to);
    self->icon_name = "media-playlist-repeat-symbolic";
  } else {
    self->sentence = csl_display_field (session, record, "action");
  }
}

static void
fill_appointment (CslTimelineText *self, CslSession *session, const CslRecord *record)
{
  g_autofree char *kind = csl_display_field (session, record, "appointment_type");
  g_autofree char *status = csl_display_field (session, record, "status");
  const char *outcome = csl_record_get_text (record, "outcome_summary");

  /* Translators: a kind of appointment and its status. */
  self->sentence = g_strdup_printf (_ ("Appointment, %s: %s"), kind, status);
  self->body = g_strdup (
    outcome != NULL ? outcome : csl_record_get_text (record, "preparation_notes"));
}

static void
fill_visit (CslTimelineText *self, CslSession *session, const CslRecord *record)
{
  const char *purpose = csl_record_get_text (record, "purpose");

  self->sentence = purpose != NULL ? g_strdup_printf (_ ("Home visit: %s"), purpose)
                                   : g_strdup (_ ("Home visit"));
  self->body = g_strdup (csl_record_get_text (record, "summary"));
}

static void
fill_task (CslTimelineText *self, CslSession *session, const CslRecord *record)
{
  g_autofree char *status = csl_display_field (session, record, "status");
  const char *title = csl_record_get_text (record, "title");

  /* Translators: a task and its status. */
  self->sentence = g_strdup_printf (_ ("Task: %s (%s)"), title, status);
}

static void
fill_any (CslTimelineText *self, CslSession *session, const CslRecord *record)
{
  const char *label = csl_label_type (record->type);
  g_autofree char *title = csl_record_summary_dup_title (session, record);

  self->sentence = g_strcmp0 (title, label) != 0
                     ? g_strdup_printf (_ ("%s: %s"), label, title)
                     : g_strdup (label);
}

static const struct
{
  const char *type; /* NULL: any */
  FillFunc fill;
} fills[] = {
  { "note", fill_note },
  { "communication", fill_communication },
  { "case_event", fill_case_event },
  { "appointment", fill_appointment },
  { "visit", fill_visit },
  { "task", fill_task },
  { NULL, fill_any },
};

/* The worker a record speaks of, by the fields that name one; else whoever made it. */
static const char *
author_id (const CslRecord *record)
{
  static const char *const fields[] = { "author", "user", "recorded_by", "raised_by",
                                        "created_by" };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (csl_record_type_lookup_field (record->type, fields[i]) != NULL &&
        csl_record_get_text (record, fields[i]) != NULL)
      return csl_record_get_text (record, fields[i]);
  return NULL;
}

void
csl_timeline_text_fill (CslTimelineText *self,
                        CslSession *session,
                        const CslRecord *record)
{
  const char *author = author_id (record);

  *self = (CslTimelineText){ 0 };
  for (guint i = 0; i < G_N_ELEMENTS (fills); i++) {
    if (fills[i].type == NULL || g_str_equal (fills[i].type, record->type->name)) {
      fills[i].fill (self, session, record);
      break;
    }
  }
  if (self->icon_name == NULL)
    self->icon_name = record->type->icon;
  if (author != NULL)
    self->who = csl_display_worker (session, author);
}

void
csl_timeline_text_clear (CslTimelineText *self)
{
  g_clear_pointer (&self->sentence, g_free);
  g_clear_pointer (&self->body, g_free);
  g_clear_pointer (&self->who, g_free);
}
