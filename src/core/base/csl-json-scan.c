/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-json-scan.c: the JSON guard. A loop over five states; the open containers are chained
 * through the tape itself, so depth costs no stack:
 *
 *   while a container is open, its token's @next is the index of the container around it;
 *   when it closes, @next becomes what the header promises.
 *
 * Everything is checked here, once: syntax, UTF-8, escapes, number ranges, limits, double
 * members. What comes after may trust the tape.
 */
#include "core/base/csl-json-internal.h"

#include <math.h>
#include <string.h>

#define NO_PARENT     G_MAXUINT32
#define NUMBER_MAX    64  /* characters of one number */
#define DEPTH_CEILING 512 /* whatever the limits say: writers recurse this deep at most */
#define FEW_NAMES     16

const CslJsonLimits csl_json_limits_line = { 1 << 20, 32, 1 << 20, 100000 };
const CslJsonLimits csl_json_limits_draft = { 16 << 20, 32, 16 << 20, 100000 };
const CslJsonLimits csl_json_limits_request = { 64 << 10, 32, 64 << 10, 10000 };

typedef enum {
  EXPECT_VALUE,
  EXPECT_VALUE_OR_END,
  EXPECT_NAME,
  EXPECT_NAME_OR_END,
  EXPECT_COMMA_OR_END,
} State;

typedef struct
{
  CslJson *json;
  const CslJsonLimits *limits;
  const guchar *begin, *at, *end;
  CslJsonToken *tokens; /* (unowned): memory of json->tokens */
  guint n, capacity;
  guint parent; /* open container, or NO_PARENT */
  guint depth;  /* number of open containers */
  State state;
  GError **error;
} Scanner;

static bool
fail (Scanner *self, CslJsonError code, const char *what)
{
  g_set_error (self->error, CSL_JSON_ERROR, (int) code, "byte %zu: %s",
               (gsize) (self->at - self->begin), what);
  return false;
}

static bool
syntax (Scanner *self, const char *what)
{
  return fail (self, CSL_JSON_ERROR_SYNTAX, what);
}

static CslJsonToken *
push (Scanner *self, CslJsonKind kind)
{
  if (self->n == self->capacity) {
    if (self->n >= self->limits->max_nodes) {
      fail (self, CSL_JSON_ERROR_LIMIT, "too many values");
      return NULL;
    }
    self->capacity = MIN (self->capacity * 2, self->limits->max_nodes);
    g_array_set_size (self->json->tokens, self->capacity);
    self->tokens = (CslJsonToken *) (gpointer) self->json->tokens->data;
  }
  CslJsonToken *token = &self->tokens[self->n++];
  *token = (CslJsonToken){ .kind = (guint8) kind,
                           .depth = (guint16) self->depth,
                           .start = (guint32) (self->at - self->begin),
                           .next = self->n };
  return token;
}

/* Bytes in a multi-byte UTF-8 sequence at @p, or 0: over-long forms, surrogates and anything
 * above U+10FFFF are refused. */
static int
utf8_length (const guchar *p, const guchar *end)
{
  int length = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;

  if (p[0] < 0xc2 || p[0] > 0xf4 || end - p < length)
    return 0;
  for (int i = 1; i < length; i++) {
    if ((p[i] & 0xc0) != 0x80)
      return 0;
  }
  bool good = !(p[0] == 0xe0 && p[1] < 0xa0) && !(p[0] == 0xed && p[1] > 0x9f) &&
              !(p[0] == 0xf0 && p[1] < 0x90) && !(p[0] == 0xf4 && p[1] > 0x8f);
  return good ? length : 0;
}

static const guchar *
skip_plain (const guchar *p, const guchar *end)
{
  const guint64 ones = G_GUINT64_CONSTANT (0x0101010101010101);

  /* Eight bytes at a time while none of them is a quote, a backslash, a control character or
   * above 0x7f; the bytes after a hit may be misjudged, which only costs time. */
  while (end - p >= 8) {
    guint64 word;
    memcpy (&word, p, sizeof word);
    guint64 hit = word | (word - ones * 0x20) | ((word ^ (ones * '"')) - ones) |
                  ((word ^ (ones * '\\')) - ones);
    if ((hit & (ones * 0x80)) != 0)
      break;
    p += 8;
  }
  while (p < end && *p != '"' && *p != '\\' && *p >= 0x20 && *p < 0x80)
    p++;
  return p;
}

static int
hex4 (const guchar *p, const guchar *end)
{
  int number = 0;

  if (end - p < 4)
    return -1;
  for (int i = 0; i < 4; i++) {
    int digit = g_ascii_xdigit_value ((char) p[i]);
    if (digit < 0)
      return -1;
    number = number * 16 + digit;
  }
  return number;
}

