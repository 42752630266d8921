/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-sqlite-registry-ledger.c: accounts and computers that were refused, written beside caseload.db (docs/adr/0012-ledger.md).
 *
 *   account <user> disabled | enabled
 *   device <id> <user> <status> <counter> <public key, base64>
 *   renewed 0 <lost> <damaged>    an administrator knows what was missing; all that is known stands before it
 *
 * Each opening brings the two together: an account that was blocked stays so, and the status with the higher counter is the
 * newer one. Blocking is written after it was done, lifting it before: whatever is cut, nobody is let in or refused by it
 * but whom somebody wanted to.
 */
#define G_LOG_DOMAIN "caseload-server"
#include "config.h"

#include "server/store/sqlite/csd-sqlite-registry-private.h"
#include "server/store/sqlite/csd-sqlite-renewed.h"

#include <string.h>

#define db_of     csd_sqlite_registry_get_db
#define ledger_of csd_sqlite_registry_get_ledger

static bool
append (CsdRegistry *base, char *line, GError **error)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (lines, line);
  return csd_ledger_append (ledger_of (base), lines, error);
}

bool
csd_sqlite_registry_note_account (CsdRegistry *base,
                                  const char *user,
                                  bool disabled,
                                  GError **error)
{
  return append (base,
                 g_strdup_printf ("account %s %s", user,
                                  disabled ? "disabled" : "enabled"),
                 error);
}

bool
csd_sqlite_registry_note_device (CsdRegistry *base,
                                 const CsdDevice *device,
                                 GError **error)
{
  g_autofree char *key = g_base64_encode (device->public_key, sizeof device->public_key);

  return append (base,
                 g_strdup_printf ("device %s %s %d %" G_GINT64_FORMAT " %s", device->id,
                                  device->user, (int) device->status, device->counter,
                                  key),
                 error);
}

typedef struct
{
  CsdRegistry *base;    /* (unowned) */
  GHashTable *accounts; /* (owned) user → "disabled" or "enabled" */
  GHashTable *devices;  /* (owned) "id user" → CsdDevice: the newest that is known */
  bool good;
  GError *error;
} Meeting;

static void
read_device (Meeting *meeting, char **words)
{
  CsdDevice *device = g_new0 (CsdDevice, 1);
  g_autofree char *key = g_strconcat (words[1], " ", words[2], NULL);
  const CsdDevice *other = g_hash_table_lookup (meeting->devices, key);
  gsize length = 0;
  g_autofree guchar *public_key = g_base64_decode (words[5], &length);

  g_strlcpy (device->id, words[1], sizeof device->id);
  g_strlcpy (device->user, words[2], sizeof device->user);
  device->status = (CsdDeviceStatus) CLAMP (g_ascii_strtoll (words[3], NULL, 10),
                                            CSD_DEVICE_ENROLLED, CSD_DEVICE_WIPED);
  device->counter = g_ascii_strtoll (words[4], NULL, 10);
  if (length == sizeof device->public_key)
    memcpy (device->public_key, public_key, length);
  if (other != NULL && other->counter >= device->counter)
    g_free (device);
  else
    g_hash_table_replace (meeting->devices, g_steal_pointer (&key), device);
}

static void
read_lines (Meeting *meeting)
{
  GPtrArray *lines = csd_ledger_get_lines (ledger_of (meeting->base));

  for (guint i = 0; i < lines->len; i++) {
    g_auto (GStrv) words = g_strsplit (g_ptr_array_index (lines, i), " ", -1);
    const guint n = g_strv_length (words);

    if (n == 3 && strcmp (words[0], "account") == 0)
      g_hash_table_replace (meeting->accounts, g_strdup (words[1]), g_strdup (words[2]));
    else if (n == 6 && strcmp (words[0], "device") == 0)
      read_device (meeting, words);
  }
}

