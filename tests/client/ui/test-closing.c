/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program ends with its last window: what was written a moment ago must be on the disk by then (I2). */
#include "client/app/csl-session-private.h"
#include "client/csl-test-session.h"
#include "client/ui/shell/csl-application.h"
#include "client/ui/shell/csl-window.h"

#include <adwaita.h>

/* A page of a pull that takes its time. */
static bool
dawdle (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  g_usleep (G_USEC_PER_SEC / 2);
  return true;
}

static CslRecord *
new_draft (CslTestSession *test)
{
  CslRecord *draft = csl_session_new_record (test->session, "form_draft");

  csl_record_set_text (draft, "form_type", "note");
  csl_record_set_text (draft, "entity_type", "case");
  csl_record_set_text (draft, "entity_id", test->other_case->id);
  csl_record_set_text (draft, "form_data", "{}");
  return draft;
}

static GtkApplication *
start_application (void)
{
  GtkApplication *application = GTK_APPLICATION (csl_application_new ());

  g_application_set_flags (G_APPLICATION (application), G_APPLICATION_NON_UNIQUE);
  g_application_register (G_APPLICATION (application), NULL, NULL);
  return application;
}

static void
test_draft_is_written (void)
{
  CslTestSession test;
  GtkApplication *application = start_application ();
  GtkWindow *window = csl_window_new (application, TRUE);
  g_autoptr (CslRecord) draft = NULL;
  g_autoptr (CslRecord) kept = NULL;

  csl_test_session_init (&test, NULL);
  csl_window_set_session (CSL_WINDOW (window), test.session);
  gtk_window_present (window);
  while (!gtk_widget_get_realized (GTK_WIDGET (window)))
    g_main_context_iteration (NULL, TRUE);
  draft = new_draft (&test);
  csl_vault_run_async (test.session->vault, CSL_VAULT_PRIORITY_PERSON, dawdle, NULL, NULL,
                       NULL, NULL);
  csl_session_put_draft_async (test.session, draft, NULL, NULL);
  gtk_window_close (window);
  /* Nothing more is waited for: the program would be gone now. */
  kept = csl_session_lookup_draft (test.session, "note", "case", test.other_case->id);
  g_assert_nonnull (kept);
  csl_test_session_settle (&test);
  g_object_unref (application);
  /* Their types are the session's. */
  g_clear_pointer (&draft, csl_record_free);
  g_clear_pointer (&kept, csl_record_free);
  csl_test_session_clear (&test);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  csl_ui_register_resources ();

  g_test_add_func ("/ui/closing/I2/draft-is-written", test_draft_is_written);
  return g_test_run ();
}