/* Moves over the escape at self->at. */
static bool
scan_escape (Scanner *self)
{
  const guchar *p = self->at + 1;

  if (p < self->end && *p != '\0' && strchr ("\"\\/bfnrt", *p) != NULL) {
    self->at += 2;
    return true;
  }
  int unit = p < self->end && *p == 'u' ? hex4 (p + 1, self->end) : -1;
  if (unit < 0)
    return syntax (self, "not an escape");
  if (unit == 0)
    return syntax (self, "NUL in a string");
  self->at += 6;
  if (unit < 0xd800 || unit > 0xdfff)
    return true;
  bool pair = unit < 0xdc00 && self->end - self->at >= 6 && self->at[0] == '\\' &&
              self->at[1] == 'u';
  int low = pair ? hex4 (self->at + 2, self->end) : -1;
  if (low < 0xdc00 || low > 0xdfff)
    return syntax (self, "half of a surrogate pair");
  self->at += 6;
  return true;
}

/* A string from its opening quote. */
static bool
scan_string (Scanner *self)
{
  self->at++;
  CslJsonToken *token = push (self, CSL_JSON_STRING);
  if (token == NULL)
    return false;

  for (;;) {
    self->at = skip_plain (self->at, self->end);
    if (self->at == self->end)
      return syntax (self, "the string has no end");
    if (*self->at == '"')
      break;
    if (*self->at == '\\') {
      token->escaped = 1;
      if (!scan_escape (self))
        return false;
      continue;
    }
    int length = *self->at >= 0x80 ? utf8_length (self->at, self->end) : 0;
    if (length == 0)
      return syntax (self,
                     *self->at < 0x20 ? "control character in a string" : "not UTF-8");
    self->at += length;
  }
  token->end = (guint32) (self->at - self->begin);
  if (token->end - token->start > self->limits->max_string)
    return fail (self, CSL_JSON_ERROR_LIMIT, "the string is too long");
  self->at++;
  return true;
}

static gsize
skip_digits (Scanner *self)
{
  const guchar *first = self->at;

  while (self->at < self->end && g_ascii_isdigit (*self->at))
    self->at++;
  return (gsize) (self->at - first);
}

/* Range of a finished number; @whole: it has neither fraction nor exponent. */
static bool
check_number (Scanner *self, const guchar *first, bool whole)
{
  char buffer[NUMBER_MAX + 1];
  gsize length = (gsize) (self->at - first);

  if (whole && length <= 18)
    return true;
  if (length > NUMBER_MAX)
    return fail (self, CSL_JSON_ERROR_LIMIT, "the number is too long");
  memcpy (buffer, first, length);
  buffer[length] = '\0';
  if (whole && !g_ascii_string_to_signed (buffer, 10, G_MININT64, G_MAXINT64, NULL, NULL))
    return syntax (self, "the integer is out of range");
  if (!whole && !isfinite (g_ascii_strtod (buffer, NULL)))
    return syntax (self, "the number is out of range");
  return true;
}

static bool
scan_number (Scanner *self)
{
  const guchar *first = self->at;
  bool whole = true;

  guint index = self->n;
  if (push (self, CSL_JSON_NUMBER) == NULL)
    return false;
  if (*self->at == '-')
    self->at++;
  if (self->at < self->end && *self->at == '0')
    self->at++;
  else if (skip_digits (self) == 0)
    return syntax (self, "expected a value");
  if (self->at < self->end && *self->at == '.') {
    whole = false;
    self->at++;
    if (skip_digits (self) == 0)
      return syntax (self, "expected a digit");
  }
  if (self->at < self->end && (*self->at == 'e' || *self->at == 'E')) {
    whole = false;
    self->at++;
    if (self->at < self->end && (*self->at == '+' || *self->at == '-'))
      self->at++;
    if (skip_digits (self) == 0)
      return syntax (self, "expected a digit");
  }
  self->tokens[index].end = (guint32) (self->at - self->begin);
  return check_number (self, first, whole);
}

static bool
scan_word (Scanner *self, const char *word, CslJsonKind kind)
{
  gsize length = strlen (word);

  if ((gsize) (self->end - self->at) < length || memcmp (self->at, word, length) != 0)
    return syntax (self, "expected a value");
  CslJsonToken *token = push (self, kind);
  if (token == NULL)
    return false;
  self->at += length;
  token->end = (guint32) (self->at - self->begin);
  return true;
}

static bool
open_container (Scanner *self, CslJsonKind kind)
{
  if (self->depth >= MIN (self->limits->max_depth, DEPTH_CEILING))
    return fail (self, CSL_JSON_ERROR_LIMIT, "nested too deeply");
  CslJsonToken *token = push (self, kind);
  if (token == NULL)
    return false;
  token->next = self->parent;
  self->parent = self->n - 1;
  self->depth++;
  self->at++;
  self->state = kind == CSL_JSON_OBJECT ? EXPECT_NAME_OR_END : EXPECT_VALUE_OR_END;
  return true;
}

static bool
members_are_unique (Scanner *self, guint object)
{
  guint count = self->tokens[object].count;

  if (count < 2)
    return true;
  if (count <= FEW_NAMES) {
    CslJsonName names[FEW_NAMES];
    bool escaped = false;
    for (guint i = 0, name = object + 1; i < count; i++) {
      const CslJsonToken *token = &self->tokens[name];
      escaped |= token->escaped;
      names[i] = (CslJsonName){ (const char *) self->begin + token->start,
                                token->end - token->start, name };
      name = self->tokens[name + 1].next;
    }
    if (!escaped)
      return csl_json_names_are_unique (names, count);
  }
  g_autoptr (GArray) names =
    g_array_sized_new (FALSE, FALSE, sizeof (CslJsonName), count);
  g_autoptr (GStringChunk) arena = NULL;
  csl_json_collect_names (self->json, object, names, &arena);
  return csl_json_names_are_unique ((CslJsonName *) (gpointer) names->data, count);
}

