/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-list-page.c: what stands beside a list. */
#include "client/csl-test-session.h"
#include "client/ui/list/csl-list-page.h"
#include "client/ui/shell/csl-application.h"

static GtkWidget *
find_named (GtkWidget *widget, const char *name)
{
  const char *id = gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget));

  if (g_strcmp0 (id, name) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = find_named (child, name);

    if (found != NULL)
      return found;
  }
  return NULL;
}

static bool
invites (CslSession *session, const char *type)
{
  g_autoptr (CslPage) page =
    g_object_ref_sink (csl_list_page_new_split (session, type, NULL));
  GtkWidget *invitation = find_named (GTK_WIDGET (page), "invitation");

  g_assert_nonnull (invitation);
  return gtk_widget_get_visible (invitation);
}

/* Nobody is told to choose from a list that has nothing. */
static void
test_invitation (void)
{
  CslTestSession test;

  csl_test_session_init (&test, NULL);
  g_assert_true (invites (test.session, "case"));
  g_assert_false (invites (test.session, "task"));
  csl_test_session_clear (&test);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  csl_ui_register_resources ();
  g_test_add_func ("/ui/list-page/invitation", test_invitation);
  return g_test_run ();
}
