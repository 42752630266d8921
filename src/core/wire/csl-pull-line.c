/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-pull-line.c: reading one line of a pull, manifest or fetch answer.
 *
 * One walk over the members of the line: the table "members" says where each goes and of what form
 * it must be; the table "kinds" says which ones a line of each kind cannot do without. A line of an
 * unknown kind is accepted whatever it holds: a later protocol may have sent it.
 */
#include "core/wire/csl-pull-line.h"

#include "core/wire/csl-wire-private.h"

#include <string.h>

typedef enum {
  FORM_TEXT,
  FORM_COUNT,
  FORM_SUM,
  FORM_BOOL,
  FORM_OBJECT, /* remembered as a token */
  FORM_SOURCE, /* an object, copied as it is written */
} Form;

typedef enum {
  HAS_B = 1 << 0,
  HAS_K = 1 << 1,
  HAS_ID = 1 << 2,
  HAS_EPOCH = 1 << 3,
  HAS_SINCE = 1 << 4,
  HAS_UNTIL = 1 << 5,
  HAS_SEQ = 1 << 6,
  HAS_REV = 1 << 7,
  HAS_COUNT = 1 << 8,
  HAS_SUM = 1 << 9,
  HAS_H = 1 << 10,
  HAS_RESUME = 1 << 11,
  HAS_D = 1 << 12,
  HAS_OTHER = 1 << 13,
} Has;

typedef struct
{
  const char *name;
  Form form;
  gsize offset, size;
  Has bit;
} Member;

#define TEXT(name, bit, member)                                                          \
  {                                                                                      \
    name, FORM_TEXT, G_STRUCT_OFFSET (CslPullLine, member),                              \
      sizeof (((CslPullLine *) NULL)->member), bit                                       \
  }
#define COUNT(name, bit, member)                                                         \
  {                                                                                      \
    name, FORM_COUNT, G_STRUCT_OFFSET (CslPullLine, member), 0, bit                      \
  }
#define SUM(name, bit)                                                                   \
  {                                                                                      \
    name, FORM_SUM, G_STRUCT_OFFSET (CslPullLine, sum), 0, bit                           \
  }

/* The most frequent first. */
static const Member members[] = {
  TEXT ("b", HAS_B, bucket),
  TEXT ("k", HAS_K, type),
  TEXT ("id", HAS_ID, id),
  COUNT ("rev", HAS_REV, rev),
  { "d", FORM_OBJECT, G_STRUCT_OFFSET (CslPullLine, d), 0, HAS_D },
  COUNT ("seq", HAS_SEQ, seq),
  COUNT ("count", HAS_COUNT, count),
  SUM ("sum", HAS_SUM),
  SUM ("h", HAS_H),
  TEXT ("why", HAS_OTHER, why),
  COUNT ("bytes", HAS_OTHER, bytes),
  { "fill", FORM_BOOL, G_STRUCT_OFFSET (CslPullLine, fill), 0, HAS_OTHER },
  TEXT ("epoch", HAS_EPOCH, epoch),
  COUNT ("since", HAS_SINCE, since),
  COUNT ("until", HAS_UNTIL, until),
  COUNT ("safe_seq", HAS_OTHER, safe_seq),
  TEXT ("time", HAS_OTHER, time),
  { "resume", FORM_SOURCE, G_STRUCT_OFFSET (CslPullLine, resume), 0, HAS_RESUME },
};

static const struct
{
  const char *name;
  Has required;
} kinds[] = {
  [CSL_LINE_HEAD] = { "head", HAS_EPOCH | HAS_SINCE | HAS_UNTIL },
  [CSL_LINE_DROP] = { "drop", HAS_B | HAS_SEQ },
  [CSL_LINE_OPEN] = { "open", HAS_B },
  [CSL_LINE_PUT] = { "put", HAS_B | HAS_K | HAS_ID | HAS_REV | HAS_D },
  [CSL_LINE_GONE] = { "gone", HAS_B | HAS_K | HAS_ID | HAS_REV },
  [CSL_LINE_COMMIT] = { "commit", HAS_SEQ },
  [CSL_LINE_SUM] = { "sum", HAS_B | HAS_COUNT | HAS_SUM },
  [CSL_LINE_PAGE] = { "page", HAS_RESUME },
  [CSL_LINE_DONE] = { "done", HAS_SEQ },
  [CSL_LINE_RECONCILE] = { "reconcile", HAS_SEQ },
  [CSL_LINE_EPOCH] = { "epoch", HAS_EPOCH },
  [CSL_LINE_ROW] = { "row", HAS_K | HAS_ID | HAS_REV | HAS_H },
  [CSL_LINE_MISS] = { "miss", HAS_K | HAS_ID },
};

/**
 * csl_pull_line_init:
 * @self: uninitialised memory; release with csl_pull_line_clear()
 */
void
csl_pull_line_init (CslPullLine *self)
{
  memset (self, 0, sizeof *self);
  csl_json_init (&self->json);
}

