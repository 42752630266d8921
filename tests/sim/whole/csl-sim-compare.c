/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-compare.c: rows against rows, without asking where they come from. */
#include "sim/whole/csl-sim-compare.h"

#include "core/outbox/csl-outbox.h"
#include "core/wire/csl-wire-record.h"
#include "store/csl-replica-outbox.h"

#include <string.h>

bool
csl_sim_is_disputed (GPtrArray *entries, const char *id)
{
  for (guint i = 0; i < entries->len; i++) {
    const CslOutboxEntry *entry = entries->pdata[i];

    if (strcmp (entry->id, id) == 0 && entry->state != CSL_OUTBOX_QUEUED &&
        entry->state != CSL_OUTBOX_SENT && entry->state != CSL_OUTBOX_HELD)
      return true;
  }
  return false;
}

static char *
print_record (const CslRecord *record)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "rev %" G_GINT64_FORMAT " ", record->rev);
  csl_wire_record_write (record, text);
  return g_string_free (text, FALSE);
}

static GHashTable *
index_records (GPtrArray *records)
{
  GHashTable *index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < records->len; i++) {
    CslRecord *record = records->pdata[i];

    g_hash_table_insert (index, g_strdup (record->id), print_record (record));
  }
  return index;
}

/* Does own work stand over what the server has? A difference does not, once it is written down. */
static bool
has_entry (GPtrArray *entries, const char *id)
{
  for (guint i = 0; i < entries->len; i++) {
    const CslOutboxEntry *entry = entries->pdata[i];

    if (strcmp (entry->id, id) == 0 && entry->state != CSL_OUTBOX_CONFLICT)
      return true;
  }
  return false;
}

char *
csl_sim_compare_records (const CslRecordType *type,
                         GPtrArray *mine,
                         GPtrArray *wanted,
                         GPtrArray *entries)
{
  g_autoptr (GHashTable) here = index_records (mine);
  g_autoptr (GHashTable) there = index_records (wanted);
  GHashTableIter iter;
  gpointer id, text;

  g_hash_table_iter_init (&iter, here);
  while (g_hash_table_iter_next (&iter, &id, &text)) {
    const char *other = g_hash_table_lookup (there, id);

    if (g_strcmp0 (text, other) != 0 && !has_entry (entries, id))
      return g_strdup_printf ("L1: %s %s is\n  %s\nand on a new device\n  %s", type->name,
                              (char *) id, (char *) text,
                              other != NULL ? other : "not there");
  }
  g_hash_table_iter_init (&iter, there);
  while (g_hash_table_iter_next (&iter, &id, &text))
    if (!g_hash_table_contains (here, id) && !has_entry (entries, id))
      return g_strdup_printf ("I13: %s %s is missing: %s", type->name, (char *) id,
                              (char *) text);
  return NULL;
}

char *
csl_sim_dump_outbox (GPtrArray *entries)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < entries->len; i++)
    g_string_append_printf (text, "%s\n", ((CslOutboxEntry *) entries->pdata[i])->line);
  return g_string_free (text, FALSE);
}
