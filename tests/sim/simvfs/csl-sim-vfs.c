/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-vfs.c: the operations SQLite asks of an operating system.
 *
 * The only file outside src/store that sees SQLite: it is the thing under test's disk, and it must sit below the layer
 * that encrypts. Handles of a program that was killed stay open until the test closes them, and do nothing.
 */
#include "sim/simvfs/csl-sim-vfs.h"

#include "sim/simvfs/csl-sim-disk.h"

#include <sqlite3.h>
#include <string.h>

#define VFS_NAME "csl-sim"

typedef struct
{
  sqlite3_file base;
  CslSimDisk *disk; /* (unowned) */
  CslSimNode *node; /* (owned) */
  guint generation;
  int level; /* of the lock on the file */
  guint16 shm_shared, shm_exclusive;
} File;

static guint64 vfs_random;

/* -- reading and writing -- */

static int
refusal (const File *file, CslSimDiskAct act, bool grows, int code)
{
  switch (csl_sim_disk_allow (file->disk, file->generation, act, grows)) {
  case CSL_SIM_DISK_ERROR:
    return code;
  case CSL_SIM_DISK_FULL:
    return SQLITE_FULL;
  case CSL_SIM_DISK_OK:
  default:
    return SQLITE_OK;
  }
}

static bool
is_stale (const File *file)
{
  return file->generation != csl_sim_disk_get_generation (file->disk);
}

static int
file_read (sqlite3_file *base, void *buffer, int length, sqlite3_int64 offset)
{
  File *file = (File *) base;
  gint64 size = file->node->now.size;
  int code = refusal (file, CSL_SIM_DISK_READ, false, SQLITE_IOERR_READ);

  if (code != SQLITE_OK)
    return code;
  csl_sim_content_read (&file->node->now, offset, buffer, (gsize) length);
  if (offset + length <= size)
    return SQLITE_OK;
  if (offset < size)
    memset ((char *) buffer + (size - offset), 0, (gsize) (length - (size - offset)));
  else
    memset (buffer, 0, (gsize) length);
  return SQLITE_IOERR_SHORT_READ;
}

static int
file_write (sqlite3_file *base, const void *bytes, int length, sqlite3_int64 offset)
{
  File *file = (File *) base;
  bool grows = offset + length > file->node->now.size;
  int code = refusal (file, CSL_SIM_DISK_WRITE, grows, SQLITE_IOERR_WRITE);

  if (code == SQLITE_OK)
    csl_sim_node_write (file->node, offset, bytes, (gsize) length);
  return code;
}

static int
file_truncate (sqlite3_file *base, sqlite3_int64 size)
{
  File *file = (File *) base;
  int code = refusal (file, CSL_SIM_DISK_WRITE, false, SQLITE_IOERR_TRUNCATE);

  if (code == SQLITE_OK && size < file->node->now.size)
    csl_sim_node_truncate (file->node, size);
  return code;
}

static int
file_sync (sqlite3_file *base, int flags)
{
  File *file = (File *) base;
  int code = refusal (file, CSL_SIM_DISK_SYNC, false, SQLITE_IOERR_FSYNC);

  if (is_stale (file) || csl_sim_disk_is_dead (file->disk))
    return code;
  csl_sim_node_sync (file->node, code != SQLITE_OK);
  if (code == SQLITE_OK && file->node->sync_folder) {
    csl_sim_disk_sync_folder (file->disk);
    file->node->sync_folder = false;
  }
  return code;
}

static int
file_size (sqlite3_file *base, sqlite3_int64 *ret_size)
{
  *ret_size = ((File *) base)->node->now.size;
  return SQLITE_OK;
}

/* -- locks on the file -- */

static int
highest_other (const File *file)
{
  int highest = SQLITE_LOCK_NONE;

  for (guint i = 0; i < file->node->opened->len; i++) {
    const File *other = file->node->opened->pdata[i];

    if (other != file)
      highest = MAX (highest, other->level);
  }
  return highest;
}

static int
file_lock (sqlite3_file *base, int level)
{
  File *file = (File *) base;
  int other = highest_other (file);

  if (is_stale (file) || csl_sim_disk_is_dead (file->disk))
    return SQLITE_IOERR_LOCK;
  if (file->level >= level)
    return SQLITE_OK;
  if ((level == SQLITE_LOCK_SHARED && other >= SQLITE_LOCK_PENDING) ||
      (level == SQLITE_LOCK_RESERVED && other >= SQLITE_LOCK_RESERVED) ||
      (level == SQLITE_LOCK_EXCLUSIVE && other > SQLITE_LOCK_NONE))
    return SQLITE_BUSY;
  file->level = level;
  return SQLITE_OK;
}

