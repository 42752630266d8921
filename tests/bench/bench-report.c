/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-report.c: figures beside their limits, as TAP. */
#include "bench/bench-report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static guint n_reports;

double
bench_now_ms (void)
{
  return (double) g_get_monotonic_time () / 1000.0;
}

double
bench_busy_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec * 1000.0 + (double) now.tv_nsec / 1e6;
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

double
bench_percentile (double *values, guint n, double part)
{
  g_return_val_if_fail (n > 0, 0);
  qsort (values, n, sizeof *values, compare_doubles);
  return values[MIN (n - 1, (guint) (part * n))];
}

static double
read_status_mib (int pid, const char *name)
{
  g_autofree char *path = pid == 0 ? g_strdup ("/proc/self/status")
                                   : g_strdup_printf ("/proc/%d/status", pid);
  g_autofree char *text = NULL;
  const char *line = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  line = strstr (text, name);
  return line != NULL ? g_ascii_strtod (line + strlen (name), NULL) / 1024.0 : 0;
}

double
bench_resident_mib (int pid)
{
  return read_status_mib (pid, "VmRSS:");
}

double
bench_peak_mib (int pid)
{
  return read_status_mib (pid, "VmHWM:");
}

void
bench_reset_peak (void)
{
  FILE *file = fopen ("/proc/self/clear_refs", "w");

  if (file == NULL)
    return;
  fputs ("5", file);
  fclose (file);
}

static void
print_line (bool good, const char *name, double figure, double limit, const char *unit)
{
  printf ("%s %u - %s: %.2f %s beside %.2f %s (ratio %.2f)\n", good ? "ok" : "not ok",
          ++n_reports, name, figure, unit, limit, unit, figure / limit);
  fflush (stdout);
}

void
bench_report (const char *name, double figure, double limit, const char *unit)
{
  print_line (figure <= limit, name, figure, limit, unit);
}

void
bench_report_least (const char *name, double figure, double least, const char *unit)
{
  print_line (figure >= least, name, figure, least, unit);
}

void
bench_note (const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  printf ("# %s\n", text);
  fflush (stdout);
}

int
bench_finish (void)
{
  printf ("1..%u\n", n_reports);
  return 0;
}
