/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslValue: one value of one field, a small plain struct.
 *
 * Kinds with richer meaning (dates, instants, enums, references, …) keep their canonical text in
 * CSL_VALUE_TEXT; sets, lists of objects, addresses, signatures and files keep canonical JSON in
 * CSL_VALUE_JSON. Empty text and empty sets are NULL: there is one way to be absent.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

typedef enum {
  CSL_VALUE_NULL,
  CSL_VALUE_BOOL,
  CSL_VALUE_INT,
  CSL_VALUE_TEXT,
  CSL_VALUE_MONEY, /* number = minor units, currency = ISO 4217 */
  CSL_VALUE_JSON,
} CslValueType;

typedef struct
{
  CslValueType type;
  char currency[4];
  gint64 number; /* BOOL, INT, MONEY */
  char *text;    /* (owned) (nullable): TEXT, JSON */
} CslValue;

#define CSL_VALUE_INIT                                                                   \
  {                                                                                      \
    CSL_VALUE_NULL, "", 0, NULL                                                          \
  }

void csl_value_clear (CslValue *value);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CslValue, csl_value_clear)

void csl_value_set_bool (CslValue *value, bool truth);
void csl_value_set_int (CslValue *value, gint64 number);
void csl_value_set_text (CslValue *value,
                         const char *text); /* copies; "" and NULL become NULL */
void csl_value_take_text (CslValue *value, char *text); /* takes */
void csl_value_take_json (CslValue *value,
                          char *canonical); /* takes; "[]" and "{}" become NULL */
void csl_value_set_money (CslValue *value, gint64 minor_units, const char *currency);
void csl_value_copy (CslValue *to, const CslValue *from);
void csl_value_move (CslValue *to, CslValue *from); /* @from becomes NULL */
bool csl_value_equal (const CslValue *a, const CslValue *b);
static inline bool
csl_value_is_null (const CslValue *value)
{
  return value->type == CSL_VALUE_NULL;
}
/* Text of a TEXT or JSON value, or NULL. */
const char *csl_value_get_text (const CslValue *value);

G_END_DECLS
