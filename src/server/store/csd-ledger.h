/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CsdLedger: a file beside a database that only grows: what was taken away for good, in lines of random ids, kinds and
 * numbers. A backup that is put back does not take it back (docs/adr/0012-ledger.md). What the lines say is known to those
 * who write them; here each has a checksum, and is on the disk when append() comes back.
 */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

G_BEGIN_DECLS

typedef struct _CsdLedger CsdLedger;

/* An administrator has begun a ledger anew that was lost or damaged. */
typedef struct
{
  char at[64]; /* instant */
  gint64 head; /* newest commit then; 0: of accounts and computers, which have none */
  gint64
    gap; /* what CsdLedgerState said; 1 for accounts and computers that had lost theirs */
  guint damaged;
} CsdRenewal;

typedef void (*CsdRenewalFunc) (const CsdRenewal *renewal, gpointer data);

/* Opens or makes the file beside @database. */
CsdLedger *csd_ledger_open (const char *database, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
void csd_ledger_free (CsdLedger *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CsdLedger, csd_ledger_free)

const char *csd_ledger_get_path (const CsdLedger *self);

/* The lines that were there when the file was opened, in order; of char*. */
GPtrArray *csd_ledger_get_lines (const CsdLedger *self);
/* Forgets them. */
void csd_ledger_forget_lines (CsdLedger *self);
/* Lines of which the checksum was wrong, since the ledger was last renewed. A last line that was cut is none: nobody was told
 * of it. */
guint csd_ledger_get_n_damaged (const CsdLedger *self);

/* Adds @lines (of char*, without newlines) in one write. Safe against a power cut when TRUE. */
bool csd_ledger_append (CsdLedger *self, GPtrArray *lines, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
