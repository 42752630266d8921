/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-record-item.c: what an item says while it gets new content. */
#include "client/app/csl-record-item-private.h"
#include "core/schema/csl-schema.h"

#define ID "01976b1e-0000-7abc-8def-0000000000ac"

static CslRecord *
make_client (const CslSchema *schema, gint64 rev, const char *name, const char *born)
{
  CslRecord *client = csl_record_new (csl_schema_lookup_type (schema, "client"), ID);

  client->rev = rev;
  csl_record_set_text (client, "first_name", name);
  csl_record_set_text (client, "date_of_birth", born);
  return client;
}

/* A look at the database renews every item it comes by, while somebody up the stack still reads what one said. */
static void
test_renewed_while_read (void)
{
  g_autoptr (CslSchema) schema = csl_schema_new_builtin ();
  g_autoptr (CslRecordItem) item =
    csl_record_item_new (make_client (schema, 1, "Bartholomew", "1969-03-14"),
                         CSL_RECORD_STATE_SYNCED);
  const CslRecord *record = csl_record_item_get_record (item);
  const char *id = csl_record_item_get_id (item);
  const char *name = csl_record_item_get_text (item, "first_name");
  const char *born = csl_record_item_get_text (item, "date_of_birth");
  const char *title = csl_record_item_get_title (item);
  g_autofree char *title_before = g_strdup (title);

  csl_record_item_renew (item, make_client (schema, 2, "Maximiliana", "1970-04-15"),
                         CSL_RECORD_STATE_SYNCED);
  g_assert_cmpstr (csl_record_item_get_text (item, "first_name"), ==, "Maximiliana");
  g_assert_cmpuint (csl_record_item_get_revision (item), ==, 1);
  g_assert_cmpstr (id, ==, ID);
  g_assert_cmpstr (name, ==, "Bartholomew");
  g_assert_cmpstr (born, ==, "1969-03-14");
  g_assert_cmpstr (title, ==, title_before);
  g_assert_cmpint (record->rev, ==, 1);
  /* Nothing is kept for longer. */
  g_assert_true (g_main_context_pending (NULL));
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpstr (csl_record_item_get_text (item, "date_of_birth"), ==, "1970-04-15");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/record-item/renewed-while-read", test_renewed_while_read);
  return g_test_run ();
}
