/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a line of a push. What is read and printed is read again as the same: a line in an outbox never changes. */
#include "core/wire/csl-op.h"
#include "fuzz-target.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  static CslSchema *schema;
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (CslOp) head = NULL;
  g_autoptr (GError) error = NULL;

  if (schema == NULL)
    schema = csl_schema_new_builtin ();

  g_autoptr (CslOp) op = csl_op_parse (schema, text, size, &head, &error);
  g_assert_true ((op == NULL) == (error != NULL));
  if (op == NULL)
    return 0;

  g_autofree char *line = csl_op_print (op);
  g_autoptr (CslOp) again = csl_op_parse (schema, line, strlen (line), NULL, &error);
  g_assert_no_error (error);
  g_autofree char *line_again = csl_op_print (again);
  g_assert_cmpstr (line, ==, line_again);
  return 0;
}
