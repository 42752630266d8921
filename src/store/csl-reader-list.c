/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists: a CslQuery becomes one statement. Names come from the schema, values are bound in the order in which their
 * placeholders were written. */
#include "config.h"

#include "core/base/csl-error.h"
#include "store/csl-reader-private.h"

#include <string.h>

typedef struct
{
  CslReader *reader;     /* (unowned) */
  const CslQuery *query; /* (unowned) */
  GString *sql;          /* (owned) */
  GPtrArray *texts;      /* (owned) of char*: what the values below point into */
  GArray *values;        /* (owned) of CslValue, shallow: bound to :v1, :v2, … */
  char *match, *phone;   /* (owned) (nullable) of search */
  char *via_match;       /* (owned) (nullable) */
  char *via_phone;       /* (owned) (nullable) */
  bool nothing;          /* words were asked for, but there are none in the text */
} Builder;

static void
builder_clear (Builder *self)
{
  g_string_free (self->sql, TRUE);
  g_ptr_array_unref (self->texts);
  g_array_unref (self->values);
  g_free (self->match);
  g_free (self->phone);
  g_free (self->via_match);
  g_free (self->via_phone);
}

static void
add_value (Builder *self, const CslValue *value)
{
  g_array_append_vals (self->values, value, 1);
  g_string_append_printf (self->sql, ":v%u", self->values->len);
}

static void
add_text (Builder *self, const char *text)
{
  CslValue value = { .type = CSL_VALUE_TEXT, .text = g_strdup (text) };

  g_ptr_array_add (self->texts, value.text);
  add_value (self, &value);
}

/* -- Filters --------------------------------------------------------------------------- */

static void
append_column (Builder *self, const CslField *field)
{
  g_string_append (self->sql, "t.");
  csl_ddl_append_name (self->sql, field->name);
}

static void
append_is (Builder *self, const CslField *field, const CslValue *value)
{
  if ((field->kind->flags & CSL_KIND_SET) != 0 && !csl_value_is_null (value)) {
    g_string_append (self->sql, "EXISTS (SELECT 1 FROM json_each (");
    append_column (self, field);
    g_string_append (self->sql, ") AS e WHERE e.\"value\" = ");
    add_value (self, value);
    g_string_append_c (self->sql, ')');
    return;
  }
  append_column (self, field);
  if (csl_value_is_null (value)) {
    g_string_append (self->sql, " IS NULL");
  } else if (value->type == CSL_VALUE_BOOL && value->number == 0) {
    /* No answer counts as no. */
    g_string_append (self->sql, " IS NOT 1");
  } else {
    g_string_append (self->sql, " = ");
    add_value (self, value);
  }
}

static void
append_in (Builder *self, const CslField *field, const CslValue *value, bool negated)
{
  const char *text = csl_value_get_text (value);
  g_auto (GStrv) items = g_strsplit (text != NULL ? text : "", ",", -1);

  if (negated) {
    g_string_append_c (self->sql, '(');
    append_column (self, field);
    g_string_append (self->sql, " IS NULL OR ");
  }
  append_column (self, field);
  g_string_append (self->sql, negated ? " NOT IN (" : " IN (");
  for (guint i = 0; items[i] != NULL; i++) {
    if (i > 0)
      g_string_append (self->sql, ", ");
    add_text (self, g_strstrip (items[i]));
  }
  g_string_append (self->sql, negated ? "))" : ")");
}

static void
append_filter (Builder *self, const CslFilter *filter)
{
  const CslField *field = &self->query->type->fields[filter->field];

  switch (filter->kind) {
  case CSL_FILTER_IS:
    append_is (self, field, &filter->value);
    return;
  case CSL_FILTER_IN:
  case CSL_FILTER_NOT_IN:
    append_in (self, field, &filter->value, filter->kind == CSL_FILTER_NOT_IN);
    return;
  case CSL_FILTER_FROM:
  case CSL_FILTER_BEFORE:
    append_column (self, field);
    g_string_append (self->sql, filter->kind == CSL_FILTER_FROM ? " >= " : " < ");
    add_value (self, &filter->value);
    return;
  case CSL_FILTER_SET:
  case CSL_FILTER_UNSET:
    append_column (self, field);
    g_string_append (self->sql,
                     filter->kind == CSL_FILTER_SET ? " IS NOT NULL" : " IS NULL");
    return;
  }
}

