/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-op-line.c: the wire line of an operation. Members are printed in one order, so equal operations
 * give equal bytes; they are read in any order. A line is never rewritten: what a newer version
 * wrote into "set" travels on in rest_set. */
#include "core/base/csl-json-write.h"
#include "core/wire/csl-op.h"
#include "core/wire/csl-wire-private.h"

#include <string.h>

static const char *const act_names[] = {
  [CSL_ACT_CREATE] = "create",
  [CSL_ACT_UPDATE] = "update",
  [CSL_ACT_DELETE] = "delete",
  [CSL_ACT_RESTORE] = "restore",
};

const char *
csl_act_to_text (CslAct act)
{
  g_return_val_if_fail (act < G_N_ELEMENTS (act_names), NULL);
  return act_names[act];
}

static bool
bad_member (GError **error, const char *name)
{
  return csl_wire_fail (error, CSL_WIRE_ERROR_VALUE, "%s: missing or not of its form",
                        name);
}

static bool
read_text (const CslJson *json, const char *name, char buffer[40], bool required)
{
  guint token = csl_json_member (json, 0, name);

  if (token == 0)
    return !required;
  return csl_wire_copy_text (json, token, buffer, 40);
}

static bool
read_count (const CslJson *json, const char *name, gint64 *ret_number)
{
  guint token = csl_json_member (json, 0, name);

  return token != 0 && csl_wire_read_count (json, token, ret_number);
}

/* "gn":[position, size] */
static bool
read_group_place (const CslJson *json, CslOp *op)
{
  guint token = csl_json_member (json, 0, "gn");
  gint64 position, size;

  if (token == 0 || csl_json_token (json, token)->kind != CSL_JSON_ARRAY ||
      csl_json_token (json, token)->count != 2 ||
      !csl_wire_read_count (json, token + 1, &position) ||
      !csl_wire_read_count (json, token + 2, &size))
    return false;
  if (position < 1 || position > size || size > CSL_OP_GROUP_MAX)
    return false;
  op->group_position = (guint) position;
  op->group_size = (guint) size;
  return true;
}

/* What is needed to answer the operation at all. */
static bool
read_identity (const CslJson *json, CslOp *op, GError **error)
{
  if (!read_text (json, "op", op->op, true))
    return bad_member (error, "op");
  if (!read_count (json, "n", &op->n) || op->n < 1)
    return bad_member (error, "n");
  if (!read_text (json, "g", op->group, true))
    return bad_member (error, "g");
  if (!read_group_place (json, op))
    return bad_member (error, "gn");
  return true;
}

static bool
read_act (const CslJson *json, CslOp *op)
{
  guint token = csl_json_member (json, 0, "act");

  for (guint i = 0; token != 0 && i < G_N_ELEMENTS (act_names); i++) {
    if (csl_json_equals (json, token, act_names[i])) {
      op->act = (CslAct) i;
      return true;
    }
  }
  return false;
}

static bool
read_time (const CslJson *json, CslOp *op)
{
  guint token = csl_json_member (json, 0, "at");

  if (token == 0)
    return true;
  if (csl_json_token (json, token)->kind != CSL_JSON_OBJECT)
    return false;
  op->wall = csl_json_member_dup_string (json, token, "wall");
  op->mono = csl_json_member_int (json, token, "mono", 0);
  return true;
}

static bool
read_type (const CslSchema *schema, const CslJson *json, CslOp *op, GError **error)
{
  char name[64];
  guint token = csl_json_member (json, 0, "k");

  if (token == 0 || !csl_wire_copy_text (json, token, name, sizeof name))
    return bad_member (error, "k");
  op->type = csl_schema_lookup_type (schema, name);
  if (op->type == NULL)
    return csl_wire_fail (error, CSL_WIRE_ERROR_UNKNOWN, "k: no record type %s", name);
  return true;
}

static bool
read_rest (const CslJson *json, CslOp *op, GError **error)
{
  gint64 schema;

  if (!read_text (json, "id", op->id, true))
    return bad_member (error, "id");
  if (!read_act (json, op))
    return bad_member (error, "act");
  if (!read_count (json, "base", &op->base))
    return bad_member (error, "base");
  if (!read_count (json, "schema", &schema) || schema > G_MAXINT32)
    return bad_member (error, "schema");
  op->schema = (guint) schema;
  if (!read_text (json, "by", op->by, true))
    return bad_member (error, "by");
  if (!read_text (json, "resolves", op->resolves, false))
    return bad_member (error, "resolves");
  if (!read_text (json, "fixes", op->fixes, false))
    return bad_member (error, "fixes");
  if (!read_time (json, op))
    return bad_member (error, "at");
  op->reason = csl_json_member_dup_string (json, 0, "reason");
  return true;
}

