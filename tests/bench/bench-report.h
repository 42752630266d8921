/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the measurements share: the clock, medians, memory, and the line that sets a figure beside its limit. */
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

/* Milliseconds since some start. */
double bench_now_ms (void);
/* Milliseconds of processor time that this process has used: other programs on the machine do not count. */
double bench_busy_ms (void);
/* The @part (0 to 1) of sorted values; sorts @values. */
double bench_percentile (double *values, guint n, double part);
/* Resident memory of process @pid (0: this one) in MiB, now and at its highest. */
double bench_resident_mib (int pid);
double bench_peak_mib (int pid);
/* Forgets the highest value of this process so far. */
void bench_reset_peak (void);

/* Prints "figure ≤ limit" as a line of TAP. @unit is that of both. Nothing fails but the line: a missed figure is a
 * result. */
void bench_report (const char *name, double figure, double limit, const char *unit);
/* The same for figures that must not be smaller. */
void bench_report_least (const char *name, double figure, double least, const char *unit);
/* A remark beside the figures. */
void bench_note (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* Prints the plan; the exit status of the program. */
int bench_finish (void);

G_END_DECLS
