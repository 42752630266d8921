/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outbox without its storage: states and verdicts, operations from changes, laying them over a
 * record, folding edits. What a person does (create, edit, delete, in every order) and where the
 * server is with it are crossed in tables. */
#include "core/outbox/csl-outbox.h"
#include "core/wire/csl-wire-record.h"
#include "core/wire/wire-sample.h"

#include <string.h>

static CslSchema *schema;

static CslRecord *
record_from (const char *content)
{
  g_auto (CslJson) json = { 0 };
  g_autoptr (GError) error = NULL;

  if (content == NULL)
    return NULL;
  CslRecord *record = csl_record_new (csl_schema_lookup_type (schema, "sample"), "r1");
  csl_json_init (&json);
  g_assert_true (
    csl_json_scan (&json, content, strlen (content), &csl_json_limits_line, NULL));
  bool read = csl_wire_record_read (record, &json, 0, &error);
  g_assert_no_error (error);
  g_assert_true (read);
  record->rev = 50;
  return record;
}

static char *
content_of (const CslRecord *record)
{
  GString *out;

  if (record == NULL)
    return NULL;
  out = g_string_new (NULL);
  csl_wire_record_write (record, out);
  return g_string_free (out, FALSE);
}

static void
test_state_names (void)
{
  for (int state = CSL_OUTBOX_QUEUED; state <= CSL_OUTBOX_WITHDRAWN; state++) {
    CslOutboxState back = CSL_OUTBOX_WITHDRAWN;
    g_assert_true (
      csl_outbox_state_from_string (csl_outbox_state_to_string (state), &back));
    g_assert_cmpint (back, ==, state);
  }
  CslOutboxState untouched = CSL_OUTBOX_HELD;
  g_assert_false (csl_outbox_state_from_string ("Queued", &untouched));
  g_assert_false (csl_outbox_state_from_string ("", &untouched));
  g_assert_false (csl_outbox_state_from_string (NULL, &untouched));
  g_assert_cmpint (untouched, ==, CSL_OUTBOX_HELD);
}

static void
test_overlays (void)
{
  g_assert_true (csl_outbox_state_overlays (CSL_OUTBOX_QUEUED));
  g_assert_true (csl_outbox_state_overlays (CSL_OUTBOX_SENT));
  g_assert_true (csl_outbox_state_overlays (CSL_OUTBOX_ACKED));
  g_assert_true (csl_outbox_state_overlays (CSL_OUTBOX_HELD));
  g_assert_true (csl_outbox_state_overlays (CSL_OUTBOX_REJECTED));
  g_assert_false (csl_outbox_state_overlays (CSL_OUTBOX_CONFLICT));
  g_assert_false (csl_outbox_state_overlays (CSL_OUTBOX_ESCROW));
  g_assert_false (csl_outbox_state_overlays (CSL_OUTBOX_WITHDRAWN));
}

/* Rows: verdicts, the last one none at all; columns: states. */
#define Q CSL_OUTBOX_QUEUED
#define S CSL_OUTBOX_SENT
#define A CSL_OUTBOX_ACKED
#define H CSL_OUTBOX_HELD
#define R CSL_OUTBOX_REJECTED
#define C CSL_OUTBOX_CONFLICT
#define E CSL_OUTBOX_ESCROW
#define W CSL_OUTBOX_WITHDRAWN