static bool
read_set (const CslJson *json, CslOp *op, GError **error)
{
  guint object = csl_json_member (json, 0, "set");
  GArray *unknown = NULL;
  guint hint = 0;

  if (object == 0)
    return true;
  if (csl_json_token (json, object)->kind != CSL_JSON_OBJECT)
    return bad_member (error, "set");
  guint count = csl_json_token (json, object)->count;
  for (guint i = 0, name = object + 1; i < count; i++) {
    g_auto (CslValue) value = CSL_VALUE_INIT;
    int field = csl_wire_find_field (op->type, json, name, &hint);
    if (field < 0) {
      csl_wire_add_unknown (&unknown, json, name);
    } else if (csl_wire_read_value (op->type, &op->type->fields[field], json, name + 1,
                                    &value, error)) {
      csl_op_put (op, (guint) field, &value, NULL);
    } else {
      g_clear_pointer (&unknown, g_array_unref);
      return false;
    }
    name = csl_json_token (json, name + 1)->next;
  }
  op->rest_set = csl_wire_print_unknown (json, unknown);
  return true;
}

/* Fields of "was" that "set" does not have are another writer's mistake; unknown ones belong to the
 * unknown ones of "set", which this version cannot merge anyway. */
static bool
read_was (const CslJson *json, CslOp *op, GError **error)
{
  guint object = csl_json_member (json, 0, "was");
  guint hint = 0;

  if (object == 0)
    return true;
  if (csl_json_token (json, object)->kind != CSL_JSON_OBJECT)
    return bad_member (error, "was");
  guint count = csl_json_token (json, object)->count;
  for (guint i = 0, name = object + 1; i < count; i++) {
    g_auto (CslValue) value = CSL_VALUE_INIT;
    int field = csl_wire_find_field (op->type, json, name, &hint);
    if (field >= 0) {
      const CslValue *set = csl_op_lookup_set (op, (guint) field);
      const CslField *declared = &op->type->fields[field];
      if (set == NULL)
        return csl_wire_fail (error, CSL_WIRE_ERROR_VALUE, "was.%s: not in set",
                              declared->name);
      if (!csl_wire_read_value (op->type, declared, json, name + 1, &value, error))
        return false;
      g_auto (CslValue) copy = CSL_VALUE_INIT;
      csl_value_copy (&copy, set);
      csl_op_put (op, (guint) field, &copy, &value);
    }
    name = csl_json_token (json, name + 1)->next;
  }
  return true;
}

static bool
read_op (const CslSchema *schema, const CslJson *json, CslOp *op, GError **error)
{
  return read_identity (json, op, error) && read_type (schema, json, op, error) &&
         read_rest (json, op, error) && read_set (json, op, error) &&
         read_was (json, op, error);
}

/**
 * csl_op_read:
 * @json: the tape of a line, scanned by the caller
 * @ret_head: (out) (optional) (transfer full): of an operation that was refused, what identifies it
 * @error: as of csl_op_parse()
 *
 * Returns: (nullable) (transfer full): the operation
 */
CslOp *
csl_op_read (const CslSchema *schema,
             const CslJson *json,
             CslOp **ret_head,
             GError **error)
{
  g_autoptr (CslOp) op = csl_op_new ();

  if (ret_head != NULL)
    *ret_head = NULL;
  if (csl_json_token (json, 0)->kind != CSL_JSON_OBJECT) {
    csl_wire_fail (error, CSL_WIRE_ERROR_SYNTAX, "operation: not an object");
    return NULL;
  }
  if (read_op (schema, json, op, error))
    return g_steal_pointer (&op);
  if (ret_head != NULL)
    *ret_head = g_steal_pointer (&op);
  return NULL;
}

