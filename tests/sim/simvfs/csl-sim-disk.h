/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The disk of one simulated computer: files in memory, what of them is safe, and everything that can go wrong with it.
 *
 *   write     changes the file as programs see it; until the next sync of that file it may be lost
 *   sync      makes the file's bytes safe; the first one of a new journal makes the folder safe too
 *   kill      the program is gone at its n-th operation: from then on nothing it does happens
 *   power     the same, and of what was not safe each write is kept, lost or torn (sectors of 512 bytes);
 *             of the changes to the folder the last ones are lost
 *
 * The names exist as empty files in a real folder as well, because programs look there before they let SQLite open
 * them.
 */
#pragma once

#include "sim/simvfs/csl-sim-content.h"

G_BEGIN_DECLS

#define CSL_SIM_SHM_LOCKS 8

/* Chances in ten thousand, per operation. */
typedef struct
{
  guint read_error, write_error, sync_error;
  bool full; /* nothing may grow */
} CslSimDiskFaults;

typedef struct
{
  guint64 operations, kills, power_cuts, kept, lost, torn, folder_lost, full, read_errors,
    write_errors, sync_errors, flipped;
} CslSimDiskTally;

/* A file, with the locks and the shared memory of those who have it open. */
typedef struct
{
  guint references;
  CslSimContent now, safe;
  GByteArray *log;   /* (owned): writes since the last sync, see csl-sim-disk.c */
  bool sync_folder;  /* at the next sync */
  GPtrArray *opened; /* (owned) of handles (unowned) */
  GPtrArray *shm;    /* (owned) of regions */
  guint shm_shared[CSL_SIM_SHM_LOCKS];
  bool shm_exclusive[CSL_SIM_SHM_LOCKS];
} CslSimNode;

typedef struct _CslSimDisk CslSimDisk;

/* @folder: a real folder, where the names are shown. */
CslSimDisk *csl_sim_disk_new (const char *folder, guint64 seed);
/* The same files, all of them safe, in another folder. */
CslSimDisk *csl_sim_disk_copy (const CslSimDisk *self, const char *folder, guint64 seed);
void csl_sim_disk_free (CslSimDisk *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslSimDisk, csl_sim_disk_free)
void csl_sim_disk_reseed (CslSimDisk *self, guint64 seed);
CslSimDiskFaults *csl_sim_disk_get_faults (CslSimDisk *self);
CslSimDiskTally *csl_sim_disk_get_tally (CslSimDisk *self);

/* The program dies before its @n-th operation from now; 0: it does not. */
void csl_sim_disk_kill_at (CslSimDisk *self, guint64 n);
/* It dies now. */
void csl_sim_disk_kill (CslSimDisk *self);
bool csl_sim_disk_is_dead (const CslSimDisk *self);
/* After the program is gone, and its handles are closed: a new one may come. @power: the current was cut as well. */
void csl_sim_disk_revive (CslSimDisk *self, bool power);
/* Turns one bit of the file @name; again: turns it back. FALSE: there is no such byte. */
bool csl_sim_disk_flip (CslSimDisk *self, const char *name, gint64 offset, guint bit);
/* Size in bytes as programs see it; -1: not there. */
gint64 csl_sim_disk_get_size (CslSimDisk *self, const char *name);
/* What is in the file @name, as programs see it; NULL: not there. */
GBytes *csl_sim_disk_dup_bytes (CslSimDisk *self, const char *name);
/* Replaces @name, and everything that belongs to that database, by what @source has under @source_name. */
void csl_sim_disk_put_database (CslSimDisk *self,
                                const char *name,
                                CslSimDisk *source,
                                const char *source_name);

/* -- for the VFS -- */

/* The disk of this path, and the name on it. NULL: not simulated. */
CslSimDisk *csl_sim_disk_find (const char *path, const char **ret_name);
guint csl_sim_disk_get_generation (const CslSimDisk *self);

typedef enum {
  CSL_SIM_DISK_READ,
  CSL_SIM_DISK_WRITE,
  CSL_SIM_DISK_SYNC,
  CSL_SIM_DISK_FOLDER,
} CslSimDiskAct;

typedef enum {
  CSL_SIM_DISK_OK,
  CSL_SIM_DISK_ERROR, /* of this operation, or the program is dead */
  CSL_SIM_DISK_FULL,
} CslSimDiskResult;

/* May a program of @generation do this now? Counts it. @grows: the file would grow. */
CslSimDiskResult csl_sim_disk_allow (CslSimDisk *self,
                                     guint generation,
                                     CslSimDiskAct act,
                                     bool grows);
/* NULL: not there, and not to be made. The reference is the caller's. */
CslSimNode *csl_sim_disk_open (CslSimDisk *self, const char *name, bool create);
bool csl_sim_disk_exists (CslSimDisk *self, const char *name);
void csl_sim_disk_remove (CslSimDisk *self, const char *name);
void csl_sim_disk_sync_folder (CslSimDisk *self);
void csl_sim_node_write (CslSimNode *node, gint64 offset, gconstpointer bytes, gsize n);
void csl_sim_node_truncate (CslSimNode *node, gint64 size);
/* @lost: the disk says no, and what was written will never be safe although it is still seen. */
void csl_sim_node_sync (CslSimNode *node, bool lost);
void csl_sim_node_unref (CslSimNode *node);

G_END_DECLS
