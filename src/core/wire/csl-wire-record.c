/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-wire-record.c: record content to and from its wire form, and the record hash.
 *
 * These run once per record of a sync. Members arrive in canonical order nearly always, so the
 * reader walks type->wire_order beside them and searches only when they do not; the hash is
 * collected in a buffer on the stack, because SHA-256 over many tiny pieces costs more than the
 * hashing itself.
 *
 * Members this version does not know ("rest") take part in everything, between the known ones.
 */
#include "core/wire/csl-wire-record.h"

#include "core/base/csl-json-write.h"
#include "core/base/csl-mut.h"
#include "core/wire/csl-wire-private.h"

#include <sodium.h>
#include <string.h>

/* A member this version does not know. */
typedef struct
{
  char *name;  /* (owned) */
  guint value; /* token */
} Unknown;

static void
unknown_clear (gpointer data)
{
  g_free (((Unknown *) data)->name);
}

static int
unknown_compare (gconstpointer a, gconstpointer b)
{
  return strcmp (((const Unknown *) a)->name, ((const Unknown *) b)->name);
}

static int
name_compare (const CslJson *json, guint token, const char *name)
{
  const CslJsonToken *text = csl_json_token (json, token);
  gsize length = text->end - text->start;
  int order = strncmp (json->text + text->start, name, length);

  if (order != 0)
    return order;
  return name[length] == '\0' ? 0 : -1;
}

