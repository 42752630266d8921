/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searching by words, and the timeline.
 *
 * Newest first without sorting: the rowid of a full-text index is the time in the record's id (_order), so reading the
 * index backwards gives the newest matches at once, however many there are.
 */
#include "config.h"

#include "core/base/csl-error.h"
#include "core/domain/csl-phone.h"
#include "store/csl-reader-private.h"
#include "store/csl-words.h"

#include <string.h>

/* Fewer digits than this are rather a house number or a year. */
#define LEAST_DIGITS 4
/* Texts that are looked through one by one: some milliseconds. */
#define MOST_STALE 500

/**
 * csl_reader_dup_match:
 * @text: what a person typed
 *
 * Words are runs of letters, digits and marks, as the index cuts them; everything else, quotes and operators
 * included, only separates.
 */
char *
csl_reader_dup_match (const char *text)
{
  g_autoptr (GString) match = g_string_new (NULL);
  bool in_word = false;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    bool is_word = g_unichar_isalnum (c) || g_unichar_ismark (c);

    if (is_word && !in_word)
      g_string_append (match, match->len > 0 ? " AND \"" : "\"");
    if (!is_word && in_word)
      g_string_append (match, "\"*");
    if (is_word)
      g_string_append_unichar (match, c);
    in_word = is_word;
  }
  if (in_word)
    g_string_append (match, "\"*");
  return match->len > 0 ? g_string_free (g_steal_pointer (&match), FALSE) : NULL;
}

char *
csl_reader_dup_phone_pattern (const char *text)
{
  g_autofree char *number = NULL;
  g_autoptr (GString) pattern = g_string_new ("%");

  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isdigit (*p) && strchr (" +-()/.", *p) == NULL)
      return NULL;
  number = csl_phone_dup_normalised (text);
  if (number == NULL)
    return NULL;
  /* Stored as typed, perhaps with the country's code: the leading zero is left out. */
  for (const char *p = number + strspn (number, "+0"); *p != '\0'; p++)
    g_string_append_c (pattern, *p);
  g_string_append_c (pattern, '%');
  if (pattern->len < LEAST_DIGITS + 2)
    return NULL;
  return g_string_free (g_steal_pointer (&pattern), FALSE);
}

bool
csl_reader_has_stale (CslReader *self, const CslRecordType *type)
{
  static const char sql[] = "SELECT count (*) FROM (SELECT 1 FROM \"_stale\" WHERE "
                            "\"type\" = :type LIMIT :most)";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, NULL);
  gint64 n;

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":type", type->name);
  csl_stmt_bind_int (stmt, ":most", MOST_STALE + 1);
  n = csl_stmt_step (stmt, NULL) ? csl_stmt_get_int (stmt, 0) : 0;
  return n > 0 && n <= MOST_STALE;
}

void
csl_reader_append_matching (GString *sql, const CslRecordType *type, bool without_stale)
{
  g_autofree char *index = csl_ddl_dup_search_name (type);

  g_string_append (sql, "SELECT t.\"_row\" FROM ");
  csl_ddl_append_name (sql, index);
  g_string_append (sql, " AS f CROSS JOIN ");
  csl_ddl_append_name (sql, type->name);
  g_string_append (sql, " AS t ON t.\"_order\" = f.\"rowid\" WHERE f.");
  csl_ddl_append_name (sql, index);
  g_string_append (sql, " MATCH :match");
  if (without_stale)
    g_string_append_printf (sql,
                            " AND NOT EXISTS (SELECT 1 FROM \"_stale\" WHERE \"type\" = "
                            "'%s' AND \"order\" = f.\"rowid\")",
                            type->name);
}

/* The rows the index is wrong about, when they hold the words. */
static void
append_stale (GString *sql, const CslRecordType *type)
{
  g_autoptr (GArray) fields = csl_ddl_list_search_fields (type);

  g_string_append (sql, " UNION SELECT \"_row\" FROM \"_stale\" CROSS JOIN ");
  csl_ddl_append_name (sql, type->name);
  g_string_append_printf (sql, " ON \"_order\" = \"order\" WHERE \"type\" = '%s' AND ",
                          type->name);
  g_string_append (sql, CSL_WORDS_FUNCTION " (:match");
  for (guint i = 0; i < fields->len; i++) {
    g_string_append (sql, ", ");
    csl_ddl_append_name (sql, type->fields[g_array_index (fields, guint, i)].name);
  }
  g_string_append_c (sql, ')');
}

