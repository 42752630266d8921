/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must hold for every merge, over a million random (base, mine, theirs) on types made from a seed.
 *
 * The types are written as definition files and loaded like any other: fields of every merging sort,
 * groups, policies and protection at random. Values come from a few, so that people often write the
 * same, change back and meet in the same element. CSL_TEST_SEED repeats a run.
 */
#include "core/merge/csl-merge-set.h"
#include "core/merge/csl-merge.h"
#include "core/outbox/csl-outbox.h"

#include <glib/gstdio.h>
#include <string.h>

#define N_TYPES   60
#define N_TRIPLES 1000000
#define BASE      50
#define THEIRS    60
#define MINE      70

static guint64 dice;

static guint
roll (guint sides)
{
  dice += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  guint64 z = dice;
  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return (guint) ((z ^ (z >> 31)) % sides);
}

static void
write_file (const char *folder, const char *name, const char *content)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (parent, 0700);
  g_file_set_contents (path, content, -1, &error);
  g_assert_no_error (error);
}

static void
append_field (GString *out, guint number)
{
  static const char *const kinds[] = {
    "\"text\"",
    "\"text\"",
    "\"integer\"",
    "\"long_text\"",
    "\"boolean\"",
    "\"enum_set\",\"options\":\"colour\"",
    "\"object_list\",\"columns\":[{\"name\":\"v\",\"kind\":\"text\",\"label\":\"V\"}]",
  };

  const char *kind = kinds[roll (G_N_ELEMENTS (kinds))];

  g_string_append_printf (out, "%s{\"name\":\"f%u\",\"label\":\"F\",\"kind\":%s",
                          number > 0 ? "," : "", number, kind);
  if (strstr (kind, "enum_set") == NULL && roll (3) == 0) /* a set merges by itself */
    g_string_append_printf (out, ",\"group\":\"g%u\"", roll (2));
  if (roll (6) == 0)
    g_string_append (out, ",\"merge\":\"first\"");
  if (roll (8) == 0)
    g_string_append (out, ",\"protected\":true");
  g_string_append_c (out, '}');
}

static void
write_type (const char *folder, const char *name, guint n_fields)
{
  g_autofree char *path = g_strdup_printf ("types/test/%s.json", name);
  g_autoptr (GString) out = g_string_new (NULL);

  g_string_printf (
    out,
    "{\"type\":\"%s\",\"module\":\"test\",\"label\":\"T\",\"label_plural\":"
    "\"T\",\"area\":\"a\",\"rank\":1,\"bucket\":[{\"scope\":\"organisation\"}],"
    "\"title\":[\"f0\"],\"seed\":[\"000\"],\"retention\":\"cases\",\"list\":"
    "{\"fields\":[\"f0\"],\"sort\":\"f0\"},\"fields\":[",
    name);
  g_string_append (out, "{\"name\":\"f0\",\"label\":\"F\",\"kind\":\"text\"}");
  for (guint i = 1; i < n_fields; i++)
    append_field (out, i);
  g_string_append (out, "]}");
  write_file (folder, path, out->str);
}

static CslSchema *
generate_schema (void)
{
  g_autofree char *folder = g_dir_make_tmp ("merge-XXXXXX", NULL);
  g_autoptr (CslProblems) problems = csl_problems_new ();

  write_file (folder, "enums/colour.json",
              "{\"enum\":\"colour\",\"seed\":[\"000\"],\"values\":[{\"value\":\"blue\","
              "\"label\":\"B\"},{\"value\":\"green\",\"label\":\"G\"},{\"value\":\"red\","
              "\"label\":\"R\"}]}");
  write_file (
    folder, "enums/sensitivity.json",
    "{\"enum\":\"sensitivity\",\"seed\":[\"000\"],\"values\":[{\"value\":\"normal\","
    "\"label\":\"N\"}]}");
  write_file (
    folder, "roles/r.json",
    "{\"role\":\"r\",\"label\":\"R\",\"areas\":{\"a\":{\"scope\":\"organisation\","
    "\"actions\":[\"read\"]}}}");
  write_type (folder, "user", 1);
  for (guint i = 0; i < N_TYPES; i++) {
    g_autofree char *name = g_strdup_printf ("t%u", i);
    write_type (folder, name, 3 + roll (7));
  }
  CslSchema *schema = csl_schema_new_from_folder (folder, problems);
  g_autofree char *text = csl_problems_dup_text (problems);
  g_assert_cmpstr (text, ==, "");
  return schema;
}