static int
find_plain (const CslRecordType *type, const CslJson *json, guint token, guint *hint)
{
  guint low = 0, high = type->n_fields;

  if (*hint < high) {
    const CslField *field = &type->fields[type->wire_order[*hint]];
    if (name_compare (json, token, field->name) == 0)
      return (int) type->wire_order[(*hint)++];
  }
  while (low < high) {
    guint middle = low + (high - low) / 2;
    guint index = type->wire_order[middle];
    int order = name_compare (json, token, type->fields[index].name);
    if (order == 0) {
      *hint = middle + 1;
      return (int) index;
    }
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return -1;
}

/* Index of the field that the name token at @token means, or -1. @hint: place in wire_order to
 * try first; moved on. */
int
csl_wire_find_field (const CslRecordType *type,
                     const CslJson *json,
                     guint token,
                     guint *hint)
{
  if (!csl_json_token (json, token)->escaped)
    return find_plain (type, json, token, hint);
  g_autofree char *name = csl_json_dup_string (json, token);
  const CslField *field = csl_record_type_lookup_field (type, name);
  return field != NULL ? (int) field->index : -1;
}

/* What a field of this kind expects, for messages. */
static const char *
describe (const CslField *field)
{
  switch (field->kind->value_type) {
  case CSL_VALUE_BOOL:
    return "true or false";
  case CSL_VALUE_INT:
    return "a number";
  case CSL_VALUE_MONEY:
    return "an amount of money";
  case CSL_VALUE_JSON:
    return "an object or a list";
  case CSL_VALUE_NULL:
  case CSL_VALUE_TEXT:
    break;
  }
  return "a string";
}

/* Reads one value; null gives NULL. CSL_WIRE_ERROR_VALUE names type and field. */
bool
csl_wire_read_value (const CslRecordType *type,
                     const CslField *field,
                     const CslJson *json,
                     guint token,
                     CslValue *ret_value,
                     GError **error)
{
  if (csl_json_token (json, token)->kind == CSL_JSON_NULL) {
    csl_value_clear (ret_value);
    return true;
  }
  if (field->kind->from_json (field, json, token, ret_value))
    return true;
  g_set_error (error, CSL_WIRE_ERROR, CSL_WIRE_ERROR_VALUE,
               "%s.%s: expected %s of the form of %s", type->name, field->name,
               describe (field), field->kind->name);
  return false;
}

/* Takes @unknown (may be NULL) and gives the canonical object of its members, or NULL. */
char *
csl_wire_print_unknown (const CslJson *json, GArray *unknown)
{
  if (unknown == NULL)
    return NULL;

  GString *out = g_string_new ("{");
  g_array_sort (unknown, unknown_compare);
  for (guint i = 0; i < unknown->len; i++) {
    const Unknown *member = &g_array_index (unknown, Unknown, i);
    csl_json_write_name (out, member->name);
    csl_json_write_canonical (out, json, member->value);
  }
  g_string_append_c (out, '}');
  g_array_unref (unknown);
  return g_string_free (out, FALSE);
}

/* Remembers the member whose name is at @name; makes the list when it is the first. */
void
csl_wire_add_unknown (GArray **unknown, const CslJson *json, guint name)
{
  if (*unknown == NULL) {
    *unknown = g_array_new (FALSE, FALSE, sizeof (Unknown));
    g_array_set_clear_func (*unknown, unknown_clear);
  }
  Unknown member = { csl_json_dup_string (json, name), name + 1 };
  g_array_append_val (*unknown, member);
}

/**
 * csl_wire_record_read:
 * @record: record whose values are all NULL
 * @json: tape
 * @index: the content object in it
 * @error: CSL_WIRE_ERROR_VALUE
 *
 * Reads known members by their kind and keeps unknown ones in @record's rest. A null member is
 * the same as none.
 *
 * Returns: whether every known member had the right form; otherwise @record is half filled
 */
bool
csl_wire_record_read (CslRecord *record, const CslJson *json, guint index, GError **error)
{
  const CslJsonToken *object = csl_json_token (json, index);
  const CslRecordType *type = record->type;
  GArray *unknown = NULL;
  guint hint = 0, name = index + 1;

  if (object->kind != CSL_JSON_OBJECT) {
    g_set_error (error, CSL_WIRE_ERROR, CSL_WIRE_ERROR_VALUE, "%s: expected an object",
                 type->name);
    return false;
  }
  for (guint i = 0, count = object->count; i < count; i++) {
    guint value = name + 1;
    int field = csl_wire_find_field (type, json, name, &hint);
    if (field < 0) {
      if (csl_json_token (json, value)->kind != CSL_JSON_NULL)
        csl_wire_add_unknown (&unknown, json, name);
    } else if (!csl_wire_read_value (type, &type->fields[field], json, value,
                                     &record->values[field], error)) {
      g_clear_pointer (&unknown, g_array_unref);
      return false;
    }
    name = csl_json_token (json, value)->next;
  }
  g_free (record->rest);
  record->rest = CSL_MUT (56) ? NULL : csl_wire_print_unknown (json, unknown);
  return true;
}

/* Known and unknown members of a record in the order of the wire. */
typedef struct
{
  const CslRecord *record;
  guint next;   /* place in wire_order */
  CslJson rest; /* tape of record->rest, when there is one */
  guint n_rest, name;
  char *rest_name; /* (owned) (nullable) decoded name of the next unknown member */
  /* The member found by members_next(): */
  const CslField *field; /* (nullable): a known one */
  const CslValue *value;
  guint token; /* of the unknown one's value */
} Members;

static void
members_load_rest_name (Members *self)
{
  g_clear_pointer (&self->rest_name, g_free);
  if (self->n_rest > 0)
    self->rest_name = csl_json_dup_string (&self->rest, self->name);
}

static void
members_init (Members *self, const CslRecord *record)
{
  *self = (Members){ .record = record };
  if (record->rest == NULL)
    return;

  csl_json_init (&self->rest);
  if (!csl_json_scan (&self->rest, record->rest, strlen (record->rest),
                      &csl_json_limits_line, NULL))
    return; /* cannot be: it was written from a scanned tape */
  self->n_rest = csl_json_token (&self->rest, 0)->count;
  self->name = 1;
  members_load_rest_name (self);
}

static void
members_clear (Members *self)
{
  g_free (self->rest_name);
  if (self->record->rest != NULL)
    csl_json_clear (&self->rest);
}

static void
members_skip_rest (Members *self)
{
  self->name = csl_json_token (&self->rest, self->name + 1)->next;
  self->n_rest--;
  members_load_rest_name (self);
}

/* A member of rest that this version has learnt meanwhile gives way to a value set since. */
static bool
members_next (Members *self)
{
  const CslRecordType *type = self->record->type;
  const CslField *field = NULL;

  while (self->next < type->n_fields && field == NULL) {
    guint index = type->wire_order[self->next];
    if (csl_value_is_null (&self->record->values[index]))
      self->next++;
    else
      field = &type->fields[index];
  }
  int order = field == NULL ? 1 : -1;
  if (field != NULL && self->n_rest > 0)
    order = strcmp (field->name, self->rest_name);
  if (order > 0 && self->n_rest == 0)
    return false;
  self->field = order <= 0 ? field : NULL;
  if (order <= 0) {
    self->value = &self->record->values[field->index];
    self->next++;
  } else {
    self->token = self->name + 1;
  }
  if (order == 0)
    members_skip_rest (self);
  return true;
}

/**
 * csl_wire_record_write:
 * @record: any record
 * @out: text so far
 *
 * Appends the canonical content object: members sorted by the bytes of their names, NULL values
 * left out.
 */
void
csl_wire_record_write (const CslRecord *record, GString *out)
{
  Members members;

  members_init (&members, record);
  g_string_append_c (out, '{');
  while (members_next (&members)) {
    if (members.field != NULL) {
      csl_json_write_name (out, members.field->name);
      members.field->kind->to_json (members.field, members.value, out);
      continue;
    }
    csl_json_write_name (out, members.rest_name);
    csl_json_write_canonical (out, &members.rest, members.token);
    members_skip_rest (&members);
  }
  g_string_append_c (out, '}');
  members_clear (&members);
}

/* SHA-256 with a buffer in front. */
typedef struct
{
  crypto_hash_sha256_state state;
  gsize used;
  guint8 buffer[1024];
  GString *json; /* (owned): scratch */
} Hash;

static void
hash_bytes (Hash *self, const void *bytes, gsize length)
{
  if (length > sizeof self->buffer - self->used) {
    crypto_hash_sha256_update (&self->state, self->buffer, self->used);
    self->used = 0;
  }
  if (length > sizeof self->buffer) {
    crypto_hash_sha256_update (&self->state, bytes, length);
    return;
  }
  memcpy (self->buffer + self->used, bytes, length);
  self->used += length;
}

static void
hash_lp (Hash *self, const char *bytes, gsize length)
{
  guint32 prefix = GUINT32_TO_BE ((guint32) length);

  hash_bytes (self, &prefix, sizeof prefix);
  hash_bytes (self, bytes, length);
}

static void
hash_tagged (Hash *self, char tag, const char *bytes)
{
  hash_bytes (self, &tag, 1);
  hash_lp (self, bytes, strlen (bytes));
}

/* The tag follows from the JSON, not from how the value is kept: a decimal is kept as a number and
 * travels as a string. */
static void
hash_printed (Hash *self, const CslField *field, const CslValue *value)
{
  GString *json = self->json;

  g_string_truncate (json, 0);
  field->kind->to_json (field, value, json);
  if (json->str[0] == '{' || json->str[0] == '[') {
    hash_tagged (self, 'j', json->str);
  } else if (json->str[0] == '"') {
    g_assert (strchr (json->str, '\\') == NULL); /* digits need no escapes */
    g_string_truncate (json, json->len - 1);
    hash_tagged (self, 's', json->str + 1);
  } else {
    hash_tagged (self, 'n', json->str);
  }
}

static void
hash_value (Hash *self, const CslField *field, const CslValue *value)
{
  switch (value->type) {
  case CSL_VALUE_NULL:
    g_assert_not_reached ();
  case CSL_VALUE_BOOL:
    hash_tagged (self, 'b', value->number != 0 ? "true" : "false");
    return;
  case CSL_VALUE_INT:
  case CSL_VALUE_MONEY:
    hash_printed (self, field, value);
    return;
  case CSL_VALUE_TEXT:
    hash_tagged (self, 's', value->text);
    return;
  case CSL_VALUE_JSON:
    hash_tagged (self, 'j', value->text);
    return;
  }
}

static void
hash_token (Hash *self, const CslJson *json, guint token)
{
  CslJsonKind kind = csl_json_token (json, token)->kind;

  if (kind == CSL_JSON_STRING) {
    g_autofree char *text = csl_json_dup_string (json, token);
    hash_tagged (self, 's', text);
    return;
  }
  g_autoptr (GString) text = g_string_new (NULL);
  csl_json_write_canonical (text, json, token);
  if (kind == CSL_JSON_NUMBER)
    hash_tagged (self, 'n', text->str);
  else if (kind == CSL_JSON_TRUE || kind == CSL_JSON_FALSE)
    hash_tagged (self, 'b', text->str);
  else
    hash_tagged (self, 'j', text->str);
}

/**
 * csl_wire_record_hash:
 * @record: a record as the server has it
 *
 * Returns: the record's part in its bucket's sum (docs/protocol.md, part 6)
 */
guint64
csl_wire_record_hash (const CslRecord *record)
{
  guint8 digest[crypto_hash_sha256_BYTES];
  guint64 rev = GUINT64_TO_BE ((guint64) record->rev), head;
  Members members;
  Hash hash;

  crypto_hash_sha256_init (&hash.state);
  hash.used = 0;
  hash.json = g_string_sized_new (64);
  hash_lp (&hash, record->type->name, strlen (record->type->name));
  hash_lp (&hash, record->id, strlen (record->id));
  hash_bytes (&hash, &rev, sizeof rev);
  members_init (&members, record);
  while (members_next (&members)) {
    if (members.field != NULL) {
      hash_lp (&hash, members.field->name, strlen (members.field->name));
      hash_value (&hash, members.field, members.value);
      continue;
    }
    hash_lp (&hash, members.rest_name, strlen (members.rest_name));
    hash_token (&hash, &members.rest, members.token);
    members_skip_rest (&members);
  }
  members_clear (&members);
  g_string_free (hash.json, TRUE);
  crypto_hash_sha256_update (&hash.state, hash.buffer, hash.used);
  crypto_hash_sha256_final (&hash.state, digest);
  memcpy (&head, digest, sizeof head);
  return GUINT64_FROM_BE (head);
}
