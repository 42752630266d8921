/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which indexes a record type's table gets: the declared ones, and in a replica those that lists, timelines and buckets need.
 *
 * An index whose first column is often empty covers only the rows that have a value: most references of most notes
 * are empty, and every index entry costs time on each row of a first sync. Sorting needs all rows.
 */
#include "config.h"

#include "store/csl-ddl-private.h"

#include <string.h>

static void
index_free (CslDdlIndex *index)
{
  g_free (index->name);
  g_array_unref (index->fields);
  g_free (index);
}

static char *
make_name (const CslRecordType *type, const GArray *fields)
{
  g_autoptr (GString) name = g_string_new ("_ix_");

  g_string_append (name, type->name);
  for (guint i = 0; i < fields->len; i++) {
    g_string_append_c (name, '.');
    g_string_append (name, type->fields[g_array_index (fields, guint, i)].name);
  }
  if (fields->len == 0)
    g_string_append (name, "._bucket");
  return g_string_free (g_steal_pointer (&name), FALSE);
}

/* Takes @fields; an index with the same columns is there once. */
static CslDdlIndex *
add_index (GPtrArray *indexes, const CslRecordType *type, GArray *fields)
{
  g_autofree char *name = make_name (type, fields);
  CslDdlIndex *index;

  for (guint i = 0; i < indexes->len; i++) {
    index = g_ptr_array_index (indexes, i);
    if (strcmp (index->name, name) == 0) {
      g_array_unref (fields);
      return index;
    }
  }
  index = g_new0 (CslDdlIndex, 1);
  index->name = g_steal_pointer (&name);
  index->partial =
    fields->len > 0 &&
    (type->fields[g_array_index (fields, guint, 0)].flags & CSL_FIELD_REQUIRED) == 0;
  index->fields = fields;
  g_ptr_array_add (indexes, index);
  return index;
}

static GArray *
field_list (int first, int second)
{
  GArray *fields = g_array_new (FALSE, FALSE, sizeof (guint));

  if (first >= 0)
    g_array_append_val (fields, first);
  if (second >= 0)
    g_array_append_val (fields, second);
  return fields;
}

/* For the list in its usual order: over all rows, and as people sort names. */
static void
add_sort_index (GPtrArray *indexes, const CslRecordType *type)
{
  const CslField *field = &type->fields[type->sort_field];
  CslDdlIndex *index = g_new0 (CslDdlIndex, 1);

  index->name = g_strconcat ("_ix_", type->name, "._sort.", field->name, NULL);
  index->fields = field_list (type->sort_field, -1);
  index->nocase = (field->kind->flags & CSL_KIND_SEARCHABLE) != 0;
  g_ptr_array_add (indexes, index);
}

/* Everything @index finds, @other finds too. */
static bool
is_covered (const CslDdlIndex *index, const CslDdlIndex *other)
{
  if (index == other || index->unique || index->nocase || other->nocase ||
      index->fields->len == 0 || index->fields->len > other->fields->len ||
      (other->partial && !index->partial))
    return false;
  return memcmp (index->fields->data, other->fields->data,
                 index->fields->len * sizeof (guint)) == 0;
}

static void
remove_covered (GPtrArray *indexes)
{
  for (guint i = indexes->len; i > 0; i--) {
    const CslDdlIndex *index = g_ptr_array_index (indexes, i - 1);
    bool covered = false;

    for (guint j = 0; j < indexes->len && !covered; j++)
      covered = is_covered (index, g_ptr_array_index (indexes, j));
    if (covered)
      g_ptr_array_remove_index (indexes, i - 1);
  }
}

static void
add_declared (GPtrArray *indexes, const CslRecordType *type, CslSide side)
{
  for (guint i = 0; i < type->n_indexes; i++) {
    GArray *fields = g_array_new (FALSE, FALSE, sizeof (guint));

    for (const guint *field = type->indexes[i]; *field != (guint) -1; field++)
      g_array_append_val (fields, *field);
    add_index (indexes, type, fields);
  }
  for (guint i = 0; i < type->n_fields; i++)
    if ((type->fields[i].flags & CSL_FIELD_UNIQUE) != 0)
      add_index (indexes, type, field_list ((int) i, -1))->unique = side ==
                                                                    CSL_SIDE_SERVER;
}

/* What a person looks at: the list of a type, a timeline, a number searched digit by digit; and what leaves with a bucket. The
 * server does none of that in its tables, and each index costs it time in every push. */
static void
add_for_people (GPtrArray *indexes, const CslRecordType *type)
{
  add_index (indexes, type, field_list (-1, -1));
  if (type->sort_field >= 0)
    add_sort_index (indexes, type);
  if (type->when_field >= 0 && type->case_field >= 0)
    add_index (indexes, type, field_list (type->case_field, type->when_field));
  if (type->when_field >= 0 && type->client_field >= 0)
    add_index (indexes, type, field_list (type->client_field, type->when_field));
  for (guint i = 0; i < type->n_fields; i++)
    if (type->fields[i].kind == csl_field_kind_lookup ("phone"))
      add_index (indexes, type, field_list ((int) i, -1));
}

GPtrArray *
csl_ddl_list_indexes (const CslRecordType *type, CslSide side)
{
  g_autoptr (GPtrArray) indexes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) index_free);

  add_declared (indexes, type, side);
  if (side == CSL_SIDE_REPLICA)
    add_for_people (indexes, type);
  remove_covered (indexes);
  return g_steal_pointer (&indexes);
}

void
csl_ddl_append_index (GString *sql, const CslRecordType *type, const CslDdlIndex *index)
{
  g_string_append (sql, index->unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ");
  csl_ddl_append_name (sql, index->name);
  g_string_append (sql, " ON ");
  csl_ddl_append_name (sql, type->name);
  g_string_append (sql, " (");
  for (guint i = 0; i < index->fields->len; i++) {
    if (i > 0)
      g_string_append (sql, ", ");
    csl_ddl_append_name (sql, type->fields[g_array_index (index->fields, guint, i)].name);
  }
  if (index->nocase)
    g_string_append (sql, " COLLATE NOCASE");
  if (index->fields->len == 0)
    g_string_append (sql, "\"_bucket\"");
  g_string_append_c (sql, ')');
  if (index->partial) {
    g_string_append (sql, " WHERE ");
    csl_ddl_append_name (sql, type->fields[g_array_index (index->fields, guint, 0)].name);
    g_string_append (sql, " IS NOT NULL");
  }
  g_string_append (sql, ";\n");
}
