/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/app/csl-visit-sheet.h"

#include "core/base/csl-time.h"

/* A visit nobody has heard of for this long asks after the worker. */
#define CHECK_IN_DUE_MS (90 * 60 * 1000)
/* It ends after it began. */
#define SHORTEST_MS 1000

struct _CslVisitSheet
{
  GObject parent_instance;

  CslSession *session;        /* (owned) */
  CslRecordItem *client;      /* (owned) */
  CslRecordItem *appointment; /* (owned) (nullable) */
  CslSheetPart parts[CSL_VISIT_N_PARTS];
  bool checked_in, with_next;
};

G_DEFINE_FINAL_TYPE (CslVisitSheet, csl_visit_sheet, G_TYPE_OBJECT)

static const char *const form_types[CSL_VISIT_N_PARTS] = { "visit", "visit_note",
                                                           "visit_client", "visit_next" };

static char *
dup_now (CslVisitSheet *self, gint64 later_ms)
{
  return csl_instant_format (csl_session_get_now_ms (self->session) + later_ms,
                             csl_session_get_zone (self->session));
}

static void
dispose (GObject *object)
{
  CslVisitSheet *self = CSL_VISIT_SHEET (object);

  csl_sheet_parts_clear (self->parts, CSL_VISIT_N_PARTS);
  g_clear_object (&self->appointment);
  g_clear_object (&self->client);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (csl_visit_sheet_parent_class)->dispose (object);
}

static void
csl_visit_sheet_class_init (CslVisitSheetClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dispose;
}

static void
csl_visit_sheet_init (CslVisitSheet *self)
{
  (void) self;
}

static const char *
get_visit_text (CslVisitSheet *self, const char *field)
{
  return csl_record_get_text (csl_record_draft_get_record (
                                self->parts[CSL_VISIT_PART_VISIT].draft),
                              field);
}

/* The client's address in one line. */
static char *
dup_address (CslRecordItem *client)
{
  static const char *const fields[] = { "address_line1", "address_line2", "city",
                                        "postcode" };
  GString *address = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++) {
    const char *text = csl_record_item_get_text (client, fields[i]);
    if (text != NULL)
      g_string_append_printf (address, "%s%s", address->len > 0 ? ", " : "", text);
  }
  return g_string_free (address, FALSE);
}

static CslRecord *
new_visit (CslVisitSheet *self, const char *case_id)
{
  CslRecord *visit = csl_session_new_record (self->session, "visit");
  g_autofree char *address = dup_address (self->client);

  csl_record_set_text (visit, "client", csl_record_item_get_id (self->client));
  csl_record_set_text (visit, "case", case_id);
  csl_record_set_text (visit, "address", address);
  if (self->appointment != NULL) {
    csl_record_set_text (visit, "appointment",
                         csl_record_item_get_id (self->appointment));
    csl_record_set_text (visit, "planned_start",
                         csl_record_item_get_text (self->appointment, "start_at"));
  }
  return visit;
}

/* The worker's own visit of this appointment (or client) that was begun and not ended, or NULL: a colleague's goes on
 * without her. */
static CslRecordItem *
lookup_running (CslVisitSheet *self)
{
  const CslRecordType *type =
    csl_schema_lookup_type (csl_session_get_schema (self->session), "visit");
  g_autoptr (CslQuery) query = csl_query_new (type);
  g_autoptr (GListModel) visits = NULL;

  if (self->appointment != NULL)
    csl_query_add_text (query, "appointment", CSL_FILTER_IS,
                        csl_record_item_get_id (self->appointment));
  csl_query_add_text (query, "client", CSL_FILTER_IS,
                      csl_record_item_get_id (self->client));
  csl_query_add_text (query, "user", CSL_FILTER_IS,
                      csl_record_item_get_id (csl_session_get_user (self->session)));
  csl_query_add_text (query, "safety_status", CSL_FILTER_IS, "on_visit");
  visits = csl_session_list (self->session, query);
  return g_list_model_get_item (visits, 0);
}

