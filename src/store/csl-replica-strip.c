/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What others wrote leaves the outbox and the drafts when their file leaves (I12): only what the author wrote stays.
 *
 *   line      "was" is emptied, and lists in "set" keep only the elements that are not in it, unless the server may have
 *             seen the line: it must come again as it was
 *   title     kept of records the author made
 *   answer    without the server's values
 *   draft     {"before":{…},"record":{…}}: only members of "record" that differ stay
 */
#include "config.h"

#include "core/base/csl-error.h"
#include "core/base/csl-json-scan.h"
#include "core/base/csl-json-write.h"
#include "core/wire/csl-answer.h"
#include "store/csl-replica-drop.h"

#include <string.h>

static char *
dup_canonical (const CslJson *json, guint value)
{
  GString *text = g_string_new (NULL);

  csl_json_write_canonical (text, json, value);
  return g_string_free (text, FALSE);
}

static bool
has_element (const CslJson *json, guint list, const char *wanted)
{
  guint count = list != 0 && csl_json_token (json, list)->kind == CSL_JSON_ARRAY
                  ? csl_json_token (json, list)->count
                  : 0;

  for (guint i = 0, at = list + 1; i < count; i++) {
    g_autofree char *text = dup_canonical (json, at);

    if (strcmp (text, wanted) == 0)
      return true;
    at = csl_json_token (json, at)->next;
  }
  return false;
}

/* The elements of @list that were not there before. */
static void
write_own_elements (GString *out, const CslJson *json, guint list, guint before)
{
  guint count = csl_json_token (json, list)->count;
  gsize start = out->len;

  for (guint i = 0, at = list + 1; i < count; i++) {
    g_autofree char *text = dup_canonical (json, at);

    if (!has_element (json, before, text))
      g_string_append_printf (out, "%s%s", out->len > start ? "," : "[", text);
    at = csl_json_token (json, at)->next;
  }
  g_string_append (out, out->len > start ? "]" : "[]");
}

static char *
dup_own_set (const CslJson *json, guint set, guint was)
{
  GString *out = g_string_new ("{");
  guint count = csl_json_token (json, set)->count;

  for (guint i = 0, name = set + 1; i < count; i++) {
    g_autofree char *text = csl_json_dup_string (json, name);
    guint value = name + 1;

    csl_json_write_name (out, text);
    if (csl_json_token (json, value)->kind == CSL_JSON_ARRAY)
      write_own_elements (out, json, value, csl_json_member (json, was, text));
    else
      csl_json_write_canonical (out, json, value);
    name = csl_json_token (json, value)->next;
  }
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

static char *
dup_stripped_line (const char *line, GError **error)
{
  g_auto (CslJson) json = { 0 };
  g_autofree char *own = NULL;
  const CslJsonToken *set_token, *was_token;
  guint set, was;

  csl_json_init (&json);
  if (!csl_json_scan (&json, line, strlen (line), &csl_json_limits_line, error))
    return NULL;
  set = csl_json_member (&json, 0, "set");
  was = csl_json_member (&json, 0, "was");
  if (set == 0 || was == 0)
    return g_strdup (line);
  set_token = csl_json_token (&json, set);
  was_token = csl_json_token (&json, was);
  own = dup_own_set (&json, set, was);
  return g_strdup_printf ("%.*s%s%.*s{}%s", (int) set_token->start, line, own,
                          (int) (was_token->start - set_token->end),
                          line + set_token->end, line + was_token->end);
}

static char *
dup_stripped_answer (const char *text, GError **error)
{
  g_auto (CslAnswer) answer = { 0 };

  if (text == NULL || !csl_answer_parse (&answer, text, strlen (text), error))
    return NULL;
  g_clear_pointer (&answer.d, g_free);
  return csl_answer_print (&answer);
}

typedef struct
{
  gint64 entry;
  char *line, *answer; /* (owned), answer (nullable) */
} Stripped;

static void
stripped_clear (gpointer data)
{
  Stripped *stripped = data;

  g_free (stripped->line);
  g_free (stripped->answer);
}

/* Columns: entry, line, answer, whether the line may be changed. */
static bool
collect (CslStmt *stmt, GArray *all, GError **error)
{
  GError *local = NULL;

  while (csl_stmt_step (stmt, &local)) {
    Stripped stripped = { .entry = csl_stmt_get_int (stmt, 0) };

    stripped.line = csl_stmt_get_int (stmt, 3) != 0
                      ? dup_stripped_line (csl_stmt_get_text (stmt, 1), &local)
                      : csl_stmt_dup_text (stmt, 1);
    if (local == NULL && !csl_stmt_is_null (stmt, 2))
      stripped.answer = dup_stripped_answer (csl_stmt_get_text (stmt, 2), &local);
    g_array_append_val (all, stripped);
    if (local != NULL)
      break;
  }
  return csl_error_pass (&local, error);
}

static bool
write_stripped (CslReplica *self, const Stripped *stripped, GError **error)
{
  static const char sql[] =
    "UPDATE \"_outbox\" SET \"line\" = :line, \"answer\" = :answer, "
    "\"title\" = CASE WHEN \"act\" = 0 THEN \"title\" END WHERE \"entry\" = :entry";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);

  G_STATIC_ASSERT (CSL_ACT_CREATE == 0);
  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":line", stripped->line);
  if (stripped->answer != NULL)
    csl_stmt_bind_text (stmt, ":answer", stripped->answer);
  csl_stmt_bind_int (stmt, ":entry", stripped->entry);
  return csl_stmt_run (stmt, error);
}

