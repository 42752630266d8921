/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-replica-offer-order.c: where what is offered goes among own work that waits (docs/protocol.md part 13).
 *
 * Own work may be about what others wrote, and what others wrote may be about what was made here: a server that has lost the
 * case refuses the notes on it. So an offer goes directly behind what it depends on, as early as that lets it. Own work keeps
 * its order, and no act is parted.
 */
#include "config.h"

#include "core/base/csl-error.h"
#include "core/outbox/csl-outbox.h"
#include "store/csl-replica-private.h"

typedef struct
{
  gint64 entry;
  gint64 place; /* the entry that it goes behind; 0: before everything */
} Offer;

typedef struct
{
  CslReplica *self;
  gint64 last;      /* the newest entry before the offers */
  GHashTable *made; /* ids → places: made, or made again, by what waits */
  GHashTable
    *changed; /* ids → places: changed in a version that the server may still have */
  GArray *offers;    /* of Offer, as they are to go */
  GHashTable *moved; /* entries → entries */
} Order;

static void
order_clear (Order *order)
{
  g_clear_pointer (&order->made, g_hash_table_unref);
  g_clear_pointer (&order->changed, g_hash_table_unref);
  g_clear_pointer (&order->offers, g_array_unref);
  g_clear_pointer (&order->moved, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Order, order_clear)

static gint64
get_number (GHashTable *table, gconstpointer key)
{
  const gint64 *number = g_hash_table_lookup (table, key);

  return number != NULL ? *number : 0;
}

static void
put_place (GHashTable *table, const char *id, gint64 place)
{
  place = MAX (place, get_number (table, id));
  g_hash_table_insert (table, g_strdup (id), g_memdup2 (&place, sizeof place));
}

static bool
read_waiting (Order *order, gint64 head, GError **error)
{
  static const char sql[] =
    "SELECT \"id\", max (\"entry\") OVER (PARTITION BY \"group\"), \"act\" IN (0, 3), "
    "coalesce (\"line\" ->> '$.base', 0) <= :head FROM \"_outbox\" "
    "WHERE \"entry\" <= :last AND \"state\" IN ('queued', 'held')";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (order->self->db, sql, error);
  g_autoptr (GError) local = NULL;

  G_STATIC_ASSERT (CSL_ACT_CREATE == 0 && CSL_ACT_RESTORE == 3);
  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":head", head);
  csl_stmt_bind_int (stmt, ":last", order->last);
  while (csl_stmt_step (stmt, &local)) {
    if (csl_stmt_get_int (stmt, 2) != 0)
      put_place (order->made, csl_stmt_get_text (stmt, 0), csl_stmt_get_int (stmt, 1));
    else if (csl_stmt_get_int (stmt, 3) != 0)
      put_place (order->changed, csl_stmt_get_text (stmt, 0), csl_stmt_get_int (stmt, 1));
  }
  return csl_error_pass (&local, error);
}

/* One row for each text of an offer that may be a reference. Offers that others refer to come first. */
static bool
read_offers (Order *order, GError **error)
{
  static const char sql[] =
    "SELECT m.\"entry\", m.\"id\", j.\"value\" FROM \"_outbox\" AS m "
    "LEFT JOIN json_each (m.\"line\", '$.set') AS j "
    "ON j.\"type\" = 'text' AND length (j.\"value\") = 36 "
    "WHERE m.\"entry\" > :last ORDER BY m.\"entry\"";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (order->self->db, sql, error);
  g_autoptr (GError) local = NULL;

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":last", order->last);
  while (csl_stmt_step (stmt, &local)) {
    Offer offer = { .entry = csl_stmt_get_int (stmt, 0) };
    const char *id = csl_stmt_get_text (stmt, 1);
    Offer *known = NULL;

    if (order->offers->len > 0)
      known = &g_array_index (order->offers, Offer, order->offers->len - 1);
    if (known == NULL || known->entry != offer.entry) {
      offer.place = MAX (get_number (order->made, id), get_number (order->changed, id));
      g_array_append_val (order->offers, offer);
      known = &g_array_index (order->offers, Offer, order->offers->len - 1);
    }
    if (!csl_stmt_is_null (stmt, 2))
      known->place =
        MAX (known->place, get_number (order->made, csl_stmt_get_text (stmt, 2)));
    put_place (order->made, id, known->place);
  }
  return csl_error_pass (&local, error);
}

