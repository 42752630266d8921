/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-work-copy.c: the lines of unsent work with a head that says whose they are. */
#include "core/wire/csl-work-copy.h"

#include "core/base/csl-json-scan.h"
#include "core/base/csl-json-write.h"
#include "core/wire/csl-op.h"
#include "core/wire/csl-wire-private.h"

#include <string.h>

/* 1: operations alone, which is what a copy without drafts still is; 2: drafts behind them. */
#define PLAIN_VERSION 1
#define VERSION       2

typedef struct
{
  const char *name;
  gsize offset;
  bool required;
} Member;

static const Member members[] = {
  { "organisation", G_STRUCT_OFFSET (CslWorkCopy, organisation), true },
  { "user", G_STRUCT_OFFSET (CslWorkCopy, user), true },
  { "name", G_STRUCT_OFFSET (CslWorkCopy, name), false },
  { "device", G_STRUCT_OFFSET (CslWorkCopy, device), true },
  { "inc", G_STRUCT_OFFSET (CslWorkCopy, inc), true },
  { "epoch", G_STRUCT_OFFSET (CslWorkCopy, epoch), false },
  { "at", G_STRUCT_OFFSET (CslWorkCopy, at), true },
};

void
csl_work_copy_clear (CslWorkCopy *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    g_free (G_STRUCT_MEMBER (char *, self, members[i].offset));
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  g_clear_pointer (&self->drafts, g_ptr_array_unref);
  memset (self, 0, sizeof *self);
}

/* The next line without its newline; FALSE at the end. */
static bool
next_line (const char **at, const char *end, const char **ret_line, gsize *ret_length)
{
  const char *newline = memchr (*at, '\n', (gsize) (end - *at));

  if (newline == NULL)
    return false;
  *ret_line = *at;
  *ret_length = (gsize) (newline - *at);
  *at = newline + 1;
  return true;
}

static bool
read_members (CslWorkCopy *self, const CslJson *json, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
    char **at = &G_STRUCT_MEMBER (char *, self, members[i].offset);

    *at = csl_json_member_dup_string (json, 0, members[i].name);
    if (members[i].required && (*at == NULL || **at == '\0'))
      return csl_wire_fail (error, CSL_WIRE_ERROR_VALUE,
                            "work.%s: missing or not of its form", members[i].name);
  }
  return true;
}

static bool
read_head (CslWorkCopy *self,
           const char *line,
           gsize length,
           gint64 *ret_ops,
           gint64 *ret_drafts,
           GError **error)
{
  g_auto (CslJson) json = { 0 };
  guint kind;

  csl_json_init (&json);
  if (!csl_json_scan (&json, line, length, &csl_json_limits_request, NULL) ||
      csl_json_token (&json, 0)->kind != CSL_JSON_OBJECT)
    return csl_wire_fail (error, CSL_WIRE_ERROR_SYNTAX, "work: no head line");
  kind = csl_json_member (&json, 0, "t");
  if (kind == 0 || !csl_json_equals (&json, kind, "work"))
    return csl_wire_fail (error, CSL_WIRE_ERROR_SYNTAX, "work: another kind of content");
  if (csl_json_member_int (&json, 0, "v", 0) > VERSION)
    return csl_wire_fail (error, CSL_WIRE_ERROR_UNKNOWN,
                          "work: a newer Caseload made this copy");
  *ret_ops = csl_json_member_int (&json, 0, "ops", -1);
  *ret_drafts = csl_json_member_int (&json, 0, "drafts", 0);
  return read_members (self, &json, error);
}

/* Every line can at least be told from the others and be answered; whether it can be applied is not decided here. */
static bool
read_line (CslWorkCopy *self, const char *line, gsize length, GError **error)
{
  g_auto (CslJson) json = { 0 };
  guint op;
  gint64 n;

  csl_json_init (&json);
  if (!csl_json_scan (&json, line, length, &csl_json_limits_line, error))
    return false;
  op = csl_json_member (&json, 0, "op");
  if (op == 0 || csl_json_token (&json, op)->kind != CSL_JSON_STRING ||
      !csl_json_get_int (&json, csl_json_member (&json, 0, "n"), &n) || n < 1)
    return csl_wire_fail (error, CSL_WIRE_ERROR_VALUE, "work: a line is no operation");
  g_ptr_array_add (self->lines, g_strndup (line, length));
  return true;
}

