/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-answer.c: the lines of a push answer: one verdict per operation, or one for the whole push. */
#include "core/wire/csl-answer.h"

#include "core/base/csl-json-write.h"
#include "core/wire/csl-wire-private.h"

#include <string.h>

/* @whole: named by "t" instead of "r", about the whole push. */
static const struct
{
  const char *name;
  bool whole;
} verdicts[] = {
  [CSL_VERDICT_OK] = { "ok", false },
  [CSL_VERDICT_MERGED] = { "merged", false },
  [CSL_VERDICT_CONFLICT] = { "conflict", false },
  [CSL_VERDICT_REJECTED] = { "rejected", false },
  [CSL_VERDICT_HELD] = { "held", false },
  [CSL_VERDICT_ESCROW] = { "escrow", false },
  [CSL_VERDICT_REDIRECT] = { "redirect", false },
  [CSL_VERDICT_GAP] = { "gap", true },
  [CSL_VERDICT_DEVICE_REWOUND] = { "device_rewound", true },
  [CSL_VERDICT_BUSY] = { "busy", true },
  [CSL_VERDICT_EPOCH] = { "epoch", true },
};

void
csl_answer_clear (CslAnswer *self)
{
  g_free (self->code);
  g_free (self->field);
  g_free (self->message);
  g_free (self->d);
  memset (self, 0, sizeof *self);
}

static bool
bad_member (GError **error, const char *name)
{
  return csl_wire_fail (error, CSL_WIRE_ERROR_VALUE,
                        "answer.%s: missing or not of its form", name);
}

static bool
read_text (const CslJson *json,
           const char *name,
           char buffer[40],
           bool required,
           GError **error)
{
  guint token = csl_json_member (json, 0, name);

  if (token == 0)
    return required ? bad_member (error, name) : true;
  return csl_wire_copy_text (json, token, buffer, 40) || bad_member (error, name);
}

static bool
read_count (const CslJson *json,
            const char *name,
            gint64 *ret_number,
            bool required,
            GError **error)
{
  guint token = csl_json_member (json, 0, name);

  if (token == 0)
    return required ? bad_member (error, name) : true;
  return csl_wire_read_count (json, token, ret_number) || bad_member (error, name);
}

static bool
read_verdict (const CslJson *json, CslAnswer *answer, GError **error)
{
  guint per_operation = csl_json_member (json, 0, "r");
  guint token = per_operation != 0 ? per_operation : csl_json_member (json, 0, "t");

  for (guint i = 0; token != 0 && i < G_N_ELEMENTS (verdicts); i++) {
    if (verdicts[i].whole == (per_operation == 0) &&
        csl_json_equals (json, token, verdicts[i].name)) {
      answer->verdict = (CslVerdict) i;
      return true;
    }
  }
  return csl_wire_fail (error,
                        token != 0 ? CSL_WIRE_ERROR_UNKNOWN : CSL_WIRE_ERROR_SYNTAX,
                        "answer: no verdict of this protocol");
}

static bool
read_whole (const CslJson *json, CslAnswer *answer, GError **error)
{
  bool numbered = answer->verdict == CSL_VERDICT_GAP ||
                  answer->verdict == CSL_VERDICT_DEVICE_REWOUND;
  gint64 retry = 0;

  if (!read_count (json, "last_n", &answer->last_n, numbered, error) ||
      !read_count (json, "retry", &retry, false, error) ||
      !read_text (json, "epoch", answer->epoch, answer->verdict == CSL_VERDICT_EPOCH,
                  error))
    return false;
  answer->retry_s = (guint) MIN (retry, 24 * 3600);
  return true;
}

static bool
read_object (const CslJson *json, CslAnswer *answer, GError **error)
{
  guint token = csl_json_member (json, 0, "d");

  if (token == 0)
    return true;
  if (csl_json_token (json, token)->kind != CSL_JSON_OBJECT)
    return bad_member (error, "d");
  answer->d = csl_json_dup_source (json, token);
  return true;
}