static int
compare_offers (gconstpointer a, gconstpointer b)
{
  const Offer *one = a, *other = b;

  if (one->place != other->place)
    return one->place < other->place ? -1 : 1;
  return one->entry < other->entry ? -1 : 1;
}

static bool
move_entry (Order *order, CslStmt *put, gint64 from, gint64 to, GError **error)
{
  g_hash_table_insert (order->moved, g_memdup2 (&from, sizeof from),
                       g_memdup2 (&to, sizeof to));
  csl_stmt_reset (put);
  csl_stmt_bind_int (put, ":from", from);
  csl_stmt_bind_int (put, ":to", to);
  return csl_stmt_run (put, error);
}

/* What stands behind the first place of an offer. */
static GArray *
list_behind (Order *order, GError **error)
{
  static const char sql[] = "SELECT \"entry\" FROM \"_outbox\" WHERE \"entry\" > :first "
                            "AND \"entry\" <= :last ORDER BY \"entry\"";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (order->self->db, sql, error);
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) local = NULL;

  if (stmt == NULL)
    return NULL;
  csl_stmt_bind_int (stmt, ":first", g_array_index (order->offers, Offer, 0).place);
  csl_stmt_bind_int (stmt, ":last", order->last);
  while (csl_stmt_step (stmt, &local)) {
    gint64 entry = csl_stmt_get_int (stmt, 0);

    g_array_append_val (entries, entry);
  }
  return csl_error_pass (&local, error) ? g_steal_pointer (&entries) : NULL;
}

/* All of them get new numbers: none of these was used. */
static bool
move_all (Order *order, gint64 newest, GError **error)
{
  static const char sql[] =
    "UPDATE \"_outbox\" SET \"entry\" = :to WHERE \"entry\" = :from";
  csl_auto_reset CslStmt *put = csl_db_prepare (order->self->db, sql, error);
  g_autoptr (GArray) behind = list_behind (order, error);
  guint next = 0;

  if (put == NULL || behind == NULL)
    return false;
  for (guint i = 0; i <= order->offers->len; i++) {
    const Offer *offer = i < order->offers->len ? &g_array_index (order->offers, Offer, i)
                                                : NULL;

    for (; next < behind->len &&
           (offer == NULL || g_array_index (behind, gint64, next) <= offer->place);
         next++)
      if (!move_entry (order, put, g_array_index (behind, gint64, next), ++newest, error))
        return false;
    if (offer != NULL && !move_entry (order, put, offer->entry, ++newest, error))
      return false;
  }
  return true;
}

/* What waits for a moved entry waits for it where it is now. */
static bool
follow_moved (Order *order, GError **error)
{
  static const char list_sql[] =
    "SELECT \"entry\", \"held_by\" FROM \"_outbox\" WHERE \"held_by\" IS NOT NULL";
  static const char put_sql[] =
    "UPDATE \"_outbox\" SET \"held_by\" = :by WHERE \"entry\" = :entry";
  csl_auto_reset CslStmt *list = csl_db_prepare (order->self->db, list_sql, error);
  csl_auto_reset CslStmt *put = csl_db_prepare (order->self->db, put_sql, error);
  g_autoptr (GError) local = NULL;

  if (list == NULL || put == NULL)
    return false;
  while (csl_stmt_step (list, &local)) {
    gint64 held_by = csl_stmt_get_int (list, 1);
    gint64 to = get_number (order->moved, &held_by);

    csl_stmt_reset (put);
    csl_stmt_bind_int (put, ":entry", csl_stmt_get_int (list, 0));
    csl_stmt_bind_int (put, ":by", to);
    if (to != 0 && !csl_stmt_run (put, error))
      return false;
  }
  return csl_error_pass (&local, error);
}

gint64
csl_replica_get_newest_entry (CslReplica *self)
{
  return csl_db_query_int (self->db, "SELECT max (\"entry\") FROM \"_outbox\"", 0);
}

bool
csl_replica_order_offers (CslReplica *self, gint64 last, gint64 head, GError **error)
{
  const gint64 newest = csl_replica_get_newest_entry (self);
  g_auto (Order) order = {
    .self = self,
    .last = last,
    .made = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
    .changed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
    .offers = g_array_new (FALSE, FALSE, sizeof (Offer)),
    .moved = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free),
  };

  if (newest == last)
    return true;
  if (!read_waiting (&order, head, error) || !read_offers (&order, error))
    return false;
  g_array_sort (order.offers, compare_offers);
  if (g_array_index (order.offers, Offer, 0).place >= last)
    return true;
  return move_all (&order, newest, error) && follow_moved (&order, error);
}