static bool
read_draft (CslWorkCopy *self, const char *line, gsize length, GError **error)
{
  g_auto (CslJson) json = { 0 };
  guint kind, id, set;

  csl_json_init (&json);
  if (!csl_json_scan (&json, line, length, &csl_json_limits_draft, error))
    return false;
  kind = csl_json_member (&json, 0, "t");
  id = csl_json_member (&json, 0, "id");
  set = csl_json_member (&json, 0, "set");
  if (kind == 0 || !csl_json_equals (&json, kind, "draft") || id == 0 ||
      csl_json_token (&json, id)->kind != CSL_JSON_STRING || set == 0 ||
      csl_json_token (&json, set)->kind != CSL_JSON_OBJECT)
    return csl_wire_fail (error, CSL_WIRE_ERROR_VALUE, "work: a line is no draft");
  g_ptr_array_add (self->drafts, g_strndup (line, length));
  return true;
}

static bool
read_all (CslWorkCopy *self, const char *text, gsize length, GError **error)
{
  const char *at = text, *end = text + length, *line;
  gsize line_length;
  gint64 ops = -1, drafts = 0;

  if (!next_line (&at, end, &line, &line_length) ||
      !read_head (self, line, line_length, &ops, &drafts, error)) {
    if (error != NULL && *error == NULL)
      csl_wire_fail (error, CSL_WIRE_ERROR_SYNTAX, "work: no head line");
    return false;
  }
  while (next_line (&at, end, &line, &line_length))
    if ((gint64) self->lines->len == ops && drafts > 0
          ? !read_draft (self, line, line_length, error)
          : !read_line (self, line, line_length, error))
      return false;
  if (at != end || ops != (gint64) self->lines->len ||
      drafts != (gint64) self->drafts->len)
    return csl_wire_fail (error, CSL_WIRE_ERROR_VALUE, "work: lines are missing");
  return true;
}

bool
csl_work_copy_parse (CslWorkCopy *ret_copy,
                     const char *text,
                     gsize length,
                     GError **error)
{
  memset (ret_copy, 0, sizeof *ret_copy);
  ret_copy->lines = g_ptr_array_new_with_free_func (g_free);
  ret_copy->drafts = g_ptr_array_new_with_free_func (g_free);
  if (read_all (ret_copy, text, length, error))
    return true;
  csl_work_copy_clear (ret_copy);
  return false;
}

GString *
csl_work_copy_print (const CslWorkCopy *self, GError **error)
{
  g_autoptr (GString) out = g_string_new ("{");
  const guint n_drafts = self->drafts != NULL ? self->drafts->len : 0;

  csl_json_write_member_string (out, "t", "work");
  csl_json_write_member_int (out, "v", n_drafts > 0 ? VERSION : PLAIN_VERSION);
  for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
    const char *text = G_STRUCT_MEMBER (char *, self, members[i].offset);

    if (text != NULL)
      csl_json_write_member_string (out, members[i].name, text);
  }
  csl_json_write_member_int (out, "ops", self->lines->len);
  if (n_drafts > 0)
    csl_json_write_member_int (out, "drafts", n_drafts);
  g_string_append (out, "}\n");
  for (guint i = 0; i < self->lines->len; i++) {
    if (!csl_op_line_append (out, self->lines->pdata[i], "n", i + 1, error))
      return NULL;
    g_string_append_c (out, '\n');
  }
  for (guint i = 0; i < n_drafts; i++)
    g_string_append_printf (out, "%s\n", (const char *) self->drafts->pdata[i]);
  return g_steal_pointer (&out);
}