void
csl_pull_line_clear (CslPullLine *self)
{
  g_clear_pointer (&self->resume, g_free);
  csl_json_clear (&self->json);
}

static void
reset (CslPullLine *self)
{
  g_clear_pointer (&self->resume, g_free);
  self->bucket[0] = self->type[0] = self->id[0] = self->epoch[0] = '\0';
  self->why[0] = self->time[0] = '\0';
  self->since = self->until = self->seq = self->rev = 0;
  self->count = self->bytes = self->safe_seq = 0;
  self->sum = 0;
  self->fill = false;
  self->d = 0;
}

static bool
token_is (const CslJson *json, const CslJsonToken *token, const char *text)
{
  gsize length = token->end - token->start;

  return strncmp (json->text + token->start, text, length) == 0 && text[length] == '\0';
}

static const Member *
find_member (const CslJson *json, guint name)
{
  const CslJsonToken *token = csl_json_token (json, name);

  for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
    if (token_is (json, token, members[i].name))
      return &members[i];
  }
  return NULL;
}

static bool
read_member (CslPullLine *self, const Member *member, guint value)
{
  gpointer at = G_STRUCT_MEMBER_P (self, member->offset);
  CslJsonKind kind = csl_json_token (&self->json, value)->kind;

  switch (member->form) {
  case FORM_TEXT:
    return csl_wire_copy_text (&self->json, value, at, member->size);
  case FORM_COUNT:
    return csl_wire_read_count (&self->json, value, at);
  case FORM_SUM:
    return csl_wire_read_sum (&self->json, value, at);
  case FORM_BOOL:
    *(bool *) at = kind == CSL_JSON_TRUE;
    return kind == CSL_JSON_TRUE || kind == CSL_JSON_FALSE;
  case FORM_OBJECT:
    *(guint *) at = value;
    return kind == CSL_JSON_OBJECT;
  case FORM_SOURCE:
    *(char **) at = csl_json_dup_source (&self->json, value);
    return kind == CSL_JSON_OBJECT;
  }
  return false;
}

static CslPullLineKind
read_kind (const CslJson *json, guint value)
{
  const CslJsonToken *token = csl_json_token (json, value);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (token_is (json, token, kinds[i].name))
      return (CslPullLineKind) i;
  }
  return CSL_LINE_UNKNOWN;
}

/* The member a line of this kind lacks, for the message. */
static const char *
name_missing (Has missing)
{
  for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
    if ((members[i].bit & missing) != 0)
      return members[i].name;
  }
  return "?";
}

static bool
read_members (CslPullLine *self, GError **error)
{
  guint count = csl_json_token (&self->json, 0)->count;
  const char *bad = NULL;
  bool kind_known = false;
  Has has = 0;

  for (guint i = 0, name = 1; i < count; i++) {
    guint value = name + 1;
    if (csl_json_equals (&self->json, name, "t") &&
        csl_json_token (&self->json, value)->kind == CSL_JSON_STRING) {
      self->kind = read_kind (&self->json, value);
      kind_known = true;
    } else {
      const Member *member = find_member (&self->json, name);
      if (member != NULL && read_member (self, member, value))
        has |= member->bit;
      else if (member != NULL)
        bad = member->name;
    }
    name = csl_json_token (&self->json, value)->next;
  }
  if (!kind_known)
    return csl_wire_fail (error, CSL_WIRE_ERROR_SYNTAX, "line: no kind");
  if (self->kind == CSL_LINE_UNKNOWN)
    return true;
  const char *kind = kinds[self->kind].name;
  if (bad != NULL)
    return csl_wire_fail (error, CSL_WIRE_ERROR_VALUE, "%s.%s: not of its form", kind,
                          bad);
  Has missing = kinds[self->kind].required & ~has;
  if (missing != 0)
    return csl_wire_fail (error, CSL_WIRE_ERROR_VALUE, "%s.%s: missing", kind,
                          name_missing (missing));
  return true;
}

/**
 * csl_pull_line_parse:
 * @self: an initialised line; its memory is used again
 * @line: one line without its newline; must stay alive while @self's tape is read
 * @length: bytes of @line
 * @error: CSL_WIRE_ERROR_SYNTAX: not an object with a kind; CSL_WIRE_ERROR_VALUE: a member is
 *   missing or has the wrong form
 *
 * Returns: whether @line could be read; a line of an unknown kind gives %CSL_LINE_UNKNOWN
 */
bool
csl_pull_line_parse (CslPullLine *self, const char *line, gsize length, GError **error)
{
  g_autoptr (GError) scan_error = NULL;

  reset (self);
  self->kind = CSL_LINE_UNKNOWN;
  if (!csl_json_scan (&self->json, line, length, &csl_json_limits_line, &scan_error))
    return csl_wire_fail (error, CSL_WIRE_ERROR_SYNTAX, "line: %s", scan_error->message);
  if (csl_json_token (&self->json, 0)->kind != CSL_JSON_OBJECT)
    return csl_wire_fail (error, CSL_WIRE_ERROR_SYNTAX, "line: not an object");
  return read_members (self, error);
}
