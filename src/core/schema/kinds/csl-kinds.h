/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every field kind, and the few helpers their files share. Internal to core/schema. */
#pragma once

#include "core/schema/csl-enum.h"
#include "core/schema/csl-field.h"

G_BEGIN_DECLS

extern const CslFieldKind csl_kind_text;
extern const CslFieldKind csl_kind_long_text;
extern const CslFieldKind csl_kind_integer;
extern const CslFieldKind csl_kind_money;
extern const CslFieldKind csl_kind_decimal;
extern const CslFieldKind csl_kind_boolean;
extern const CslFieldKind csl_kind_date;
extern const CslFieldKind csl_kind_instant;
extern const CslFieldKind csl_kind_duration;
extern const CslFieldKind csl_kind_enum;
extern const CslFieldKind csl_kind_reference;
extern const CslFieldKind csl_kind_enum_set;
extern const CslFieldKind csl_kind_object_list;
extern const CslFieldKind csl_kind_email;
extern const CslFieldKind csl_kind_phone;
extern const CslFieldKind csl_kind_address;
extern const CslFieldKind csl_kind_signature;
extern const CslFieldKind csl_kind_file;

/* The field's label in the user's language. */
const char *csl_kind_label (const CslField *field);
/* Copy without white space at both ends, bytes that are not UTF-8 replaced; NULL when nothing is
 * left. */
char *csl_kind_dup_trimmed (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* Values that are one text. */
bool csl_kind_text_parse (const CslField *field,
                          const char *text,
                          CslValue *ret_value,
                          CslProblems *problems);
char *csl_kind_text_format (const CslField *field, const CslValue *value);
bool csl_kind_text_from_json (const CslField *field,
                              const CslJson *json,
                              guint index,
                              CslValue *ret_value);
void csl_kind_text_to_json (const CslField *field, const CslValue *value, GString *out);
void csl_kind_text_sql_check (const CslField *field, const char *column, GString *out);
int csl_kind_text_compare (const CslValue *a, const CslValue *b);
/* By bytes: dates, ids, JSON. */
int csl_kind_bytes_compare (const CslValue *a, const CslValue *b);
/* What most kinds of text have in common: everything but validate. */
#define CSL_KIND_TEXT_FUNCTIONS                                                          \
  .parse = csl_kind_text_parse, .format = csl_kind_text_format,                          \
  .from_json = csl_kind_text_from_json, .to_json = csl_kind_text_to_json,                \
  .sql_check = csl_kind_text_sql_check, .compare = csl_kind_text_compare
/* A text of exactly @length bytes, CSL_KIND_MAX_CODE at most, that @is_valid accepts. */
#define CSL_KIND_MAX_CODE 36
bool csl_kind_code_from_json (const CslJsonToken *token,
                              const char *text,
                              gsize length,
                              bool (*is_valid) (const char *),
                              CslValue *ret_value);
/* Length in characters and, unless @lines, no control characters. */
void csl_kind_text_check (const CslField *field,
                          const CslValue *value,
                          guint default_length,
                          bool lines,
                          CslProblems *problems);

/* A value of a reference list by its stored value or its label; NULL: there is none. */
const CslEnumValue *csl_kind_find_option (const CslEnum *options, const char *word);
void csl_kind_add_unknown (const CslField *field,
                           const char *text,
                           CslProblems *problems);

/* Values that are one number. */
void csl_kind_number_to_json (const CslField *field, const CslValue *value, GString *out);
bool csl_kind_number_from_json (const CslField *field,
                                const CslJson *json,
                                guint index,
                                CslValue *ret_value);
int csl_kind_number_compare (const CslValue *a, const CslValue *b);
/* SQL for @minimum ≤ column ≤ @maximum; the extremes of int64 mean no limit. */
void csl_kind_range_sql_check (const char *column,
                               gint64 minimum,
                               gint64 maximum,
                               GString *out);
/* "1234.50" with @digits after the point; a comma or nothing before groups of three. */
bool csl_kind_parse_fixed (const char *text, guint digits, gint64 *ret_number);
char *csl_kind_format_fixed (gint64 number, guint digits);

/* Values that are canonical JSON: typed as JSON, checked by the kind's own from_json. */
bool csl_kind_json_parse (const CslField *field,
                          const char *text,
                          CslValue *ret_value,
                          CslProblems *problems);
char *csl_kind_json_format (const CslField *field, const CslValue *value);
void csl_kind_json_to_json (const CslField *field, const CslValue *value, GString *out);
void csl_kind_json_validate (const CslField *field,
                             const CslValue *value,
                             CslProblems *problems);
void csl_kind_json_sql_check (const CslField *field, const char *column, GString *out);

G_END_DECLS