/* clang-format off */
static const struct
{
  int verdict;
  CslOutboxState next[8];
} transitions[] = {
  /*                             Q  S  A  H  R  C  E  W */
  { CSL_VERDICT_OK,            { A, A, A, A, R, C, E, W } },
  { CSL_VERDICT_MERGED,        { A, A, A, A, R, C, E, W } },
  { CSL_VERDICT_REDIRECT,      { A, A, A, A, R, C, E, W } },
  { CSL_VERDICT_CONFLICT,      { C, C, A, C, R, C, E, W } },
  { CSL_VERDICT_REJECTED,      { R, R, A, R, R, C, E, W } },
  { CSL_VERDICT_HELD,          { H, H, A, H, R, C, E, W } },
  { CSL_VERDICT_ESCROW,        { E, E, A, E, R, C, E, W } },
  { CSL_VERDICT_GAP,           { Q, Q, A, H, R, C, E, W } },
  { CSL_VERDICT_DEVICE_REWOUND,{ Q, Q, A, H, R, C, E, W } },
  { CSL_VERDICT_BUSY,          { Q, Q, A, H, R, C, E, W } },
  { CSL_VERDICT_EPOCH,         { Q, Q, A, H, R, C, E, W } },
  { -1,                        { Q, Q, A, H, R, C, E, W } },
};
/* clang-format on */

static void
test_I2_states_and_verdicts (void)
{
  static const CslOutboxState states[] = { Q, S, A, H, R, C, E, W };

  for (guint i = 0; i < G_N_ELEMENTS (transitions); i++) {
    CslAnswer answer = { .verdict = (CslVerdict) MAX (transitions[i].verdict, 0) };
    for (guint k = 0; k < G_N_ELEMENTS (states); k++) {
      CslOutboxState next =
        csl_outbox_next_state (states[k], transitions[i].verdict >= 0 ? &answer : NULL);
      g_assert_cmpint (next, ==, transitions[i].next[k]);
    }
  }
}

/* What a person changed → the operation, as its wire line shows it. */
static const struct
{
  const char *before, *after;
  const char *act, *set, *was; /* act NULL: no operation */
} changes[] = {
  { NULL, "{}", "create", "{}", "{}" },
  { NULL, "{\"name\":\"a\",\"count\":0}", "create", "{\"name\":\"a\",\"count\":0}",
    "{}" },
  { NULL,
    "{\"name\":\"a\",\"number\":\"S-1\",\"created_at\":\"2026-11-20T15:30:00.000Z\"}",
    "create", "{\"name\":\"a\"}", "{}" },
  { "{\"name\":\"a\"}", "{\"name\":\"b\"}", "update", "{\"name\":\"b\"}",
    "{\"name\":\"a\"}" },
  { "{\"name\":\"a\"}", "{}", "update", "{\"name\":null}", "{\"name\":\"a\"}" },
  { "{}", "{\"agreed\":false}", "update", "{\"agreed\":false}", "{\"agreed\":null}" },
  { "{\"name\":\"a\"}", "{\"name\":\"a\"}", NULL, NULL, NULL },
  { "{\"number\":\"1\"}", "{\"number\":\"2\"}", NULL, NULL, NULL },
  { "{\"name\":\"a\",\"x\":1}", "{\"name\":\"b\"}", "update", "{\"name\":\"b\"}",
    "{\"name\":\"a\"}" },
  { "{\"name\":\"a\"}", NULL, "delete", "{}", "{}" },
};

static void
test_operation_from_change (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    g_autoptr (CslRecord) before = record_from (changes[i].before);
    g_autoptr (CslRecord) after = record_from (changes[i].after);
    /* A new record has no rev yet. */
    if (before == NULL)
      after->rev = 0;
    g_autoptr (CslOp) op = csl_op_from_change (before, after);
    g_assert_cmpint (op != NULL, ==, changes[i].act != NULL);
    if (op == NULL)
      continue;
    g_autofree char *line = csl_op_print (op);
    g_autofree char *expected =
      g_strdup_printf ("\"k\":\"sample\",\"id\":\"r1\",\"act\":\"%s\",\"base\":%d,"
                       "\"set\":%s,\"was\":%s,",
                       changes[i].act, before != NULL ? 50 : 0, changes[i].set,
                       changes[i].was);
    if (strstr (line, expected) == NULL)
      g_error ("%s lacks %s", line, expected);
  }
}

/* What somebody does to a record, one letter each: c reate, e dit name, f: edit story, d elete, r estore;
 * laid in order over what the server has (may be nothing). */