static void
make_drafts (CslVisitSheet *self, const CslRecord *before, const CslRecord *visit)
{
  const char *case_id = csl_record_get_text (visit, "case");
  const char *client = csl_record_item_get_id (self->client);
  g_autoptr (CslRecord) note = csl_session_new_record (self->session, "note");
  g_autoptr (CslRecord) next = csl_session_new_record (self->session, "appointment");

  csl_record_set_text (note, "client", client);
  csl_record_set_text (note, "case", case_id);
  csl_record_set_text (note, "kind", "visit");
  csl_record_set_text (note, "visit", visit->id);
  csl_record_set_text (note, "appointment", csl_record_get_text (visit, "appointment"));
  csl_record_set_text (next, "client", client);
  csl_record_set_text (next, "case", case_id);
  csl_record_set_text (next, "appointment_type", "home_visit");
  csl_record_set_text (next, "meeting_mode", "home_visit");
  self->parts[CSL_VISIT_PART_VISIT].draft =
    csl_record_draft_new (self->session, before, visit);
  self->parts[CSL_VISIT_PART_NOTE].draft =
    csl_record_draft_new (self->session, NULL, note);
  self->parts[CSL_VISIT_PART_CLIENT].draft =
    csl_record_draft_new (self->session, csl_record_item_get_record (self->client),
                          csl_record_item_get_record (self->client));
  self->parts[CSL_VISIT_PART_NEXT].draft =
    csl_record_draft_new (self->session, NULL, next);
}

static void
make_keepers (CslVisitSheet *self)
{
  const char *visit =
    csl_record_draft_get_record (self->parts[CSL_VISIT_PART_VISIT].draft)->id;

  for (guint i = 0; i < CSL_VISIT_N_PARTS; i++)
    self->parts[i].keeper =
      csl_draft_keeper_new (self->parts[i].draft, form_types[i], "visit", visit);
  self->with_next =
    csl_draft_keeper_get_resumed (self->parts[CSL_VISIT_PART_NEXT].keeper);
}

static CslVisitSheet *
sheet_new (CslSession *session,
           CslRecordItem *client,
           CslRecordItem *appointment,
           const char *case_id)
{
  CslVisitSheet *self = g_object_new (CSL_TYPE_VISIT_SHEET, NULL);
  g_autoptr (CslRecordItem) running = NULL;

  self->session = g_object_ref (session);
  self->client = g_object_ref (client);
  g_set_object (&self->appointment, appointment);
  running = lookup_running (self);
  if (running != NULL) {
    const CslRecord *visit = csl_record_item_get_record (running);
    make_drafts (self, visit, visit);
    make_keepers (self);
    self->checked_in = true;
  } else {
    g_autoptr (CslRecord) visit = new_visit (self, case_id);
    make_drafts (self, NULL, visit);
  }
  return self;
}

CslVisitSheet *
csl_visit_sheet_new_for_appointment (CslSession *session, const char *appointment_id)
{
  g_autoptr (CslRecordItem) appointment =
    csl_session_lookup (session, "appointment", appointment_id);
  g_autoptr (CslRecordItem) client = NULL;

  if (appointment == NULL)
    return NULL;
  client = csl_session_lookup (session, "client",
                               csl_record_item_get_text (appointment, "client"));
  if (client == NULL)
    return NULL;
  return sheet_new (session, client, appointment,
                    csl_record_item_get_text (appointment, "case"));
}

CslVisitSheet *
csl_visit_sheet_new_for_client (CslSession *session,
                                const char *client_id,
                                const char *case_id)
{
  g_autoptr (CslRecordItem) client = csl_session_lookup (session, "client", client_id);

  return client != NULL ? sheet_new (session, client, NULL, case_id) : NULL;
}

CslVisitSheet *
csl_visit_sheet_new_for_visit (CslSession *session, const char *visit_id)
{
  g_autoptr (CslRecordItem) visit = csl_session_lookup (session, "visit", visit_id);
  const char *appointment;

  if (visit == NULL)
    return NULL;
  appointment = csl_record_item_get_text (visit, "appointment");
  if (appointment != NULL)
    return csl_visit_sheet_new_for_appointment (session, appointment);
  return csl_visit_sheet_new_for_client (session,
                                         csl_record_item_get_text (visit, "client"),
                                         csl_record_item_get_text (visit, "case"));
}

CslSession *
csl_visit_sheet_get_session (CslVisitSheet *self)
{
  g_return_val_if_fail (CSL_IS_VISIT_SHEET (self), NULL);
  return self->session;
}

