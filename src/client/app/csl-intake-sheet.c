/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/app/csl-intake-sheet.h"

#include "core/base/csl-time.h"

struct _CslIntakeSheet
{
  GObject parent_instance;

  CslSession *session; /* (owned) */
  CslSheetPart parts[CSL_INTAKE_N_PARTS];
  bool with_appointment;
};

G_DEFINE_FINAL_TYPE (CslIntakeSheet, csl_intake_sheet, G_TYPE_OBJECT)

static const struct
{
  const char *type, *form;
} kinds[CSL_INTAKE_N_PARTS] = {
  [CSL_INTAKE_PART_CLIENT] = { "client", "intake" },
  [CSL_INTAKE_PART_CASE] = { "case", "intake_case" },
  [CSL_INTAKE_PART_APPOINTMENT] = { "appointment", "intake_appointment" },
};

static void
dispose (GObject *object)
{
  CslIntakeSheet *self = CSL_INTAKE_SHEET (object);

  csl_sheet_parts_clear (self->parts, CSL_INTAKE_N_PARTS);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (csl_intake_sheet_parent_class)->dispose (object);
}

static void
csl_intake_sheet_class_init (CslIntakeSheetClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dispose;
}

static void
csl_intake_sheet_init (CslIntakeSheet *self)
{
  (void) self;
}

static const char *
get_id (CslIntakeSheet *self, CslIntakePart part)
{
  return csl_record_draft_get_record (self->parts[part].draft)->id;
}

static const char *
get_text (CslIntakeSheet *self, CslIntakePart part, const char *field)
{
  return csl_record_get_text (csl_record_draft_get_record (self->parts[part].draft),
                              field);
}

static void
set_reference (CslIntakeSheet *self,
               CslIntakePart part,
               const char *field,
               const char *id)
{
  g_auto (CslValue) value = CSL_VALUE_INIT;

  csl_value_set_text (&value, id);
  csl_field_binding_set_value (csl_record_draft_get_binding (self->parts[part].draft,
                                                             field),
                               &value);
}

CslIntakeSheet *
csl_intake_sheet_new (CslSession *session)
{
  CslIntakeSheet *self = g_object_new (CSL_TYPE_INTAKE_SHEET, NULL);

  self->session = g_object_ref (session);
  for (guint i = 0; i < CSL_INTAKE_N_PARTS; i++) {
    g_autoptr (CslRecord) record = csl_session_new_record (session, kinds[i].type);
    self->parts[i].draft = csl_record_draft_new (session, NULL, record);
    self->parts[i].keeper =
      csl_draft_keeper_new (self->parts[i].draft, kinds[i].form, "client", "new");
  }
  set_reference (self, CSL_INTAKE_PART_CASE, "client",
                 get_id (self, CSL_INTAKE_PART_CLIENT));
  set_reference (self, CSL_INTAKE_PART_APPOINTMENT, "client",
                 get_id (self, CSL_INTAKE_PART_CLIENT));
  set_reference (self, CSL_INTAKE_PART_APPOINTMENT, "case",
                 get_id (self, CSL_INTAKE_PART_CASE));
  self->with_appointment = get_text (self, CSL_INTAKE_PART_APPOINTMENT, "start_at") !=
                           NULL;
  return self;
}

CslRecordDraft *
csl_intake_sheet_get_draft (CslIntakeSheet *self, CslIntakePart part)
{
  g_return_val_if_fail (CSL_IS_INTAKE_SHEET (self) && part < CSL_INTAKE_N_PARTS, NULL);
  return self->parts[part].draft;
}

CslDraftKeeper *
csl_intake_sheet_get_keeper (CslIntakeSheet *self, CslIntakePart part)
{
  g_return_val_if_fail (CSL_IS_INTAKE_SHEET (self) && part < CSL_INTAKE_N_PARTS, NULL);
  return self->parts[part].keeper;
}

bool
csl_intake_sheet_get_with_appointment (CslIntakeSheet *self)
{
  g_return_val_if_fail (CSL_IS_INTAKE_SHEET (self), false);
  return self->with_appointment;
}

void
csl_intake_sheet_set_with_appointment (CslIntakeSheet *self, bool with_appointment)
{
  g_return_if_fail (CSL_IS_INTAKE_SHEET (self));
  self->with_appointment = with_appointment;
}

