/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-sqlite-ledger-replay.c: reading the ledger when a database is opened, and keeping in force what it tells of commits
 * that a backup does not have.
 */
#include "config.h"

#include "core/base/csl-mut.h"
#include "server/store/sqlite/csd-sqlite-private.h"

#include <string.h>

#define MOST_WORDS 7

typedef struct
{
  char **words; /* (owned) */
  guint n;
} Line;

static void
line_clear (Line *line)
{
  g_strfreev (line->words);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Line, line_clear)

static Line
read_line (GPtrArray *lines, guint i)
{
  Line line = { .words = g_strsplit (g_ptr_array_index (lines, i), " ", MOST_WORDS) };

  line.n = g_strv_length (line.words);
  return line;
}

static bool
is_kind (const Line *line, const char *kind, guint n)
{
  return line->n == n && strcmp (line->words[0], kind) == 0;
}

static gint64
read_seq (const Line *line)
{
  return line->n > 1 ? g_ascii_strtoll (line->words[1], NULL, 10) : 0;
}

/* One line, of the section of the database's own history or of a later one. */
static void
look_at (const CsdSqlite *self, const Line *line, bool own, CsdLedgerView *view)
{
  const gint64 seq = read_seq (line);
  const bool beyond = !own || seq > self->head;

  if (own && is_kind (line, "done", 2))
    view->done = MAX (view->done, seq);
  view->ahead |= beyond;
  view->replay |= beyond && !is_kind (line, "done", 2);
}

void
csd_sqlite_ledger_look (CsdSqlite *self, CsdLedgerView *ret_view)
{
  GPtrArray *lines = csd_ledger_get_lines (self->ledger);
  bool own = false;

  *ret_view = (CsdLedgerView){ .end = lines->len };
  for (guint i = 0; i < lines->len; i++) {
    g_auto (Line) line = read_line (lines, i);

    if (!is_kind (&line, "epoch", 4)) {
      if (ret_view->known)
        look_at (self, &line, own, ret_view);
      continue;
    }
    if (own)
      ret_view->end = i;
    own = strcmp (line.words[1], self->epoch) == 0;
    if (own)
      *ret_view = (CsdLedgerView){ .known = true,
                                   .from = i + 1,
                                   .end = lines->len,
                                   .done = g_ascii_strtoll (line.words[3], NULL, 10) };
  }
  ret_view->lost = !ret_view->known && self->in_ledger > 0;
  ret_view->behind = self->in_ledger > ret_view->done;
  /* All that is there may be newer than a database of which it says nothing. */
  ret_view->replay |= !ret_view->known && lines->len > 0;
}

typedef struct
{
  CsdSqlite *self;    /* (unowned) */
  GHashTable *losses; /* (owned) "user bucket" → CsdLoss */
  bool erased;
} Replay;

/* Two programs may have written their lines the wrong way round: within a history the number counts. */
static void
replay_access (Replay *replay, const Line *line, guint section)
{
  const gint64 seq = read_seq (line);
  const guint was = (guint) g_ascii_strtoull (line->words[4], NULL, 10);
  const guint now = (guint) g_ascii_strtoull (line->words[5], NULL, 10);
  g_autofree char *key = g_strconcat (line->words[2], " ", line->words[3], NULL);
  CsdLoss *loss = g_hash_table_lookup (replay->losses, key);

  if (loss == NULL) {
    loss = g_new0 (CsdLoss, 1);
    g_hash_table_insert (replay->losses, g_steal_pointer (&key), loss);
  } else if (loss->section == section && seq < loss->seq) {
    return;
  }
  loss->section = section;
  loss->seq = seq;
  loss->mask = (loss->mask | was) & ~now;
  /* A loss that a restore kept in force is what it was before. */
  if (strcmp (line->words[6], CSD_WHY_RESTORED) != 0)
    loss->by_role = strcmp (line->words[6], CSD_WHY_ROLE) == 0;
}

static bool
replay_changed (Replay *replay, const Line *line, GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (replay->self->db, "INSERT OR IGNORE INTO _changed (id) VALUES (:id)",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", line->words[2]);
  return csl_stmt_run (stmt, error);
}

static bool
replay_erased (Replay *replay, const Line *line, GError **error)
{
  const CslRecordType *type =
    csl_schema_lookup_type (replay->self->schema, line->words[2]);

  replay->erased = true;
  return type == NULL || csd_sqlite_erase_record (replay->self, type, line->words[3],
                                                  line->words[4], error);
}

static bool
withhold_all (Replay *replay, GError **error)
{
  GHashTableIter iter;
  gpointer key = NULL;
  gpointer value = NULL;

  g_hash_table_iter_init (&iter, replay->losses);
  while (g_hash_table_iter_next (&iter, &key, &value)) {
    const CsdLoss *loss = value;
    g_auto (GStrv) words = g_strsplit (key, " ", 2);

    if (loss->mask != 0 &&
        !csd_sqlite_withhold_add (replay->self, words[0], words[1], loss, error))
      return false;
  }
  return true;
}

static bool
replay_line (Replay *replay, const Line *line, guint section, GError **error)
{
  if (is_kind (line, "access", 7))
    replay_access (replay, line, section);
  else if (is_kind (line, "changed", 3))
    return replay_changed (replay, line, error);
  else if (is_kind (line, "erased", 5) && !CSL_MUT (51))
    return replay_erased (replay, line, error);
  return true;
}

bool
csd_sqlite_ledger_replay (CsdSqlite *self, const CsdLedgerView *view, GError **error)
{
  GPtrArray *lines = csd_ledger_get_lines (self->ledger);
  Replay replay = {
    .self = self,
    .losses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
  };
  guint section = 0;
  bool good = true;

  for (guint i = view->from; good && i < lines->len; i++) {
    g_auto (Line) line = read_line (lines, i);
    const bool own = view->known && i < view->end;

    if (is_kind (&line, "epoch", 4))
      section++;
    else if (!own || read_seq (&line) > self->head)
      good = replay_line (&replay, &line, section, error);
  }
  good = good && withhold_all (&replay, error) &&
         (!replay.erased || csd_sqlite_erase_rest (self, error));
  g_hash_table_unref (replay.losses);
  return good;
}