static void
random_list (GString *out, bool objects)
{
  static const char *const colours[] = { "blue", "green", "red" };

  g_string_append_c (out, '[');
  for (guint i = 0; i < 3; i++) {
    if (roll (2) == 0)
      continue;
    if (out->len > 1)
      g_string_append_c (out, ',');
    if (objects)
      g_string_append_printf (out, "{\"id\":\"%u\",\"v\":\"%c\"}", i, "xyz"[roll (3)]);
    else
      g_string_append_printf (out, "\"%s\"", colours[i]);
  }
  g_string_append_c (out, ']');
}

static void
random_value (const CslField *field, CslValue *value)
{
  static const char *const words[] = { "", "a", "b", "c" };
  GString *list;

  switch (field->kind->value_type) {
  case CSL_VALUE_TEXT:
    csl_value_set_text (value, words[roll (4)]);
    break;
  case CSL_VALUE_INT:
    csl_value_set_int (value, roll (3));
    break;
  case CSL_VALUE_BOOL:
    csl_value_set_bool (value, roll (2) == 0);
    break;
  case CSL_VALUE_JSON:
    list = g_string_new (NULL);
    random_list (list, field->n_columns > 0);
    csl_value_take_json (value, g_string_free (list, FALSE));
    break;
  case CSL_VALUE_NULL:
  case CSL_VALUE_MONEY:
    g_assert_not_reached ();
  }
}

static bool
is_server (const CslField *field)
{
  return (field->flags & CSL_FIELD_SERVER) != 0 ||
         strcmp (field->name, "sensitivity") == 0;
}

/* Fields of @record get other values, each with a chance of one in @sides. */
static void
edit (CslRecord *record, guint sides)
{
  for (guint i = 0; i < record->type->n_fields; i++) {
    if (!is_server (&record->type->fields[i]) && roll (sides) == 0)
      random_value (&record->type->fields[i], &record->values[i]);
  }
}

typedef struct
{
  CslRecord *base, *mine, *theirs; /* (owned) */
  CslOp *op;                       /* (owned) (nullable): base → mine */
  gint64 frev[64];                 /* after theirs */
} Triple;

static void
triple_clear (Triple *self)
{
  csl_record_free (self->base);
  csl_record_free (self->mine);
  csl_record_free (self->theirs);
  csl_op_free (self->op);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Triple, triple_clear)

static void
triple_init (Triple *self, const CslRecordType *type)
{
  memset (self, 0, sizeof *self);
  g_assert_cmpuint (type->n_fields, <=, G_N_ELEMENTS (self->frev));
  self->base = csl_record_new (type, "r1");
  self->base->rev = BASE;
  edit (self->base, 1);
  self->mine = csl_record_copy (self->base);
  self->theirs = csl_record_copy (self->base);
  edit (self->mine, 1 + roll (4));
  edit (self->theirs, 1 + roll (4));
  self->op = csl_op_from_change (self->base, self->mine);
  for (guint i = 0; i < type->n_fields; i++) {
    bool changed = !csl_value_equal (&self->base->values[i], &self->theirs->values[i]);
    self->frev[i] = changed || roll (12) == 0 ? THEIRS : roll (BASE + 1);
  }
}

static const CslDifference *
lookup_difference (const CslMergeResult *result, guint field)
{
  for (guint i = 0; i < result->differences->len; i++) {
    const CslDifference *difference =
      &g_array_index (result->differences, CslDifference, i);
    if (difference->field == field)
      return difference;
  }
  return NULL;
}

static bool
same_group (const CslRecordType *type, guint a, guint b)
{
  return a == b ||
         (type->fields[a].group >= 0 && type->fields[a].group == type->fields[b].group);
}

static bool
group_is_first (const CslRecordType *type, guint field)
{
  for (guint i = 0; i < type->n_fields; i++) {
    if (same_group (type, field, i) && type->fields[i].policy != CSL_MERGE_FIRST)
      return false;
  }
  return true;
}

static bool
is_list (const CslField *field)
{
  return field->kind->value_type == CSL_VALUE_JSON;
}

static bool
has_element (const CslValue *value, const CslElement *element, bool whole)
{
  g_autoptr (GPtrArray) elements = csl_elements_read (value);

  for (guint i = 0; i < elements->len; i++) {
    const CslElement *other = g_ptr_array_index (elements, i);
    if (strcmp (whole ? other->text : other->key, whole ? element->text : element->key) ==
        0)
      return true;
  }
  return false;
}

