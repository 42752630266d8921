/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one place where SQL is made from names. Every name passes csl_ddl_append_name(), which accepts only what the
 * schema loader accepts and quotes it; values never become part of a statement. */
#include "config.h"

#include "store/csl-ddl.h"

#include "store/csl-ddl-private.h"

#include <string.h>

#define MAX_NAME 96

/* [a-z_][a-z0-9_$.]* : a field or type name, or one made here from such names. */
static bool
has_good_form (const char *name)
{
  gsize length = strlen (name);

  if (length == 0 || length > 3 * MAX_NAME || g_ascii_isdigit (*name))
    return false;
  for (const char *p = name; *p != '\0'; p++)
    if (!g_ascii_islower (*p) && !g_ascii_isdigit (*p) && *p != '_' && *p != '.')
      return false;
  return true;
}

/**
 * csl_ddl_is_name:
 *
 * Returns: whether @name may be the name of a type or a field in the database
 */
bool
csl_ddl_is_name (const char *name)
{
  return has_good_form (name) && strlen (name) < MAX_NAME && *name != '_' &&
         *name != '.' && strchr (name, '.') == NULL &&
         !g_str_has_prefix (name, "sqlite_") && strcmp (name, "id") != 0;
}

void
csl_ddl_append_name (GString *sql, const char *name)
{
  if (!has_good_form (name))
    g_error ("Not a name for the database: %s", name);
  g_string_append_c (sql, '"');
  g_string_append (sql, name);
  g_string_append_c (sql, '"');
}

char *
csl_ddl_dup_currency_name (const CslField *field)
{
  return g_strconcat ("_currency_", field->name, NULL);
}

char *
csl_ddl_dup_search_name (const CslRecordType *type)
{
  return g_strconcat ("_fts_", type->name, NULL);
}

GArray *
csl_ddl_list_search_fields (const CslRecordType *type)
{
  GArray *fields = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < type->n_fields; i++) {
    const CslField *field = &type->fields[i];

    /* These two are columns of every full-text table. */
    if ((field->flags & CSL_FIELD_SEARCH) != 0 && strcmp (field->name, "rank") != 0 &&
        strcmp (field->name, "rowid") != 0)
      g_array_append_val (fields, i);
  }
  return fields;
}

static const char *
column_type (const CslField *field)
{
  switch (field->kind->value_type) {
  case CSL_VALUE_BOOL:
  case CSL_VALUE_INT:
  case CSL_VALUE_MONEY:
    return " INTEGER";
  case CSL_VALUE_NULL:
  case CSL_VALUE_TEXT:
  case CSL_VALUE_JSON:
    return " TEXT";
  }
  g_assert_not_reached ();
}

static void
append_check (GString *sql, const CslField *field)
{
  g_autoptr (GString) column = g_string_new (NULL);
  g_autoptr (GString) check = g_string_new (NULL);

  /* Lists of values grow with every version, tables do not: the record's validation knows them. */
  if (field->kind->sql_check == NULL || field->options != NULL)
    return;
  csl_ddl_append_name (column, field->name);
  field->kind->sql_check (field, column->str, check);
  if (check->len == 0)
    return;
  g_string_append (sql, " CHECK (");
  g_string_append (sql, column->str);
  g_string_append (sql, " IS NULL OR (");
  g_string_append (sql, check->str);
  g_string_append (sql, "))");
}

/* Appends the definition of the column of @field. @added: for ALTER TABLE, where rows without a value may exist. */
void
csl_ddl_append_column (GString *sql, const CslField *field, CslSide side, bool added)
{
  csl_ddl_append_name (sql, field->name);
  g_string_append (sql, column_type (field));
  /* Server fields may be filled by a later step of the same commit. */
  if (side == CSL_SIDE_SERVER && !added && (field->flags & CSL_FIELD_REQUIRED) != 0 &&
      (field->flags & CSL_FIELD_SERVER) == 0)
    g_string_append (sql, " NOT NULL");
  if (side == CSL_SIDE_SERVER)
    append_check (sql, field);
}

