/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The environment table: the only way clock and randomness reach the core.
 *
 * The programs pass the real one (csl_env_system() of src/store); the simulated tests pass a
 * seeded one. Nothing under src/core calls a clock or a random source of its own.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gint64 (*wall_ms) (gpointer data); /* ms since 1970 UTC; may be wrong and may jump */
  gint64 (*mono_ms) (gpointer data); /* ms since some start; never goes back */
  void (*random) (gpointer data, guint8 *buffer, gsize length);
  gpointer data;
} CslEnv;

static inline gint64
csl_env_wall_ms (const CslEnv *env)
{
  return env->wall_ms (env->data);
}

static inline gint64
csl_env_mono_ms (const CslEnv *env)
{
  return env->mono_ms (env->data);
}

static inline void
csl_env_random (const CslEnv *env, guint8 *buffer, gsize length)
{
  env->random (env->data, buffer, length);
}

G_END_DECLS
