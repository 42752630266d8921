/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-lock-watch.c: nobody there for a while locks; a hand on the computer keeps it open, also one that only writes. The keys
 * are real ones, pressed on the X server. */
#include "client/ui/shell/csl-lock-watch.h"

#include <adwaita.h>

/* Long enough for a busy computer to press a key in; what does not happen within it is waited for three times as long. */
#define IDLE_MS 1500

typedef struct
{
  CslLockWatch *watch; /* (owned) */
  GtkWidget *window;   /* (unowned): destroyed by tear_down */
  GtkWidget *entry;    /* (unowned): in it */
  guint n_locked;
} Fixture;

static void
locked_cb (Fixture *self)
{
  self->n_locked++;
}

static gboolean
tick_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->entry = gtk_entry_new ();
  self->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (self->window), 400, 300);
  gtk_window_set_child (GTK_WINDOW (self->window), self->entry);
  gtk_window_present (GTK_WINDOW (self->window));
  gtk_widget_grab_focus (self->entry);
  self->watch = csl_lock_watch_new ();
  g_signal_connect_swapped (self->watch, "lock", G_CALLBACK (locked_cb), self);
  csl_lock_watch_listen (self->watch);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  g_object_unref (self->watch);
}

/* Milliseconds until it locks; -1: not within @most_ms. */
static gint64
wait_locked (Fixture *self, gint64 most_ms)
{
  const gint64 began = g_get_monotonic_time ();
  const guint tick = g_timeout_add (10, tick_cb, NULL);
  gint64 waited = 0;

  while (self->n_locked == 0 && waited < most_ms) {
    g_main_context_iteration (NULL, TRUE);
    waited = (g_get_monotonic_time () - began) / 1000;
  }
  g_source_remove (tick);
  return self->n_locked > 0 ? waited : -1;
}

static void
test_idle (Fixture *self, gconstpointer data)
{
  csl_lock_watch_set_idle_ms (self->watch, 300);
  g_assert_cmpint (wait_locked (self, 20000), >=, 290);
}

static void
test_no_rule (Fixture *self, gconstpointer data)
{
  csl_lock_watch_set_idle_ms (self->watch, 50);
  csl_lock_watch_set_idle_ms (self->watch, 0);
  g_assert_cmpint (wait_locked (self, 500), ==, -1);
}

static gboolean
touch_cb (gpointer data)
{
  csl_lock_watch_touch (data);
  return G_SOURCE_CONTINUE;
}

static void
test_touched (Fixture *self, gconstpointer data)
{
  const guint hand = g_timeout_add (50, touch_cb, self->watch);

  csl_lock_watch_set_idle_ms (self->watch, IDLE_MS);
  g_assert_cmpint (wait_locked (self, 3 * IDLE_MS), ==, -1);
  g_source_remove (hand);
  g_assert_cmpint (wait_locked (self, 20000), >=, IDLE_MS - 100);
}

/* -- by hand -- */

static void
do_by_hand (const char *const *words)
{
  g_autoptr (GError) error = NULL;
  int status = 0;

  g_spawn_sync (NULL, (char **) words, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
}

static gboolean
press_key_cb (gpointer data)
{
  do_by_hand ((const char *const[]){ "xdotool", "key", "a", NULL });
  return G_SOURCE_CONTINUE;
}

static const char *
get_text (Fixture *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->entry));
}

/* Without a window manager keys go to the window below the pointer. */
static void
wait_for_keys (Fixture *self)
{
  const gint64 end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  const guint hand = g_timeout_add (100, press_key_cb, NULL);

  do_by_hand ((const char *const[]){ "xdotool", "mousemove", "60", "60", NULL });
  while (*get_text (self) == '\0') {
    g_assert_cmpint (g_get_monotonic_time (), <, end);
    g_main_context_iteration (NULL, TRUE);
  }
  g_source_remove (hand);
}

/* Writing in a field is being there, though nothing else moves. */
static void
test_writing (Fixture *self, gconstpointer data)
{
  guint hand;
  gsize before;

  wait_for_keys (self);
  before = strlen (get_text (self));
  hand = g_timeout_add (100, press_key_cb, NULL);
  csl_lock_watch_set_idle_ms (self->watch, IDLE_MS);
  g_assert_cmpint (wait_locked (self, 3 * IDLE_MS), ==, -1);
  g_assert_cmpuint (strlen (get_text (self)), >, before);
  g_source_remove (hand);
  g_assert_cmpint (wait_locked (self, 20000), >=, IDLE_MS - 200);
}

/* What the worker chose, within what the organisation allows. */
static void
test_minutes (void)
{
  g_assert_cmpuint (csl_lock_watch_get_minutes (10, 0), ==, 10);
  g_assert_cmpuint (csl_lock_watch_get_minutes (10, 5), ==, 5);
  g_assert_cmpuint (csl_lock_watch_get_minutes (3, 5), ==, 3);
  g_assert_cmpuint (csl_lock_watch_get_minutes (0, 0), ==, 1);
  g_assert_cmpuint (csl_lock_watch_get_minutes (999, 0), ==, 60);
}

#define ADD(path, func)                                                                  \
  g_test_add ("/ui/lock-watch/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  ADD ("idle", test_idle);
  ADD ("no-rule", test_no_rule);
  ADD ("touched", test_touched);
  ADD ("writing", test_writing);
  g_test_add_func ("/ui/lock-watch/minutes", test_minutes);
  return g_test_run ();
}
