/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-push-body.c: reading the body of a push.
 *
 * All lines of a group stand together; one whose places do not add up ends there and is refused as a whole. A line that
 * has not even an identity and a number ends the body: what follows cannot be trusted.
 */
#include "config.h"

#include "server/handlers/csd-push-body.h"

#include "core/base/csl-error.h"

#include <sodium.h>
#include <string.h>

#define MAX_LINE (1024 * 1024)

static void
line_free (gpointer data)
{
  CsdPushLine *line = data;

  g_clear_pointer (&line->op, csl_op_free);
  g_clear_pointer (&line->head, csl_op_free);
  g_free (line->problem);
  csl_answer_clear (&line->answer);
  g_free (line);
}

const CslOp *
csd_push_line_get_identity (const CsdPushLine *self)
{
  return self->op != NULL ? self->op : self->head;
}

void
csd_push_line_start_answer (CsdPushLine *self)
{
  const CslOp *op = csd_push_line_get_identity (self);

  g_strlcpy (self->answer.op, op->op, sizeof self->answer.op);
  self->answer.n = op->n;
}

bool
csd_push_body_next_text (CsdPushBody *self, const char **ret_text, gsize *ret_length)
{
  const char *newline = NULL;

  if (self->next >= self->end)
    return false;
  newline = memchr (self->next, '\n', (gsize) (self->end - self->next));
  *ret_text = self->next;
  *ret_length = (gsize) ((newline != NULL ? newline : self->end) - self->next);
  self->next = newline != NULL ? newline + 1 : self->end;
  return true;
}

/* Where the values are that may differ when the same operation comes again, in the order of the line. */
static guint
find_variable (const CslJson *json, const CslJsonToken *ret_tokens[2])
{
  static const char *const names[] = { "n", "base" };
  guint n_tokens = 0;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    guint index = csl_json_member (json, 0, names[i]);

    if (index != 0)
      ret_tokens[n_tokens++] = csl_json_token (json, index);
  }
  if (n_tokens == 2 && ret_tokens[0]->start > ret_tokens[1]->start) {
    const CslJsonToken *later = ret_tokens[0];

    ret_tokens[0] = ret_tokens[1];
    ret_tokens[1] = later;
  }
  return n_tokens;
}

/* Hash of the line without the values of its "n" and its "base": the number changes with the incarnation, the base is
 * lowered when the server was restored, the operation stays the same. */
static guint64
hash_line (const CsdPushLine *line, const CslJson *json)
{
  const guint8 *text = (const guint8 *) line->text;
  const CslJsonToken *variable[2];
  guint n_variable = find_variable (json, variable);
  crypto_generichash_state state;
  guint8 bytes[crypto_generichash_BYTES_MIN];
  guint64 hash = 0;
  gsize from = 0;

  crypto_generichash_init (&state, NULL, 0, sizeof bytes);
  for (guint i = 0; i < n_variable; i++) {
    crypto_generichash_update (&state, text + from, variable[i]->start - from);
    from = variable[i]->end;
  }
  crypto_generichash_update (&state, text + from, line->length - from);
  crypto_generichash_final (&state, bytes, sizeof bytes);
  memcpy (&hash, bytes, sizeof hash);
  return GUINT64_FROM_BE (hash);
}

/* Can it be answered? */
static bool
has_identity (const CsdPushLine *line)
{
  const CslOp *op = csd_push_line_get_identity (line);

  return op != NULL && *op->op != '\0' && op->n >= 1;
}

/* NULL when not even its identity and number can be read: then the rest of the body cannot be trusted. */
static CsdPushLine *
read_line (const CslSchema *schema, const char *text, gsize length)
{
  CsdPushLine *line = NULL;
  g_auto (CslJson) json = { 0 };
  g_autoptr (GError) error = NULL;

  csl_json_init (&json);
  if (!csl_json_scan (&json, text, length, &csl_json_limits_line, NULL))
    return NULL;
  line = g_new0 (CsdPushLine, 1);
  line->text = text;
  line->length = length;
  line->op = csl_op_read (schema, &json, &line->head, &error);
  if (line->op == NULL) {
    line->problem = g_strdup (error->message);
    line->code = g_error_matches (error, CSL_WIRE_ERROR, CSL_WIRE_ERROR_UNKNOWN)
                   ? "unknown_type"
                   : "invalid";
  }
  if (!has_identity (line)) {
    line_free (line);
    return NULL;
  }
  line->hash = hash_line (line, &json);
  return line;
}

static void
refuse_places (CsdPushLine *line)
{
  g_free (line->problem);
  line->problem = g_strdup ("The places in the group do not add up.");
  line->code = "group";
  if (line->op == NULL)
    return;
  g_clear_pointer (&line->head, csl_op_free);
  line->head = g_steal_pointer (&line->op);
}

static bool
has_op (const GPtrArray *lines, const char *op)
{
  for (guint i = 0; i < lines->len; i++)
    if (strcmp (csd_push_line_get_identity (g_ptr_array_index (lines, i))->op, op) == 0)
      return true;
  return false;
}

GPtrArray *
csd_push_body_next_group (CsdPushBody *self, guint *ret_status)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (line_free);
  const char *text = NULL;
  gsize length = 0;

  while (csd_push_body_next_text (self, &text, &length)) {
    CsdPushLine *line = length <= MAX_LINE ? read_line (self->schema, text, length)
                                           : NULL;
    const CslOp *op = line != NULL ? csd_push_line_get_identity (line) : NULL;
    const CslOp *first = NULL;

    if (line == NULL) {
      *ret_status = length <= MAX_LINE ? 400 : 413;
      return NULL;
    }
    first = lines->len > 0 ? csd_push_line_get_identity (g_ptr_array_index (lines, 0))
                           : op;
    if (strcmp (op->group, first->group) != 0) {
      /* The group before it was never finished; this line is not to blame. */
      self->next = text;
      line_free (line);
      refuse_places (g_ptr_array_index (lines, lines->len - 1));
      return g_steal_pointer (&lines);
    }
    if (op->group_size != first->group_size || op->group_position != lines->len + 1 ||
        has_op (lines, op->op)) {
      g_ptr_array_add (lines, line);
      refuse_places (line);
      return g_steal_pointer (&lines);
    }
    g_ptr_array_add (lines, line);
    if (op->group_position == op->group_size)
      return g_steal_pointer (&lines);
  }
  return NULL;
}