static void
append_table (GString *sql, const CslRecordType *type, CslSide side)
{
  g_string_append (sql, "CREATE TABLE ");
  csl_ddl_append_name (sql, type->name);
  g_string_append (sql, " (\n"
                        "  \"_row\" INTEGER PRIMARY KEY,\n"
                        "  \"id\" TEXT NOT NULL UNIQUE,\n"
                        "  \"_rev\" INTEGER NOT NULL DEFAULT 0,\n"
                        "  \"_hash\" INTEGER NOT NULL DEFAULT 0,\n"
                        "  \"_bucket\" INTEGER NOT NULL DEFAULT 0,\n"
                        "  \"_order\" INTEGER NOT NULL UNIQUE,\n");
  for (guint i = 0; i < type->n_fields; i++) {
    const CslField *field = &type->fields[i];

    g_assert (csl_ddl_is_name (field->name));
    g_string_append (sql, "  ");
    csl_ddl_append_column (sql, field, side, false);
    if (field->kind->value_type == CSL_VALUE_MONEY) {
      g_autofree char *currency = csl_ddl_dup_currency_name (field);

      g_string_append (sql, ",\n  ");
      csl_ddl_append_name (sql, currency);
      g_string_append (sql, " TEXT");
    }
    g_string_append (sql, ",\n");
  }
  g_string_append (sql, "  \"_rest\" TEXT\n) STRICT;\n");
}

static const struct
{
  const char *name;
  guint value;
} search_settings[] = {
  { "secure-delete", 1 },          /* erased words leave the index at once */
  { "pgsz", 3900 },                /* its pages fit the pages of an encrypted file */
  { "hashsize", 4 * 1024 * 1024 }, /* larger pieces have to be merged less often, … */
  { "automerge", 8 },              /* … and fewer of them are left to search */
};

void
csl_ddl_append_search_table (GString *sql, const CslRecordType *type)
{
  g_autoptr (GArray) fields = csl_ddl_list_search_fields (type);
  g_autofree char *name = csl_ddl_dup_search_name (type);

  if (fields->len == 0)
    return;
  g_string_append (sql, "CREATE VIRTUAL TABLE ");
  csl_ddl_append_name (sql, name);
  g_string_append (sql, " USING fts5 (");
  for (guint i = 0; i < fields->len; i++) {
    csl_ddl_append_name (sql, type->fields[g_array_index (fields, guint, i)].name);
    g_string_append (sql, ", ");
  }
  g_string_append (sql, "content=");
  csl_ddl_append_name (sql, type->name);
  /* Words and columns, no positions: nobody searches for phrases here. (detail=none damages its index when
   * secure-delete is on, SQLite 3.53.2: test-replica-history found it.) Beginnings of
   * one to three letters have lists of their own, longer ones are rare enough without. */
  g_string_append (
    sql, ", content_rowid=\"_order\", detail=column, columnsize=0, prefix='1 2 3', "
         "tokenize=\"unicode61 remove_diacritics 2\");\n");
  for (guint i = 0; i < G_N_ELEMENTS (search_settings); i++) {
    g_string_append (sql, "INSERT INTO ");
    csl_ddl_append_name (sql, name);
    g_string_append (sql, " (");
    csl_ddl_append_name (sql, name);
    g_string_append_printf (sql, ", rank) VALUES ('%s', %u);\n", search_settings[i].name,
                            search_settings[i].value);
  }
}

/**
 * csl_ddl_create:
 *
 * Returns: (transfer full): statements that make the table, indexes and, in a replica, the full-text index of @type
 */
char *
csl_ddl_create (const CslRecordType *type, CslSide side)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  g_autoptr (GPtrArray) indexes = csl_ddl_list_indexes (type, side);

  g_assert (csl_ddl_is_name (type->name));
  append_table (sql, type, side);
  for (guint i = 0; i < indexes->len; i++)
    csl_ddl_append_index (sql, type, g_ptr_array_index (indexes, i));
  if (side == CSL_SIDE_REPLICA)
    csl_ddl_append_search_table (sql, type);
  return g_string_free (g_steal_pointer (&sql), FALSE);
}

static char *
make_fingerprint (const CslSchema *schema, CslSide side)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; i < csl_schema_get_n_types (schema); i++) {
    const CslRecordType *type = csl_schema_get_type (schema, i);
    g_autofree char *sql = NULL;

    if (side == CSL_SIDE_SERVER && type->local)
      continue;
    sql = csl_ddl_create (type, side);
    g_checksum_update (checksum, (const guchar *) sql, -1);
  }
  return g_strdup (g_checksum_get_string (checksum));
}

static char *
make_fingerprint_of_replica (const CslSchema *schema)
{
  return make_fingerprint (schema, CSL_SIDE_REPLICA);
}

static char *
make_fingerprint_of_server (const CslSchema *schema)
{
  return make_fingerprint (schema, CSL_SIDE_SERVER);
}

/**
 * csl_ddl_get_fingerprint:
 *
 * Returns: (transfer none): a text that is another one as soon as any generated table of that side is
 */
const char *
csl_ddl_get_fingerprint (const CslSchema *schema, CslSide side)
{
  return csl_schema_derive (schema, side == CSL_SIDE_SERVER
                                      ? make_fingerprint_of_server
                                      : make_fingerprint_of_replica);
}
