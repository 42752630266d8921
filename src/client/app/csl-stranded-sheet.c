/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-stranded-sheet.c: work of somebody who has no access any more, for those who decide. */
#define G_LOG_DOMAIN "caseload"

#include "config.h"

#include "client/app/csl-stranded-sheet.h"

#include "core/base/csl-time.h"
#include "core/schema/csl-label.h"

#include <string.h>

struct _CslStrandedSheet
{
  GObject parent_instance;

  CslSession *session; /* (owned) */
  CslRecordItem *work; /* (owned) */
  GArray *changes;     /* (owned) of CslStrandedChange */
};

G_DEFINE_FINAL_TYPE (CslStrandedSheet, csl_stranded_sheet, G_TYPE_OBJECT)

static void
clear_change (gpointer data)
{
  CslStrandedChange *change = data;

  g_free (change->record);
  g_free (change->act);
  csl_value_clear (&change->was);
  csl_value_clear (&change->mine);
  csl_value_clear (&change->now);
}

static void
dispose (GObject *object)
{
  CslStrandedSheet *self = CSL_STRANDED_SHEET (object);

  g_clear_pointer (&self->changes, g_array_unref);
  g_clear_object (&self->work);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (csl_stranded_sheet_parent_class)->dispose (object);
}

static void
csl_stranded_sheet_class_init (CslStrandedSheetClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dispose;
}

static void
csl_stranded_sheet_init (CslStrandedSheet *self)
{
  self->changes = g_array_new (FALSE, TRUE, sizeof (CslStrandedChange));
  g_array_set_clear_func (self->changes, clear_change);
}

/* Of types this version does not know nothing can be shown, nor of what is no change. */
static bool
read_change (const CslSchema *schema,
             const CslJson *json,
             guint object,
             CslStrandedChange *change)
{
  g_autofree char *type = csl_json_member_dup_string (json, object, "record_type");
  g_autofree char *name = csl_json_member_dup_string (json, object, "name");

  change->type = type != NULL ? csl_schema_lookup_type (schema, type) : NULL;
  change->record = csl_json_member_dup_string (json, object, "record");
  change->act = csl_json_member_dup_string (json, object, "act");
  if (change->type == NULL || change->record == NULL || change->act == NULL)
    return false;
  if (name == NULL)
    return true;
  change->field = csl_record_type_lookup_field (change->type, name);
  if (change->field == NULL)
    return false;
  csl_field_read_member (change->field, json, object, "was", &change->was);
  csl_field_read_member (change->field, json, object, "mine", &change->mine);
  return true;
}

static void
read_changes (GArray *changes, const CslSchema *schema, const CslRecord *work)
{
  const char *text = csl_record_get_text (work, "changes");
  g_auto (CslJson) json = { 0 };

  csl_json_init (&json);
  if (text == NULL ||
      !csl_json_scan (&json, text, strlen (text), &csl_json_limits_line, NULL))
    return;
  for (guint i = 1; i < json.tokens->len; i = csl_json_token (&json, i)->next) {
    CslStrandedChange change = { 0 };

    if (read_change (schema, &json, i, &change))
      g_array_append_val (changes, change);
    else
      clear_change (&change);
  }
}

static void
look_up_now (CslStrandedSheet *self)
{
  for (guint i = 0; i < self->changes->len; i++) {
    CslStrandedChange *change = &g_array_index (self->changes, CslStrandedChange, i);
    g_autoptr (CslRecordItem) item =
      csl_session_lookup (self->session, change->type->name, change->record);

    change->is_here = item != NULL;
    if (item != NULL && change->field != NULL)
      csl_value_copy (&change->now,
                      &csl_record_item_get_record (item)->values[change->field->index]);
  }
}

CslStrandedSheet *
csl_stranded_sheet_new (CslSession *session, const char *work)
{
  g_autoptr (CslRecordItem) item = csl_session_lookup (session, "stranded_work", work);
  CslStrandedSheet *self;

  if (item == NULL)
    return NULL;
  self = g_object_new (CSL_TYPE_STRANDED_SHEET, NULL);
  self->session = g_object_ref (session);
  self->work = g_steal_pointer (&item);
  read_changes (self->changes, csl_session_get_schema (session),
                csl_record_item_get_record (self->work));
  look_up_now (self);
  return self;
}

CslRecordItem *
csl_stranded_sheet_get_work (CslStrandedSheet *self)
{
  g_return_val_if_fail (CSL_IS_STRANDED_SHEET (self), NULL);
  return self->work;
}

