/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared between the files of this folder only. */
#pragma once

#include "core/schema/csl-record.h"

G_BEGIN_DECLS

int csl_wire_find_field (const CslRecordType *type,
                         const CslJson *json,
                         guint token,
                         guint *hint);
bool csl_wire_read_value (const CslRecordType *type,
                          const CslField *field,
                          const CslJson *json,
                          guint token,
                          CslValue *ret_value,
                          GError **error);
/* Unknown members of an object, collected by csl_wire_add_unknown(). */
void csl_wire_add_unknown (GArray **unknown, const CslJson *json, guint name);
char *csl_wire_print_unknown (const CslJson *json, GArray *unknown)
  G_GNUC_WARN_UNUSED_RESULT;

/* Copies a plain printable text of at least one and less than @size bytes; FALSE otherwise. */
bool csl_wire_copy_text (const CslJson *json, guint token, char *buffer, gsize size);
/* An integer from 0 on. */
bool csl_wire_read_count (const CslJson *json, guint token, gint64 *ret_number);
/* 16 lower-case hexadecimal digits. */
bool csl_wire_read_sum (const CslJson *json, guint token, guint64 *ret_sum);
void csl_wire_write_sum (GString *out, const char *name, guint64 sum);

bool csl_wire_fail (GError **error, int code, const char *format, ...)
  G_GNUC_PRINTF (3, 4);

G_END_DECLS
