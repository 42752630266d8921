/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-erase.c: a client with everything that hangs on it leaves the server for ever, in one commit. */
#include "config.h"

#include "server/csd-erase.h"

#include "server/csd-server-private.h"
#include "server/handlers/csd-commit.h"
#include "store/csl-store-error.h"

#include <string.h>

#define TRIES 20

typedef struct
{
  GPtrArray *ids;     /* (owned) of char* */
  GHashTable *counts; /* (owned) type name → number */
} Records;

static void
records_clear (Records *records)
{
  g_clear_pointer (&records->ids, g_ptr_array_unref);
  g_clear_pointer (&records->counts, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Records, records_clear)

static bool
collect_cb (const CsdStored *stored, gpointer data)
{
  Records *records = data;
  const guint n =
    GPOINTER_TO_UINT (g_hash_table_lookup (records->counts, stored->type->name));

  g_ptr_array_add (records->ids, g_strdup (stored->id));
  g_hash_table_replace (records->counts, stored->type->name, GUINT_TO_POINTER (n + 1));
  return true;
}

/* With the lock of the organisation held. */
static bool
collect (CsdOrganisation *organisation,
         const char *client,
         Records *records,
         GError **error)
{
  CsdStorage *storage = organisation->storage;

  records->ids = g_ptr_array_new_with_free_func (g_free);
  records->counts = g_hash_table_new (g_str_hash, g_str_equal);
  if (!storage->list_client_records (storage, client, collect_cb, records, error))
    return false;
  if (g_hash_table_contains (records->counts, "client"))
    return true;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               "there is no client “%s”, or it is erased already", client);
  return false;
}

bool
csd_server_list_erasable (CsdServer *self,
                          const char *organisation,
                          const char *client,
                          CsdErasableFunc func,
                          gpointer data,
                          GError **error)
{
  CsdOrganisation *place = csd_server_get_organisation (self, organisation, error);
  g_auto (Records) records = { 0 };
  g_autoptr (GList) types = NULL;
  bool good;

  if (place == NULL)
    return false;
  csd_organisation_lock (place);
  good = collect (place, client, &records, error);
  csd_organisation_unlock (place);
  if (!good)
    return false;
  types = g_list_sort (g_hash_table_get_keys (records.counts), (GCompareFunc) strcmp);
  for (const GList *l = types; l != NULL; l = l->next)
    func (l->data, GPOINTER_TO_UINT (g_hash_table_lookup (records.counts, l->data)),
          data);
  return true;
}

/* With the lock of the organisation held. */
static bool
erase (CsdServer *self,
       CsdOrganisation *organisation,
       const char *client,
       gint64 *ret_seq,
       GError **error)
{
  g_auto (CsdCommit) commit = { 0 };
  g_auto (Records) records = { 0 };

  if (!csd_commit_begin (&commit, organisation, error))
    return false;
  if (!collect (organisation, client, &records, error) ||
      !organisation->storage->erase (organisation->storage, records.ids, error)) {
    csd_commit_abandon (&commit);
    return false;
  }
  g_hash_table_add (commit.buckets, g_strconcat ("p:", client, NULL));
  if (!csd_commit_finish (&commit, error))
    return false;
  csd_organisation_forget_all (organisation);
  csd_server_announce (self, &commit);
  *ret_seq = commit.seq;
  return true;
}

typedef bool (*Attempt) (CsdServer *self,
                         CsdOrganisation *organisation,
                         const char *client,
                         gint64 *ret_seq,
                         GError **error);

static bool
empty_log (CsdServer *self,
           CsdOrganisation *organisation,
           const char *client,
           gint64 *ret_seq,
           GError **error)
{
  return organisation->storage->empty_log (organisation->storage, error);
}

/* A serving process reads and writes in the same file: then it is tried again. The database itself waits for its locks. */
static bool
try_often (CsdServer *self,
           CsdOrganisation *organisation,
           Attempt attempt,
           const char *client,
           gint64 *ret_seq,
           GError **error)
{
  for (guint i = 1;; i++) {
    GError *local = NULL;
    bool good;

    csd_organisation_lock (organisation);
    good = attempt (self, organisation, client, ret_seq, &local);
    csd_organisation_unlock (organisation);
    if (good)
      return true;
    if (i == TRIES || !g_error_matches (local, CSL_STORE_ERROR, CSL_STORE_ERROR_BUSY)) {
      g_propagate_error (error, local);
      return false;
    }
    g_clear_error (&local);
  }
}

bool
csd_server_erase (CsdServer *self,
                  const char *organisation,
                  const char *client,
                  gint64 *ret_seq,
                  GError **error)
{
  CsdOrganisation *place = csd_server_get_organisation (self, organisation, error);

  if (place == NULL || !try_often (self, place, erase, client, ret_seq, error))
    return false;
  if (try_often (self, place, empty_log, client, ret_seq, error))
    return true;
  g_prefix_error (error, "the client is erased, but the log of the database is in use; "
                         "restart the server: ");
  return false;
}

bool
csd_server_list_erased (CsdServer *self,
                        const char *organisation,
                        CsdErasedFunc func,
                        gpointer data,
                        GError **error)
{
  CsdOrganisation *place = csd_server_get_organisation (self, organisation, error);
  bool good;

  if (place == NULL)
    return false;
  csd_organisation_lock (place);
  good = place->storage->list_erased (place->storage, func, data, error);
  csd_organisation_unlock (place);
  return good;
}

bool
csd_device_may_have (const CsdDevice *device, const CsdDeviceNote *note, gint64 seq)
{
  return device->status != CSD_DEVICE_WIPED && (note == NULL || note->acked < seq);
}