/* Adds what @query finds, each client once. */
static void
add_matches (CslIntakeSheet *self, GPtrArray *found, CslQuery *query, guint limit)
{
  g_autoptr (GListModel) matches = NULL;

  query->limit = limit;
  matches = csl_session_list (self->session, query);
  for (guint i = 0; i < g_list_model_get_n_items (matches) && found->len < limit; i++) {
    g_autoptr (CslRecordItem) item = g_list_model_get_item (matches, i);
    bool known = false;

    for (guint k = 0; k < found->len; k++)
      known = known || g_str_equal (csl_record_item_get_id (found->pdata[k]),
                                    csl_record_item_get_id (item));
    if (!known)
      g_ptr_array_add (found, g_steal_pointer (&item));
  }
}

GPtrArray *
csl_intake_sheet_list_candidates (CslIntakeSheet *self, guint limit)
{
  static const char *const phones[] = { "phone_primary", "phone_secondary" };
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);
  const CslRecordType *type;
  const char *phone, *first, *last;

  g_return_val_if_fail (CSL_IS_INTAKE_SHEET (self), found);

  type = csl_schema_lookup_type (csl_session_get_schema (self->session), "client");
  phone = get_text (self, CSL_INTAKE_PART_CLIENT, "phone_primary");
  first = get_text (self, CSL_INTAKE_PART_CLIENT, "first_name");
  last = get_text (self, CSL_INTAKE_PART_CLIENT, "last_name");
  for (guint i = 0; phone != NULL && i < G_N_ELEMENTS (phones); i++) {
    g_autoptr (CslQuery) query = csl_query_new (type);
    csl_query_add_text (query, phones[i], CSL_FILTER_IS, phone);
    add_matches (self, found, query, limit);
  }
  if (first != NULL && last != NULL) {
    g_autoptr (CslQuery) query = csl_query_new (type);
    g_autofree char *words = g_strdup_printf ("%s %s", first, last);
    csl_query_set_search (query, words);
    add_matches (self, found, query, limit);
  }
  return found;
}

char *
csl_intake_sheet_check (CslIntakeSheet *self,
                        CslIntakePart *ret_part,
                        CslFieldBinding **ret_binding)
{
  g_return_val_if_fail (CSL_IS_INTAKE_SHEET (self), NULL);

  for (guint i = 0; i < CSL_INTAKE_N_PARTS; i++) {
    char *problem = NULL;

    if (i == CSL_INTAKE_PART_APPOINTMENT && !self->with_appointment)
      continue;
    problem = csl_sheet_part_check (&self->parts[i], ret_binding);
    if (problem != NULL) {
      *ret_part = i;
      return problem;
    }
  }
  return NULL;
}

/* The first line of the case's permanent story. */
static void
add_case_event (CslIntakeSheet *self, CslEdit *edit)
{
  g_autoptr (CslRecord) event = csl_session_new_record (self->session, "case_event");

  csl_record_set_text (event, "case", get_id (self, CSL_INTAKE_PART_CASE));
  csl_record_set_text (event, "action", "created");
  csl_record_set_text (event, "to_value",
                       get_text (self, CSL_INTAKE_PART_CASE, "status"));
  csl_edit_add (edit, NULL, event);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  CslIntakeSheet *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  if (!csl_session_save_finish (CSL_SESSION (source), result, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  csl_intake_sheet_discard (self);
  g_task_return_boolean (task, TRUE);
}

void
csl_intake_sheet_save_async (CslIntakeSheet *self,
                             GAsyncReadyCallback callback,
                             gpointer data)
{
  GTask *task = g_task_new (self, NULL, callback, data);
  g_autoptr (CslEdit) edit = csl_edit_new ();

  g_task_set_source_tag (task, csl_intake_sheet_save_async);
  csl_edit_add (edit, NULL,
                csl_record_draft_get_record (self->parts[CSL_INTAKE_PART_CLIENT].draft));
  csl_edit_add (edit, NULL,
                csl_record_draft_get_record (self->parts[CSL_INTAKE_PART_CASE].draft));
  add_case_event (self, edit);
  if (self->with_appointment)
    csl_edit_add (edit, NULL,
                  csl_record_draft_get_record (
                    self->parts[CSL_INTAKE_PART_APPOINTMENT].draft));
  csl_session_save_async (self->session, edit, NULL, saved_cb, task);
}

gboolean
csl_intake_sheet_save_finish (CslIntakeSheet *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
csl_intake_sheet_flush (CslIntakeSheet *self)
{
  g_return_if_fail (CSL_IS_INTAKE_SHEET (self));

  csl_sheet_parts_flush (self->parts, CSL_INTAKE_N_PARTS);
}

void
csl_intake_sheet_discard (CslIntakeSheet *self)
{
  g_return_if_fail (CSL_IS_INTAKE_SHEET (self));

  csl_sheet_parts_discard (self->parts, CSL_INTAKE_N_PARTS);
}
