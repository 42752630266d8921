/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The JSON guard: a strict RFC 8259 scanner with limits that makes a flat token tape.
 *
 * Every text from a file or the network passes here before anything else sees it. Depth is
 * bounded without recursion. Record lines are read straight from the tape; small control
 * messages and definition files go on to json-glib (csl_json_parse_guarded).
 */
#pragma once

#include "core/base/csl-error.h"

#include <json-glib/json-glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

typedef enum {
  CSL_JSON_OBJECT,
  CSL_JSON_ARRAY,
  CSL_JSON_STRING,
  CSL_JSON_NUMBER,
  CSL_JSON_TRUE,
  CSL_JSON_FALSE,
  CSL_JSON_NULL,
} CslJsonKind;

/* One value. Members of an object are name token, value token, name token, …; children follow
 * their parent directly. */
typedef struct
{
  guint8 kind;    /* CslJsonKind */
  guint8 escaped; /* string has escapes: text must be decoded */
  guint16 depth;
  guint32 start; /* first byte (for strings: after the quote) */
  guint32 end;   /* byte after the last (for strings: the closing quote) */
  guint32 next;  /* index of the token after this one and all its children */
  guint32 count; /* array: elements, object: members */
} CslJsonToken;

typedef struct
{
  gsize max_bytes;
  guint max_depth;
  guint max_string;
  guint max_nodes;
} CslJsonLimits;

/* depth 32, 1 MiB, 1 MiB per string (long notes), 100,000 nodes */
extern const CslJsonLimits csl_json_limits_line;
/* depth 32, 16 MiB: what somebody typed without saving it, as long as it may be, and once more escaped */
extern const CslJsonLimits csl_json_limits_draft;
/* depth 32, 64 KiB, for requests of unknown people */
extern const CslJsonLimits csl_json_limits_request;

/* A scanned text. Reusable: scanning again keeps the token memory. Does not own the text. */
typedef struct
{
  const char *text; /* (unowned) */
  gsize length;
  GArray *tokens; /* (owned) of CslJsonToken */
} CslJson;

void csl_json_init (CslJson *json);
void csl_json_clear (CslJson *json);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CslJson, csl_json_clear)

bool csl_json_scan (CslJson *json,
                    const char *text,
                    gsize length,
                    const CslJsonLimits *limits,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

static inline const CslJsonToken *
csl_json_token (const CslJson *json, guint index)
{
  return &g_array_index (json->tokens, CslJsonToken, index);
}

/* Index of the value of member @name of the object at @object, or 0 when absent (0 is always
 * the root, so it can never be a member). */
guint csl_json_member (const CslJson *json, guint object, const char *name);
bool csl_json_equals (const CslJson *json, guint string, const char *text);
/* Decoded text of a string token (caller frees), or NULL when the token is not a string. */
char *csl_json_dup_string (const CslJson *json, guint index) G_GNUC_WARN_UNUSED_RESULT;
/* FALSE when not an integer within int64. */
bool csl_json_get_int (const CslJson *json, guint index, gint64 *ret_value);
/* Verbatim source of a value (strings with their quotes). */
char *csl_json_dup_source (const CslJson *json, guint index) G_GNUC_WARN_UNUSED_RESULT;

/* Convenience over an object: NULL / @fallback when absent or of another kind. */
char *csl_json_member_dup_string (const CslJson *json, guint object, const char *name)
  G_GNUC_WARN_UNUSED_RESULT;
gint64 csl_json_member_int (const CslJson *json,
                            guint object,
                            const char *name,
                            gint64 fallback);

/* Guard, then json-glib: for definition files and small messages. */
JsonNode *csl_json_parse_guarded (const char *text,
                                  gsize length,
                                  const CslJsonLimits *limits,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
