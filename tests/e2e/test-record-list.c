/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-record-list.c: lists over a real replica change only where records changed, and keep the items that
 * somebody holds, so that a list view keeps its selection and its place. */
#include "client/app/csl-record-list.h"
#include "core/base/csl-id.h"
#include "direct/csl-direct-device.h"

#define N_CLIENTS 300

typedef struct
{
  CsdTestAgency agency;
  CslDirectDevice *device;
  const CslRecordType *type;
  CslItemPool *pool;
  CslRecordList *list;
  GString *changes; /* "position-removed+added " */
} Fixture;

static bool
commit (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  CslReplicaAct act = { 0 };

  return csl_replica_commit (replica, data, 1, &act, error);
}

static void
save (Fixture *fixture, const CslRecord *before, const CslRecord *after)
{
  CslReplicaChange change = { before, after };
  g_autoptr (GError) error = NULL;

  csl_vault_run (fixture->device->vault, 0, commit, &change, &error);
  g_assert_no_error (error);
}

static void
add_client (Fixture *fixture, const char *last_name)
{
  CslId id = csl_id_new (&fixture->agency.env);
  g_autoptr (CslRecord) record = csl_record_new (fixture->type, id.text);

  csl_record_set_text (record, "first_name", "Amina");
  csl_record_set_text (record, "last_name", last_name);
  csl_record_set_text (record, "centre", fixture->agency.centre_a);
  save (fixture, NULL, record);
}

static void
changed_cb (GListModel *model, guint position, guint removed, guint added, gpointer data)
{
  Fixture *fixture = data;

  g_string_append_printf (fixture->changes, "%u-%u+%u ", position, removed, added);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslQuery) query = NULL;

  csd_test_agency_init (&fixture->agency, true);
  fixture->device = csl_direct_device_new (&fixture->agency, "amina");
  fixture->type = csl_schema_lookup_type (fixture->agency.schema, "client");
  for (guint i = 0; i < N_CLIENTS; i++) {
    g_autofree char *name = g_strdup_printf ("N%03u", i * 2);

    add_client (fixture, name);
  }
  fixture->changes = g_string_new (NULL);
  fixture->pool = csl_item_pool_new (fixture->device->reader);
  query = csl_query_new (fixture->type);
  csl_query_set_sort (query, "last_name", false);
  fixture->list = csl_record_list_new (fixture->agency.schema, fixture->pool,
                                       csl_row_source_new_query (query));
  g_signal_connect (fixture->list, "items-changed", G_CALLBACK (changed_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_string_truncate (fixture->changes, 0);
  csl_record_list_detach (fixture->list);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->list)), ==, 0);
  csl_item_pool_free (fixture->pool);
  g_assert_finalize_object (fixture->list);
  csl_direct_device_free (fixture->device);
  csd_test_agency_clear (&fixture->agency);
  g_string_free (fixture->changes, TRUE);
}

/* As the session does after a commit. */
static void
refresh (Fixture *fixture)
{
  CslTypeSet types = { 0 };

  csl_type_set_add (&types, fixture->type);
  g_string_truncate (fixture->changes, 0);
  csl_record_list_forget_items (fixture->list);
  csl_item_pool_refresh (fixture->pool, &types);
  csl_record_list_refresh (fixture->list, &types);
}

static CslRecordItem *
get (Fixture *fixture, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (fixture->list), position);
}

static void
assert_name (Fixture *fixture, guint position, const char *last_name)
{
  g_autoptr (CslRecordItem) item = get (fixture, position);

  g_assert_cmpstr (csl_record_item_get_text (item, "last_name"), ==, last_name);
}

static void
test_reading (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecordItem) item = get (fixture, 150);
  g_autoptr (CslRecordItem) again = get (fixture, 150);
  g_autoptr (CslRecordItem) looked_up =
    csl_item_pool_lookup (fixture->pool, fixture->type, csl_record_item_get_id (item));

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->list)), ==,
                    N_CLIENTS);
  g_assert_null (get (fixture, N_CLIENTS));
  g_assert_true (item == again);
  g_assert_true (item == looked_up);
  for (guint i = 0; i < N_CLIENTS; i++) {
    g_autofree char *name = g_strdup_printf ("N%03u", i * 2);

    assert_name (fixture, i, name);
  }
}

static void
test_insert (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecordItem) held = get (fixture, 150);
  g_autoptr (CslRecordItem) after = NULL;

  add_client (fixture, "N101");
  refresh (fixture);
  g_assert_cmpstr (fixture->changes->str, ==, "51-0+1 ");
  assert_name (fixture, 51, "N101");
  /* The held row moved on and is the same item. */
  after = get (fixture, 151);
  g_assert_true (held == after);
}