static int
file_unlock (sqlite3_file *base, int level)
{
  File *file = (File *) base;

  file->level = MIN (file->level, level);
  return SQLITE_OK;
}

static int
file_check_reserved (sqlite3_file *base, int *ret_reserved)
{
  *ret_reserved = highest_other ((File *) base) >= SQLITE_LOCK_RESERVED;
  return SQLITE_OK;
}

/* -- memory shared by the connections of a WAL -- */

static int
file_shm_map (sqlite3_file *base, int number, int size, int extend, void volatile **ret)
{
  GPtrArray *shm = ((File *) base)->node->shm;

  *ret = NULL;
  if (is_stale ((File *) base))
    return SQLITE_IOERR_SHMMAP;
  if (!extend && (guint) number >= shm->len)
    return SQLITE_OK;
  while ((guint) number >= shm->len)
    g_ptr_array_add (shm, g_malloc0 ((gsize) size));
  *ret = shm->pdata[number];
  return SQLITE_OK;
}

static bool
may_lock_shm (const File *file, int slot, bool exclusive)
{
  const CslSimNode *node = file->node;
  guint own = (file->shm_shared >> slot) & 1;

  if (node->shm_exclusive[slot])
    return false;
  return !exclusive || node->shm_shared[slot] == own;
}

static void
unlock_shm (File *file, int slot)
{
  guint16 bit = (guint16) (1 << slot);

  if ((file->shm_shared & bit) != 0 && file->node->shm_shared[slot] > 0)
    file->node->shm_shared[slot]--;
  if ((file->shm_exclusive & bit) != 0)
    file->node->shm_exclusive[slot] = false;
  file->shm_shared &= (guint16) ~bit;
  file->shm_exclusive &= (guint16) ~bit;
}

static void
lock_shm (File *file, int slot, bool exclusive)
{
  guint16 bit = (guint16) (1 << slot);

  if (exclusive) {
    file->shm_exclusive |= bit;
    file->node->shm_exclusive[slot] = true;
  } else if ((file->shm_shared & bit) == 0) {
    file->shm_shared |= bit;
    file->node->shm_shared[slot]++;
  }
}

static int
file_shm_lock (sqlite3_file *base, int offset, int n, int flags)
{
  File *file = (File *) base;
  bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;

  if (is_stale (file) || csl_sim_disk_is_dead (file->disk))
    return (flags & SQLITE_SHM_UNLOCK) != 0 ? SQLITE_OK : SQLITE_IOERR_SHMLOCK;
  for (int slot = offset; slot < offset + n; slot++)
    if ((flags & SQLITE_SHM_UNLOCK) != 0)
      unlock_shm (file, slot);
    else if (!may_lock_shm (file, slot, exclusive))
      return SQLITE_BUSY;
  for (int slot = offset; slot < offset + n && (flags & SQLITE_SHM_LOCK) != 0; slot++)
    lock_shm (file, slot, exclusive);
  return SQLITE_OK;
}

static void
file_shm_barrier (sqlite3_file *base)
{
}

static int
file_shm_unmap (sqlite3_file *base, int remove)
{
  File *file = (File *) base;

  if (is_stale (file))
    return SQLITE_OK;
  for (int slot = 0; slot < CSL_SIM_SHM_LOCKS; slot++)
    unlock_shm (file, slot);
  if (remove)
    g_ptr_array_set_size (file->node->shm, 0);
  return SQLITE_OK;
}

/* -- the rest of a file -- */

static int
file_close (sqlite3_file *base)
{
  File *file = (File *) base;

  g_ptr_array_remove (file->node->opened, file);
  csl_sim_node_unref (file->node);
  return SQLITE_OK;
}

static int
file_control (sqlite3_file *base, int op, void *argument)
{
  return SQLITE_NOTFOUND;
}

static int
file_sector_size (sqlite3_file *base)
{
  return 512;
}

/* Like a disk that promises nothing. */
static int
file_characteristics (sqlite3_file *base)
{
  return 0;
}

static const sqlite3_io_methods file_methods = {
  .iVersion = 2,
  .xClose = file_close,
  .xRead = file_read,
  .xWrite = file_write,
  .xTruncate = file_truncate,
  .xSync = file_sync,
  .xFileSize = file_size,
  .xLock = file_lock,
  .xUnlock = file_unlock,
  .xCheckReservedLock = file_check_reserved,
  .xFileControl = file_control,
  .xSectorSize = file_sector_size,
  .xDeviceCharacteristics = file_characteristics,
  .xShmMap = file_shm_map,
  .xShmLock = file_shm_lock,
  .xShmBarrier = file_shm_barrier,
  .xShmUnmap = file_shm_unmap,
};

/* -- the file system -- */

