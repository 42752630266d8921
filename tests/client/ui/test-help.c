/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-help.c: every page of the help is whole and leads somewhere, and a copy of case data goes when its time is over. */
#include "client/ui/help/csl-help-topics.h"
#include "client/ui/text/csl-clipboard.h"

static void
test_topics (void)
{
  guint n_topics;
  const CslHelpTopic *topics = csl_help_topics_list (&n_topics);

  g_assert_cmpuint (n_topics, >=, 10);
  for (guint i = 0; i < n_topics; i++) {
    g_test_message ("%s", topics[i].id);
    g_assert_true (csl_help_topics_lookup (topics[i].id) == &topics[i]);
    g_assert_nonnull (topics[i].title);
    g_assert_nonnull (topics[i].intro);
    g_assert_nonnull (topics[i].steps[0]);
    g_assert_nonnull (csl_help_topics_lookup (topics[i].see));
    g_assert_true (csl_help_topics_lookup (topics[i].see) != &topics[i]);
    if (topics[i].page != NULL)
      g_assert_true (csl_help_topics_lookup_page (topics[i].page) == &topics[i]);
  }
  g_assert_null (csl_help_topics_lookup_page ("CslTodayPage"));
  g_assert_null (csl_help_topics_lookup_page (NULL));
  /* Who has to take work along without a network has nobody to ask. */
  g_assert_cmpstr (csl_help_topics_lookup ("unsent")->see, ==, "sealed-copy");
}

static char *
dup_pasted (GdkClipboard *clipboard)
{
  GdkContentProvider *content = gdk_clipboard_get_content (clipboard);
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRING);
  if (content == NULL || !gdk_content_provider_get_value (content, &value, NULL))
    return NULL;
  return g_value_dup_string (&value);
}

static void
test_copy_is_marked_and_goes (void)
{
  GdkClipboard *clipboard = gdk_display_get_clipboard (gdk_display_get_default ());
  g_autofree char *pasted = NULL;

  csl_clipboard_copy (clipboard, "Refused: the case was closed", 1);
  pasted = dup_pasted (clipboard);
  g_assert_cmpstr (pasted, ==, "Refused: the case was closed");
  g_assert_true (
    gdk_content_formats_contain_mime_type (gdk_clipboard_get_formats (clipboard),
                                           "x-kde-passwordManagerHint"));
  while (gdk_clipboard_get_content (clipboard) != NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* What somebody copied since then is theirs. */
static void
test_other_copies_stay (void)
{
  GdkClipboard *clipboard = gdk_display_get_clipboard (gdk_display_get_default ());
  g_autofree char *pasted = NULL;

  csl_clipboard_copy (clipboard, "Something about a client", 60);
  gdk_clipboard_set_text (clipboard, "A recipe");
  csl_clipboard_clear (clipboard);
  pasted = dup_pasted (clipboard);
  g_assert_cmpstr (pasted, ==, "A recipe");
}

static void
test_clear_at_once (void)
{
  GdkClipboard *clipboard = gdk_display_get_clipboard (gdk_display_get_default ());

  csl_clipboard_copy (clipboard, "Something about a client", 60);
  csl_clipboard_copy (clipboard, "Something else about a client", 60);
  csl_clipboard_clear (clipboard);
  g_assert_null (gdk_clipboard_get_content (clipboard));
  csl_clipboard_clear (clipboard);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/help/topics", test_topics);
  g_test_add_func ("/ui/clipboard/marked-and-goes", test_copy_is_marked_and_goes);
  g_test_add_func ("/ui/clipboard/other-copies-stay", test_other_copies_stay);
  g_test_add_func ("/ui/clipboard/clear-at-once", test_clear_at_once);
  return g_test_run ();
}
