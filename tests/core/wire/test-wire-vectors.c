/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every line of tests/data/wire: "exact" lines come out of the printer byte for byte as they went into
 * the reader, "good" ones are read, "bad" ones are refused with the error they name. */
#include "core/wire/csl-answer.h"
#include "core/wire/csl-op.h"
#include "core/wire/csl-pull-line.h"
#include "core/wire/csl-pull-request.h"
#include "core/wire/wire-sample.h"

#include <string.h>

/* Reads @line and prints it again; NULL with @error when it is refused. */
typedef char *(*EchoFunc) (const CslSchema *schema, const char *line, GError **error);

static char *
echo_op (const CslSchema *schema, const char *line, GError **error)
{
  g_autoptr (CslOp) op = csl_op_parse (schema, line, strlen (line), NULL, error);

  if (op == NULL)
    return NULL;
  g_autoptr (CslOp) copy = csl_op_copy (op);
  return csl_op_print (copy);
}

static char *
echo_answer (const CslSchema *schema, const char *line, GError **error)
{
  g_auto (CslAnswer) answer = { 0 };

  return csl_answer_parse (&answer, line, strlen (line), error)
           ? csl_answer_print (&answer)
           : NULL;
}

#define ECHO_MESSAGE(name, Type)                                                         \
  static char *echo_##name (const CslSchema *schema, const char *line, GError **error)   \
  {                                                                                      \
    g_auto (Type) message = { 0 };                                                       \
                                                                                         \
    return csl_##name##_parse (&message, line, strlen (line), error)                     \
             ? csl_##name##_print (&message)                                             \
             : NULL;                                                                     \
  }

ECHO_MESSAGE (pull_request, CslPullRequest)
ECHO_MESSAGE (push_head, CslPushHead)
ECHO_MESSAGE (hello, CslHello)
ECHO_MESSAGE (tokens, CslTokens)

static const char *const pull_kinds[] = {
  [CSL_LINE_HEAD] = "head",   [CSL_LINE_DROP] = "drop",
  [CSL_LINE_OPEN] = "open",   [CSL_LINE_PUT] = "put",
  [CSL_LINE_GONE] = "gone",   [CSL_LINE_COMMIT] = "commit",
  [CSL_LINE_SUM] = "sum",     [CSL_LINE_PAGE] = "page",
  [CSL_LINE_DONE] = "done",   [CSL_LINE_RECONCILE] = "reconcile",
  [CSL_LINE_EPOCH] = "epoch", [CSL_LINE_ROW] = "row",
  [CSL_LINE_MISS] = "miss",   [CSL_LINE_UNKNOWN] = "unknown",
};

static void
write_pull_line (GString *out, const CslPullLine *line)
{
  g_autoptr (GString) doc = g_string_new (NULL);

  switch (line->kind) {
  case CSL_LINE_HEAD:
    csl_pull_write_head (out, line->epoch, line->since, line->until, 1, line->safe_seq,
                         line->time);
    break;
  case CSL_LINE_DROP:
    csl_pull_write_drop (out, line->bucket, line->seq, line->why);
    break;
  case CSL_LINE_OPEN:
    csl_pull_write_open (out, line->bucket, line->count, line->bytes, line->fill);
    break;
  case CSL_LINE_PUT:
    g_string_append_len (doc,
                         line->json.text + csl_json_token (&line->json, line->d)->start,
                         csl_json_token (&line->json, line->d)->end -
                           csl_json_token (&line->json, line->d)->start);
    csl_pull_write_put (out, line->bucket, line->type, line->id, line->rev, doc->str);
    break;
  case CSL_LINE_GONE:
    csl_pull_write_gone (out, line->bucket, line->type, line->id, line->rev, line->why);
    break;
  case CSL_LINE_COMMIT:
    csl_pull_write_commit (out, line->seq);
    break;
  case CSL_LINE_SUM:
    csl_pull_write_sum (out, line->bucket, line->count, line->sum);
    break;
  case CSL_LINE_PAGE:
    csl_pull_write_page (out, line->resume);
    break;
  case CSL_LINE_DONE:
    csl_pull_write_done (out, line->seq);
    break;
  case CSL_LINE_RECONCILE:
    csl_pull_write_reconcile (out, line->seq);
    break;
  case CSL_LINE_EPOCH:
    csl_pull_write_epoch (out, line->epoch);
    break;
  case CSL_LINE_ROW:
    csl_pull_write_row (out, line->type, line->id, line->rev, line->sum);
    break;
  case CSL_LINE_MISS:
    csl_pull_write_miss (out, line->type, line->id, *line->why != 0 ? line->why : NULL);
    break;
  case CSL_LINE_UNKNOWN:
    break;
  }
}