static void
append_filters (Builder *self, const char *first)
{
  for (guint i = 0; i < self->query->filters->len; i++) {
    g_string_append (self->sql, i == 0 ? first : " AND ");
    append_filter (self, &g_array_index (self->query->filters, CslFilter, i));
  }
}

/* -- Words ----------------------------------------------------------------------------- */

static void
append_newest (Builder *self, GString *sql, const CslRecordType *type)
{
  g_autofree char *limit = g_strdup_printf ("%d", CSL_READER_MOST_HITS);
  g_autoptr (GString) select = g_string_new (NULL);

  csl_reader_append_newest (self->reader, select, type, limit);
  if (self->via_match != NULL)
    g_string_replace (select, ":match", ":via_match", 0);
  g_string_append (sql, select->str);
}

/* Rows of the type the query reaches through its client: cases of the people found. */
static void
append_via (Builder *self)
{
  const CslRecordType *type = self->query->type;
  const CslField *link = &type->fields[type->client_field];
  g_autoptr (GString) people = g_string_new (NULL);

  append_newest (self, people, link->target);
  if (self->via_phone != NULL) {
    csl_reader_append_phones (people, link->target);
    g_string_replace (people, ":phone", ":via_phone", 0);
  }
  g_string_append (self->sql, " UNION SELECT \"_row\" FROM ");
  csl_ddl_append_name (self->sql, type->name);
  g_string_append (self->sql, " WHERE ");
  csl_ddl_append_name (self->sql, link->name);
  g_string_append (self->sql, " IN (SELECT \"id\" FROM ");
  csl_ddl_append_name (self->sql, link->target->name);
  g_string_append (self->sql, " WHERE \"_row\" IN (");
  g_string_append (self->sql, people->str);
  g_string_append (self->sql, "))");
}

/* The rows are those of a union of searches. */
static void
append_union (Builder *self)
{
  const CslRecordType *type = self->query->type;
  bool via = self->via_match != NULL;

  g_string_append (self->sql, " AS t WHERE t.\"_row\" IN (");
  append_newest (self, self->sql, type);
  if (!via && self->phone != NULL)
    csl_reader_append_phones (self->sql, type);
  if (via)
    append_via (self);
  g_string_append_c (self->sql, ')');
  append_filters (self, " AND ");
}

static bool
is_via (const CslQuery *query)
{
  const CslRecordType *type = query->type;

  return query->via != NULL && type->client_field >= 0 &&
         type->fields[type->client_field].target != NULL &&
         csl_record_type_is_searchable (type) &&
         csl_record_type_is_searchable (type->fields[type->client_field].target);
}

static void
read_words (Builder *self)
{
  const CslQuery *query = self->query;

  if (is_via (query)) {
    self->via_match = csl_reader_dup_match (query->via);
    self->via_phone = csl_reader_dup_phone_pattern (query->via);
    self->nothing = self->via_match == NULL;
  } else if (query->search != NULL && csl_record_type_is_searchable (query->type)) {
    self->match = csl_reader_dup_match (query->search);
    self->phone = csl_reader_has_phones (query->type)
                    ? csl_reader_dup_phone_pattern (query->search)
                    : NULL;
    self->nothing = self->match == NULL;
  }
}

/* -- The statement --------------------------------------------------------------------- */

static void
append_order (Builder *self)
{
  const CslQuery *query = self->query;
  const CslField *field;

  g_string_append (self->sql, " ORDER BY ");
  if (csl_reader_may_rank (self->reader, query))
    csl_reader_append_attention (self->reader, self->sql, query->type);
  if (self->match != NULL || self->via_match != NULL || query->sort_field < 0) {
    g_string_append (self->sql, "t.\"_order\" DESC");
    return;
  }
  field = &query->type->fields[query->sort_field];
  append_column (self, field);
  if ((field->kind->flags & CSL_KIND_SEARCHABLE) != 0)
    g_string_append (self->sql, " COLLATE NOCASE");
  g_string_append (self->sql,
                   query->descending ? " DESC, t.\"_row\" DESC" : ", t.\"_row\"");
}

