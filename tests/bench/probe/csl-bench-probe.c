/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A GIO module that measures frames of an unmodified program: it is loaded through GIO_EXTRA_MODULES and writes lines
 * to the file named by CASELOAD_BENCH_REPORT. Never installed.
 *
 *   frame US           CLOCK_MONOTONIC when the first frame of a window was painted
 *   content US         … the first one that shows a widget of the type named by CASELOAD_BENCH_CONTENT
 *   scroll N US COST…  N frames of scrolling took so long; then what each frame cost, before-paint to after-paint
 *
 * SIGUSR1 scrolls the largest list that is shown, CASELOAD_BENCH_STEP pixels with every frame.
 */
#include <glib-unix.h>
#include <gtk/gtk.h>
#include <stdio.h>

#define N_FRAMES 600

typedef struct
{
  GtkAdjustment *adjustment; /* (unowned) */
  double step;
  gint64 started_us, before_us;
  guint n;
  int costs_us[N_FRAMES];
} Scroll;

static gboolean was_painted, was_content;
static Scroll scroll;

static void
report (const char *text)
{
  const char *path = g_getenv ("CASELOAD_BENCH_REPORT");
  FILE *file = path != NULL ? fopen (path, "a") : NULL;

  if (file == NULL)
    return;
  fprintf (file, "%s\n", text);
  fclose (file);
}

static void
report_moment (const char *name, gboolean *done)
{
  g_autofree char *text =
    g_strdup_printf ("%s %" G_GINT64_FORMAT, name, g_get_monotonic_time ());

  *done = TRUE;
  report (text);
}

static GtkWidget *
find_mapped (GtkWidget *widget, const char *type)
{
  if (gtk_widget_get_mapped (widget) &&
      g_strcmp0 (G_OBJECT_TYPE_NAME (widget), type) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = find_mapped (child, type);

    if (found != NULL)
      return found;
  }
  return NULL;
}

static void
after_paint_cb (GdkFrameClock *clock, gpointer window)
{
  const char *content = g_getenv ("CASELOAD_BENCH_CONTENT");

  if (!was_painted)
    report_moment ("frame", &was_painted);
  if (!was_content && content != NULL && find_mapped (window, content) != NULL)
    report_moment ("content", &was_content);
}

/* Before anything is painted: windows exist when the main loop runs for the first time. */
static gboolean
watch_windows_cb (gpointer data)
{
  GListModel *windows = gtk_is_initialized () ? gtk_window_get_toplevels () : NULL;
  g_autoptr (GtkWidget) window = windows != NULL ? g_list_model_get_item (windows, 0)
                                                 : NULL;

  if (window == NULL || !gtk_widget_get_realized (window))
    return G_SOURCE_CONTINUE;
  g_signal_connect_object (gtk_widget_get_frame_clock (window), "after-paint",
                           G_CALLBACK (after_paint_cb), window, 0);
  return G_SOURCE_REMOVE;
}

/* -- Scrolling ------------------------------------------------------------------------- */

static void
find_longest (GtkWidget *widget, GtkAdjustment **longest)
{
  if (GTK_IS_SCROLLED_WINDOW (widget) && gtk_widget_get_mapped (widget)) {
    GtkAdjustment *adjustment =
      gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (widget));

    if (*longest == NULL ||
        gtk_adjustment_get_upper (adjustment) > gtk_adjustment_get_upper (*longest))
      *longest = adjustment;
  }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    find_longest (child, longest);
}

static void
report_scroll (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_printf (text, "scroll %u %" G_GINT64_FORMAT, scroll.n,
                   g_get_monotonic_time () - scroll.started_us);
  for (guint i = 0; i < scroll.n; i++)
    g_string_append_printf (text, " %d", scroll.costs_us[i]);
  report (text->str);
}

static void
before_paint_cb (GdkFrameClock *clock, gpointer data)
{
  scroll.before_us = g_get_monotonic_time ();
}

static void
count_paint_cb (GdkFrameClock *clock, gpointer data)
{
  if (scroll.n < N_FRAMES)
    scroll.costs_us[scroll.n++] = (int) (g_get_monotonic_time () - scroll.before_us);
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  double value = gtk_adjustment_get_value (scroll.adjustment) + scroll.step;
  double last = gtk_adjustment_get_upper (scroll.adjustment) -
                gtk_adjustment_get_page_size (scroll.adjustment);

  if (scroll.n >= N_FRAMES) {
    report_scroll ();
    g_signal_handlers_disconnect_by_func (clock, before_paint_cb, NULL);
    g_signal_handlers_disconnect_by_func (clock, count_paint_cb, NULL);
    return G_SOURCE_REMOVE;
  }
  if (value > last || value < 0)
    scroll.step = -scroll.step;
  gtk_adjustment_set_value (scroll.adjustment, CLAMP (value, 0, last));
  return G_SOURCE_CONTINUE;
}

static gboolean
scroll_cb (gpointer data)
{
  const char *step = g_getenv ("CASELOAD_BENCH_STEP");
  g_autoptr (GtkWidget) window = g_list_model_get_item (gtk_window_get_toplevels (), 0);
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);

  scroll = (Scroll){ .step = step != NULL ? g_ascii_strtod (step, NULL) : 40 };
  find_longest (window, &scroll.adjustment);
  if (scroll.adjustment == NULL) {
    report ("scroll 0 0");
    return G_SOURCE_CONTINUE;
  }
  scroll.started_us = g_get_monotonic_time ();
  g_signal_connect (clock, "before-paint", G_CALLBACK (before_paint_cb), NULL);
  g_signal_connect_after (clock, "after-paint", G_CALLBACK (count_paint_cb), NULL);
  gtk_widget_add_tick_callback (window, tick_cb, NULL, NULL);
  return G_SOURCE_CONTINUE;
}

/* -- The module ------------------------------------------------------------------------ */

void g_io_module_load (GIOModule *module);
void g_io_module_unload (GIOModule *module);
char **g_io_module_query (void);

void
g_io_module_load (GIOModule *module)
{
  static gboolean loaded;

  g_type_module_use (G_TYPE_MODULE (module));
  if (loaded)
    return;
  loaded = TRUE;
  g_timeout_add_full (G_PRIORITY_HIGH, 1, watch_windows_cb, NULL, NULL);
  g_unix_signal_add (SIGUSR1, scroll_cb, NULL);
}

void
g_io_module_unload (GIOModule *module)
{
}

char **
g_io_module_query (void)
{
  static char *names[] = { (char *) "gio-vfs", NULL };

  return g_strdupv (names);
}
