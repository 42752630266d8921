/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-attempts.c: counting wrong PINs. The file is one line: how many, and when the last one was. */
#include "client/app/csl-attempts.h"

#include <glib/gstdio.h>
#include <stdio.h>

#define FIRST_WAIT_MS (5 * 1000)
#define MOST_WAIT_MS  (15 * 60 * 1000)

typedef struct
{
  guint count;
  gint64 last_ms;
} Attempts;

/* A file that cannot be read is none: it protects nothing that the key does not protect better. */
static Attempts
read_attempts (const char *path)
{
  Attempts found = { 0 };
  g_autofree char *text = NULL;

  if (g_file_get_contents (path, &text, NULL, NULL) &&
      sscanf (text, "%u %" G_GINT64_MODIFIER "d", &found.count, &found.last_ms) != 2)
    found = (Attempts){ 0 };
  return found;
}

static bool
write_attempts (const char *path, const Attempts *attempts)
{
  g_autofree char *text =
    g_strdup_printf ("%u %" G_GINT64_FORMAT "\n", attempts->count, attempts->last_ms);

  return g_file_set_contents_full (path, text, -1,
                                   G_FILE_SET_CONTENTS_CONSISTENT |
                                     G_FILE_SET_CONTENTS_DURABLE,
                                   0600, NULL);
}

gint64
csl_attempts_get_wait_ms (const char *path, gint64 now_ms)
{
  Attempts attempts = read_attempts (path);
  gint64 wait;

  if (attempts.count < CSL_ATTEMPTS_FREE)
    return 0;
  wait = (gint64) FIRST_WAIT_MS << MIN (attempts.count - CSL_ATTEMPTS_FREE, 16);
  wait = MIN (wait, MOST_WAIT_MS);
  /* The clock was turned back: the wait begins again, and now with a time that passes. */
  if (now_ms < attempts.last_ms) {
    attempts.last_ms = now_ms;
    if (!write_attempts (path, &attempts))
      g_debug ("the time of the last try was not noted");
  }
  return MAX (0, attempts.last_ms + wait - now_ms);
}

bool
csl_attempts_add (const char *path, gint64 now_ms)
{
  Attempts attempts = read_attempts (path);

  attempts.count++;
  attempts.last_ms = now_ms;
  return write_attempts (path, &attempts);
}

void
csl_attempts_clear (const char *path)
{
  g_unlink (path);
}
