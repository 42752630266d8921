/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-storage.c: the plain structs of the storage interface. */
#include "config.h"

#include "server/store/csd-storage.h"

void
csd_stored_clear (CsdStored *stored)
{
  g_clear_pointer (&stored->doc, g_free);
  g_clear_pointer (&stored->frev, g_free);
}

void
csd_op_done_clear (CsdOpDone *done)
{
  g_clear_pointer (&done->answer, g_free);
}

void
csd_case_info_clear (CsdCaseInfo *info)
{
  g_clear_pointer (&info->assigned, g_ptr_array_unref);
}
