/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-replica-drafts.c: drafts out of a replica. They are no operations: nobody pressed Save. */
#include "config.h"

#include "store/csl-replica-drafts.h"

#include "core/base/csl-json-write.h"
#include "core/wire/csl-wire-record.h"
#include "store/csl-replica-private.h"

static void
append_draft (GString *out, const CslRecord *record)
{
  g_string_append_c (out, '{');
  csl_json_write_member_string (out, "t", "draft");
  csl_json_write_member_string (out, "id", record->id);
  csl_json_write_name (out, "set");
  csl_wire_record_write (record, out);
  g_string_append (out, "}\n");
}

static void
append_head (CslReplica *self, GString *out)
{
  g_string_append_c (out, '{');
  csl_json_write_member_string (out, "t", "drafts");
  csl_json_write_member_string (out, "organisation", self->identity.organisation);
  csl_json_write_member_string (out, "user", self->identity.user);
  csl_json_write_member_string (out, "device", self->identity.device);
  g_string_append (out, "}\n");
}

GString *
csl_replica_copy_drafts (CslReplica *self, guint *ret_n, GError **error)
{
  const CslRecordType *type = csl_schema_lookup_type (self->schema, "form_draft");
  CslRecordTable *table = type != NULL ? csl_replica_get_table (self, type) : NULL;
  gint64 last = table != NULL ? csl_record_table_get_last_row (table) : 0;
  g_autoptr (GString) out = g_string_new (NULL);
  GError *local = NULL;
  guint n = 0;

  append_head (self, out);
  for (gint64 row = 1; row <= last && local == NULL; row++) {
    g_autoptr (CslRecord) record = csl_record_table_get_by_row (table, row, NULL, &local);

    if (record == NULL)
      continue;
    append_draft (out, record);
    n++;
  }
  *ret_n = n;
  if (local != NULL)
    g_propagate_error (error, local);
  return local == NULL && n > 0 ? g_steal_pointer (&out) : NULL;
}