guint
csl_stranded_sheet_get_size (CslStrandedSheet *self)
{
  g_return_val_if_fail (CSL_IS_STRANDED_SHEET (self), 0);
  return self->changes->len;
}

const CslStrandedChange *
csl_stranded_sheet_get (CslStrandedSheet *self, guint position)
{
  g_return_val_if_fail (position < self->changes->len, NULL);
  return &g_array_index (self->changes, CslStrandedChange, position);
}

bool
csl_stranded_sheet_get_open (CslStrandedSheet *self)
{
  g_return_val_if_fail (CSL_IS_STRANDED_SHEET (self), false);
  return g_strcmp0 (csl_record_item_get_text (self->work, "state"), "open") == 0 ||
         csl_record_item_get_state (self->work) == CSL_RECORD_STATE_REFUSED;
}

bool
csl_stranded_sheet_get_differs (CslStrandedSheet *self)
{
  g_return_val_if_fail (CSL_IS_STRANDED_SHEET (self), false);
  return csl_record_get_bool (csl_record_item_get_record (self->work), "differs");
}

/* The refused decision about the same work: the new one stands for it. */
static char *
dup_refused (CslStrandedSheet *self)
{
  g_autoptr (GListModel) outbox = csl_session_list_outbox (self->session);

  for (guint i = 0; i < g_list_model_get_n_items (outbox); i++) {
    g_autoptr (CslOutboxItem) item = g_list_model_get_item (outbox, i);

    if (csl_outbox_item_get_state (item) == CSL_OUTBOX_REJECTED &&
        strcmp (csl_outbox_item_get_record_id (item),
                csl_record_item_get_id (self->work)) == 0)
      return g_strdup (csl_outbox_item_get_op (item));
  }
  return NULL;
}

CslEdit *
csl_stranded_sheet_dup_edit (CslStrandedSheet *self, bool accept, const char *reason)
{
  CslEdit *edit = csl_edit_new ();
  const CslRecord *before = csl_record_item_get_record (self->work);
  g_autoptr (CslRecord) after = csl_record_copy (before);
  g_autofree char *refused = dup_refused (self);
  g_autofree char *now = csl_instant_format (csl_session_get_now_ms (self->session),
                                             csl_session_get_zone (self->session));

  csl_record_set_text (after, "state", accept ? "accepted" : "declined");
  csl_record_set_text (after, "reason", accept ? NULL : reason);
  csl_record_set_text (after, "decided_by",
                       csl_record_item_get_id (csl_session_get_user (self->session)));
  csl_record_set_text (after, "decided_at", now);
  csl_edit_add (edit, before, after);
  if (refused != NULL)
    csl_edit_set_fixes (edit, refused);
  return edit;
}

/* -- In a line ---------------------------------------------------------------------------- */

static bool
is_shown (const CslStrandedChange *change)
{
  return change->field != NULL && (change->field->flags & CSL_FIELD_HIDDEN) == 0 &&
         change->field->target == NULL;
}

/* The words that were typed say most; otherwise which fields were. */
static char *
dup_words (const GArray *changes, const CslStrandedChange *first)
{
  GString *labels = g_string_new (NULL);

  for (guint i = 0; i < changes->len; i++) {
    const CslStrandedChange *change = &g_array_index (changes, CslStrandedChange, i);

    if (strcmp (change->record, first->record) != 0 || !is_shown (change))
      continue;
    if ((change->field->kind->flags & CSL_KIND_LONG) != 0 &&
        csl_value_get_text (&change->mine) != NULL) {
      g_string_free (labels, TRUE);
      return g_strdelimit (g_strdup (csl_value_get_text (&change->mine)), "\r\n", ' ');
    }
    g_string_append_printf (labels, "%s%s", labels->len > 0 ? ", " : "",
                            csl_label_field (change->field));
  }
  return g_string_free (labels, FALSE);
}

char *
csl_stranded_dup_summary (const CslSchema *schema, const CslRecord *work)
{
  g_autoptr (GArray) changes = g_array_new (FALSE, TRUE, sizeof (CslStrandedChange));
  const CslStrandedChange *first;
  g_autofree char *words = NULL;

  g_array_set_clear_func (changes, clear_change);
  read_changes (changes, schema, work);
  if (changes->len == 0)
    return g_strdup ("");
  first = &g_array_index (changes, CslStrandedChange, 0);
  words = dup_words (changes, first);
  return g_strjoin (": ", csl_label_type (first->type), *words != '\0' ? words : NULL,
                    NULL);
}