static bool
close_container (Scanner *self)
{
  guint index = self->parent;
  CslJsonToken *token = &self->tokens[index];

  self->at++;
  self->depth--;
  self->parent = token->next;
  token->next = self->n;
  token->end = (guint32) (self->at - self->begin);
  self->state = EXPECT_COMMA_OR_END;
  if (token->kind == CSL_JSON_OBJECT && !members_are_unique (self, index))
    return fail (self, CSL_JSON_ERROR_DUPLICATE, "the object has a member twice");
  return true;
}

static void
skip_space (Scanner *self)
{
  while (self->at < self->end && (*self->at == ' ' || *self->at == '\n' ||
                                  *self->at == '\r' || *self->at == '\t'))
    self->at++;
}

static bool
scan_value (Scanner *self)
{
  if (self->parent != NO_PARENT && self->tokens[self->parent].kind == CSL_JSON_ARRAY)
    self->tokens[self->parent].count++;
  self->state = EXPECT_COMMA_OR_END;
  switch (*self->at) {
  case '"':
    return scan_string (self);
  case '{':
    return open_container (self, CSL_JSON_OBJECT);
  case '[':
    return open_container (self, CSL_JSON_ARRAY);
  case 't':
    return scan_word (self, "true", CSL_JSON_TRUE);
  case 'f':
    return scan_word (self, "false", CSL_JSON_FALSE);
  case 'n':
    return scan_word (self, "null", CSL_JSON_NULL);
  default:
    return scan_number (self);
  }
}

static bool
scan_name (Scanner *self)
{
  if (*self->at != '"')
    return syntax (self, "expected a member name");
  self->tokens[self->parent].count++;
  if (!scan_string (self))
    return false;
  skip_space (self);
  if (self->at == self->end || *self->at != ':')
    return syntax (self, "expected a colon");
  self->at++;
  self->state = EXPECT_VALUE;
  return true;
}

static bool
scan_comma_or_end (Scanner *self)
{
  bool object = self->tokens[self->parent].kind == CSL_JSON_OBJECT;

  if (*self->at == (object ? '}' : ']'))
    return close_container (self);
  if (*self->at != ',')
    return syntax (self, "expected a comma or the end");
  self->at++;
  self->state = object ? EXPECT_NAME : EXPECT_VALUE;
  return true;
}

static bool
scan_next (Scanner *self)
{
  switch (self->state) {
  case EXPECT_VALUE_OR_END:
    if (*self->at == ']')
      return close_container (self);
    return scan_value (self);
  case EXPECT_VALUE:
    return scan_value (self);
  case EXPECT_NAME_OR_END:
    if (*self->at == '}')
      return close_container (self);
    return scan_name (self);
  case EXPECT_NAME:
    return scan_name (self);
  case EXPECT_COMMA_OR_END:
    return scan_comma_or_end (self);
  }
  g_assert_not_reached ();
}

static bool
scan_all (Scanner *self)
{
  for (;;) {
    skip_space (self);
    bool finished = self->state == EXPECT_COMMA_OR_END && self->parent == NO_PARENT;
    if (self->at == self->end)
      return finished || syntax (self, "the text stops too early");
    if (finished)
      return syntax (self, "something follows the value");
    if (!scan_next (self))
      return false;
  }
}

/**
 * csl_json_scan:
 * @json: an initialised #CslJson; earlier tokens are replaced, their memory kept
 * @text: the text; it must stay as it is while @json is used
 * @length: bytes of @text
 * @limits: what to refuse
 * @error: #CslJsonError, all codes; the message says at which byte
 *
 * Checks one JSON value and makes its tape. After a failure @json has no tokens.
 *
 * Returns: whether @text is acceptable
 */
bool
csl_json_scan (CslJson *json,
               const char *text,
               gsize length,
               const CslJsonLimits *limits,
               GError **error)
{
  const guchar *begin = (const guchar *) text;
  Scanner self = { .json = json,
                   .limits = limits,
                   .begin = begin,
                   .at = begin,
                   .end = begin + length,
                   .parent = NO_PARENT,
                   .state = EXPECT_VALUE,
                   .error = error };

  json->text = text;
  json->length = length;
  if (length > limits->max_bytes || length >= G_MAXUINT32) {
    g_array_set_size (json->tokens, 0);
    return fail (&self, CSL_JSON_ERROR_LIMIT, "the text is too long");
  }
  self.capacity = MIN (MAX (json->tokens->len, 64), limits->max_nodes);
  g_array_set_size (json->tokens, self.capacity);
  self.tokens = (CslJsonToken *) (gpointer) json->tokens->data;
  bool good = scan_all (&self);
  g_array_set_size (json->tokens, good ? self.n : 0);
  return good;
}