static void
test_edit_in_place (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecordItem) held = get (fixture, 10);
  g_autoptr (CslRecord) changed = csl_record_copy (csl_record_item_get_record (held));
  guint revision = csl_record_item_get_revision (held);

  csl_record_set_text (changed, "first_name", "Maria");
  save (fixture, csl_record_item_get_record (held), changed);
  refresh (fixture);
  g_assert_cmpstr (fixture->changes->str, ==, "");
  g_assert_cmpuint (csl_record_item_get_revision (held), ==, revision + 1);
  g_assert_cmpstr (csl_record_item_get_title (held), ==, "Maria N020");
  refresh (fixture);
  g_assert_cmpuint (csl_record_item_get_revision (held), ==, revision + 1);
}

static void
test_move (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecordItem) held = get (fixture, 200);
  g_autoptr (CslRecord) changed = csl_record_copy (csl_record_item_get_record (held));
  g_autoptr (CslRecordItem) first = NULL;

  csl_record_set_text (changed, "last_name", "A");
  save (fixture, csl_record_item_get_record (held), changed);
  refresh (fixture);
  g_assert_cmpstr (fixture->changes->str, ==, "0-0+1 201-1+0 ");
  first = get (fixture, 0);
  g_assert_true (first == held);
}

static void
test_delete (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecordItem) held = get (fixture, 7);

  save (fixture, csl_record_item_get_record (held), NULL);
  /* Asked for in the moment between: something harmless. */
  csl_record_list_forget_items (fixture->list);
  {
    g_autoptr (CslRecordItem) between = get (fixture, 7);

    g_assert_nonnull (between);
  }
  refresh (fixture);
  g_assert_cmpstr (fixture->changes->str, ==, "7-1+0 ");
  /* Who still shows it keeps what it was. */
  g_assert_cmpstr (csl_record_item_get_text (held, "last_name"), ==, "N014");
  assert_name (fixture, 7, "N016");
}

static void
test_other_types_do_not_matter (Fixture *fixture, gconstpointer data)
{
  CslTypeSet types = { 0 };

  add_client (fixture, "N001");
  csl_type_set_add (&types, csl_schema_lookup_type (fixture->agency.schema, "note"));
  csl_record_list_refresh (fixture->list, &types);
  g_assert_cmpstr (fixture->changes->str, ==, "");
  refresh (fixture);
  g_assert_cmpstr (fixture->changes->str, ==, "1-0+1 ");
}

static void
vault_changed_cb (const CslVaultChanges *changes, gpointer data)
{
  if (changes->words)
    (*(guint *) data)++;
}

/* What a pull brings is found by lists that search as soon as the index has it, and they hear of that. */
static void
test_found_after_pull (Fixture *fixture, gconstpointer data)
{
  CslDirectDevice *other = csl_direct_device_new (&fixture->agency, "amina");
  CslItemPool *pool = csl_item_pool_new (other->reader);
  g_autoptr (CslQuery) query = csl_query_new (fixture->type);
  g_autoptr (CslRecordList) searching = NULL;
  g_autoptr (CslRecordList) plain = NULL;
  guint told = 0;

  csl_vault_set_changed_func (other->vault, vault_changed_cb, &told);
  plain =
    csl_record_list_new (fixture->agency.schema, pool, csl_row_source_new_query (query));
  csl_query_set_search (query, "N004");
  searching =
    csl_record_list_new (fixture->agency.schema, pool, csl_row_source_new_query (query));
  csl_direct_device_sync (fixture->device);
  csl_direct_device_sync (other);
  g_assert_cmpuint (told, ==, 1);
  csl_record_list_refresh_search (searching);
  csl_record_list_refresh_search (plain);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (searching)), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (plain)), ==, 0);
  /* Nothing new, nothing told. */
  csl_direct_device_sync (other);
  g_assert_cmpuint (told, ==, 1);
  csl_record_list_detach (searching);
  csl_record_list_detach (plain);
  csl_item_pool_free (pool);
  csl_direct_device_free (other);
}

#define ADD(path, func)                                                                  \
  g_test_add ("/e2e/record-list/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("reading", test_reading);
  ADD ("insert", test_insert);
  ADD ("edit-in-place", test_edit_in_place);
  ADD ("move", test_move);
  ADD ("delete", test_delete);
  ADD ("other-types-do-not-matter", test_other_types_do_not_matter);
  ADD ("found-after-pull", test_found_after_pull);
  return g_test_run ();
}