void
csl_reader_append_newest (CslReader *self,
                          GString *sql,
                          const CslRecordType *type,
                          const char *limit)
{
  bool stale = csl_reader_has_stale (self, type);

  g_string_append (sql, "SELECT * FROM (");
  csl_reader_append_matching (sql, type, stale);
  g_string_append_printf (sql, " ORDER BY f.\"rowid\" DESC LIMIT %s)", limit);
  if (stale)
    append_stale (sql, type);
}

static bool
is_phone (const CslField *field)
{
  return field->kind == csl_field_kind_lookup ("phone");
}

bool
csl_reader_has_phones (const CslRecordType *type)
{
  for (guint i = 0; i < type->n_fields; i++)
    if (is_phone (&type->fields[i]))
      return true;
  return false;
}

static void
append_digits (GString *sql, const char *column)
{
  static const char *const separators[] = { " ", "-", "(", ")", "/", ".", "+" };

  for (guint i = 0; i < G_N_ELEMENTS (separators); i++)
    g_string_append (sql, "replace (");
  csl_ddl_append_name (sql, column);
  for (guint i = 0; i < G_N_ELEMENTS (separators); i++) {
    g_string_append (sql, ", '");
    g_string_append (sql, separators[i]);
    g_string_append (sql, "', '')");
  }
}

void
csl_reader_append_phones (GString *sql, const CslRecordType *type)
{
  for (guint i = 0; i < type->n_fields; i++) {
    if (!is_phone (&type->fields[i]))
      continue;
    g_string_append (sql, " UNION SELECT \"_row\" FROM ");
    csl_ddl_append_name (sql, type->name);
    g_string_append (sql, " WHERE ");
    csl_ddl_append_name (sql, type->fields[i].name);
    g_string_append (sql, " IS NOT NULL AND ");
    append_digits (sql, type->fields[i].name);
    g_string_append (sql, " LIKE :phone");
  }
}

/* -- Over all types -------------------------------------------------------------------- */

typedef struct
{
  CslReaderHit hit;
  gint64 order;
} Found;

/* "when" of a type's timeline, or the moment of creation. */
static void
append_when (GString *sql, const CslRecordType *type)
{
  g_string_append (sql, "coalesce (");
  if (type->when_field >= 0) {
    csl_ddl_append_name (sql, type->fields[type->when_field].name);
    g_string_append (sql, ", ");
  }
  g_string_append (sql, "\"created_at\", '')");
}

static char *
search_sql (CslReader *self, const CslRecordType *type, bool with_phones)
{
  g_autoptr (GString) sql = g_string_new ("SELECT \"_row\", \"_order\", ");

  append_when (sql, type);
  g_string_append (sql, " FROM ");
  csl_ddl_append_name (sql, type->name);
  g_string_append (sql, " WHERE \"_row\" IN (");
  csl_reader_append_newest (self, sql, type, ":limit");
  if (with_phones)
    csl_reader_append_phones (sql, type);
  g_string_append (sql, ") ORDER BY \"_order\" DESC LIMIT :limit");
  return g_string_free (g_steal_pointer (&sql), FALSE);
}

static bool
search_type (CslReader *self,
             const CslRecordType *type,
             const char *const *words, /* match, phone (nullable) */
             guint limit,
             GArray *found,
             GError **error)
{
  bool with_phones = words[1] != NULL && csl_reader_has_phones (type);
  g_autofree char *sql = search_sql (self, type, with_phones);
  csl_auto_reset CslStmt *stmt = csl_reader_prepare (self, sql, error);
  g_autoptr (GError) local = NULL;

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":match", words[0]);
  if (with_phones)
    csl_stmt_bind_text (stmt, ":phone", words[1]);
  csl_stmt_bind_int (stmt, ":limit", limit);
  while (csl_stmt_step (stmt, &local)) {
    Found hit = { .hit = { .type = type, .row = csl_stmt_get_int (stmt, 0) },
                  .order = csl_stmt_get_int (stmt, 1) };

    csl_stmt_copy_text (stmt, 2, hit.hit.when, sizeof hit.hit.when);
    g_array_append_val (found, hit);
  }
  return csl_error_pass (&local, error);
}