static const struct
{
  const char *server;
  const char *acts;
  const char *result;
} overlays[] = {
  { NULL, "c", "{\"name\":\"c0\"}" },
  { NULL, "ce", "{\"name\":\"e1\"}" },
  { NULL, "cef", "{\"name\":\"e1\",\"story\":\"f2\"}" },
  { NULL, "cd", NULL },
  { NULL, "ced", NULL },
  { NULL, "cdr", "{\"name\":\"r2\"}" },
  { NULL, "e", NULL },
  { NULL, "d", NULL },
  { NULL, "r", "{\"name\":\"r0\"}" },
  { NULL, "de", NULL },
  { "{\"name\":\"s\",\"story\":\"t\"}", "", "{\"name\":\"s\",\"story\":\"t\"}" },
  { "{\"name\":\"s\",\"story\":\"t\"}", "e", "{\"name\":\"e0\",\"story\":\"t\"}" },
  { "{\"name\":\"s\",\"story\":\"t\"}", "eef", "{\"name\":\"e1\",\"story\":\"f2\"}" },
  { "{\"name\":\"s\",\"story\":\"t\"}", "d", NULL },
  { "{\"name\":\"s\",\"story\":\"t\"}", "ed", NULL },
  { "{\"name\":\"s\",\"story\":\"t\"}", "de", NULL },
  { "{\"name\":\"s\",\"story\":\"t\"}", "dr", "{\"name\":\"r1\"}" },
  { "{\"name\":\"s\",\"story\":\"t\"}", "dre", "{\"name\":\"e2\"}" },
  /* The create has arrived already and is still laid over it. */
  { "{\"name\":\"s\",\"story\":\"t\"}", "c", "{\"name\":\"c0\",\"story\":\"t\"}" },
  { "{\"name\":\"s\",\"x\":1}", "e", "{\"name\":\"e0\",\"x\":1}" },
};

static CslOp *
op_from_letter (char letter, guint number)
{
  CslOp *op = csl_op_new ();
  g_auto (CslValue) value = CSL_VALUE_INIT;

  op->type = csl_schema_lookup_type (schema, "sample");
  g_strlcpy (op->id, "r1", sizeof op->id);
  op->act = letter == 'c'   ? CSL_ACT_CREATE
            : letter == 'd' ? CSL_ACT_DELETE
            : letter == 'r' ? CSL_ACT_RESTORE
                            : CSL_ACT_UPDATE;
  csl_value_take_text (&value, g_strdup_printf ("%c%u", letter, number));
  const CslField *field =
    csl_record_type_lookup_field (op->type, letter == 'f' ? "story" : "name");
  if (letter != 'd')
    csl_op_put (op, field->index, &value, NULL);
  return op;
}

static void
test_I9_laying_over (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (overlays); i++) {
    CslRecord *record = record_from (overlays[i].server);
    for (guint k = 0; overlays[i].acts[k] != '\0'; k++) {
      g_autoptr (CslOp) op = op_from_letter (overlays[i].acts[k], k);
      CslRecord *before = record;
      record = csl_op_apply (record, op);
      g_assert_true (before == NULL || record == NULL || record == before);
    }
    g_autofree char *content = content_of (record);
    g_assert_cmpstr (content, ==, overlays[i].result);
    csl_record_free (record);
  }
}

/* A change laid over where it came from gives what the person made. */
/* What was deleted comes back under its own id, which is created only once. */
static void
test_back_again (void)
{
  g_autoptr (CslRecord) known = record_from ("{\"name\":\"a\"}");
  g_autoptr (CslOp) op = csl_op_from_change (NULL, known);

  g_assert_cmpint (op->act, ==, CSL_ACT_RESTORE);
  g_assert_cmpint (op->base, ==, 50);
}