static int
vfs_open (sqlite3_vfs *vfs,
          const char *path,
          sqlite3_file *base,
          int flags,
          int *ret_flags)
{
  File *file = (File *) base;
  const char *name = NULL;
  CslSimDisk *disk = path != NULL ? csl_sim_disk_find (path, &name) : NULL;
  bool create = (flags & SQLITE_OPEN_CREATE) != 0;

  memset (file, 0, sizeof *file);
  if (disk == NULL || csl_sim_disk_is_dead (disk))
    return SQLITE_CANTOPEN;
  file->disk = disk;
  file->generation = csl_sim_disk_get_generation (disk);
  if (create && !csl_sim_disk_exists (disk, name)) {
    int code = refusal (file, CSL_SIM_DISK_FOLDER, true, SQLITE_CANTOPEN);

    if (code != SQLITE_OK)
      return code;
  }
  file->node = csl_sim_disk_open (disk, name, create);
  if (file->node == NULL)
    return SQLITE_CANTOPEN;
  base->pMethods = &file_methods;
  g_ptr_array_add (file->node->opened, file);
  if (ret_flags != NULL)
    *ret_flags = flags;
  return SQLITE_OK;
}

static int
vfs_delete (sqlite3_vfs *vfs, const char *path, int sync_folder)
{
  const char *name = NULL;
  CslSimDisk *disk = csl_sim_disk_find (path, &name);

  if (disk == NULL || csl_sim_disk_allow (disk, csl_sim_disk_get_generation (disk),
                                          CSL_SIM_DISK_FOLDER, false) != CSL_SIM_DISK_OK)
    return SQLITE_IOERR_DELETE;
  if (!csl_sim_disk_exists (disk, name))
    return SQLITE_IOERR_DELETE_NOENT;
  csl_sim_disk_remove (disk, name);
  if (sync_folder != 0)
    csl_sim_disk_sync_folder (disk);
  return SQLITE_OK;
}

static int
vfs_access (sqlite3_vfs *vfs, const char *path, int flags, int *ret_result)
{
  const char *name = NULL;
  CslSimDisk *disk = csl_sim_disk_find (path, &name);

  *ret_result = disk != NULL && csl_sim_disk_exists (disk, name) &&
                (flags != SQLITE_ACCESS_EXISTS || csl_sim_disk_get_size (disk, name) > 0);
  return SQLITE_OK;
}

static int
vfs_full_pathname (sqlite3_vfs *vfs, const char *path, int size, char *ret_path)
{
  return g_strlcpy (ret_path, path, (gsize) size) < (gsize) size ? SQLITE_OK
                                                                 : SQLITE_CANTOPEN;
}

static int
vfs_randomness (sqlite3_vfs *vfs, int length, char *buffer)
{
  for (int i = 0; i < length; i++) {
    vfs_random = vfs_random * 6364136223846793005u + 1442695040888963407u;
    buffer[i] = (char) (vfs_random >> 56);
  }
  return length;
}

static int
vfs_sleep (sqlite3_vfs *vfs, int microseconds)
{
  return microseconds;
}

/* 2026-01-01, always. */
static int
vfs_current_time_int64 (sqlite3_vfs *vfs, sqlite3_int64 *ret_ms)
{
  *ret_ms = G_GINT64_CONSTANT (212633510400000);
  return SQLITE_OK;
}

static int
vfs_current_time (sqlite3_vfs *vfs, double *ret_days)
{
  sqlite3_int64 ms;

  vfs_current_time_int64 (vfs, &ms);
  *ret_days = (double) ms / 86400000.0;
  return SQLITE_OK;
}

static int
vfs_last_error (sqlite3_vfs *vfs, int size, char *buffer)
{
  return 0;
}

void
csl_sim_vfs_install (void)
{
  static sqlite3_vfs vfs = {
    .iVersion = 2,
    .szOsFile = sizeof (File),
    .mxPathname = 512,
    .zName = VFS_NAME,
    .xOpen = vfs_open,
    .xDelete = vfs_delete,
    .xAccess = vfs_access,
    .xFullPathname = vfs_full_pathname,
    .xRandomness = vfs_randomness,
    .xSleep = vfs_sleep,
    .xCurrentTime = vfs_current_time,
    .xGetLastError = vfs_last_error,
    .xCurrentTimeInt64 = vfs_current_time_int64,
  };
  static gsize done = 0;

  if (!g_once_init_enter (&done))
    return;
  g_assert_cmpint (sqlite3_initialize (), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_vfs_register (&vfs, 0), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3mc_vfs_create (VFS_NAME, 1), ==, SQLITE_OK);
  g_once_init_leave (&done, 1);
}

void
csl_sim_vfs_reseed (guint64 seed)
{
  vfs_random = seed;
  sqlite3_randomness (0, NULL);
}