static bool
block_account (CsdRegistry *base, const CsdAccount *account, GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (db_of (base), "UPDATE account SET disabled = 1 WHERE id = :id",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", account->user);
  return csl_stmt_run (stmt, error);
}

static void
meet_account_cb (const CsdAccount *account, gpointer data)
{
  Meeting *meeting = data;
  const char *word = g_hash_table_lookup (meeting->accounts, account->user);
  const bool disabled = g_strcmp0 (word, "disabled") == 0;

  if (!meeting->good || disabled == account->disabled)
    return;
  if (disabled)
    meeting->good = block_account (meeting->base, account, &meeting->error);
  else
    meeting->good = csd_sqlite_registry_note_account (meeting->base, account->user, true,
                                                      &meeting->error);
}

static bool
meet_accounts (Meeting *meeting, GError **error)
{
  if (!meeting->base->list_accounts (meeting->base, meet_account_cb, meeting, error))
    return false;
  if (meeting->good)
    return true;
  g_propagate_error (error, g_steal_pointer (&meeting->error));
  return false;
}

static void
collect_device_cb (const CsdDevice *device, gpointer data)
{
  g_array_append_vals (data, device, 1);
}

/* A computer that the backup does not know yet keeps its place, so that it is refused when it signs in. */
static bool
put_status (CsdRegistry *base, const CsdDevice *device, GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    db_of (base),
    "INSERT INTO device (id, account, organisation, name, public_key, added_ms, status,"
    " counter) SELECT :id, a.id, a.organisation, '', :key, 0, :status, :counter"
    " FROM account a WHERE a.id = :account"
    " ON CONFLICT (id, account) DO UPDATE SET status = :status, counter = :counter",
    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", device->id);
  csl_stmt_bind_text (stmt, ":account", device->user);
  csl_stmt_bind_blob (stmt, ":key", device->public_key, sizeof device->public_key);
  csl_stmt_bind_int (stmt, ":status", device->status);
  csl_stmt_bind_int (stmt, ":counter", device->counter);
  return csl_stmt_run (stmt, error);
}

/* The registry's own are the newest, or the ledger's: those stay in meeting->devices. */
static bool
compare_devices (Meeting *meeting, GArray *devices, GError **error)
{
  for (guint i = 0; i < devices->len; i++) {
    const CsdDevice *mine = &g_array_index (devices, CsdDevice, i);
    g_autofree char *key = g_strconcat (mine->id, " ", mine->user, NULL);
    const CsdDevice *other = g_hash_table_lookup (meeting->devices, key);
    const gint64 counter = other != NULL ? other->counter : 0;

    if (mine->counter > counter &&
        !csd_sqlite_registry_note_device (meeting->base, mine, error))
      return false;
    if (mine->counter >= counter)
      g_hash_table_remove (meeting->devices, key);
  }
  return true;
}

static bool
meet_devices (Meeting *meeting, GError **error)
{
  g_autoptr (GArray) devices = g_array_new (FALSE, TRUE, sizeof (CsdDevice));
  GHashTableIter iter;
  gpointer device = NULL;

  if (!meeting->base->list_devices (meeting->base, NULL, NULL, collect_device_cb, devices,
                                    error) ||
      !compare_devices (meeting, devices, error))
    return false;
  g_hash_table_iter_init (&iter, meeting->devices);
  while (g_hash_table_iter_next (&iter, NULL, &device))
    if (!put_status (meeting->base, device, error))
      return false;
  return true;
}

/* A first line, so that a file that was lost is not taken for one that was never there. */
static bool
note_ledger (CsdRegistry *base, GError **error)
{
  const bool is_empty = csd_ledger_get_lines (ledger_of (base))->len == 0;
  const gint64 n = csl_db_query_int (db_of (base), "SELECT count (*) FROM ledger", 0);

  if (is_empty && !append (base, g_strdup ("registry"), error))
    return false;
  return csl_db_execute (db_of (base),
                         is_empty && n > 0
                           ? "UPDATE ledger SET lost = 1"
                           : "INSERT OR IGNORE INTO ledger (one, lost) VALUES (1, 0)",
                         error);
}

/* What the file knows (nothing but what was read just now) and what the registry knows come together. */
static bool
meet (CsdRegistry *base, bool opening, GError **error)
{
  Meeting meeting = {
    .base = base,
    .good = true,
    .accounts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
    .devices = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
  };
  bool good;

  read_lines (&meeting);
  good = (!opening || note_ledger (base, error)) && meet_accounts (&meeting, error) &&
         meet_devices (&meeting, error);
  csd_ledger_forget_lines (ledger_of (base));
  g_hash_table_unref (meeting.accounts);
  g_hash_table_unref (meeting.devices);
  return good;
}

bool
csd_sqlite_registry_meet_ledger (CsdRegistry *base, GError **error)
{
  return meet (base, true, error);
}

static bool
renew (CsdRegistry *base, const char *at, GError **error)
{
  CsdRegistryLedger state;
  CsdRenewal renewal = { 0 };

  base->get_ledger (base, &state);
  renewal.gap = state.lost ? 1 : 0;
  renewal.damaged = state.damaged;
  g_strlcpy (renewal.at, at, sizeof renewal.at);
  /* The lines of the file are forgotten: the registry tells all it knows. */
  return meet (base, false, error) &&
         csd_sqlite_renewed_note (db_of (base), ledger_of (base), &renewal, error) &&
         csl_db_execute (db_of (base), "UPDATE ledger SET lost = 0", error);
}

static bool
renew_ledger (CsdRegistry *base, const char *at, GError **error)
{
  if (!csl_db_begin (db_of (base), error))
    return false;
  if (renew (base, at, error) && csl_db_commit (db_of (base), error))
    return true;
  csl_db_rollback (db_of (base));
  return false;
}

static bool
list_renewals (CsdRegistry *base, CsdRenewalFunc func, gpointer data, GError **error)
{
  return csd_sqlite_renewed_list (db_of (base), func, data, error);
}

static void
get_ledger (CsdRegistry *base, CsdRegistryLedger *ret_state)
{
  ret_state->lost = csl_db_query_int (db_of (base), "SELECT lost FROM ledger", 1) != 0;
  ret_state->damaged = csd_ledger_get_n_damaged (ledger_of (base));
}

void
csd_sqlite_registry_ledger_install (CsdRegistry *base)
{
  base->get_ledger = get_ledger;
  base->renew_ledger = renew_ledger;
  base->list_renewals = list_renewals;
}