static void
test_change_and_overlay_agree (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    g_autoptr (CslRecord) before = record_from (changes[i].before);
    g_autoptr (CslRecord) after = record_from (changes[i].after);
    /* A new record has no rev yet. */
    if (before == NULL)
      after->rev = 0;
    g_autoptr (CslOp) op = csl_op_from_change (before, after);
    if (op == NULL)
      continue;
    g_autoptr (CslRecord) shown =
      csl_op_apply (before != NULL ? csl_record_copy (before) : NULL, op);
    g_assert_cmpint (shown == NULL, ==, after == NULL);
    for (guint k = 0; shown != NULL && k < shown->type->n_fields; k++) {
      if ((shown->type->fields[k].flags & CSL_FIELD_SERVER) == 0)
        g_assert_true (csl_value_equal (&shown->values[k], &after->values[k]));
    }
  }
}

typedef enum {
  PLAIN,
  OLDER_GROUPED,
  NEWER_GROUPED,
  OLDER_REASON,
  NEWER_REASON,
  NEWER_RESOLVES,
  NEWER_FIXES,
  OTHER_RECORD,
  OTHER_BASE,
  NEWER_REST,
  NEWER_PROTECTED,
} Twist;

static void
twist_op (CslOp *older, CslOp *newer, Twist twist)
{
  g_auto (CslValue) value = CSL_VALUE_INIT;

  switch (twist) {
  case PLAIN:
    break;
  case OLDER_GROUPED:
    older->group_size = 2;
    break;
  case NEWER_GROUPED:
    newer->group_size = 2;
    break;
  case OLDER_REASON:
    older->reason = g_strdup ("why");
    break;
  case NEWER_REASON:
    newer->reason = g_strdup ("why");
    break;
  case NEWER_RESOLVES:
    g_strlcpy (newer->resolves, "x", sizeof newer->resolves);
    break;
  case NEWER_FIXES:
    g_strlcpy (newer->fixes, "x", sizeof newer->fixes);
    break;
  case OTHER_RECORD:
    g_strlcpy (newer->id, "r2", sizeof newer->id);
    break;
  case OTHER_BASE:
    newer->base = 51;
    break;
  case NEWER_REST:
    newer->rest_set = g_strdup ("{\"x\":1}");
    break;
  case NEWER_PROTECTED:
    csl_value_set_text (&value, "full");
    csl_op_put (newer, csl_record_type_lookup_field (newer->type, "rights")->index,
                &value, NULL);
    break;
  }
}

static const struct
{
  char older, newer;
  Twist twist;
  bool folded;
} foldings[] = {
  { 'c', 'e', PLAIN, true },          { 'e', 'e', PLAIN, true },
  { 'e', 'f', PLAIN, true },          { 'c', 'd', PLAIN, false },
  { 'e', 'd', PLAIN, false },         { 'd', 'e', PLAIN, false },
  { 'd', 'r', PLAIN, false },         { 'r', 'e', PLAIN, false },
  { 'e', 'c', PLAIN, false },         { 'e', 'e', OLDER_GROUPED, false },
  { 'e', 'e', NEWER_GROUPED, false }, { 'e', 'e', OLDER_REASON, false },
  { 'e', 'e', NEWER_REASON, false },  { 'e', 'e', NEWER_RESOLVES, false },
  { 'e', 'e', NEWER_FIXES, false },   { 'e', 'e', OTHER_RECORD, false },
  { 'e', 'e', OTHER_BASE, false },    { 'c', 'e', OTHER_BASE, true },
  { 'e', 'e', NEWER_REST, false },    { 'e', 'e', NEWER_PROTECTED, false },
};

static void
test_squash (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (foldings); i++) {
    g_autoptr (CslOp) older = op_from_letter (foldings[i].older, 1);
    g_autoptr (CslOp) newer = op_from_letter (foldings[i].newer, 2);
    twist_op (older, newer, foldings[i].twist);
    g_autofree char *before = csl_op_print (older);
    bool folded = csl_op_squash (older, newer);
    g_autofree char *after = csl_op_print (older);
    if (folded != foldings[i].folded)
      g_error ("folding %u", i);
    g_assert_cmpint (strcmp (before, after) != 0, ==, folded);
  }
}

