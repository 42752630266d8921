/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-id.c: UUIDv7 (RFC 9562, 5.7): 48 bits of milliseconds, then 74 random bits.
 *
 * Ids made in the same millisecond have no order among themselves; nothing relies on one.
 */
#include "core/base/csl-id.h"

#include <string.h>

static const char hex_digits[] = "0123456789abcdef";

static bool
is_dash_position (int position)
{
  return position == 8 || position == 13 || position == 18 || position == 23;
}

/**
 * csl_id_new:
 * @env: clock and randomness
 *
 * Makes a new id. A clock before 1970 counts as 1970.
 *
 * Returns: the id, by value
 */
CslId
csl_id_new (const CslEnv *env)
{
  guint8 bytes[16];
  CslId id;
  int at = 0;

  csl_env_random (env, bytes, sizeof bytes);
  guint64 ms = (guint64) MAX (csl_env_wall_ms (env), 0);
  for (int i = 0; i < 6; i++)
    bytes[i] = (guint8) (ms >> (40 - 8 * i));
  bytes[6] = (guint8) (0x70 | (bytes[6] & 0x0f));
  bytes[8] = (guint8) (0x80 | (bytes[8] & 0x3f));

  for (int i = 0; i < 16; i++) {
    if (is_dash_position (at))
      id.text[at++] = '-';
    id.text[at++] = hex_digits[bytes[i] >> 4];
    id.text[at++] = hex_digits[bytes[i] & 0x0f];
  }
  id.text[at] = '\0';
  return id;
}

/**
 * csl_id_is_valid:
 * @text: (nullable): candidate
 *
 * Returns: whether @text is a UUIDv7 in its one accepted form: lower case, with dashes
 */
bool
csl_id_is_valid (const char *text)
{
  if (text == NULL || strnlen (text, CSL_ID_LENGTH + 1) != CSL_ID_LENGTH)
    return false;

  for (int i = 0; i < CSL_ID_LENGTH; i++) {
    bool good = is_dash_position (i)
                  ? text[i] == '-'
                  : g_ascii_isdigit (text[i]) || (text[i] >= 'a' && text[i] <= 'f');
    if (!good)
      return false;
  }
  return text[14] == '7' && strchr ("89ab", text[19]) != NULL;
}
