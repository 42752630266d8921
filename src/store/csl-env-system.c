/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real clock and random source. */
#include "config.h"

#include "store/csl-env-system.h"

#include <errno.h>
#include <sys/random.h>

static gint64
system_wall_ms (gpointer data)
{
  return g_get_real_time () / 1000;
}

static gint64
system_mono_ms (gpointer data)
{
  return g_get_monotonic_time () / 1000;
}

static void
system_random (gpointer data, guint8 *buffer, gsize length)
{
  while (length > 0) {
    ssize_t got = getrandom (buffer, length, 0);

    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      g_error ("The system gives no random bytes: %s", g_strerror (errno));
    buffer += got;
    length -= (gsize) got;
  }
}

/**
 * csl_env_system:
 *
 * Returns: the clock and random source of this computer; it may be used from every thread
 */
const CslEnv *
csl_env_system (void)
{
  static const CslEnv env = {
    .wall_ms = system_wall_ms,
    .mono_ms = system_mono_ms,
    .random = system_random,
  };

  return &env;
}