static bool
read_single (const CslJson *json, CslAnswer *answer, GError **error)
{
  CslVerdict verdict = answer->verdict;
  bool stamped = verdict == CSL_VERDICT_OK || verdict == CSL_VERDICT_MERGED ||
                 verdict == CSL_VERDICT_CONFLICT || verdict == CSL_VERDICT_REDIRECT;
  guint dup = csl_json_member (json, 0, "dup");

  if (!read_text (json, "op", answer->op, true, error) ||
      !read_count (json, "n", &answer->n, true, error) ||
      !read_count (json, "seq", &answer->seq, stamped, error) ||
      !read_count (json, "rev", &answer->rev, false, error) ||
      !read_count (json, "by", &answer->held_by, verdict == CSL_VERDICT_HELD, error) ||
      !read_text (json, "conflict", answer->conflict, verdict == CSL_VERDICT_CONFLICT,
                  error) ||
      !read_text (json, "to", answer->to, verdict == CSL_VERDICT_REDIRECT, error) ||
      !read_object (json, answer, error))
    return false;
  answer->dup = dup != 0 && csl_json_token (json, dup)->kind == CSL_JSON_TRUE;
  answer->code = csl_json_member_dup_string (json, 0, "code");
  answer->field = csl_json_member_dup_string (json, 0, "field");
  answer->message = csl_json_member_dup_string (json, 0, "msg");
  if (verdict == CSL_VERDICT_REJECTED && answer->code == NULL)
    return bad_member (error, "code");
  return true;
}

/**
 * csl_answer_parse:
 * @ret_answer: uninitialised memory; untouched on failure
 * @line: one line without its newline
 * @length: bytes of @line
 * @error: CSL_WIRE_ERROR_SYNTAX: not an object with a verdict; CSL_WIRE_ERROR_UNKNOWN: a verdict of a
 *   later protocol; CSL_WIRE_ERROR_VALUE: a member is missing or has the wrong form
 *
 * Returns: whether @line could be read; release *@ret_answer with csl_answer_clear()
 */
bool
csl_answer_parse (CslAnswer *ret_answer, const char *line, gsize length, GError **error)
{
  g_auto (CslAnswer) answer = { 0 };
  g_auto (CslJson) json = { 0 };
  g_autoptr (GError) scan_error = NULL;

  csl_json_init (&json);
  if (!csl_json_scan (&json, line, length, &csl_json_limits_line, &scan_error))
    return csl_wire_fail (error, CSL_WIRE_ERROR_SYNTAX, "answer: %s",
                          scan_error->message);
  if (csl_json_token (&json, 0)->kind != CSL_JSON_OBJECT)
    return csl_wire_fail (error, CSL_WIRE_ERROR_SYNTAX, "answer: not an object");
  if (!read_verdict (&json, &answer, error))
    return false;
  bool read = verdicts[answer.verdict].whole ? read_whole (&json, &answer, error)
                                             : read_single (&json, &answer, error);
  if (!read)
    return false;
  *ret_answer = answer;
  memset (&answer, 0, sizeof answer);
  return true;
}

static void
print_text (GString *out, const char *name, const char *text)
{
  if (text != NULL && *text != '\0')
    csl_json_write_member_string (out, name, text);
}

static void
print_count (GString *out, const char *name, gint64 number)
{
  if (number != 0)
    csl_json_write_member_int (out, name, number);
}

static void
print_whole (const CslAnswer *self, GString *out)
{
  csl_json_write_member_string (out, "t", verdicts[self->verdict].name);
  if (self->verdict == CSL_VERDICT_GAP || self->verdict == CSL_VERDICT_DEVICE_REWOUND)
    csl_json_write_member_int (out, "last_n", self->last_n);
  print_count (out, "retry", self->retry_s);
  print_text (out, "epoch", self->epoch);
}

static void
print_single (const CslAnswer *self, GString *out)
{
  csl_json_write_member_string (out, "op", self->op);
  csl_json_write_member_int (out, "n", self->n);
  csl_json_write_member_string (out, "r", verdicts[self->verdict].name);
  print_count (out, "seq", self->seq);
  print_count (out, "rev", self->rev);
  print_text (out, "code", self->code);
  print_text (out, "field", self->field);
  print_text (out, "msg", self->message);
  print_count (out, "by", self->held_by);
  print_text (out, "conflict", self->conflict);
  print_text (out, "to", self->to);
  if (self->d != NULL) {
    csl_json_write_name (out, "d");
    g_string_append (out, self->d);
  }
  if (self->dup) {
    csl_json_write_name (out, "dup");
    g_string_append (out, "true");
  }
}

/**
 * csl_answer_print:
 *
 * Returns: (transfer full): the line without its newline
 */
char *
csl_answer_print (const CslAnswer *self)
{
  GString *out = g_string_new ("{");

  if (verdicts[self->verdict].whole)
    print_whole (self, out);
  else
    print_single (self, out);
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}
