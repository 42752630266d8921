/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-words.c: where the words that people typed can be read: in every table and page of a device, and in its index. */
#include "sim/whole/csl-sim-check.h"
#include "store/replica-check.h"

#include <string.h>

/* How long the word from @text to @end at most is (csl_sim_world_make_token()); in a page others follow without a space.
 * 0: it is none. */
static gsize
measure_word (const char *text, const char *end)
{
  const char *at = text + strlen ("zqtk") + 1;

  for (guint part = 0; part < 2; part++) {
    const char *digits = at;

    while (at < end && g_ascii_isdigit (*at))
      at++;
    if (at == digits || at >= end || *at++ != 'x')
      return 0;
  }
  return (gsize) (at - text);
}

/* Bytes that end a text end a word. */
void
csl_sim_check_collect_bytes (const char *text,
                             gsize size,
                             const char *where,
                             GHashTable *words)
{
  const char *end = text + size;

  while ((text = memchr (text, 'z', (gsize) (end - text))) != NULL) {
    gsize length = 0;

    if (end - text > 4 && memcmp (text, "zqtk", 4) == 0 &&
        (text[4] == 'a' || text[4] == 'b'))
      length = measure_word (text, end);
    if (length > 0)
      g_hash_table_insert (words, g_strndup (text, length), g_strdup (where));
    text += MAX (length, 1);
  }
}

/* Every word that is on the device, wherever: rows, shadows, lines, kept history, the search index. */
void
csl_sim_check_collect_words (const char *text, const char *where, GHashTable *words)
{
  if (text != NULL)
    csl_sim_check_collect_bytes (text, strlen (text), where, words);
}

static void
collect_table (CslDb *db, const char *table, GHashTable *words)
{
  g_autofree char *sql = g_strdup_printf ("SELECT * FROM \"%s\"", table);
  g_autoptr (CslStmt) stmt = csl_db_prepare_once (db, sql, NULL);
  int columns = stmt != NULL ? csl_stmt_get_n_columns (stmt) : 0;

  while (stmt != NULL && csl_stmt_step (stmt, NULL))
    for (int i = 0; i < columns; i++)
      csl_sim_check_collect_words (csl_stmt_get_text (stmt, i), table, words);
}

/* Every page of the file, also what is free in it, as it is behind the encryption. */
static void
collect_pages (CslDb *db, GHashTable *words)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (db, "SELECT data, length (data) FROM sqlite_dbpage", NULL);

  g_assert_nonnull (stmt);
  while (csl_stmt_step (stmt, NULL))
    csl_sim_check_collect_bytes (csl_stmt_get_blob (stmt, 0),
                                 (gsize) csl_stmt_get_int (stmt, 1), "a page", words);
}

static bool
is_empty (const CslSchema *schema, CslStmt *rows, const char *table)
{
  const CslRecordType *type = csl_schema_lookup_type (schema, table);

  return type != NULL && csl_stmt_get_int (rows, (int) type->position + 1) == 0;
}

GHashTable *
csl_sim_check_list_words (CslSimClient *client)
{
  static const char sql[] =
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '_fts%'"
    " AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite_%'";
  const CslSchema *schema = client->schema;
  CslDb *db = csl_sim_client_inspect (client);
  GHashTable *words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  csl_auto_reset CslStmt *stmt = csl_db_prepare (db, sql, NULL);
  csl_auto_reset CslStmt *rows = replica_check_find_rows (schema, db);

  collect_pages (db, words);
  while (csl_stmt_step (stmt, NULL))
    if (!is_empty (schema, rows, csl_stmt_get_text (stmt, 0)))
      collect_table (db, csl_stmt_get_text (stmt, 0), words);
  return words;
}