CslRecordItem *
csl_visit_sheet_get_client (CslVisitSheet *self)
{
  g_return_val_if_fail (CSL_IS_VISIT_SHEET (self), NULL);
  return self->client;
}

CslRecordDraft *
csl_visit_sheet_get_draft (CslVisitSheet *self, CslVisitPart part)
{
  g_return_val_if_fail (CSL_IS_VISIT_SHEET (self) && part < CSL_VISIT_N_PARTS, NULL);
  return self->parts[part].draft;
}

CslDraftKeeper *
csl_visit_sheet_get_keeper (CslVisitSheet *self, CslVisitPart part)
{
  g_return_val_if_fail (CSL_IS_VISIT_SHEET (self) && part < CSL_VISIT_N_PARTS, NULL);
  return self->parts[part].keeper;
}

bool
csl_visit_sheet_get_checked_in (CslVisitSheet *self)
{
  g_return_val_if_fail (CSL_IS_VISIT_SHEET (self), false);
  return self->checked_in;
}

gint64
csl_visit_sheet_get_started_ms (CslVisitSheet *self)
{
  const char *started;
  gint64 ms;

  g_return_val_if_fail (CSL_IS_VISIT_SHEET (self), 0);
  started = get_visit_text (self, "started_at");
  return started != NULL && csl_instant_parse (started, &ms, NULL) ? ms : 0;
}

bool
csl_visit_sheet_get_with_next (CslVisitSheet *self)
{
  g_return_val_if_fail (CSL_IS_VISIT_SHEET (self), false);
  return self->with_next;
}

void
csl_visit_sheet_set_with_next (CslVisitSheet *self, bool with_next)
{
  g_return_if_fail (CSL_IS_VISIT_SHEET (self));
  self->with_next = with_next;
}

static void
checked_in_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  CslVisitSheet *self = g_task_get_source_object (task);
  const CslRecord *visit = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!csl_session_save_finish (CSL_SESSION (source), result, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  g_clear_object (&self->parts[CSL_VISIT_PART_VISIT].draft);
  self->parts[CSL_VISIT_PART_VISIT].draft =
    csl_record_draft_new (self->session, visit, visit);
  make_keepers (self);
  self->checked_in = true;
  g_task_return_boolean (task, TRUE);
}

void
csl_visit_sheet_check_in_async (CslVisitSheet *self,
                                GAsyncReadyCallback callback,
                                gpointer data)
{
  GTask *task = g_task_new (self, NULL, callback, data);
  CslRecord *visit = csl_record_copy (
    csl_record_draft_get_record (self->parts[CSL_VISIT_PART_VISIT].draft));
  g_autofree char *now = dup_now (self, 0);
  g_autofree char *due = dup_now (self, CHECK_IN_DUE_MS);
  g_autoptr (CslEdit) edit = csl_edit_new ();

  g_task_set_source_tag (task, csl_visit_sheet_check_in_async);
  csl_record_set_text (visit, "started_at", now);
  csl_record_set_text (visit, "check_in_due_at", due);
  csl_record_set_text (visit, "safety_status", "on_visit");
  csl_edit_add (edit, NULL, visit);
  g_task_set_task_data (task, visit, (GDestroyNotify) csl_record_free);
  csl_session_save_async (self->session, edit, NULL, checked_in_cb, task);
}

