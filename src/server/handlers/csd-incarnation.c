/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-incarnation.c: "<inc>" is a replica's own row of numbers, "<inc>:f" that of the files it was saved into. */
#include "config.h"

#include "server/handlers/csd-incarnation.h"

#include <string.h>

#define SUFFIX ":f"

static gsize
own_length (const char *inc)
{
  return strlen (inc) - (csd_incarnation_is_of_copies (inc) ? strlen (SUFFIX) : 0);
}

void
csd_incarnation_name_copies (const char *inc, char ret_inc[CSD_INCARNATION_SIZE])
{
  const int most = CSD_INCARNATION_SIZE - 1 - (int) strlen (SUFFIX);

  g_snprintf (ret_inc, CSD_INCARNATION_SIZE, "%.*s" SUFFIX, most, inc);
}

bool
csd_incarnation_is_of_copies (const char *inc)
{
  return g_str_has_suffix (inc, SUFFIX);
}

bool
csd_incarnation_is_same_replica (const char *a, const char *b)
{
  const gsize length = own_length (a);

  return length == own_length (b) && strncmp (a, b, length) == 0;
}
