/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing JSON: escaped strings, canonical form (members sorted by bytes, no white space). */
#pragma once

#include "core/base/csl-json-scan.h"

G_BEGIN_DECLS

/* Appends "text" with quotes; only what RFC 8259 demands is escaped (RFC 8785 rules). */
void csl_json_write_string (GString *out, const char *text);
/* Appends "name": (with a comma first unless @out ends in '{' or '['). */
void csl_json_write_name (GString *out, const char *name);
void csl_json_write_member_string (GString *out, const char *name, const char *text);
void csl_json_write_member_int (GString *out, const char *name, gint64 number);
/* Appends the canonical form (RFC 8785 for strings, integers and structure) of a token. */
void csl_json_write_canonical (GString *out, const CslJson *json, guint index);

G_END_DECLS
