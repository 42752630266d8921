/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-removal-seal.c: seals what was not sent, and writes the journal by which the removal goes on.
 *
 * The boxes are on the disk before the journal names them; the journal is there before anything is destroyed. Everything that
 * needs the device's key is signed here, because that key goes first.
 */
#include "config.h"

#include "client/app/csl-aside.h"
#include "client/app/csl-removal-private.h"
#include "core/base/csl-error.h"
#include "core/base/csl-id.h"
#include "store/csl-env-system.h"
#include "store/csl-replica-copy.h"
#include "store/csl-replica-drafts.h"
#include "store/csl-sealed.h"

#include <string.h>

char *
csl_removal_dup_box_path (const char *folder, guint box)
{
  g_autofree char *name = g_strdup_printf ("box-%u.sealed", box);

  return g_build_filename (folder, name, NULL);
}

char *
csl_removal_dup_journal_path (const char *folder)
{
  return g_build_filename (folder, CSL_REMOVAL_JOURNAL, NULL);
}

char *
csl_removal_dup_box_group (guint box)
{
  return g_strdup_printf ("box-%u", box);
}

bool
csl_removal_store_journal (const char *folder, GKeyFile *journal, GError **error)
{
  g_autofree char *path = csl_removal_dup_journal_path (folder);
  g_autofree char *text = g_key_file_to_data (journal, NULL, NULL);

  return g_file_set_contents_full (path, text, -1,
                                   G_FILE_SET_CONTENTS_CONSISTENT |
                                     G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}

/* -- sealing -- */

typedef struct
{
  CslReplica *replica;          /* (unowned) */
  const CslRemovalPlace *place; /* (unowned) */
  CslOrder order;
  guint8 recovery_key[CSL_SEALED_KEY_SIZE];
  GKeyFile *journal; /* (owned) */
  guint n_boxes;
} Sealing;

static void
sealing_clear (Sealing *sealing)
{
  csl_order_clear (&sealing->order);
  g_clear_pointer (&sealing->journal, g_key_file_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sealing, sealing_clear)

static void
note_box (Sealing *sealing, GBytes *box, guint entries)
{
  const CslOrder *order = &sealing->order;
  g_autofree char *group = csl_removal_dup_box_group (sealing->n_boxes);
  g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, box);
  g_autofree char *text = g_strdup_printf ("sealed\n%s\n%s\n%s\n%" G_GSIZE_FORMAT "\n%u",
                                           order->device, order->user, hash,
                                           g_bytes_get_size (box), entries);
  g_autofree char *signature =
    csl_credentials_dup_signature (sealing->place->credentials, text);

  g_key_file_set_string (sealing->journal, group, "hash", hash);
  g_key_file_set_uint64 (sealing->journal, group, "size", g_bytes_get_size (box));
  g_key_file_set_uint64 (sealing->journal, group, "entries", entries);
  g_key_file_set_string (sealing->journal, group, "signature", signature);
}

static bool
add_box (Sealing *sealing, GBytes *box, guint entries, GError **error)
{
  g_autofree char *path =
    csl_removal_dup_box_path (sealing->place->folder, sealing->n_boxes);

  if (!g_file_set_contents_full (path, g_bytes_get_data (box, NULL),
                                 (gssize) g_bytes_get_size (box),
                                 G_FILE_SET_CONTENTS_CONSISTENT |
                                   G_FILE_SET_CONTENTS_DURABLE,
                                 0600, error))
    return false;
  note_box (sealing, box, entries);
  sealing->n_boxes++;
  return true;
}

/* Takes @text. */
static bool
seal (Sealing *sealing, GString *text, guint entries, GError **error)
{
  g_autoptr (GBytes) content = g_string_free_to_bytes (text);
  g_autoptr (GBytes) box =
    csl_sealed_write_to_key (csl_env_system (), sealing->recovery_key, content, error);

  return box != NULL && add_box (sealing, box, entries, error);
}

static bool
seal_operations (Sealing *sealing, GError **error)
{
  g_auto (CslWorkCopy) copy = { 0 };
  GString *text = NULL;

  if (!csl_replica_copy_work (sealing->replica, &copy, error))
    return false;
  if (copy.lines->len == 0)
    return true;
  /* They have a box of their own. */
  g_ptr_array_set_size (copy.drafts, 0);
  text = csl_work_copy_print (&copy, error);
  return text != NULL && seal (sealing, text, copy.lines->len, error);
}

static bool
seal_drafts (Sealing *sealing, GError **error)
{
  guint n = 0;
  g_autoptr (GError) local = NULL;
  GString *text = csl_replica_copy_drafts (sealing->replica, &n, &local);

  if (!csl_error_pass (&local, error))
    return false;
  return text == NULL || seal (sealing, text, n, error);
}

/* What this person has set aside goes, too. What was not sent of it was sealed when that was done. */
static bool
take_along_asides (Sealing *sealing, GError **error)
{
  const CslReplicaIdentity *identity = csl_replica_get_identity (sealing->replica);
  g_autoptr (GPtrArray) asides =
    csl_aside_list (sealing->place->folder, identity->organisation, identity->user);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < asides->len; i++) {
    guint entries = 0;
    g_autoptr (GBytes) box = csl_aside_load_sealed (asides->pdata[i], &entries);

    if (box != NULL && !add_box (sealing, box, entries, error))
      return false;
    g_ptr_array_add (names, g_path_get_basename (asides->pdata[i]));
  }
  if (names->len > 0)
    g_key_file_set_string_list (sealing->journal, CSL_REMOVAL_GROUP, CSL_REMOVAL_ASIDE,
                                (const char *const *) names->pdata, names->len);
  return true;
}