/* One folded operation does what both did, and remembers what was there before the first. */
static void
test_squash_equals_both (void)
{
  g_autoptr (CslRecord) first = record_from ("{\"name\":\"a\",\"story\":\"t\"}");
  g_autoptr (CslRecord) second = record_from ("{\"name\":\"b\",\"story\":\"t\"}");
  g_autoptr (CslRecord) third = record_from ("{\"name\":\"c\"}");
  g_autoptr (CslOp) older = csl_op_from_change (first, second);
  g_autoptr (CslOp) newer = csl_op_from_change (second, third);

  newer->wall = g_strdup ("2026-11-20T15:30:00.000Z");
  newer->mono = 7;
  g_assert_true (csl_op_squash (older, newer));
  g_autoptr (CslOp) direct = csl_op_from_change (first, third);
  direct->wall = g_strdup (newer->wall);
  direct->mono = 7;
  g_autofree char *folded_line = csl_op_print (older);
  g_autofree char *direct_line = csl_op_print (direct);
  g_assert_cmpstr (folded_line, ==, direct_line);
}

static const struct
{
  const char *code, *field; /* of the refusal */
  const char *later;        /* (nullable): what was written between */
  const char *newer;
  bool corrects;
  const char *refused_has, *left; /* after it */
} corrections[] = {
  { "R-60", "story", NULL, "{\"name\":\"c\"}", true, "\"c\"", NULL },
  /* Behind what was written later, unless the refusal is about that very field, or may be. */
  { "R-60", "story", "{\"name\":\"b\"}", "{\"name\":\"c\"}", false, "\"a\"", "\"c\"" },
  { "R-60", "name", "{\"name\":\"b\"}", "{\"name\":\"c\"}", true, "\"c\"", "\"c\"" },
  { "R-99", NULL, "{\"name\":\"b\"}", "{\"name\":\"c\"}", true, "\"c\"", "\"c\"" },
  { "group", NULL, "{\"name\":\"b\"}", "{\"name\":\"c\"}", false, "\"a\"", "\"c\"" },
  /* What nobody wrote between goes into the refused one only. */
  { "R-60", "story", "{\"name\":\"b\"}", "{\"name\":\"c\",\"story\":\"t\"}", true,
    "\"t\"", "\"c\"" },
};

static char *
print_set (const CslOp *op)
{
  g_autoptr (CslRecord) record = csl_record_new (op->type, op->id);

  record = csl_op_apply (g_steal_pointer (&record), op);
  return content_of (record);
}

static void
test_corrections (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (corrections); i++) {
    g_autoptr (CslRecord) first = record_from ("{\"name\":\"a\"}");
    g_autoptr (CslRecord) second = record_from (
      corrections[i].later != NULL ? corrections[i].later : "{\"name\":\"a\"}");
    g_autoptr (CslRecord) third = record_from (corrections[i].newer);
    g_autoptr (CslOp) refused = csl_op_from_change (NULL, first);
    g_autoptr (CslOp) newer = csl_op_from_change (second, third);
    g_autoptr (GPtrArray) later =
      g_ptr_array_new_with_free_func ((GDestroyNotify) csl_op_free);
    const CslAnswer why = { .code = (char *) corrections[i].code,
                            .field = (char *) corrections[i].field };

    refused->act = CSL_ACT_CREATE;
    if (corrections[i].later != NULL)
      g_ptr_array_add (later, csl_op_from_change (first, second));
    g_assert_cmpint (csl_op_correct (refused, newer, later, &why), ==,
                     corrections[i].corrects);
    g_autofree char *has = print_set (refused);
    g_autofree char *left = print_set (newer);
    g_assert_nonnull (strstr (has, corrections[i].refused_has));
    if (corrections[i].left != NULL)
      g_assert_nonnull (strstr (left, corrections[i].left));
    else
      g_assert_cmpuint (newer->set->len, ==, 0);
    g_assert_null (strstr (left, "\"t\""));
  }
}

