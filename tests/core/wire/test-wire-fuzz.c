/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes nobody meant: the readers refuse or accept them, but never fall over, and what they accept can be
 * printed and read again. Half of the inputs are noise, half are good lines with a few bytes changed.
 * CSL_TEST_SEED repeats a run. */
#include "core/wire/csl-answer.h"
#include "core/wire/csl-op.h"
#include "core/wire/csl-pull-line.h"
#include "core/wire/csl-pull-request.h"
#include "core/wire/csl-wire-record.h"
#include "core/wire/wire-sample.h"

#include <string.h>

#define N_INPUTS  200000
#define INPUT_MAX 2000

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
collect_lines (GPtrArray *lines, JsonNode *node)
{
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING) {
    g_ptr_array_add (lines, g_strdup (json_node_get_string (node)));
  } else if (JSON_NODE_HOLDS_ARRAY (node)) {
    JsonArray *array = json_node_get_array (node);
    for (guint i = 0; i < json_array_get_length (array); i++)
      collect_lines (lines, json_array_get_element (array, i));
  } else if (JSON_NODE_HOLDS_OBJECT (node)) {
    g_autoptr (GList) values = json_object_get_values (json_node_get_object (node));
    for (GList *value = values; value != NULL; value = value->next)
      collect_lines (lines, value->data);
  }
}

static GPtrArray *
load_corpus (void)
{
  static const char *const files[] = { "pull-lines.json", "operations.json",
                                       "answers.json", "messages.json", "hashes.json" };
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autoptr (JsonNode) root = sample_load_vectors (files[i]);
    collect_lines (lines, root);
  }
  return lines;
}

static gsize
make_noise (char *buffer)
{
  static const char alphabet[] =
    "{}[]\":,0123456789-+.eEtrufalsn\\u \t\x01\x7f\xc3\xa9\xff";
  gsize length = roll (80);

  for (gsize i = 0; i < length; i++)
    buffer[i] = roll (8) == 0 ? (char) roll (256) : alphabet[roll (sizeof alphabet)];
  return length;
}

/* A good line with bytes changed, cut out, doubled or swapped. */
static gsize
make_mutant (char *buffer, const GPtrArray *corpus)
{
  const char *line = g_ptr_array_index (corpus, roll (corpus->len));
  gsize length = MIN (strlen (line), (gsize) INPUT_MAX);

  memcpy (buffer, line, length);
  for (guint n = roll (4); n > 0 && length > 1; n--) {
    gsize at = roll ((guint) length), count = 1 + roll (6);
    count = MIN (count, length - at);
    switch (roll (4)) {
    case 0:
      buffer[at] = (char) roll (256);
      break;
    case 1:
      memmove (buffer + at, buffer + at + count, length - at - count);
      length -= count;
      break;
    case 2:
      memmove (buffer + at, buffer + roll ((guint) (length - count + 1)), count);
      break;
    default:
      length = at;
      break;
    }
  }
  return length;
}

static void
feed_op (const CslSchema *schema, const char *text, gsize length)
{
  g_autoptr (CslOp) head = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CslOp) op = csl_op_parse (schema, text, length, &head, &error);

  g_assert_cmpint (op == NULL, ==, error != NULL);
  if (op == NULL)
    return;
  g_autofree char *printed = csl_op_print (op);
  g_autoptr (CslOp) again =
    csl_op_parse (schema, printed, strlen (printed), NULL, &error);
  g_assert_no_error (error);
  g_autofree char *reprinted = csl_op_print (again);
  g_assert_cmpstr (reprinted, ==, printed);
}

static void
feed_answer (const char *text, gsize length)
{
  g_auto (CslAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  if (!csl_answer_parse (&answer, text, length, &error)) {
    g_assert_nonnull (error);
    return;
  }
  g_auto (CslAnswer) again = { 0 };
  g_autofree char *printed = csl_answer_print (&answer);
  g_assert_true (csl_answer_parse (&again, printed, strlen (printed), &error));
}

static void
feed_pull_line (CslPullLine *line,
                const CslSchema *schema,
                const char *text,
                gsize length)
{
  g_autoptr (GError) error = NULL;

  bool read = csl_pull_line_parse (line, text, length, &error);
  g_assert_cmpint (read, ==, error == NULL);
  if (!read || line->kind != CSL_LINE_PUT)
    return;
  const CslRecordType *type = csl_schema_lookup_type (schema, line->type);
  if (type == NULL)
    return;
  g_autoptr (CslRecord) record = csl_record_new (type, line->id);
  if (csl_wire_record_read (record, &line->json, line->d, &error)) {
    g_autoptr (GString) content = g_string_new (NULL);
    csl_wire_record_write (record, content);
    csl_wire_record_hash (record);
  }
}

static void
feed_messages (const char *text, gsize length)
{
  g_auto (CslPullRequest) request = { 0 };
  g_auto (CslPushHead) head = { 0 };
  g_auto (CslHello) hello = { 0 };
  g_auto (CslTokens) tokens = { 0 };

  csl_pull_request_parse (&request, text, length, NULL);
  csl_push_head_parse (&head, text, length, NULL);
  csl_hello_parse (&hello, text, length, NULL);
  csl_tokens_parse (&tokens, text, length, NULL);
}

static void
test_fuzz (void)
{
  const char *text = g_getenv ("CSL_TEST_SEED");
  guint64 seed = text != NULL ? g_ascii_strtoull (text, NULL, 10) : 20261121;
  g_autoptr (CslSchema) schema = sample_schema_new ();
  g_autoptr (GPtrArray) corpus = load_corpus ();
  g_auto (CslPullLine) line = { 0 };

  g_test_message ("seed %" G_GUINT64_FORMAT " (CSL_TEST_SEED)", seed);
  dice = seed;
  csl_pull_line_init (&line);
  for (guint i = 0; i < N_INPUTS; i++) {
    char buffer[INPUT_MAX];
    gsize length = roll (2) == 0 ? make_noise (buffer) : make_mutant (buffer, corpus);
    /* Exactly as long as it is: reading one byte more shows under a sanitizer. */
    g_autofree char *input = g_memdup2 (buffer, MAX (length, 1));
    feed_op (schema, input, length);
    feed_answer (input, length);
    feed_pull_line (&line, schema, input, length);
    feed_messages (input, length);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/fuzz", test_fuzz);
  return g_test_run ();
}
