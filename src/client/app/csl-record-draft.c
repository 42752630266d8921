/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/app/csl-record-draft.h"

#include "core/base/csl-id.h"
#include "core/base/csl-json-write.h"
#include "core/wire/csl-wire-record.h"

struct _CslRecordDraft
{
  GObject parent_instance;

  CslSession *session;        /* (owned) (nullable) */
  CslRecord *before;          /* (owned) (nullable) */
  CslRecord *record;          /* (owned) */
  CslFieldBinding **bindings; /* (owned): per field, (nullable) until asked for */
  bool loading;
};

G_DEFINE_FINAL_TYPE (CslRecordDraft, csl_record_draft, G_TYPE_OBJECT)

enum {
  EDITED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
value_changed_cb (CslRecordDraft *self, CslFieldBinding *binding)
{
  const CslField *field = csl_field_binding_get_field (binding);

  if (self->loading)
    return;
  csl_value_copy (&self->record->values[field->index],
                  csl_field_binding_get_value (binding));
  g_signal_emit (self, signals[EDITED], 0);
}

static void
show_record_in_bindings (CslRecordDraft *self)
{
  self->loading = true;
  for (guint i = 0; i < self->record->type->n_fields; i++)
    if (self->bindings[i] != NULL)
      csl_field_binding_set_value (self->bindings[i], &self->record->values[i]);
  self->loading = false;
}

static void
finalize (GObject *object)
{
  CslRecordDraft *self = CSL_RECORD_DRAFT (object);

  for (guint i = 0; i < self->record->type->n_fields; i++)
    g_clear_object (&self->bindings[i]);
  g_free (self->bindings);
  g_clear_pointer (&self->before, csl_record_free);
  g_clear_pointer (&self->record, csl_record_free);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (csl_record_draft_parent_class)->finalize (object);
}

static void
csl_record_draft_class_init (CslRecordDraftClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = finalize;
  signals[EDITED] = g_signal_new ("edited", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
csl_record_draft_init (CslRecordDraft *self)
{
  (void) self;
}

CslRecordDraft *
csl_record_draft_new (CslSession *session,
                      const CslRecord *before,
                      const CslRecord *record)
{
  CslRecordDraft *self;

  g_return_val_if_fail (record != NULL, NULL);

  self = g_object_new (CSL_TYPE_RECORD_DRAFT, NULL);
  g_set_object (&self->session, session);
  self->before = before != NULL ? csl_record_copy (before) : NULL;
  self->record = csl_record_copy (record);
  self->bindings = g_new0 (CslFieldBinding *, record->type->n_fields);
  return self;
}

CslSession *
csl_record_draft_get_session (CslRecordDraft *self)
{
  g_return_val_if_fail (CSL_IS_RECORD_DRAFT (self), NULL);
  return self->session;
}

const CslRecord *
csl_record_draft_get_record (CslRecordDraft *self)
{
  g_return_val_if_fail (CSL_IS_RECORD_DRAFT (self), NULL);
  return self->record;
}

const CslRecord *
csl_record_draft_get_before (CslRecordDraft *self)
{
  g_return_val_if_fail (CSL_IS_RECORD_DRAFT (self), NULL);
  return self->before;
}

CslFieldBinding *
csl_record_draft_get_binding (CslRecordDraft *self, const char *name)
{
  const CslField *field;
  CslFieldBinding *binding;

  g_return_val_if_fail (CSL_IS_RECORD_DRAFT (self), NULL);
  field = csl_record_type_lookup_field (self->record->type, name);
  g_return_val_if_fail (field != NULL, NULL);

  if (self->bindings[field->index] != NULL)
    return self->bindings[field->index];
  binding = csl_field_binding_new (self->session, field);
  csl_field_binding_set_value (binding, &self->record->values[field->index]);
  if (self->before != NULL && (field->flags & CSL_FIELD_ONCE) != 0)
    csl_field_binding_set_editable (binding, false);
  g_signal_connect_object (binding, "value-changed", G_CALLBACK (value_changed_cb), self,
                           G_CONNECT_SWAPPED);
  self->bindings[field->index] = binding;
  return binding;
}

bool
csl_record_draft_get_changed (CslRecordDraft *self)
{
  g_return_val_if_fail (CSL_IS_RECORD_DRAFT (self), false);

  if (self->before == NULL)
    return true;
  for (guint i = 0; i < self->record->type->n_fields; i++)
    if (!csl_value_equal (&self->before->values[i], &self->record->values[i]))
      return true;
  return false;
}

/* Shows each problem at its field; the ones without a visible field are collected. */
static void
show_problems (CslRecordDraft *self, const CslProblems *problems, GString *other)
{
  for (guint i = 0; i < csl_problems_get_size (problems); i++) {
    const CslProblem *problem = csl_problems_get (problems, i);
    const CslField *field =
      csl_record_type_lookup_field (self->record->type, problem->path);
    CslFieldBinding *binding = field != NULL ? self->bindings[field->index] : NULL;

    if (binding == NULL)
      g_string_append_printf (other, "%s%s", other->len > 0 ? "\n" : "",
                              problem->message);
    else if (csl_field_binding_get_problem (binding) == NULL)
      csl_field_binding_set_problem (binding, problem->message);
  }
}

CslFieldBinding *
csl_record_draft_check (CslRecordDraft *self, char **ret_other)
{
  g_autoptr (CslProblems) problems = NULL;
  g_autoptr (CslEdit) edit = csl_edit_new ();
  g_autoptr (GString) other = g_string_new (NULL);
  CslFieldBinding *first = NULL;

  g_return_val_if_fail (CSL_IS_RECORD_DRAFT (self), NULL);

  for (guint i = 0; i < self->record->type->n_fields; i++)
    if (self->bindings[i] != NULL)
      csl_field_binding_settle (self->bindings[i]);
  csl_edit_add (edit, self->before, self->record);
  problems = csl_session_check (self->session, edit);
  show_problems (self, problems, other);
  for (guint i = 0; i < self->record->type->n_fields && first == NULL; i++)
    if (self->bindings[i] != NULL &&
        csl_field_binding_get_problem (self->bindings[i]) != NULL)
      first = self->bindings[i];
  if (ret_other != NULL)
    *ret_other = other->len > 0 ? g_strdup (other->str) : NULL;
  return first;
}

void
csl_record_draft_add_to_edit (CslRecordDraft *self, CslEdit *edit)
{
  g_return_if_fail (CSL_IS_RECORD_DRAFT (self));

  if (csl_record_draft_get_changed (self))
    csl_edit_add (edit, self->before, self->record);
}

/* {"id":…,"rev":…,"before":{…},"record":{…}}: with what was there before, so that a draft taken up later is still a
 * change against what the person saw and not against what others wrote since. */
char *
csl_record_draft_dup_json (CslRecordDraft *self)
{
  GString *json = g_string_new ("{");

  g_return_val_if_fail (CSL_IS_RECORD_DRAFT (self), NULL);
  csl_json_write_member_string (json, "id", self->record->id);
  csl_json_write_member_int (json, "rev", self->record->rev);
  if (self->before != NULL) {
    csl_json_write_name (json, "before");
    csl_wire_record_write (self->before, json);
  }
  csl_json_write_name (json, "record");
  csl_wire_record_write (self->record, json);
  g_string_append_c (json, '}');
  return g_string_free (json, FALSE);
}

/* The record in member @name, or NULL when there is none. */
static CslRecord *
read_record (CslRecordDraft *self, const CslJson *json, const char *name, GError **error)
{
  g_autofree char *id = csl_json_member_dup_string (json, 0, "id");
  guint member = csl_json_member (json, 0, name);
  g_autoptr (CslRecord) record = NULL;

  if (member == 0 || !csl_id_is_valid (id))
    return NULL;
  record = csl_record_new (self->record->type, id);
  record->rev = csl_json_member_int (json, 0, "rev", 0);
  return csl_wire_record_read (record, json, member, error) ? g_steal_pointer (&record)
                                                            : NULL;
}

/**
 * csl_record_draft_load_json:
 *
 * Takes an earlier state up again, including the id of a new record, so that saving it twice can never make two.
 * Errors: CSL_JSON_ERROR, CSL_WIRE_ERROR_VALUE; nothing changes then.
 */
bool
csl_record_draft_load_json (CslRecordDraft *self, const char *text, GError **error)
{
  g_auto (CslJson) json = { 0 };
  g_autoptr (CslRecord) record = NULL;
  CslRecord *before;

  g_return_val_if_fail (CSL_IS_RECORD_DRAFT (self), false);

  csl_json_init (&json);
  if (!csl_json_scan (&json, text, strlen (text), &csl_json_limits_draft, error))
    return false;
  record = read_record (self, &json, "record", error);
  if (record == NULL)
    return false;
  before = read_record (self, &json, "before", NULL);
  g_clear_pointer (&self->before, csl_record_free);
  self->before = before;
  csl_record_free (self->record);
  self->record = g_steal_pointer (&record);
  show_record_in_bindings (self);
  return true;
}