/* What @server has under the operation that is still laid, and what the next operation on top may claim to know. */
static gint64
base_over (const char *first, const char *waiting, const char *server, const char *last)
{
  g_autoptr (CslRecord) before = record_from (first);
  g_autoptr (CslRecord) typed = record_from (waiting);
  g_autoptr (CslRecord) under = record_from (server);
  g_autoptr (CslRecord) after = record_from (last);
  g_autoptr (GPtrArray) own =
    g_ptr_array_new_with_free_func ((GDestroyNotify) csl_op_free);
  g_autoptr (CslOp) op = NULL;

  before->rev = 40;
  g_ptr_array_add (own, csl_op_from_change (before, typed));
  op = csl_op_from_change (typed, after);
  g_assert_cmpint (op->base, ==, 50);
  return csl_op_find_base (op, typed, under, own);
}

static void
test_I16_hidden_base (void)
{
  const char *old = "{\"name\":\"a\"}", *mine = "{\"name\":\"b\"}";

  /* Nobody else wrote: nothing is hidden. */
  g_assert_cmpint (base_over (old, mine, old, "{\"name\":\"c\"}"), ==, 50);
  g_assert_cmpint (base_over (old, mine, mine, "{\"name\":\"c\"}"), ==, 50);
  /* A colleague's name lies under mine. */
  g_assert_cmpint (base_over (old, mine, "{\"name\":\"x\"}", "{\"name\":\"c\"}"), ==, 40);
  g_assert_cmpint (base_over (old, mine, "{\"name\":\"x\"}", NULL), ==, 40);
  g_assert_cmpint (base_over (old, mine, "{}", "{\"name\":\"c\"}"), ==, 40);
}

/* The page was opened over an own "b", which was folded into a "c" before the page is saved: no line says "b" any more. */
static void
test_I16_hidden_base_folded (void)
{
  g_autoptr (CslRecord) old = record_from ("{\"name\":\"a\"}");
  g_autoptr (CslRecord) seen = record_from ("{\"name\":\"b\"}");
  g_autoptr (CslRecord) waiting = record_from ("{\"name\":\"c\"}");
  g_autoptr (CslRecord) under = record_from ("{\"name\":\"x\"}");
  g_autoptr (CslRecord) after = record_from ("{\"name\":\"d\"}");
  g_autoptr (GPtrArray) own =
    g_ptr_array_new_with_free_func ((GDestroyNotify) csl_op_free);
  g_autoptr (CslOp) op = csl_op_from_change (seen, after);

  old->rev = 40;
  g_ptr_array_add (own, csl_op_from_change (old, waiting));
  g_assert_cmpint (op->base, ==, 50);
  g_assert_cmpint (csl_op_find_base (op, seen, under, own), ==, 40);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  schema = sample_schema_new ();
  g_test_add_func ("/outbox/state-names", test_state_names);
  g_test_add_func ("/outbox/overlays", test_overlays);
  g_test_add_func ("/outbox/I2-states-and-verdicts", test_I2_states_and_verdicts);
  g_test_add_func ("/outbox/operation-from-change", test_operation_from_change);
  g_test_add_func ("/outbox/I9-laying-over", test_I9_laying_over);
  g_test_add_func ("/outbox/back-again", test_back_again);
  g_test_add_func ("/outbox/change-and-overlay-agree", test_change_and_overlay_agree);
  g_test_add_func ("/outbox/squash", test_squash);
  g_test_add_func ("/outbox/squash-equals-both", test_squash_equals_both);
  g_test_add_func ("/outbox/I10-corrections", test_corrections);
  g_test_add_func ("/outbox/I16-hidden-base", test_I16_hidden_base);
  g_test_add_func ("/outbox/I16-hidden-base-folded", test_I16_hidden_base_folded);
  int failed = g_test_run ();
  csl_schema_unref (schema);
  return failed;
}