gboolean
csl_visit_sheet_check_in_finish (CslVisitSheet *self,
                                 GAsyncResult *result,
                                 GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static bool
has_note (CslVisitSheet *self)
{
  return csl_record_get_text (csl_record_draft_get_record (
                                self->parts[CSL_VISIT_PART_NOTE].draft),
                              "content") != NULL;
}

static bool
takes_part (CslVisitSheet *self, CslVisitPart part)
{
  switch (part) {
  case CSL_VISIT_PART_NOTE:
    return has_note (self);
  case CSL_VISIT_PART_NEXT:
    return self->with_next;
  case CSL_VISIT_PART_CLIENT:
  case CSL_VISIT_PART_VISIT:
    return csl_record_draft_get_changed (self->parts[part].draft);
  case CSL_VISIT_N_PARTS:
    break;
  }
  return false;
}

char *
csl_visit_sheet_check (CslVisitSheet *self,
                       CslVisitPart *ret_part,
                       CslFieldBinding **ret_binding)
{
  g_return_val_if_fail (CSL_IS_VISIT_SHEET (self), NULL);

  for (guint i = 0; i < CSL_VISIT_N_PARTS; i++) {
    char *problem = NULL;

    if (!takes_part (self, i))
      continue;
    problem = csl_sheet_part_check (&self->parts[i], ret_binding);
    if (problem != NULL) {
      *ret_part = i;
      return problem;
    }
  }
  return NULL;
}

/* A clock that was put back during the visit must not keep her from leaving it. */
static char *
dup_end (CslVisitSheet *self)
{
  gint64 since_ms = csl_session_get_now_ms (self->session) -
                    csl_visit_sheet_get_started_ms (self);

  return dup_now (self, since_ms >= SHORTEST_MS ? 0 : SHORTEST_MS - since_ms);
}

/* The visit as it ended. */
static void
add_visit (CslVisitSheet *self, CslEdit *edit, const char *now)
{
  CslRecordDraft *draft = self->parts[CSL_VISIT_PART_VISIT].draft;
  g_autoptr (CslRecord) visit = csl_record_copy (csl_record_draft_get_record (draft));

  csl_record_set_text (visit, "ended_at", now);
  csl_record_set_text (visit, "safety_status", "checked_out");
  csl_edit_add (edit, csl_record_draft_get_before (draft), visit);
}

static void
add_note (CslVisitSheet *self, CslEdit *edit, const char *now)
{
  g_autoptr (CslRecord) note = NULL;
  gint64 minutes;

  if (!has_note (self))
    return;
  note = csl_record_copy (
    csl_record_draft_get_record (self->parts[CSL_VISIT_PART_NOTE].draft));
  minutes =
    (csl_session_get_now_ms (self->session) - csl_visit_sheet_get_started_ms (self)) /
    60000;
  csl_record_set_text (note, "occurred_at", get_visit_text (self, "started_at"));
  csl_record_set_int (note, "duration_minutes", CLAMP (minutes, 1, 1440));
  csl_record_set_bool (note, "is_final", true);
  csl_record_set_text (note, "finalised_at", now);
  csl_edit_add (edit, NULL, note);
}

static void
add_appointments (CslVisitSheet *self, CslEdit *edit)
{
  if (self->appointment != NULL) {
    const CslRecord *before = csl_record_item_get_record (self->appointment);
    g_autoptr (CslRecord) after = csl_record_copy (before);

    csl_record_set_text (after, "status", "completed");
    csl_edit_add (edit, before, after);
  }
  if (self->with_next)
    csl_edit_add (edit, NULL,
                  csl_record_draft_get_record (self->parts[CSL_VISIT_PART_NEXT].draft));
}

static void
checked_out_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  CslVisitSheet *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  if (!csl_session_save_finish (CSL_SESSION (source), result, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  csl_sheet_parts_discard (self->parts, CSL_VISIT_N_PARTS);
  self->checked_in = false;
  g_task_return_boolean (task, TRUE);
}

void
csl_visit_sheet_check_out_async (CslVisitSheet *self,
                                 GAsyncReadyCallback callback,
                                 gpointer data)
{
  GTask *task = g_task_new (self, NULL, callback, data);
  g_autoptr (CslEdit) edit = csl_edit_new ();
  g_autofree char *now = dup_end (self);

  g_task_set_source_tag (task, csl_visit_sheet_check_out_async);
  add_visit (self, edit, now);
  add_note (self, edit, now);
  csl_record_draft_add_to_edit (self->parts[CSL_VISIT_PART_CLIENT].draft, edit);
  add_appointments (self, edit);
  csl_session_save_async (self->session, edit, NULL, checked_out_cb, task);
}

gboolean
csl_visit_sheet_check_out_finish (CslVisitSheet *self,
                                  GAsyncResult *result,
                                  GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
csl_visit_sheet_flush (CslVisitSheet *self)
{
  g_return_if_fail (CSL_IS_VISIT_SHEET (self));

  csl_sheet_parts_flush (self->parts, CSL_VISIT_N_PARTS);
}