static int
compare_newest_first (gconstpointer a, gconstpointer b)
{
  gint64 left = ((const Found *) a)->order, right = ((const Found *) b)->order;

  return left > right ? -1 : left < right;
}

GArray *
csl_reader_search (CslReader *self, const char *text, guint limit, GError **error)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (Found));
  g_autoptr (GArray) hits = g_array_new (FALSE, FALSE, sizeof (CslReaderHit));
  g_autofree char *match = csl_reader_dup_match (text);
  g_autofree char *phone = csl_reader_dup_phone_pattern (text);
  const char *const words[] = { match, phone };

  if (match == NULL)
    return g_steal_pointer (&hits);
  if (limit == 0)
    limit = CSL_READER_MOST_HITS;
  for (guint i = 0; i < self->n_types; i++) {
    const CslRecordType *type = csl_schema_get_type (self->schema, i);

    if (csl_record_type_is_searchable (type) && !type->local &&
        !search_type (self, type, words, limit, found, error))
      return NULL;
  }
  g_array_sort (found, compare_newest_first);
  for (guint i = 0; i < found->len && i < limit; i++)
    g_array_append_val (hits, g_array_index (found, Found, i).hit);
  return g_steal_pointer (&hits);
}

/* -- Timeline -------------------------------------------------------------------------- */

static char *
timeline_sql (CslReader *self, bool of_case)
{
  g_autoptr (GString) sql = g_string_new (NULL);

  for (guint i = 0; i < self->n_types; i++) {
    const CslRecordType *type = csl_schema_get_type (self->schema, i);
    int field = of_case ? type->case_field : type->client_field;

    if (type->when_field < 0 || field < 0 || type->local)
      continue;
    g_string_append (sql, sql->len > 0 ? " UNION ALL SELECT " : "SELECT ");
    g_string_append_printf (sql, "%u, \"_row\", ", i);
    csl_ddl_append_name (sql, type->fields[type->when_field].name);
    g_string_append (sql, " FROM ");
    csl_ddl_append_name (sql, type->name);
    g_string_append (sql, " WHERE ");
    csl_ddl_append_name (sql, type->fields[field].name);
    g_string_append (sql, " = :id");
  }
  if (sql->len == 0)
    return NULL;
  g_string_append (sql, " ORDER BY 3 DESC, 2 DESC");
  return g_string_free (g_steal_pointer (&sql), FALSE);
}

GArray *
csl_reader_list_timeline (CslReader *self,
                          const char *type,
                          const char *id,
                          GError **error)
{
  g_autoptr (GArray) hits = g_array_new (FALSE, FALSE, sizeof (CslReaderHit));
  g_autofree char *sql = timeline_sql (self, strcmp (type, "case") == 0);
  g_autoptr (GError) local = NULL;
  csl_auto_reset CslStmt *stmt = NULL;

  if (sql == NULL)
    return g_steal_pointer (&hits);
  stmt = csl_reader_prepare (self, sql, error);
  if (stmt == NULL)
    return NULL;
  csl_stmt_bind_text (stmt, ":id", id);
  while (csl_stmt_step (stmt, &local)) {
    CslReaderHit hit = {
      .type = csl_schema_get_type (self->schema, (guint) csl_stmt_get_int (stmt, 0)),
      .row = csl_stmt_get_int (stmt, 1),
    };

    csl_stmt_copy_text (stmt, 2, hit.when, sizeof hit.when);
    g_array_append_val (hits, hit);
  }
  if (local == NULL)
    return g_steal_pointer (&hits);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}
