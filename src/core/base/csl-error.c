/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-error.c: the quarks of the core's error domains. */
#include "core/base/csl-error.h"

G_DEFINE_QUARK (csl - json - error - quark, csl_json_error)
G_DEFINE_QUARK (csl - schema - error - quark, csl_schema_error)
G_DEFINE_QUARK (csl - wire - error - quark, csl_wire_error)
G_DEFINE_QUARK (csl - net - error - quark, csl_net_error)

bool
csl_error_pass (GError **local, GError **error)
{
  if (*local == NULL)
    return true;
  g_propagate_error (error, g_steal_pointer (local));
  return false;
}
