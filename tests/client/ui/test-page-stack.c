/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-page-stack.c: pages come and go in order, and each is asked to save before it goes. */
#include "client/ui/shell/csl-application.h"
#include "client/ui/shell/csl-page-stack.h"

/* A page that counts how often it was asked to leave. */
#define TEST_TYPE_PAGE (test_page_get_type ())
G_DECLARE_FINAL_TYPE (TestPage, test_page, TEST, PAGE, CslPage)

struct _TestPage
{
  CslPage parent_instance;
  guint *left; /* (unowned) */
};

G_DEFINE_FINAL_TYPE (TestPage, test_page, CSL_TYPE_PAGE)

static void
test_page_leave (CslPage *page)
{
  (*TEST_PAGE (page)->left)++;
}

static void
test_page_class_init (TestPageClass *klass)
{
  CSL_PAGE_CLASS (klass)->leave = test_page_leave;
}

static void
test_page_init (TestPage *self)
{
}

static CslPage *
page_new (guint *left)
{
  TestPage *page = g_object_new (TEST_TYPE_PAGE, NULL);

  page->left = left;
  return CSL_PAGE (page);
}

static CslPageStack *
stack_new (void)
{
  return g_object_ref_sink (g_object_new (CSL_TYPE_PAGE_STACK, NULL));
}

static void
test_push_and_pop (void)
{
  g_autoptr (CslPageStack) stack = stack_new ();
  guint left = 0;
  CslPage *first = page_new (&left), *second = page_new (&left);

  g_assert_null (csl_page_stack_get_page (stack));
  csl_page_stack_push (stack, first);
  csl_page_stack_push (stack, second);
  g_assert_true (csl_page_stack_get_page (stack) == second);
  g_assert_cmpuint (csl_page_stack_get_depth (stack), ==, 2);

  g_assert_true (csl_page_stack_pop (stack));
  g_assert_true (csl_page_stack_get_page (stack) == first);
  g_assert_cmpuint (left, ==, 1);
  /* The last page stays: it belongs to a place of the sidebar. */
  g_assert_false (csl_page_stack_pop (stack));
  g_assert_cmpuint (csl_page_stack_get_depth (stack), ==, 1);
  g_assert_finalize_object (g_steal_pointer (&stack));
  g_assert_cmpuint (left, ==, 2);
}

static void
test_reset (void)
{
  g_autoptr (CslPageStack) stack = stack_new ();
  guint left = 0, kept = 0;
  CslPage *other = page_new (&kept);

  csl_page_stack_push (stack, page_new (&left));
  csl_page_stack_push (stack, page_new (&left));
  csl_page_stack_reset (stack, other);
  g_assert_cmpuint (left, ==, 2);
  g_assert_cmpuint (kept, ==, 0);
  g_assert_true (csl_page_stack_get_page (stack) == other);
  csl_page_stack_reset (stack, NULL);
  g_assert_cmpuint (kept, ==, 1);
  g_assert_cmpuint (csl_page_stack_get_depth (stack), ==, 0);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
test_notifies (void)
{
  g_autoptr (CslPageStack) stack = stack_new ();
  guint left = 0, depth = 0, page = 0;

  /* The counters outlive the stack. */
  g_signal_connect_swapped (stack, "notify::depth", G_CALLBACK (count_cb), &depth);
  /* The counters outlive the stack. */
  g_signal_connect_swapped (stack, "notify::page", G_CALLBACK (count_cb), &page);
  csl_page_stack_push (stack, page_new (&left));
  csl_page_stack_push (stack, page_new (&left));
  csl_page_stack_pop (stack);
  g_assert_cmpuint (depth, ==, 3);
  g_assert_cmpuint (page, ==, 3);
}

/* Without a session nothing can be opened, and nothing breaks. */
static void
test_open_without_session (void)
{
  g_autoptr (CslPageStack) stack = stack_new ();
  const CslPageRequest request = { .type = "case", .id = "none" };

  g_assert_false (csl_page_stack_open (stack, &request));
  g_assert_false (csl_page_stack_write (stack, &request));
  g_assert_cmpuint (csl_page_stack_get_depth (stack), ==, 0);
}

static void
test_request_round_trip (void)
{
  const CslPageRequest request = { .type = "note",
                                   .client = "p1",
                                   .case_id = "c1",
                                   .draft = "d1" };
  g_autoptr (GVariant) variant =
    g_variant_ref_sink (csl_page_request_to_variant (&request));
  CslPageRequest back;

  csl_page_request_from_variant (&back, variant);
  g_assert_cmpstr (back.type, ==, "note");
  g_assert_cmpstr (back.client, ==, "p1");
  g_assert_cmpstr (back.case_id, ==, "c1");
  g_assert_cmpstr (back.draft, ==, "d1");
  g_assert_null (back.id);
  g_assert_null (back.appointment);
}

/* Special rows come before the generic one, and every purpose has a generic one. */
static void
test_table (void)
{
  const CslPageEntry *special = csl_page_table_lookup (CSL_PAGE_PURPOSE_READ, "case");
  const CslPageEntry *generic = csl_page_table_lookup (CSL_PAGE_PURPOSE_READ, "goal");
  const CslPageEntry *form = csl_page_table_lookup (CSL_PAGE_PURPOSE_WRITE, "goal");

  g_assert_cmpstr (special->type, ==, "case");
  g_assert_null (generic->type);
  g_assert_nonnull (generic->create);
  g_assert_null (form->type);
  g_assert_nonnull (form->create);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  csl_ui_register_resources ();

  g_test_add_func ("/ui/page-stack/push-and-pop", test_push_and_pop);
  g_test_add_func ("/ui/page-stack/reset", test_reset);
  g_test_add_func ("/ui/page-stack/notifies", test_notifies);
  g_test_add_func ("/ui/page-stack/open-without-session", test_open_without_session);
  g_test_add_func ("/ui/page-table/request-round-trip", test_request_round_trip);
  g_test_add_func ("/ui/page-table/lookup", test_table);
  return g_test_run ();
}
