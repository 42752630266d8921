/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How tasks of this folder end: done, or with an error. Their `_finish` is g_task_propagate_boolean(). */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

G_BEGIN_DECLS

/* Answers @task. @error: (transfer full), set unless @done. */
void csl_task_answer (GTask *task, bool done, GError *error);

G_END_DECLS