static void
write_head (Sealing *sealing)
{
  const CslRemovalPlace *place = sealing->place;
  const CslOrder *order = &sealing->order;
  g_autofree char *text = g_strdup_printf ("wiped\n%s\n%s\n%" G_GINT64_FORMAT,
                                           order->device, order->user, order->counter);
  g_autofree char *receipt = csl_credentials_dup_signature (place->credentials, text);
  GKeyFile *journal = sealing->journal;

  g_key_file_set_string (journal, CSL_REMOVAL_GROUP, "server", place->server);
  if (place->ca_file != NULL)
    g_key_file_set_string (journal, CSL_REMOVAL_GROUP, "ca_file", place->ca_file);
  g_key_file_set_string (journal, CSL_REMOVAL_GROUP, "organisation", place->organisation);
  g_key_file_set_string (journal, CSL_REMOVAL_GROUP, "device", order->device);
  g_key_file_set_string (journal, CSL_REMOVAL_GROUP, "user", order->user);
  g_key_file_set_int64 (journal, CSL_REMOVAL_GROUP, "counter", order->counter);
  g_key_file_set_string (journal, CSL_REMOVAL_GROUP, "receipt", receipt);
}

static bool
read_order (Sealing *sealing, GError **error)
{
  g_autofree char *text = csl_replica_dup_setting (sealing->replica, CSL_REMOVAL_ORDER);

  if (text == NULL || !csl_order_parse (&sealing->order, text, strlen (text), NULL) ||
      !csl_removal_decode_key (sealing->order.recovery_key, sealing->recovery_key,
                               sizeof sealing->recovery_key)) {
    g_set_error (error, CSL_WIRE_ERROR, CSL_WIRE_ERROR_VALUE,
                 "there is no order to remove this copy");
    return false;
  }
  return true;
}

bool
csl_removal_prepare (CslReplica *replica, const CslRemovalPlace *place, GError **error)
{
  g_auto (Sealing) sealing = { .replica = replica,
                               .place = place,
                               .journal = g_key_file_new () };

  if (csl_removal_is_pending (place->folder))
    return true;
  if (!read_order (&sealing, error) || !seal_operations (&sealing, error) ||
      !seal_drafts (&sealing, error) || !take_along_asides (&sealing, error))
    return false;
  write_head (&sealing);
  return csl_removal_store_journal (place->folder, sealing.journal, error);
}
