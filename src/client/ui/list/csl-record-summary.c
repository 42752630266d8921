/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-record-summary.c: a record in two lines. */
#define G_LOG_DOMAIN "csl-record-summary"

#include "config.h"

#include "client/ui/list/csl-record-summary.h"

#include "client/app/csl-stranded-sheet.h"
#include "client/ui/text/csl-display.h"
#include "core/schema/csl-label.h"
#include "core/schema/csl-workflow.h"

#define SEPARATOR " · "

static void
append_part (GString *out, const char *separator, const char *part)
{
  if (*part == '\0')
    return;
  if (out->len > 0)
    g_string_append (out, separator);
  g_string_append (out, part);
}

static bool
is_title_field (const CslRecordType *type, guint field)
{
  for (guint i = 0; i < type->n_title_fields; i++)
    if (type->title_fields[i] == field)
      return true;
  return false;
}

bool
csl_record_summary_lists_field (const CslRecordType *type, guint field)
{
  for (guint i = 0; i < type->n_list_fields; i++)
    if (type->list_fields[i] == field)
      return true;
  return false;
}

/* A difference is called after what it is about: "Client · Marta Lopez". */
static char *
dup_difference_title (CslSession *session, const CslRecord *record)
{
  const char *name = csl_record_get_text (record, "record_type");
  const CslRecordType *type =
    name != NULL ? csl_schema_lookup_type (csl_session_get_schema (session), name) : NULL;
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *client = csl_display_field (session, record, "client");
  g_autofree char *case_title = csl_display_field (session, record, "case");

  append_part (out, SEPARATOR, csl_label_type (type != NULL ? type : record->type));
  append_part (out, SEPARATOR, *client != '\0' ? client : case_title);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* Work to take over is called after who wrote it, and about whom: "Maria Lopez · Amina Rahman". */
static char *
dup_stranded_title (CslSession *session, const CslRecord *record)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *author = csl_display_field (session, record, "author");
  g_autofree char *client = csl_display_field (session, record, "client");

  append_part (out, SEPARATOR, author);
  append_part (out, SEPARATOR, client);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* What was written, and since when it has been known. */
static char *
dup_stranded_subtitle (CslSession *session, const CslRecord *record)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *what =
    csl_stranded_dup_summary (csl_session_get_schema (session), record);
  g_autofree char *line = csl_display_excerpt (what, 80);
  g_autofree char *written = csl_display_field (session, record, "written_at");

  append_part (out, SEPARATOR, line);
  append_part (out, SEPARATOR, written);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
csl_record_summary_dup_title (CslSession *session, const CslRecord *record)
{
  const CslRecordType *type = record->type;
  g_autoptr (GString) out = g_string_new (NULL);

  if (g_str_equal (type->name, "sync_conflict"))
    return dup_difference_title (session, record);
  if (g_str_equal (type->name, "stranded_work"))
    return dup_stranded_title (session, record);
  for (guint i = 0; i < type->n_title_fields; i++) {
    const guint field = type->title_fields[i];
    g_autofree char *text =
      csl_display_value (session, &type->fields[field], &record->values[field]);
    g_autofree char *line = csl_display_excerpt (text, 120);

    append_part (out, " ", line);
  }
  if (out->len == 0)
    g_string_append (out, csl_label_type (type));
  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
csl_record_summary_dup_subtitle (CslSession *session, const CslRecord *record)
{
  const CslRecordType *type = record->type;
  const CslField *status = csl_record_summary_get_status_field (type);
  g_autoptr (GString) out = NULL;

  if (g_str_equal (type->name, "stranded_work"))
    return dup_stranded_subtitle (session, record);
  out = g_string_new (NULL);
  for (guint i = 0; i < type->n_list_fields; i++) {
    const CslField *field = &type->fields[type->list_fields[i]];
    g_autofree char *text = NULL;
    g_autofree char *line = NULL;

    if (field == status || is_title_field (type, field->index))
      continue;
    if (field->kind->value_type == CSL_VALUE_BOOL) {
      /* "Yes" alone says nothing: the label does, when it is so. */
      if (record->values[field->index].number != 0)
        append_part (out, SEPARATOR, csl_label_field (field));
      continue;
    }
    text = csl_display_value (session, field, &record->values[field->index]);
    line = csl_display_excerpt (text, 80);
    append_part (out, SEPARATOR, line);
  }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

const CslField *
csl_record_summary_get_status_field (const CslRecordType *type)
{
  const CslField *found = NULL;

  if (type->workflow != NULL)
    return csl_workflow_get_field (type->workflow);
  for (guint i = 0; i < type->n_list_fields; i++) {
    const CslField *field = &type->fields[type->list_fields[i]];

    if (field->options == NULL || (field->kind->flags & CSL_KIND_SET) != 0 ||
        is_title_field (type, field->index))
      continue;
    if (g_str_equal (field->name, "status") || g_str_equal (field->name, "state"))
      return field;
    if (found == NULL)
      found = field;
  }
  return found;
}