static char *
echo_pull_line (const CslSchema *schema, const char *line, GError **error)
{
  g_auto (CslPullLine) parsed = { 0 };
  g_autoptr (GString) out = g_string_new (NULL);

  csl_pull_line_init (&parsed);
  /* Memory is used again: what a fuller line left behind must not show. */
  static const char before[] =
    "{\"t\":\"put\",\"b\":\"x\",\"k\":\"x\",\"id\":\"x\",\"rev\":9,"
    "\"d\":{},\"seq\":9,\"why\":\"x\",\"resume\":{},\"fill\":true}";
  g_assert_true (csl_pull_line_parse (&parsed, before, strlen (before), NULL));
  if (!csl_pull_line_parse (&parsed, line, strlen (line), error))
    return NULL;
  write_pull_line (out, &parsed);
  return g_strconcat (pull_kinds[parsed.kind], " ", g_strchomp (out->str), NULL);
}

static int
error_code (const char *name)
{
  if (strcmp (name, "syntax") == 0)
    return CSL_WIRE_ERROR_SYNTAX;
  if (strcmp (name, "unknown") == 0)
    return CSL_WIRE_ERROR_UNKNOWN;
  g_assert_cmpstr (name, ==, "value");
  return CSL_WIRE_ERROR_VALUE;
}

static void
check_exact (const CslSchema *schema, EchoFunc echo, JsonArray *lines)
{
  for (guint i = 0; i < json_array_get_length (lines); i++) {
    JsonNode *node = json_array_get_element (lines, i);
    bool named = JSON_NODE_HOLDS_OBJECT (node);
    const char *line =
      named ? json_object_get_string_member (json_node_get_object (node), "line")
            : json_node_get_string (node);
    g_autoptr (GError) error = NULL;
    g_autofree char *printed = echo (schema, line, &error);
    g_autofree char *expected =
      named ? g_strconcat (json_object_get_string_member (json_node_get_object (node),
                                                          "kind"),
                           " ", line, NULL)
            : g_strdup (line);
    g_assert_no_error (error);
    g_assert_cmpstr (printed, ==, expected);
  }
}

