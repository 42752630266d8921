/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Record content to and from its wire form, and the record hash. */
#pragma once

#include "core/schema/csl-record.h"

G_BEGIN_DECLS

/* Reads the object at @index ("d") into @record (reset first by the caller): known members by their kind,
 * unknown members verbatim into record->rest. CSL_WIRE_ERROR_VALUE with "note.content: expected a string". */
bool csl_wire_record_read (CslRecord *record,
                           const CslJson *json,
                           guint index,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Appends the canonical object: members sorted by bytes, NULL values left out, rest merged in. */
void csl_wire_record_write (const CslRecord *record, GString *out);

/* h(record): first 8 bytes (big-endian) of SHA-256 over
 *   lp(type) lp(id) u64be(rev) then per present member in byte order of names: lp(name) tag lp(bytes)
 * lp = u32be length + bytes; tag is one of s (string: decoded text), n (integer: decimal text),
 * b (boolean: "true"/"false"), j (object or array: canonical JSON text). Tags follow from the JSON alone, so
 * members unknown to one side hash alike on both. */
guint64 csl_wire_record_hash (const CslRecord *record);

/* Unknown members an operation sets, laid over those a record has (canonical objects or NULL); null removes. */
char *csl_wire_rest_overlay (const char *rest, const char *set) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
