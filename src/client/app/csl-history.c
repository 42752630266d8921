/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-history.c: from lines to history entries. */
#include "client/app/csl-history.h"

#include "core/wire/csl-op.h"

#include <string.h>

void
csl_history_entry_free (CslHistoryEntry *entry)
{
  g_free (entry->when);
  g_free (entry->user);
  g_free (entry->accepted_by);
  g_free (entry->field);
  g_free (entry->was);
  g_free (entry->now);
  g_free (entry);
}

static char *
dup_value (const CslField *field, const CslValue *value)
{
  if (csl_value_is_null (value))
    return NULL;
  if (csl_value_get_text (value) != NULL)
    return g_strdup (csl_value_get_text (value));
  return field->kind->format (field, value);
}

/* The canonical text of a wire value; of a field this version does not know, the text as it came. */
static char *
dup_wire_value (const CslField *field, const CslJson *json, guint index)
{
  g_auto (CslValue) value = CSL_VALUE_INIT;

  if (index == 0 || csl_json_token (json, index)->kind == CSL_JSON_NULL)
    return NULL;
  if (field != NULL && field->kind->from_json (field, json, index, &value))
    return dup_value (field, &value);
  return csl_json_token (json, index)->kind == CSL_JSON_STRING
           ? csl_json_dup_string (json, index)
           : csl_json_dup_source (json, index);
}

static void
add_field (GPtrArray *entries, const CslRecordType *type, const CslJson *json, guint item)
{
  CslHistoryEntry *entry = g_new0 (CslHistoryEntry, 1);
  const CslField *field;

  entry->when = csl_json_member_dup_string (json, 0, "at");
  entry->user = csl_json_member_dup_string (json, 0, "by");
  entry->accepted_by = csl_json_member_dup_string (json, 0, "accepted_by");
  entry->field = csl_json_member_dup_string (json, item, "f");
  field = entry->field != NULL ? csl_record_type_lookup_field (type, entry->field) : NULL;
  entry->was = dup_wire_value (field, json, csl_json_member (json, item, "was"));
  entry->now = dup_wire_value (field, json, csl_json_member (json, item, "now"));
  g_ptr_array_add (entries, entry);
}

static void
add_change (GPtrArray *entries, const CslRecordType *type, const CslJson *json)
{
  guint fields = csl_json_member (json, 0, "fields");
  guint item = fields + 1;

  if (fields == 0 || csl_json_token (json, fields)->kind != CSL_JSON_ARRAY)
    return;
  for (guint i = 0; i < csl_json_token (json, fields)->count; i++) {
    if (csl_json_token (json, item)->kind == CSL_JSON_OBJECT)
      add_field (entries, type, json, item);
    item = csl_json_token (json, item)->next;
  }
}

bool
csl_history_read_answer (GPtrArray *entries, const CslRecordType *type, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_auto (CslJson) json = { 0 };
  bool done = false;

  csl_json_init (&json);
  for (guint i = 0; lines[i] != NULL && !done; i++) {
    guint t;

    if (*lines[i] == '\0')
      continue;
    if (!csl_json_scan (&json, lines[i], strlen (lines[i]), &csl_json_limits_line,
                        NULL) ||
        csl_json_token (&json, 0)->kind != CSL_JSON_OBJECT)
      return false;
    t = csl_json_member (&json, 0, "t");
    if (csl_json_equals (&json, t, "hist"))
      add_change (entries, type, &json);
    done = csl_json_equals (&json, t, "done");
  }
  return done;
}

void
csl_history_prepend_operation (GPtrArray *entries,
                               const CslSchema *schema,
                               const char *line)
{
  g_autoptr (CslOp) op = csl_op_parse (schema, line, strlen (line), NULL, NULL);

  if (op == NULL)
    return;
  for (guint i = 0; i < op->set->len; i++) {
    const CslFieldValue *set = &g_array_index (op->set, CslFieldValue, i);
    const CslField *field = &op->type->fields[set->field];
    const CslValue *was = csl_op_lookup_was (op, set->field);
    CslHistoryEntry *entry = g_new0 (CslHistoryEntry, 1);

    entry->when = g_strdup (op->wall);
    entry->user = g_strdup (op->by);
    entry->field = g_strdup (field->name);
    entry->was = was != NULL ? dup_value (field, was) : NULL;
    entry->now = dup_value (field, &set->value);
    entry->unsent = true;
    g_ptr_array_insert (entries, (int) i, entry);
  }
}
