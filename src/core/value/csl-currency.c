/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-currency.c: the few currencies that do not have a hundred parts. */
#include "core/value/csl-currency.h"

#include <string.h>

guint
csl_currency_get_digits (const char *currency)
{
  static const char none[] =
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
  static const char three[] = "BHD IQD JOD KWD LYD OMR TND";
  static const char four[] = "CLF UYW";

  if (strlen (currency) != 3)
    return 2;
  return strstr (none, currency) != NULL    ? 0
         : strstr (three, currency) != NULL ? 3
         : strstr (four, currency) != NULL  ? 4
                                            : 2;
}