/**
 * csl_op_parse:
 * @schema: the record types known here
 * @line: one line without its newline
 * @length: bytes of @line
 * @ret_head: (out) (nullable) (transfer full): what could be read of a refused operation
 * @error: CSL_WIRE_ERROR_SYNTAX: not a JSON object; CSL_WIRE_ERROR_UNKNOWN: a record type this
 *   version does not know; CSL_WIRE_ERROR_VALUE: a member has the wrong form
 *
 * With UNKNOWN and VALUE *@ret_head carries op, n, g and gn as far as they could be read, so that
 * this one operation can be refused and the rest of the push goes on.
 *
 * Returns: (nullable) (transfer full): the operation
 */
CslOp *
csl_op_parse (const CslSchema *schema,
              const char *line,
              gsize length,
              CslOp **ret_head,
              GError **error)
{
  g_auto (CslJson) json = { 0 };
  g_autoptr (GError) scan_error = NULL;

  if (ret_head != NULL)
    *ret_head = NULL;
  csl_json_init (&json);
  if (csl_json_scan (&json, line, length, &csl_json_limits_line, &scan_error))
    return csl_op_read (schema, &json, ret_head, error);
  csl_wire_fail (error, CSL_WIRE_ERROR_SYNTAX, "operation: %s", scan_error->message);
  return NULL;
}

/* Members of @values and of the canonical object @rest as one object, fields in declared order. */
static void
print_values (GString *out, const CslOp *op, const GArray *values, const char *rest)
{
  g_string_append_c (out, '{');
  for (guint i = 0; i < values->len; i++) {
    const CslFieldValue *member = &g_array_index (values, CslFieldValue, i);
    const CslField *field = &op->type->fields[member->field];
    csl_json_write_name (out, field->name);
    if (csl_value_is_null (&member->value))
      g_string_append (out, "null");
    else
      field->kind->to_json (field, &member->value, out);
  }
  if (rest != NULL) {
    if (values->len > 0)
      g_string_append_c (out, ',');
    g_string_append_len (out, rest + 1, (gssize) strlen (rest) - 2);
  }
  g_string_append_c (out, '}');
}

static void
print_text (GString *out, const char *name, const char *text)
{
  if (text != NULL && *text != '\0')
    csl_json_write_member_string (out, name, text);
}

/**
 * csl_op_print:
 * @self: a complete operation
 *
 * Returns: (transfer full): its line without the newline
 */
char *
csl_op_print (const CslOp *self)
{
  GString *out = g_string_sized_new (512);

  g_string_append_c (out, '{');
  csl_json_write_member_string (out, "op", self->op);
  csl_json_write_member_int (out, "n", self->n);
  csl_json_write_member_string (out, "g", self->group);
  csl_json_write_name (out, "gn");
  g_string_append_printf (out, "[%u,%u]", self->group_position, self->group_size);
  csl_json_write_member_string (out, "k", self->type->name);
  csl_json_write_member_string (out, "id", self->id);
  csl_json_write_member_string (out, "act", csl_act_to_text (self->act));
  csl_json_write_member_int (out, "base", self->base);
  csl_json_write_name (out, "set");
  print_values (out, self, self->set, self->rest_set);
  csl_json_write_name (out, "was");
  if (self->act == CSL_ACT_CREATE)
    g_string_append (out, "{}");
  else
    print_values (out, self, self->was, NULL);
  print_text (out, "reason", self->reason);
  print_text (out, "resolves", self->resolves);
  print_text (out, "fixes", self->fixes);
  csl_json_write_member_int (out, "schema", self->schema);
  csl_json_write_name (out, "at");
  g_string_append_c (out, '{');
  print_text (out, "wall", self->wall);
  csl_json_write_member_int (out, "mono", self->mono);
  g_string_append_c (out, '}');
  csl_json_write_member_string (out, "by", self->by);
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

bool
csl_op_line_append (GString *out,
                    const char *line,
                    const char *member,
                    gint64 number,
                    GError **error)
{
  g_auto (CslJson) json = { 0 };
  const CslJsonToken *token;
  guint index;

  csl_json_init (&json);
  if (!csl_json_scan (&json, line, strlen (line), &csl_json_limits_line, error))
    return false;
  index = csl_json_member (&json, 0, member);
  if (index == 0)
    return csl_wire_fail (error, CSL_WIRE_ERROR_VALUE, "a line has no %s", member);
  token = csl_json_token (&json, index);
  g_string_append_len (out, line, token->start);
  g_string_append_printf (out, "%" G_GINT64_FORMAT, number);
  g_string_append (out, line + token->end);
  return true;
}
