/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-kind-money.c: an amount in minor units with its currency (ISO 4217).
 *
 * The field's unit may name the currency people mean when they type none; else it is the pound.
 */
#include "config.h"

#include "core/schema/kinds/csl-kinds.h"
#include "core/value/csl-currency.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const struct
{
  const char *sign, *currency;
} signs[] = {
  { "£", "GBP" },
  { "€", "EUR" },
  { "$", "USD" },
};

static bool
is_currency (const char *text)
{
  return g_ascii_isupper (text[0]) && g_ascii_isupper (text[1]) &&
         g_ascii_isupper (text[2]) && text[3] == '\0';
}

static const char *
default_currency (const CslField *field)
{
  return field->unit != NULL && strlen (field->unit) == 3 && is_currency (field->unit)
           ? field->unit
           : "GBP";
}

/* Takes a sign or a code off either end of @text; the code is put into @currency. */
static char *
take_currency (char *text, char currency[4])
{
  gsize length = strlen (text);

  for (guint i = 0; i < G_N_ELEMENTS (signs); i++) {
    if (g_str_has_prefix (text, signs[i].sign)) {
      g_strlcpy (currency, signs[i].currency, 4);
      return g_strstrip (text + strlen (signs[i].sign));
    }
  }
  if (length > 3 && is_currency (text + length - 3)) {
    memcpy (currency, text + length - 3, 4);
    text[length - 3] = '\0';
  } else if (length > 3 && g_ascii_isupper (text[0]) && g_ascii_isupper (text[1]) &&
             g_ascii_isupper (text[2])) {
    memcpy (currency, text, 3);
    currency[3] = '\0';
    text += 3;
  }
  return g_strstrip (text);
}

static bool
parse (const CslField *field,
       const char *text,
       CslValue *ret_value,
       CslProblems *problems)
{
  g_autofree char *trimmed = csl_kind_dup_trimmed (text);
  char currency[4];
  gint64 number;

  if (trimmed == NULL) {
    csl_value_clear (ret_value);
    return true;
  }
  g_strlcpy (currency, default_currency (field), sizeof currency);
  char *amount = trimmed;
  bool negative = *amount == '-' && !g_ascii_isdigit (amount[1]);
  amount = take_currency (amount + negative, currency);
  if (!csl_kind_parse_fixed (amount, csl_currency_get_digits (currency), &number) ||
      (negative && number < 0)) {
    csl_problems_add (problems, field->name, "form",
                      _ ("%s: write an amount, such as 12.50."), csl_kind_label (field));
    return false;
  }
  csl_value_set_money (ret_value, negative ? -number : number, currency);
  return true;
}

static char *
format (const CslField *field, const CslValue *value)
{
  if (csl_value_is_null (value))
    return g_strdup ("");
  g_autofree char *amount =
    csl_kind_format_fixed (value->number, csl_currency_get_digits (value->currency));
  if (strcmp (value->currency, default_currency (field)) == 0)
    return g_steal_pointer (&amount);
  return g_strconcat (amount, " ", value->currency, NULL);
}

static void
validate (const CslField *field, const CslValue *value, CslProblems *problems)
{
  guint digits = csl_currency_get_digits (value->currency);

  if (value->number < field->min) {
    g_autofree char *limit = csl_kind_format_fixed (field->min, digits);
    csl_problems_add (problems, field->name, "range",
                      _ ("%s: the amount must be %s or more."), csl_kind_label (field),
                      limit);
  }
  if (value->number > field->max) {
    g_autofree char *limit = csl_kind_format_fixed (field->max, digits);
    csl_problems_add (problems, field->name, "range",
                      _ ("%s: the amount must be %s or less."), csl_kind_label (field),
                      limit);
  }
}

static bool
from_json (const CslField *field, const CslJson *json, guint index, CslValue *ret_value)
{
  guint amount = csl_json_member (json, index, "amount");
  guint code = csl_json_member (json, index, "currency");
  gint64 number;

  if (csl_json_token (json, index)->count != 2 || amount == 0 || code == 0 ||
      !csl_json_get_int (json, amount, &number))
    return false;
  g_autofree char *currency = csl_json_dup_string (json, code);
  if (currency == NULL || strlen (currency) != 3 || !is_currency (currency))
    return false;
  csl_value_set_money (ret_value, number, currency);
  return true;
}

static void
to_json (const CslField *field, const CslValue *value, GString *out)
{
  g_string_append_printf (out, "{\"amount\":%" G_GINT64_FORMAT ",\"currency\":\"%s\"}",
                          value->number, value->currency);
}

/* The column is the one of the amount. */
static void
sql_check (const CslField *field, const char *column, GString *out)
{
  csl_kind_range_sql_check (column, field->min, field->max, out);
}

static int
compare (const CslValue *a, const CslValue *b)
{
  int order = strcmp (a->currency, b->currency);

  return order != 0 ? order : csl_kind_number_compare (a, b);
}

const CslFieldKind csl_kind_money = {
  .name = "money",
  .value_type = CSL_VALUE_MONEY,
  .flags = CSL_KIND_SORTABLE,
  .parse = parse,
  .format = format,
  .validate = validate,
  .from_json = from_json,
  .to_json = to_json,
  .sql_check = sql_check,
  .compare = compare,
};
