/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-row-list.c: a boxed list that outlives everything else, as when another account is opened. */
#include "client/csl-test-session.h"
#include "client/ui/list/csl-record-row.h"
#include "client/ui/shell/csl-application.h"
#include "client/ui/shell/csl-row.h"

/* The list is the last to hold the session; the records go with it, while the list is taken apart. */
static void
test_last_holder (void)
{
  CslTestSession test;
  g_autoptr (CslQuery) query = NULL;
  CslSession *held = NULL;
  GListModel *model;
  GtkWidget *list;

  csl_test_session_init (&test, NULL);
  query = csl_query_new (test.client->type);
  model = csl_session_list (test.session, query);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 1);
  list = g_object_ref_sink (gtk_list_box_new ());
  csl_row_bind_list (GTK_LIST_BOX (list), model, CSL_TYPE_RECORD_ROW, test.session);
  g_assert_nonnull (gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 0));
  /* Bound again, as when the filter changes. */
  csl_row_bind_list (GTK_LIST_BOX (list), model, CSL_TYPE_RECORD_ROW, test.session);
  g_assert_null (gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 1));

  csl_test_session_settle (&test);
  g_clear_pointer (&test.client, csl_record_free);
  g_clear_pointer (&test.other_case, csl_record_free);
  held = test.session;
  g_object_add_weak_pointer (G_OBJECT (held), (gpointer *) &held);
  g_clear_object (&test.session);
  g_assert_nonnull (held);
  g_object_unref (list);
  g_assert_null (held);
  g_object_unref (model);
  g_clear_object (&test.database);
  csl_test_session_clear (&test);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gtk_init ();
  csl_ui_register_resources ();
  g_test_add_func ("/ui/row-list/last-holder", test_last_holder);
  return g_test_run ();
}
