/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-disk.c: names, unsafe writes, and power cuts. */
#include "sim/simvfs/csl-sim-disk.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define SECTOR     512
#define SHOWN_SIZE 4096

/* In the log: one of these, then the bytes of a write. */
typedef struct
{
  gint64 offset;
  gint64 length; /* -1: cut to @offset */
} LogEntry;

/* A change of the folder that is not safe yet. */
typedef struct
{
  char *name;       /* (owned) */
  CslSimNode *node; /* (owned) (nullable): removed */
} FolderChange;

struct _CslSimDisk
{
  char *folder;      /* (owned) ends with a slash */
  GHashTable *names; /* (owned) name → CslSimNode */
  GHashTable *safe;  /* (owned) the same, after a power cut */
  GArray *changes;   /* (owned) of FolderChange */
  guint64 random;
  guint64 kill_in; /* operations; 0: never */
  guint generation;
  bool dead;
  CslSimDiskFaults faults;
  CslSimDiskTally tally;
};

static GPtrArray *disks; /* of CslSimDisk (unowned) */

/* -- nodes -- */

static CslSimNode *
node_new (void)
{
  CslSimNode *node = g_new0 (CslSimNode, 1);

  node->references = 1;
  csl_sim_content_init (&node->now);
  csl_sim_content_init (&node->safe);
  node->log = g_byte_array_new ();
  node->opened = g_ptr_array_new ();
  node->shm = g_ptr_array_new_with_free_func (g_free);
  return node;
}

static CslSimNode *
node_ref (CslSimNode *node)
{
  node->references++;
  return node;
}

void
csl_sim_node_unref (CslSimNode *node)
{
  if (--node->references > 0)
    return;
  csl_sim_content_clear (&node->now);
  csl_sim_content_clear (&node->safe);
  g_byte_array_unref (node->log);
  g_ptr_array_unref (node->opened);
  g_ptr_array_unref (node->shm);
  g_free (node);
}

static void
node_unref_cb (gpointer data)
{
  if (data != NULL)
    csl_sim_node_unref (data);
}

void
csl_sim_node_write (CslSimNode *node, gint64 offset, gconstpointer bytes, gsize n)
{
  LogEntry entry = { offset, (gint64) n };

  csl_sim_content_write (&node->now, offset, bytes, n);
  g_byte_array_append (node->log, (const guint8 *) &entry, sizeof entry);
  g_byte_array_append (node->log, bytes, (guint) n);
}

void
csl_sim_node_truncate (CslSimNode *node, gint64 size)
{
  LogEntry entry = { size, -1 };

  csl_sim_content_truncate (&node->now, size);
  g_byte_array_append (node->log, (const guint8 *) &entry, sizeof entry);
}

/* The entry at *@at, and behind it its bytes; FALSE at the end. */
static bool
next_entry (const GByteArray *log, gsize *at, LogEntry *entry, const guint8 **bytes)
{
  if (*at >= log->len)
    return false;
  memcpy (entry, log->data + *at, sizeof *entry);
  *bytes = log->data + *at + sizeof *entry;
  *at += sizeof *entry + (gsize) MAX (entry->length, 0);
  return true;
}

void
csl_sim_node_sync (CslSimNode *node, bool lost)
{
  const guint8 *bytes;
  LogEntry entry;
  gsize at = 0;

  while (!lost && next_entry (node->log, &at, &entry, &bytes))
    if (entry.length < 0)
      csl_sim_content_truncate (&node->safe, entry.offset);
    else
      csl_sim_content_write (&node->safe, entry.offset, bytes, (gsize) entry.length);
  g_byte_array_set_size (node->log, 0);
}

/* -- the disk -- */

static CslSimNode *
new_reference (CslSimNode *node)
{
  return node != NULL ? node_ref (node) : NULL;
}

static void
change_clear (gpointer data)
{
  FolderChange *change = data;

  g_free (change->name);
  g_clear_pointer (&change->node, csl_sim_node_unref);
}

static GHashTable *
names_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, node_unref_cb);
}

void
csl_sim_disk_reseed (CslSimDisk *self, guint64 seed)
{
  self->random = seed * 0x9e3779b97f4a7c15u + 0x2545f4914f6cdd1du;
}

