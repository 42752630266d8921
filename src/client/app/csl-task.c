/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/app/csl-task.h"

void
csl_task_answer (GTask *task, bool done, GError *error)
{
  if (done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}