static void
append_limit (Builder *self)
{
  guint limit = self->query->limit;

  if (limit == 0 && (self->match != NULL || self->via_match != NULL))
    limit = CSL_READER_MOST_HITS;
  if (limit > 0)
    g_string_append_printf (self->sql, " LIMIT %u", limit);
}

static void
builder_init (Builder *self, CslReader *reader, const CslQuery *query)
{
  memset (self, 0, sizeof *self);
  self->reader = reader;
  self->query = query;
  self->sql = g_string_new ("SELECT t.\"_row\" FROM ");
  self->texts = g_ptr_array_new_with_free_func (g_free);
  self->values = g_array_new (FALSE, FALSE, sizeof (CslValue));
  read_words (self);
  if (self->match != NULL && self->phone == NULL &&
      !csl_reader_has_stale (reader, query->type)) {
    g_string_truncate (self->sql, 0);
    csl_reader_append_matching (self->sql, query->type, false);
    append_filters (self, " AND ");
    /* The index backwards is the order already. */
    g_string_append (self->sql, " ORDER BY f.\"rowid\" DESC");
    append_limit (self);
    return;
  }
  csl_ddl_append_name (self->sql, query->type->name);
  if (self->match != NULL || self->via_match != NULL) {
    append_union (self);
  } else {
    g_string_append (self->sql, " AS t");
    append_filters (self, " WHERE ");
  }
  append_order (self);
  append_limit (self);
}

static CslStmt *
builder_prepare (Builder *self, CslReader *reader, GError **error)
{
  CslStmt *stmt = csl_reader_prepare (reader, self->sql->str, error);

  if (stmt == NULL)
    return NULL;
  for (guint i = 0; i < self->values->len; i++) {
    char name[16];

    g_snprintf (name, sizeof name, ":v%u", i + 1);
    csl_stmt_bind_value (stmt, name, &g_array_index (self->values, CslValue, i));
  }
  if (self->match != NULL)
    csl_stmt_bind_text (stmt, ":match", self->match);
  if (self->match != NULL && self->phone != NULL)
    csl_stmt_bind_text (stmt, ":phone", self->phone);
  if (self->via_match != NULL)
    csl_stmt_bind_text (stmt, ":via_match", self->via_match);
  if (self->via_match != NULL && self->via_phone != NULL)
    csl_stmt_bind_text (stmt, ":via_phone", self->via_phone);
  return stmt;
}

static bool
read_rows (CslStmt *stmt, GArray *rows, GError **error)
{
  g_autoptr (GError) local = NULL;

  while (csl_stmt_step (stmt, &local)) {
    gint64 row = csl_stmt_get_int (stmt, 0);

    g_array_append_val (rows, row);
  }
  return csl_error_pass (&local, error);
}

GArray *
csl_reader_list (CslReader *self, const CslQuery *query, GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  csl_auto_reset CslStmt *stmt = NULL;
  Builder builder;
  bool ok = true;

  builder_init (&builder, self, query);
  if (!builder.nothing) {
    stmt = builder_prepare (&builder, self, error);
    ok = stmt != NULL && read_rows (stmt, rows, error);
  }
  csl_stmt_reset (stmt); /* before the values it is bound to go */
  builder_clear (&builder);
  return ok ? g_steal_pointer (&rows) : NULL;
}

gint64
csl_reader_count (CslReader *self, const CslQuery *query, GError **error)
{
  csl_auto_reset CslStmt *stmt = NULL;
  gint64 count = 0;
  Builder builder;

  builder_init (&builder, self, query);
  if (!builder.nothing) {
    g_string_prepend (builder.sql, "SELECT count (*) FROM (");
    g_string_append_c (builder.sql, ')');
    stmt = builder_prepare (&builder, self, error);
    count = stmt != NULL && csl_stmt_step (stmt, error) ? csl_stmt_get_int (stmt, 0) : -1;
  }
  csl_stmt_reset (stmt);
  builder_clear (&builder);
  return count;
}