/* Elements of @from that @without lacks are in @result, or (if @gone) are not. */
static bool
elements_follow (const CslValue *from,
                 const CslValue *without,
                 const CslValue *result,
                 bool gone)
{
  g_autoptr (GPtrArray) elements = csl_elements_read (from);

  for (guint i = 0; i < elements->len; i++) {
    const CslElement *element = g_ptr_array_index (elements, i);
    if (gone
          ? !has_element (without, element, false) && has_element (result, element, true)
          : !has_element (without, element, true) && !has_element (result, element, true))
      return false;
  }
  return true;
}

/* I16: every value somebody typed is in the record, or in a difference, or gave way by policy. */
static void
check_nothing_dropped (const Triple *triple,
                       const CslRecord *merged,
                       const CslMergeResult *result)
{
  const CslRecordType *type = merged->type;

  for (guint i = 0; i < type->n_fields; i++) {
    const CslValue *set = csl_op_lookup_set (triple->op, i);
    const CslValue *now = &merged->values[i], *theirs = &triple->theirs->values[i];
    const CslValue *base = &triple->base->values[i];
    const CslDifference *difference = lookup_difference (result, i);
    if (set == NULL) {
      g_assert_true (csl_value_equal (now, theirs));
      g_assert_null (difference);
      continue;
    }
    if (difference != NULL) {
      g_assert_true (csl_value_equal (&difference->mine, set));
      g_assert_true (csl_value_equal (&difference->was, base));
      g_assert_true (csl_value_equal (&difference->server, theirs));
      g_assert_cmpint (difference->server_rev, ==, triple->frev[i]);
    } else if (is_list (&type->fields[i]) && !group_is_first (type, i)) {
      g_assert_true (elements_follow (set, base, now, false)); /* mine added */
      g_assert_true (elements_follow (base, set, now, true));  /* mine removed */
    } else {
      g_assert_true (csl_value_equal (now, set) || group_is_first (type, i));
    }
    bool they_changed = !csl_value_equal (theirs, base);
    if (they_changed && is_list (&type->fields[i]))
      g_assert_true (csl_value_equal (now, theirs) ||
                     elements_follow (theirs, base, now, false));
    else if (they_changed)
      g_assert_true (csl_value_equal (now, theirs));
  }
}

/* I17: a group is one person's or the other's. */
static void
check_groups_whole (const Triple *triple, const CslRecord *merged)
{
  const CslRecordType *type = merged->type;

  for (guint i = 0; i < type->n_fields; i++) {
    bool as_mine = true, as_theirs = true, alone = true;
    for (guint k = 0; k < type->n_fields; k++) {
      if (!same_group (type, i, k))
        continue;
      alone = alone && i == k;
      as_mine = as_mine && csl_value_equal (&merged->values[k], &triple->mine->values[k]);
      as_theirs = as_theirs &&
                  csl_value_equal (&merged->values[k], &triple->theirs->values[k]);
    }
    g_assert_true (alone || as_mine || as_theirs);
  }
}

static void
check_report (const Triple *triple, const CslRecord *merged, const CslMergeResult *result)
{
  guint n_changed = 0;
  bool differs = false;

  for (guint i = 0; i < merged->type->n_fields; i++) {
    const CslValue *set = csl_op_lookup_set (triple->op, i);
    n_changed += !csl_value_equal (&merged->values[i], &triple->theirs->values[i]);
    differs = differs || (set != NULL && !csl_value_equal (set, &merged->values[i]));
  }
  g_assert_cmpuint (n_changed, ==, result->changed->len);
  for (guint i = 0; i < result->changed->len; i++) {
    guint field = g_array_index (result->changed, guint, i);
    g_assert_false (
      csl_value_equal (&merged->values[field], &triple->theirs->values[field]));
  }
  g_assert_cmpint (differs, ==, result->merged);
}

static bool
records_equal (const CslRecord *a, const CslRecord *b)
{
  for (guint i = 0; i < a->type->n_fields; i++) {
    if (!csl_value_equal (&a->values[i], &b->values[i]))
      return false;
  }
  return true;
}