CslSimDisk *
csl_sim_disk_new (const char *folder, guint64 seed)
{
  CslSimDisk *self = g_new0 (CslSimDisk, 1);

  self->folder = g_strconcat (folder, "/", NULL);
  self->names = names_new ();
  self->safe = names_new ();
  self->changes = g_array_new (FALSE, FALSE, sizeof (FolderChange));
  g_array_set_clear_func (self->changes, change_clear);
  csl_sim_disk_reseed (self, seed);
  if (disks == NULL)
    disks = g_ptr_array_new ();
  g_ptr_array_add (disks, self);
  return self;
}

/* Programs ask the real folder whether a file is there and long enough. What is being made counts as long enough. */
static void
show (CslSimDisk *self, const char *name, gint64 size)
{
  g_autofree char *path = g_strconcat (self->folder, name, NULL);
  int fd;

  if (size < 0) {
    g_unlink (path);
    return;
  }
  fd = g_open (path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (ftruncate (fd, size > 0 ? SHOWN_SIZE : 0), ==, 0);
  close (fd);
}

CslSimDisk *
csl_sim_disk_copy (const CslSimDisk *self, const char *folder, guint64 seed)
{
  CslSimDisk *copy = csl_sim_disk_new (folder, seed);
  GHashTableIter iter;
  gpointer name, data;

  g_hash_table_iter_init (&iter, self->names);
  while (g_hash_table_iter_next (&iter, &name, &data)) {
    const CslSimNode *node = data;
    CslSimNode *mine = node_new ();

    csl_sim_content_assign (&mine->now, &node->now);
    csl_sim_content_assign (&mine->safe, &node->now);
    g_hash_table_insert (copy->names, g_strdup (name), mine);
    g_hash_table_insert (copy->safe, g_strdup (name), node_ref (mine));
    show (copy, name, mine->now.size);
  }
  return copy;
}

void
csl_sim_disk_free (CslSimDisk *self)
{
  g_ptr_array_remove_fast (disks, self);
  g_hash_table_unref (self->names);
  g_hash_table_unref (self->safe);
  g_array_unref (self->changes);
  g_free (self->folder);
  g_free (self);
}

CslSimDiskFaults *
csl_sim_disk_get_faults (CslSimDisk *self)
{
  return &self->faults;
}

CslSimDiskTally *
csl_sim_disk_get_tally (CslSimDisk *self)
{
  return &self->tally;
}

CslSimDisk *
csl_sim_disk_find (const char *path, const char **ret_name)
{
  for (guint i = 0; disks != NULL && i < disks->len; i++) {
    CslSimDisk *self = disks->pdata[i];

    if (g_str_has_prefix (path, self->folder)) {
      *ret_name = path + strlen (self->folder);
      return self;
    }
  }
  return NULL;
}

guint
csl_sim_disk_get_generation (const CslSimDisk *self)
{
  return self->generation;
}

static guint
pick (CslSimDisk *self, guint n)
{
  self->random ^= self->random << 13;
  self->random ^= self->random >> 7;
  self->random ^= self->random << 17;
  return (guint) ((self->random >> 32) * n >> 32);
}

/* -- operations -- */

void
csl_sim_disk_kill_at (CslSimDisk *self, guint64 n)
{
  self->kill_in = n;
}

void
csl_sim_disk_kill (CslSimDisk *self)
{
  self->dead = true;
}

bool
csl_sim_disk_is_dead (const CslSimDisk *self)
{
  return self->dead;
}

static bool
happens (CslSimDisk *self, guint chance, guint64 *counter)
{
  if (chance == 0 || pick (self, 10000) >= chance)
    return false;
  (*counter)++;
  return true;
}

CslSimDiskResult
csl_sim_disk_allow (CslSimDisk *self, guint generation, CslSimDiskAct act, bool grows)
{
  if (generation != self->generation || self->dead)
    return CSL_SIM_DISK_ERROR;
  if (act == CSL_SIM_DISK_READ)
    return happens (self, self->faults.read_error, &self->tally.read_errors)
             ? CSL_SIM_DISK_ERROR
             : CSL_SIM_DISK_OK;
  self->tally.operations++;
  if (self->kill_in > 0 && --self->kill_in == 0) {
    self->dead = true;
    return CSL_SIM_DISK_ERROR;
  }
  if (act == CSL_SIM_DISK_SYNC)
    return happens (self, self->faults.sync_error, &self->tally.sync_errors)
             ? CSL_SIM_DISK_ERROR
             : CSL_SIM_DISK_OK;
  if (grows && self->faults.full) {
    self->tally.full++;
    return CSL_SIM_DISK_FULL;
  }
  return happens (self, self->faults.write_error, &self->tally.write_errors)
           ? CSL_SIM_DISK_ERROR
           : CSL_SIM_DISK_OK;
}

static void
note_change (CslSimDisk *self, const char *name, CslSimNode *node)
{
  FolderChange change = { g_strdup (name), new_reference (node) };

  g_array_append_val (self->changes, change);
}

/* A file somebody took away or made anew behind SQLite's back. */
static void
look_at_real_folder (CslSimDisk *self, const char *name)
{
  g_autofree char *path = g_strconcat (self->folder, name, NULL);
  CslSimNode *node = g_hash_table_lookup (self->names, name);
  GStatBuf info;
  bool there = g_stat (path, &info) == 0;

  if (node != NULL && (!there || (info.st_size == 0 && node->now.size > 0)))
    csl_sim_disk_remove (self, name);
  if (!there || g_hash_table_contains (self->names, name))
    return;
  node = node_new ();
  g_hash_table_insert (self->names, g_strdup (name), node);
  note_change (self, name, node);
  show (self, name, 1);
}

CslSimNode *
csl_sim_disk_open (CslSimDisk *self, const char *name, bool create)
{
  CslSimNode *node;

  if (!create)
    look_at_real_folder (self, name);
  node = g_hash_table_lookup (self->names, name);
  if (node == NULL && create) {
    node = node_new ();
    node->sync_folder = true;
    g_hash_table_insert (self->names, g_strdup (name), node);
    note_change (self, name, node);
    show (self, name, 1);
  }
  return new_reference (node);
}

bool
csl_sim_disk_exists (CslSimDisk *self, const char *name)
{
  return g_hash_table_contains (self->names, name);
}

gint64
csl_sim_disk_get_size (CslSimDisk *self, const char *name)
{
  const CslSimNode *node = g_hash_table_lookup (self->names, name);

  return node != NULL ? node->now.size : -1;
}

GBytes *
csl_sim_disk_dup_bytes (CslSimDisk *self, const char *name)
{
  const CslSimNode *node = g_hash_table_lookup (self->names, name);
  gsize size;
  char *bytes;

  if (node == NULL)
    return NULL;
  size = (gsize) node->now.size;
  bytes = g_malloc (MAX (size, 1));
  csl_sim_content_read (&node->now, 0, bytes, size);
  return g_bytes_new_take (bytes, size);
}

void
csl_sim_disk_remove (CslSimDisk *self, const char *name)
{
  if (!g_hash_table_remove (self->names, name))
    return;
  note_change (self, name, NULL);
  show (self, name, -1);
}

static void
apply_changes (CslSimDisk *self, guint n)
{
  for (guint i = 0; i < n; i++) {
    const FolderChange *change = &g_array_index (self->changes, FolderChange, i);

    if (change->node != NULL)
      g_hash_table_insert (self->safe, g_strdup (change->name), node_ref (change->node));
    else
      g_hash_table_remove (self->safe, change->name);
  }
  g_array_set_size (self->changes, 0);
}

void
csl_sim_disk_sync_folder (CslSimDisk *self)
{
  apply_changes (self, self->changes->len);
}

/* -- the end of a program -- */

static void
cut_write (CslSimDisk *self, CslSimNode *node, const LogEntry *entry, const guint8 *bytes)
{
  guint fate = pick (self, 3);

  if (fate == 0)
    self->tally.lost++;
  else if (fate == 1)
    self->tally.kept++;
  else
    self->tally.torn++;
  for (gint64 at = 0; at < entry->length; at += SECTOR)
    if (fate == 1 || (fate == 2 && pick (self, 2) == 0))
      csl_sim_content_write (&node->safe, entry->offset + at, bytes + at,
                             (gsize) MIN (SECTOR, entry->length - at));
}

static void
cut_node (CslSimDisk *self, CslSimNode *node)
{
  const guint8 *bytes;
  LogEntry entry;
  gsize at = 0;

  while (next_entry (node->log, &at, &entry, &bytes))
    if (entry.length >= 0)
      cut_write (self, node, &entry, bytes);
    else if (pick (self, 2) == 0)
      csl_sim_content_truncate (&node->safe, entry.offset);
  g_byte_array_set_size (node->log, 0);
  csl_sim_content_assign (&node->now, &node->safe);
}

static GList *
list_names (GHashTable *table)
{
  return g_list_sort (g_hash_table_get_keys (table), (GCompareFunc) g_strcmp0);
}

/* In the order of the names, so that one seed is one history. */
static void
cut_power (CslSimDisk *self)
{
  guint keep = pick (self, self->changes->len + 1);
  g_autoptr (GList) before = list_names (self->names);
  g_autoptr (GList) after = NULL;

  self->tally.power_cuts++;
  self->tally.folder_lost += self->changes->len - keep;
  apply_changes (self, keep);
  for (GList *item = before; item != NULL; item = item->next)
    if (!g_hash_table_contains (self->safe, item->data))
      show (self, item->data, -1);
  g_clear_pointer (&before, g_list_free);
  g_hash_table_remove_all (self->names);
  after = list_names (self->safe);
  for (GList *item = after; item != NULL; item = item->next) {
    CslSimNode *node = g_hash_table_lookup (self->safe, item->data);

    cut_node (self, node);
    g_hash_table_insert (self->names, g_strdup (item->data), node_ref (node));
    show (self, item->data, node->now.size);
  }
}

/* Nobody has the files open any more. */
static void
forget_programs (CslSimDisk *self)
{
  GHashTableIter iter;
  gpointer data;

  g_hash_table_iter_init (&iter, self->names);
  while (g_hash_table_iter_next (&iter, NULL, &data)) {
    CslSimNode *node = data;

    g_ptr_array_set_size (node->opened, 0);
    g_ptr_array_set_size (node->shm, 0);
    memset (node->shm_shared, 0, sizeof node->shm_shared);
    memset (node->shm_exclusive, 0, sizeof node->shm_exclusive);
  }
}

void
csl_sim_disk_revive (CslSimDisk *self, bool power)
{
  if (power)
    cut_power (self);
  else
    self->tally.kills++;
  forget_programs (self);
  self->generation++;
  self->dead = false;
  self->kill_in = 0;
}

bool
csl_sim_disk_flip (CslSimDisk *self, const char *name, gint64 offset, guint bit)
{
  CslSimNode *node = g_hash_table_lookup (self->names, name);
  guint8 byte;

  if (node == NULL || offset >= node->now.size)
    return false;
  csl_sim_content_read (&node->now, offset, &byte, 1);
  byte ^= (guint8) (1 << bit);
  csl_sim_content_write (&node->now, offset, &byte, 1);
  csl_sim_content_write (&node->safe, offset, &byte, 1);
  self->tally.flipped++;
  return true;
}

void
csl_sim_disk_put_database (CslSimDisk *self,
                           const char *name,
                           CslSimDisk *source,
                           const char *source_name)
{
  static const char *const parts[] = { "", "-wal", "-journal" };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autofree char *mine = g_strconcat (name, parts[i], NULL);
    g_autofree char *theirs = g_strconcat (source_name, parts[i], NULL);
    const CslSimNode *from = g_hash_table_lookup (source->names, theirs);
    CslSimNode *node;

    csl_sim_disk_remove (self, mine);
    if (from == NULL)
      continue;
    node = node_new ();
    csl_sim_content_assign (&node->now, &from->now);
    csl_sim_content_assign (&node->safe, &from->now);
    g_hash_table_insert (self->names, g_strdup (mine), node);
    note_change (self, mine, node);
    show (self, mine, node->now.size);
  }
  csl_sim_disk_sync_folder (self);
}
