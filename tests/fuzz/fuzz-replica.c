/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A replica, or a sealed file, with bytes of it changed: it opens or is refused, and what is refused stays as it is.
 *
 * The input is one byte that says which file, then patches of five bytes (where in 24 bits, how many, with what to xor), the
 * last of which may be a new length. That is shorter than the file, and what it leaves alone is right.
 */
#include "core/schema/csl-schema.h"
#include "fuzz-target.h"
#include "store/csl-env-system.h"
#include "store/csl-replica-copy.h"
#include "store/csl-replica-edit.h"
#include "store/csl-replica-outbox.h"
#include "store/csl-replica.h"
#include "store/csl-sealed.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

static const guint8 replica_key[CSL_DB_KEY_SIZE] = "0123456789abcdef0123456789abcde";

static struct
{
  CslSchema *schema;
  const CslEnv *env;
  char *path, *wal, *shm;
  GByteArray *replica;
  GBytes *sealed;
  guint8 public_key[CSL_SEALED_KEY_SIZE], private_key[CSL_SEALED_KEY_SIZE];
} world;

static void
make_replica (void)
{
  const CslReplicaIdentity identity = {
    .organisation = "01976b1e-0000-7abc-8def-000000000001",
    .user = "01976b1e-0000-7abc-8def-000000000002",
    .device = "01976b1e-0000-7abc-8def-000000000003",
  };
  g_autoptr (GError) error = NULL;
  CslReplica *replica = csl_replica_create (world.path, replica_key, world.schema,
                                            &identity, world.env, &error);
  char *content = NULL;
  gsize length = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < 3; i++) {
    g_autoptr (CslRecord) record =
      csl_record_new (csl_schema_lookup_type (world.schema, "sample"),
                      i == 0   ? "01976b1e-0000-7abc-8def-000000000011"
                      : i == 1 ? "01976b1e-0000-7abc-8def-000000000012"
                               : "01976b1e-0000-7abc-8def-000000000013");
    CslReplicaChange change = { NULL, record };

    csl_record_set_text (record, "name", "Amina");
    g_assert_true (csl_replica_commit (replica, &change, 1, NULL, &error));
  }
  csl_replica_free (replica);
  g_assert_true (g_file_get_contents (world.path, &content, &length, &error));
  world.replica = g_byte_array_new_take ((guint8 *) content, length);
}

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  g_autoptr (CslProblems) problems = csl_problems_new ();
  g_autofree char *folder = g_dir_make_tmp ("caseload-fuzz-XXXXXX", NULL);
  g_autoptr (GBytes) content = g_bytes_new_static ("unsent work", 11);

  world.path = g_build_filename (folder, "replica.db", NULL);
  world.wal = g_strconcat (world.path, "-wal", NULL);
  world.shm = g_strconcat (world.path, "-shm", NULL);
  world.env = csl_env_system ();
  world.schema = csl_schema_new_from_folder (FUZZ_DEFINITIONS, problems);
  g_assert_nonnull (world.schema);
  g_assert_cmpint (sodium_init (), >=, 0);
  crypto_box_keypair (world.public_key, world.private_key);
  world.sealed = csl_sealed_write_to_key (world.env, world.public_key, content, NULL);
  g_assert_nonnull (world.sealed);
  make_replica ();
  return 0;
}

/* A copy of @from with the patches laid over it. */
static GByteArray *
patch (const guint8 *from, gsize length, const guint8 *data, size_t size)
{
  GByteArray *bytes = g_byte_array_sized_new ((guint) length);

  g_byte_array_append (bytes, from, (guint) length);
  for (; size >= 5 && bytes->len > 0; data += 5, size -= 5) {
    guint where = ((guint) data[0] << 16 | (guint) data[1] << 8 | data[2]) % bytes->len;
    guint many = MIN ((guint) data[3] + 1, bytes->len - where);

    for (guint i = 0; i < many; i++)
      bytes->data[where + i] ^= data[4];
  }
  if (size == 4)
    g_byte_array_set_size (bytes,
                           ((guint) data[0] << 16 | (guint) data[1] << 8 | data[2]) %
                             (bytes->len + 1));
  return bytes;
}

static void
write_file (const GByteArray *bytes)
{
  int file = g_open (world.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

  g_unlink (world.wal);
  g_unlink (world.shm);
  g_assert_cmpint (file, >=, 0);
  g_assert_cmpint (write (file, bytes->data, bytes->len), ==, (gssize) bytes->len);
  close (file);
}

static void
check_untouched (const GByteArray *bytes)
{
  g_autofree char *content = NULL;
  gsize length = 0;

  g_assert_true (g_file_get_contents (world.path, &content, &length, NULL));
  g_assert_cmpmem (content, length, bytes->data, bytes->len);
}

static void
try_replica (const guint8 *data, size_t size)
{
  g_autoptr (GByteArray) bytes =
    patch (world.replica->data, world.replica->len, data, size);
  g_autoptr (GPtrArray) bad = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  CslOutboxCounts counts;
  CslWorkCopy copy;

  write_file (bytes);
  g_autoptr (CslReplica) replica =
    csl_replica_open (world.path, replica_key, world.schema, world.env, &error);
  g_assert_true ((replica == NULL) == (error != NULL));
  if (replica == NULL) {
    check_untouched (bytes);
    return;
  }
  if (csl_replica_count_outbox (replica, &counts, NULL) &&
      csl_replica_copy_work (replica, &copy, NULL))
    csl_work_copy_clear (&copy);
  (void) csl_replica_audit_slice (replica, 100, bad, NULL);
}

static void
try_sealed (const guint8 *data, size_t size)
{
  gsize length = 0;
  const guint8 *whole = g_bytes_get_data (world.sealed, &length);
  GByteArray *bytes = patch (whole, length, data, size);
  bool same = bytes->len == length && memcmp (bytes->data, whole, length) == 0;
  g_autoptr (GBytes) file = g_byte_array_free_to_bytes (bytes);
  g_autoptr (GError) error = NULL;
  CslSealedLock lock;

  if (!csl_sealed_get_lock (file, &lock, NULL))
    g_assert_false (same);

  g_autoptr (GBytes) content =
    csl_sealed_read_with_key (world.public_key, world.private_key, file, &error);
  /* All or nothing: one changed bit and there is no content. */
  g_assert_true ((content != NULL) == same);
  g_assert_true ((content == NULL) == (error != NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  if (size == 0)
    return 0;
  if (data[0] % 4 == 3)
    try_replica (data + 1, size - 1);
  else
    try_sealed (data + 1, size - 1);
  return 0;
}