static bool
strip_all (CslReplica *self, CslStmt *stmt, GError **error)
{
  g_autoptr (GArray) all = g_array_new (FALSE, TRUE, sizeof (Stripped));
  bool ok;

  g_array_set_clear_func (all, stripped_clear);
  ok = collect (stmt, all, error);
  self->purge_due |= all->len > 0;
  for (guint i = 0; ok && i < all->len; i++)
    ok = write_stripped (self, &g_array_index (all, Stripped, i), error);
  return ok;
}

bool
csl_replica_strip_entry (CslReplica *self, const char *op, GError **error)
{
  static const char sql[] =
    "SELECT \"entry\", \"line\", \"answer\", 1 FROM \"_outbox\" WHERE \"op\" = :op";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":op", op);
  return strip_all (self, stmt, error);
}

static bool
strip_entries (CslReplica *self, const CslBucket *bucket, GError **error)
{
  static const char sql[] =
    "SELECT \"entry\", \"line\", \"answer\", \"tries\" = 0 OR "
    "\"state\" NOT IN ('queued', 'sent', 'held') "
    "FROM \"_outbox\" WHERE \"bucket\" = :name OR "
    "\"id\" IN (SELECT \"id\" FROM \"_shadow\" WHERE \"bucket\" = :bucket)";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":name", bucket->name);
  csl_stmt_bind_int (stmt, ":bucket", bucket->bucket);
  return strip_all (self, stmt, error);
}

/* Lines that nobody strips when their file leaves, because the server may have seen them and its answer came later. Every
 * line is written once: what is stripped does not match any more. */
static bool
strip_unheld (CslReplica *self, gint64 seq, GError **error)
{
  static const char sql[] =
    "SELECT o.\"entry\", o.\"line\", o.\"answer\", 1 FROM \"_outbox\" AS o "
    "LEFT JOIN \"_bucket\" AS b ON b.\"name\" = o.\"bucket\" "
    "WHERE o.\"state\" IN ('acked', 'conflict') AND o.\"laid\" = 0 AND "
    "o.\"seq\" <= :seq AND coalesce (b.\"state\", 0) = 0 AND "
    "(o.\"line\" ->> '$.was' <> '{}' OR o.\"answer\" ->> '$.d' IS NOT NULL OR "
    "(o.\"title\" IS NOT NULL AND o.\"act\" <> 0))";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":seq", seq);
  return strip_all (self, stmt, error);
}

static bool
forget_unheld_offers (CslReplica *self, gint64 seq, GError **error)
{
  static const char sql[] =
    "DELETE FROM \"_outbox\" WHERE \"offer\" = 1 AND "
    "\"state\" IN ('acked', 'conflict') AND \"laid\" = 0 AND \"seq\" <= :seq AND "
    "\"bucket\" NOT IN (SELECT \"name\" FROM \"_bucket\" WHERE \"state\" <> 0)";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":seq", seq);
  if (!csl_stmt_run (stmt, error))
    return false;
  self->purge_due |= csl_db_get_changes (self->db) > 0;
  return true;
}

bool
csl_replica_forget_unheld (CslReplica *self, gint64 seq, GError **error)
{
  return forget_unheld_offers (self, seq, error) && strip_unheld (self, seq, error);
}

/* -- Drafts ------------------------------------------------------------------------------ */

