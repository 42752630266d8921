/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-replica-drafts.c: drafts out of a replica and in again. They are no operations: nobody pressed Save. */
#include "config.h"

#include "store/csl-replica-drafts.h"

#include "core/base/csl-error.h"
#include "core/base/csl-id.h"
#include "core/base/csl-json-scan.h"
#include "core/base/csl-json-write.h"
#include "core/wire/csl-wire-record.h"
#include "store/csl-replica-private.h"
#include "store/csl-sealed.h"

#include <string.h>

static void
append_draft (GString *out, const CslRecord *record)
{
  g_string_append_c (out, '{');
  csl_json_write_member_string (out, "t", "draft");
  csl_json_write_member_string (out, "id", record->id);
  csl_json_write_name (out, "set");
  csl_wire_record_write (record, out);
  g_string_append_c (out, '}');
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

bool
csl_drafts_list (CslRecordTable *table, GPtrArray *lines, GError **error)
{
  const gint64 last = csl_record_table_get_last_row (table);
  GError *local = NULL;

  for (gint64 row = 1; row <= last && local == NULL; row++) {
    g_autoptr (CslRecord) record = csl_record_table_get_by_row (table, row, NULL, &local);
    GString *line;

    if (record == NULL)
      continue;
    line = g_string_new (NULL);
    append_draft (line, record);
    g_ptr_array_add (lines, g_string_free (line, FALSE));
  }
  return csl_error_pass (&local, error);
}

GString *
csl_replica_copy_drafts (CslReplica *self, guint *ret_n, GError **error)
{
  const CslRecordType *type = csl_schema_lookup_type (self->schema, CSL_DRAFT_TYPE);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  GString *out;

  if (type != NULL && !csl_drafts_list (csl_replica_get_table (self, type), lines, error))
    return NULL;
  *ret_n = lines->len;
  if (lines->len == 0)
    return NULL;
  out = g_string_new (NULL);
  append_head (self, out);
  for (guint i = 0; i < lines->len; i++)
    g_string_append_printf (out, "%s\n", (const char *) lines->pdata[i]);
  return out;
}

/* -- taking in -- */

static CslRecord *
read_draft (const CslRecordType *type, const char *line)
{
  g_auto (CslJson) json = { 0 };
  g_autofree char *id = NULL;
  g_autoptr (CslRecord) record = NULL;

  csl_json_init (&json);
  if (!csl_json_scan (&json, line, strlen (line), &csl_json_limits_draft, NULL))
    return NULL;
  id = csl_json_member_dup_string (&json, 0, "id");
  if (id == NULL || !csl_id_is_valid (id))
    return NULL;
  record = csl_record_new (type, id);
  return csl_wire_record_read (record, &json, csl_json_member (&json, 0, "set"), NULL)
           ? g_steal_pointer (&record)
           : NULL;
}

bool
csl_replica_take_draft (CslReplica *self, const char *line, bool *ret_new, GError **error)
{
  const CslRecordType *type = csl_schema_lookup_type (self->schema, CSL_DRAFT_TYPE);
  g_autoptr (CslRecord) record = type != NULL ? read_draft (type, line) : NULL;
  g_autoptr (CslRecord) here = NULL;
  GError *local = NULL;

  if (record == NULL) {
    g_set_error_literal (error, CSL_SEALED_ERROR, CSL_SEALED_ERROR_DAMAGED,
                         "A line of the copy is no draft");
    return false;
  }
  here =
    csl_record_table_get (csl_replica_get_table (self, type), record->id, NULL, &local);
  if (!csl_error_pass (&local, error))
    return false;
  *ret_new = here == NULL || g_strcmp0 (csl_record_get_text (here, "updated_at"),
                                        csl_record_get_text (record, "updated_at")) < 0;
  return !*ret_new || csl_replica_write_row (self, record, 0, 0, error);
}