/* I18: the same operation again changes nothing. */
static void
check_idempotent (const Triple *triple,
                  const CslRecord *merged,
                  const CslMergeResult *first)
{
  g_autoptr (CslRecord) again = csl_record_copy (merged);
  g_auto (CslMergeResult) result = { 0 };
  gint64 frev[64];

  memcpy (frev, triple->frev, sizeof frev);
  for (guint i = 0; i < first->changed->len; i++)
    frev[g_array_index (first->changed, guint, i)] = MINE;
  csl_merge_result_init (&result);
  csl_merge (again, frev, triple->op, &result);
  g_assert_cmpuint (result.changed->len, ==, 0);
  g_assert_true (records_equal (again, merged));
}

/* Do both operations touch no group in common? */
static bool
is_disjoint (const CslOp *a, const CslOp *b)
{
  for (guint i = 0; i < a->set->len; i++) {
    for (guint k = 0; k < b->set->len; k++) {
      if (same_group (a->type, g_array_index (a->set, CslFieldValue, i).field,
                      g_array_index (b->set, CslFieldValue, k).field))
        return false;
    }
  }
  return true;
}

/* One after the other over the base. TRUE: no difference was left. */
static bool
apply_both (const CslRecord *base,
            const CslOp *first,
            const CslOp *second,
            CslRecord *ret)
{
  const CslOp *ops[] = { first, second };
  gint64 frev[64] = { 0 };
  bool clean = true;

  for (guint i = 0; i < ret->type->n_fields; i++)
    csl_value_copy (&ret->values[i], &base->values[i]);
  for (guint n = 0; n < G_N_ELEMENTS (ops); n++) {
    g_auto (CslMergeResult) result = { 0 };
    csl_merge_result_init (&result);
    csl_merge (ret, frev, ops[n], &result);
    clean = clean && result.differences->len == 0 && !result.merged;
    for (guint i = 0; i < result.changed->len; i++)
      frev[g_array_index (result.changed, guint, i)] = THEIRS + n;
  }
  return clean;
}

/* I18: operations that touch nothing in common commute, without a question. */
static guint
check_commute (const Triple *triple)
{
  g_autoptr (CslOp) theirs = csl_op_from_change (triple->base, triple->theirs);

  if (theirs == NULL || !is_disjoint (triple->op, theirs))
    return 0;
  g_autoptr (CslRecord) one = csl_record_new (triple->base->type, "r1");
  g_autoptr (CslRecord) other = csl_record_new (triple->base->type, "r1");
  g_assert_true (apply_both (triple->base, triple->op, theirs, one));
  g_assert_true (apply_both (triple->base, theirs, triple->op, other));
  g_assert_true (records_equal (one, other));
  return 1;
}

static void
check_triple (const CslRecordType *type, guint *n_differences, guint *n_commuting)
{
  g_auto (Triple) triple = { 0 };
  g_auto (CslMergeResult) result = { 0 };

  triple_init (&triple, type);
  if (triple.op == NULL)
    return;
  g_autoptr (CslRecord) merged = csl_record_copy (triple.theirs);
  csl_merge_result_init (&result);
  csl_merge (merged, triple.frev, triple.op, &result);
  check_nothing_dropped (&triple, merged, &result);
  check_groups_whole (&triple, merged);
  check_report (&triple, merged, &result);
  check_idempotent (&triple, merged, &result);
  *n_differences += result.differences->len;
  *n_commuting += check_commute (&triple);
}

static void
test_properties (void)
{
  const char *text = g_getenv ("CSL_TEST_SEED");
  guint64 seed = text != NULL ? g_ascii_strtoull (text, NULL, 10) : 20261121;
  guint n_differences = 0, n_commuting = 0;

  g_test_message ("seed %" G_GUINT64_FORMAT " (CSL_TEST_SEED)", seed);
  dice = seed;
  g_autoptr (CslSchema) schema = generate_schema ();
  for (guint i = 0; i < N_TRIPLES; i++) {
    g_autofree char *name = g_strdup_printf ("t%u", i % N_TYPES);
    check_triple (csl_schema_lookup_type (schema, name), &n_differences, &n_commuting);
  }
  g_test_message ("%u triples, %u differences, %u commuting", N_TRIPLES, n_differences,
                  n_commuting);
  g_assert_cmpuint (n_differences, >, N_TRIPLES / 10);
  g_assert_cmpuint (n_commuting, >, N_TRIPLES / 100);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/merge/I16-I17-I18-million", test_properties);
  return g_test_run ();
}