static char *
dup_value (const CslJson *json, guint object, const char *name)
{
  guint value = csl_json_member (json, object, name);
  g_autoptr (GString) text = NULL;

  if (value == 0)
    return NULL;
  text = g_string_new (NULL);
  csl_json_write_canonical (text, json, value);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
dup_own_members (const CslJson *json, guint before, guint record)
{
  GString *out = g_string_new ("{");
  guint count = csl_json_token (json, record)->count;

  for (guint i = 0, name = record + 1; i < count; i++) {
    g_autofree char *text = csl_json_dup_string (json, name);
    g_autofree char *mine = dup_value (json, record, text);
    g_autofree char *theirs = dup_value (json, before, text);

    if (g_strcmp0 (mine, theirs) != 0) {
      csl_json_write_name (out, text);
      g_string_append (out, mine);
    }
    name = csl_json_token (json, name + 1)->next;
  }
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

/* NULL when there is nothing of others in it. */
static char *
dup_stripped_draft (const char *text)
{
  g_auto (CslJson) json = { 0 };
  g_autofree char *id = NULL;
  g_autofree char *own = NULL;
  GString *out;
  guint before, record;

  csl_json_init (&json);
  if (!csl_json_scan (&json, text, strlen (text), &csl_json_limits_draft, NULL))
    return NULL;
  before = csl_json_member (&json, 0, "before");
  record = csl_json_member (&json, 0, "record");
  if (before == 0 || record == 0 ||
      csl_json_token (&json, before)->kind != CSL_JSON_OBJECT ||
      csl_json_token (&json, record)->kind != CSL_JSON_OBJECT)
    return NULL;
  id = csl_json_member_dup_string (&json, 0, "id");
  own = dup_own_members (&json, before, record);
  out = g_string_new ("{");
  csl_json_write_member_string (out, "id", id != NULL ? id : "");
  csl_json_write_member_int (out, "rev", csl_json_member_int (&json, 0, "rev", 0));
  csl_json_write_name (out, "before");
  g_string_append (out, "{}");
  csl_json_write_name (out, "record");
  g_string_append (out, own);
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

static bool
is_about (CslReplica *self,
          const CslRecord *draft,
          const CslBucket *bucket,
          bool *ret_is,
          GError **error)
{
  const char *name = csl_record_get_text (draft, "entity_type");
  const char *id = csl_record_get_text (draft, "entity_id");
  const CslRecordType *type = name != NULL ? csl_schema_lookup_type (self->schema, name)
                                           : NULL;
  GError *local = NULL;
  CslRowInfo info;
  gint64 rev;

  *ret_is =
    type != NULL && id != NULL && !type->local &&
    csl_record_table_find (csl_replica_get_table (self, type), id, &info, &rev, &local) &&
    info.bucket == bucket->bucket;
  return csl_error_pass (&local, error);
}

static bool
strip_draft (CslReplica *self,
             const CslRecordType *type,
             const char *id,
             const CslBucket *bucket,
             GError **error)
{
  g_autoptr (CslRecord) draft =
    csl_record_table_get (csl_replica_get_table (self, type), id, NULL, error);
  g_autofree char *stripped = NULL;
  const char *text;
  bool about = false;

  if (draft == NULL || !is_about (self, draft, bucket, &about, error))
    return false;
  text = csl_record_get_text (draft, "form_data");
  if (about && text != NULL)
    stripped = dup_stripped_draft (text);
  if (stripped == NULL)
    return true;
  csl_record_set_text (draft, "form_data", stripped);
  return csl_replica_write_row (self, draft, 0, 0, error);
}

static bool
strip_drafts (CslReplica *self, const CslBucket *bucket, GError **error)
{
  static const char sql[] = "SELECT \"id\" FROM \"form_draft\"";
  const CslRecordType *type = csl_schema_lookup_type (self->schema, "form_draft");
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  csl_auto_reset CslStmt *stmt = NULL;
  GError *local = NULL;

  if (type == NULL)
    return true;
  stmt = csl_db_prepare (self->db, sql, error);
  if (stmt == NULL)
    return false;
  while (csl_stmt_step (stmt, &local))
    g_ptr_array_add (ids, csl_stmt_dup_text (stmt, 0));
  if (!csl_error_pass (&local, error))
    return false;
  for (guint i = 0; i < ids->len; i++)
    if (!strip_draft (self, type, g_ptr_array_index (ids, i), bucket, error))
      return false;
  return true;
}

bool
csl_replica_strip_bucket (CslReplica *self, const CslBucket *bucket, GError **error)
{
  return strip_entries (self, bucket, error) && strip_drafts (self, bucket, error);
}