/* What is printed can be read and gives the same again. */
static void
check_good (const CslSchema *schema, EchoFunc echo, JsonArray *lines)
{
  for (guint i = 0; i < json_array_get_length (lines); i++) {
    JsonNode *node = json_array_get_element (lines, i);
    bool named = JSON_NODE_HOLDS_OBJECT (node);
    const char *line =
      named ? json_object_get_string_member (json_node_get_object (node), "line")
            : json_node_get_string (node);
    g_autoptr (GError) error = NULL;
    g_autofree char *printed = echo (schema, line, &error);
    g_assert_no_error (error);
    if (named) {
      const char *kind =
        json_object_get_string_member (json_node_get_object (node), "kind");
      g_assert_true (g_str_has_prefix (printed, kind));
      continue;
    }
    g_autofree char *again = echo (schema, printed, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (again, ==, printed);
  }
}

static void
check_bad (const CslSchema *schema, EchoFunc echo, JsonArray *lines)
{
  for (guint i = 0; i < json_array_get_length (lines); i++) {
    JsonNode *node = json_array_get_element (lines, i);
    bool pair = JSON_NODE_HOLDS_ARRAY (node);
    const char *name =
      pair ? json_array_get_string_element (json_node_get_array (node), 0)
           : json_object_get_string_member (json_node_get_object (node), "error");
    const char *line =
      pair ? json_array_get_string_element (json_node_get_array (node), 1)
           : json_object_get_string_member (json_node_get_object (node), "line");
    g_autoptr (GError) error = NULL;
    g_autofree char *printed = echo (schema, line, &error);
    if (printed != NULL)
      g_error ("accepted: %s", line);
    if (!g_error_matches (error, CSL_WIRE_ERROR, error_code (name)))
      g_error ("%s: %s instead of %s", line, error->message, name);
  }
}

static void
check_vectors (JsonObject *vectors, EchoFunc echo)
{
  g_autoptr (CslSchema) schema = sample_schema_new ();

  check_exact (schema, echo, json_object_get_array_member (vectors, "exact"));
  check_good (schema, echo, json_object_get_array_member (vectors, "good"));
  check_bad (schema, echo, json_object_get_array_member (vectors, "bad"));
}

static void
check_file (const char *name, EchoFunc echo)
{
  g_autoptr (JsonNode) root = sample_load_vectors (name);

  check_vectors (json_node_get_object (root), echo);
}

static void
test_pull_lines (void)
{
  check_file ("pull-lines.json", echo_pull_line);
}

static void
test_operations (void)
{
  check_file ("operations.json", echo_op);
}

static void
test_answers (void)
{
  check_file ("answers.json", echo_answer);
}

static void
test_messages (void)
{
  g_autoptr (JsonNode) root = sample_load_vectors ("messages.json");
  JsonObject *object = json_node_get_object (root);

  check_vectors (json_object_get_object_member (object, "pull"), echo_pull_request);
  check_vectors (json_object_get_object_member (object, "push"), echo_push_head);
  check_vectors (json_object_get_object_member (object, "hello"), echo_hello);
  check_vectors (json_object_get_object_member (object, "tokens"), echo_tokens);
}

/* A refused operation still says which one it is, so that it can be answered. */
static void
test_refused_operation_keeps_its_head (void)
{
  static const char line[] =
    "{\"op\":\"o1\",\"n\":7,\"g\":\"g1\",\"gn\":[2,3],\"k\":\"unicorn\",\"id\":\"x\"}";
  g_autoptr (CslSchema) schema = sample_schema_new ();
  g_autoptr (CslOp) head = NULL;
  g_autoptr (GError) error = NULL;

  g_autoptr (CslOp) op = csl_op_parse (schema, line, strlen (line), &head, &error);
  g_assert_null (op);
  g_assert_error (error, CSL_WIRE_ERROR, CSL_WIRE_ERROR_UNKNOWN);
  g_assert_nonnull (head);
  g_assert_cmpstr (head->op, ==, "o1");
  g_assert_cmpint (head->n, ==, 7);
  g_assert_cmpstr (head->group, ==, "g1");
  g_assert_cmpuint (head->group_position, ==, 2);
  g_assert_cmpuint (head->group_size, ==, 3);
  g_assert_null (head->type);

  g_autoptr (CslOp) none = NULL;
  g_assert_null (csl_op_parse (schema, "{", 1, &none, NULL));
  g_assert_null (none);
}

static void
test_op_put_keeps_order (void)
{
  g_autoptr (CslOp) op = csl_op_new ();
  g_auto (CslValue) one = CSL_VALUE_INIT, two = CSL_VALUE_INIT;

  csl_value_set_int (&one, 1);
  csl_value_set_int (&two, 2);
  csl_op_put (op, 9, &one, NULL);
  csl_op_put (op, 3, &one, &two);
  csl_op_put (op, 5, &one, NULL);
  csl_op_put (op, 3, &two, &one);
  g_assert_cmpuint (op->set->len, ==, 3);
  g_assert_cmpuint (op->was->len, ==, 3);
  for (guint i = 1; i < op->set->len; i++)
    g_assert_cmpuint (g_array_index (op->set, CslFieldValue, i - 1).field, <,
                      g_array_index (op->set, CslFieldValue, i).field);
  g_assert_true (csl_value_equal (csl_op_lookup_set (op, 3), &two));
  g_assert_true (csl_value_equal (csl_op_lookup_was (op, 3), &one));
  g_assert_true (csl_value_is_null (csl_op_lookup_was (op, 9)));
  g_assert_null (csl_op_lookup_set (op, 4));
  g_assert_null (csl_op_lookup_was (op, 4));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/vectors/pull-lines", test_pull_lines);
  g_test_add_func ("/wire/vectors/operations", test_operations);
  g_test_add_func ("/wire/vectors/answers", test_answers);
  g_test_add_func ("/wire/vectors/messages", test_messages);
  g_test_add_func ("/wire/op/refused-keeps-its-head",
                   test_refused_operation_keeps_its_head);
  g_test_add_func ("/wire/op/put-keeps-order", test_op_put_keeps_order);
  return g_test_run ();
}
