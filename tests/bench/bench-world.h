/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server's folder with one organisation and two caseworkers who share cases full of notes. Made in this process
 * through the administrator's functions, then closed: the measured server is a process of its own.
 */
#pragma once

#include "bench/bench-notes.h"

G_BEGIN_DECLS

#define BENCH_CODE     "riverside"
#define BENCH_PASSWORD "correct horse battery"

typedef struct
{
  char *folder;            /* (owned): of the server's data */
  const CslSchema *schema; /* (unowned) */
  char organisation[40], centre[40];
  char amina[40], maria[40]; /* users "amina" and "maria" */
  GPtrArray *cases;          /* (owned) of char* */
  GPtrArray *clients;        /* (owned) of char*: of the case at the same place */
} BenchWorld;

/* Makes @folder/server. @n_notes in turn over @n_cases cases, so that each case has notes of all times. */
void bench_world_init (BenchWorld *self,
                       BenchNotes *notes,
                       const CslSchema *schema,
                       const char *folder,
                       guint n_cases,
                       guint n_notes);
void bench_world_clear (BenchWorld *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BenchWorld, bench_world_clear)

G_END_DECLS
