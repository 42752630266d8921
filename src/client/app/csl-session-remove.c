/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-session-remove.c: gives up the copy of this session by order of the organisation. */
#include "client/app/csl-removal.h"
#include "client/app/csl-session-private.h"

/* On the database thread, behind what pages have just written. */
static bool
prepare (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  CslSession *self = data;
  const CslRemovalPlace place = { .folder = self->parts.folder,
                                  .server = self->parts.server,
                                  .ca_file = self->parts.ca_file,
                                  .organisation = self->parts.organisation_name,
                                  .credentials = self->parts.credentials };

  return csl_removal_prepare (replica, &place, error);
}

void
csl_session_remove_async (CslSession *self, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task;

  g_return_if_fail (CSL_IS_SESSION (self) && self->parts.folder != NULL);
  task = g_task_new (self, NULL, callback, data);
  g_task_set_source_tag (task, csl_session_remove_async);
  csl_vault_run_async (self->vault, CSL_VAULT_PRIORITY_IDLE, prepare, self, NULL,
                       csl_vault_answer_cb, task);
}

gboolean
csl_session_remove_finish (CslSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
