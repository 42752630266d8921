/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unsent work out of files that are damaged at every place: all of it where the damage is elsewhere, else what can be read, and
 * it is said which. The file stays as it is. */
#include "store-fixture.h"
#include "store/csl-replica-rescue.h"

#include <glib/gstdio.h>
#include <string.h>

/* Some pages full of operations. */
#define N_NOTES 60
#define PAGE    4096

typedef struct
{
  Fixture base;
  char *content; /* (owned): of the file before it is damaged */
  gsize length;
  guint n_whole, n_part, n_nothing, n_both_ends;
} Rescue;

static void
set_up (Rescue *self, gconstpointer data)
{
  fixture_set_up (&self->base, data);
  model_grant (self->base.model, TEST_NOTES);
  for (guint i = 0; i < N_NOTES; i++) {
    g_autofree char *text = g_strdup_printf ("Note %u: %0400d", i, 0);
    g_autoptr (CslRecord) note = fixture_note (&self->base, text);

    fixture_save (&self->base, NULL, note);
  }
  g_clear_pointer (&self->base.replica, csl_replica_free);
  /* Opening empties the log into the file. */
  fixture_reopen (&self->base);
  g_clear_pointer (&self->base.replica, csl_replica_free);
  g_assert_true (
    g_file_get_contents (self->base.path, &self->content, &self->length, NULL));
}

static void
tear_down (Rescue *self, gconstpointer data)
{
  g_assert_true (
    g_file_set_contents (self->base.path, self->content, (gssize) self->length, NULL));
  fixture_reopen (&self->base);
  fixture_tear_down (&self->base, data);
  g_free (self->content);
}

/* In the order of writing, with nothing twice. Returns whether the first and the last one are there. */
static bool
check_order (const CslWorkCopy *copy, bool complete)
{
  guint next = 0, first = G_MAXUINT;

  for (guint i = 0; i < copy->lines->len; i++) {
    const char *found = strstr (copy->lines->pdata[i], "Note ");
    guint number;

    g_assert_nonnull (found);
    number = (guint) g_ascii_strtoull (found + strlen ("Note "), NULL, 10);
    g_assert_cmpuint (number, >=, next);
    next = number + 1;
    first = MIN (first, number);
  }
  if (complete)
    g_assert_cmpuint (copy->lines->len, ==, N_NOTES);
  return first == 0 && next == N_NOTES;
}

static void
assert_untouched (Rescue *self, const char *damaged)
{
  g_autofree char *after = NULL;
  g_autofree char *copy = g_strconcat (self->base.path, ".rescue", NULL);
  gsize length;

  g_assert_true (g_file_get_contents (self->base.path, &after, &length, NULL));
  g_assert_cmpmem (after, length, damaged, self->length);
  g_assert_false (g_file_test (copy, G_FILE_TEST_EXISTS));
}

static void
rescue (Rescue *self, const char *damaged)
{
  g_auto (CslWorkCopy) copy = { 0 };
  g_autoptr (GError) error = NULL;
  bool complete = false;

  g_assert_true (
    g_file_set_contents (self->base.path, damaged, (gssize) self->length, NULL));
  if (!csl_replica_rescue (self->base.path, test_key, self->base.schema,
                           &self->base.env.env, &copy, &complete, &error)) {
    g_assert_nonnull (error);
    self->n_nothing++;
  } else {
    g_assert_cmpstr (copy.user, ==, TEST_USER);
    if (complete)
      self->n_whole++;
    else
      self->n_part++;
    if (check_order (&copy, complete) && !complete)
      self->n_both_ends++;
  }
  assert_untouched (self, damaged);
}

/* One page after the other. */
static void
test_every_page (Rescue *self, gconstpointer data)
{
  for (gsize at = 0; at < self->length; at += PAGE) {
    g_autofree char *damaged = g_memdup2 (self->content, self->length);

    memset (damaged + at + 1000, 0x5a, 100);
    rescue (self, damaged);
  }
  g_test_message ("%u whole, %u in part, %u not at all", self->n_whole, self->n_part,
                  self->n_nothing);
  g_assert_cmpuint (self->n_whole, >, 0);
  g_assert_cmpuint (self->n_part, >, 0);
  g_assert_cmpuint (self->n_nothing, >, 0);
  /* A hole in the middle leaves what was written before and after it. */
  g_assert_cmpuint (self->n_both_ends, >, 0);
}

static void
test_wrong_key (Rescue *self, gconstpointer data)
{
  const guint8 other[CSL_DB_KEY_SIZE] = { 1 };
  g_autoptr (GError) error = NULL;
  CslWorkCopy copy;
  bool complete;

  g_assert_false (csl_replica_rescue (self->base.path, other, self->base.schema,
                                      &self->base.env.env, &copy, &complete, &error));
  g_assert_error (error, CSL_STORE_ERROR, CSL_STORE_ERROR_WRONG_KEY);
  g_clear_error (&error);
  g_assert_false (csl_replica_rescue ("/nowhere/replica.db", other, self->base.schema,
                                      &self->base.env.env, &copy, &complete, &error));
  g_assert_nonnull (error);
}

/* Beside what was not sent, the key it is sealed to. */
static void
test_setting (Rescue *self, gconstpointer data)
{
  const guint8 other[CSL_DB_KEY_SIZE] = { 1 };
  g_autofree char *found = NULL;

  fixture_reopen (&self->base);
  g_assert_true (csl_replica_put_setting (self->base.replica, "colour", "blue", NULL));
  g_clear_pointer (&self->base.replica, csl_replica_free);
  found = csl_replica_rescue_setting (self->base.path, test_key, "colour");
  g_assert_cmpstr (found, ==, "blue");
  g_assert_null (csl_replica_rescue_setting (self->base.path, test_key, "taste"));
  g_assert_null (csl_replica_rescue_setting (self->base.path, other, "colour"));
  g_assert_null (csl_replica_rescue_setting ("/nowhere/replica.db", test_key, "colour"));
}

#define ADD(path, func)                                                                  \
  g_test_add ("/store/replica-rescue/" path, Rescue, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("every-page", test_every_page);
  ADD ("wrong-key", test_wrong_key);
  ADD ("setting", test_setting);
  return g_test_run ();
}
