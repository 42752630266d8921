/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-value.c: one value of one field. Setters release what was there before. */
#include "core/value/csl-value.h"

#include <string.h>

void
csl_value_clear (CslValue *value)
{
  g_free (value->text);
  *value = (CslValue) CSL_VALUE_INIT;
}

void
csl_value_set_bool (CslValue *value, bool truth)
{
  csl_value_clear (value);
  value->type = CSL_VALUE_BOOL;
  value->number = truth;
}

void
csl_value_set_int (CslValue *value, gint64 number)
{
  csl_value_clear (value);
  value->type = CSL_VALUE_INT;
  value->number = number;
}

void
csl_value_set_text (CslValue *value, const char *text)
{
  csl_value_take_text (value, g_strdup (text));
}

static void
take (CslValue *value, CslValueType type, char *text)
{
  csl_value_clear (value);
  value->type = type;
  value->text = text;
}

/**
 * csl_value_take_text:
 * @text: (transfer full) (nullable): "" and %NULL make the value NULL
 */
void
csl_value_take_text (CslValue *value, char *text)
{
  if (text != NULL && *text != '\0') {
    take (value, CSL_VALUE_TEXT, text);
    return;
  }
  csl_value_clear (value);
  g_free (text);
}

/**
 * csl_value_take_json:
 * @canonical: (transfer full) (nullable): canonical JSON; "[]", "{}" and %NULL make the value NULL
 */
void
csl_value_take_json (CslValue *value, char *canonical)
{
  if (canonical != NULL && strcmp (canonical, "[]") != 0 &&
      strcmp (canonical, "{}") != 0) {
    take (value, CSL_VALUE_JSON, canonical);
    return;
  }
  csl_value_clear (value);
  g_free (canonical);
}

/**
 * csl_value_set_money:
 * @minor_units: pence, cents, …
 * @currency: ISO 4217 code of three letters
 */
void
csl_value_set_money (CslValue *value, gint64 minor_units, const char *currency)
{
  char code[sizeof value->currency];

  g_strlcpy (code, currency, sizeof code);
  csl_value_clear (value);
  value->type = CSL_VALUE_MONEY;
  value->number = minor_units;
  memcpy (value->currency, code, sizeof code);
}

void
csl_value_copy (CslValue *to, const CslValue *from)
{
  if (to == from)
    return;
  char *text = g_strdup (from->text);
  csl_value_clear (to);
  *to = *from;
  to->text = text;
}

void
csl_value_move (CslValue *to, CslValue *from)
{
  if (to == from)
    return;
  csl_value_clear (to);
  *to = *from;
  *from = (CslValue) CSL_VALUE_INIT;
}

bool
csl_value_equal (const CslValue *a, const CslValue *b)
{
  return a->type == b->type && a->number == b->number &&
         strcmp (a->currency, b->currency) == 0 && g_strcmp0 (a->text, b->text) == 0;
}

const char *
csl_value_get_text (const CslValue *value)
{
  return value->type == CSL_VALUE_TEXT || value->type == CSL_VALUE_JSON ? value->text
                                                                        : NULL;
}
