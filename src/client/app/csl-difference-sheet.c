/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/app/csl-difference-sheet.h"

#include "core/base/csl-time.h"

#include <string.h>

struct _CslDifferenceSheet
{
  GObject parent_instance;

  CslSession *session;     /* (owned) */
  CslRecordItem *conflict; /* (owned) */
  CslRecordItem *item;     /* (owned) (nullable) */
  CslRecord *
    seen; /* (owned) (nullable): the record when the sheet was made, which is what is shown */
  const CslRecordType *type;
  GArray *fields; /* (owned) of CslFieldDifference */
};

G_DEFINE_FINAL_TYPE (CslDifferenceSheet, csl_difference_sheet, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
clear_difference (gpointer data)
{
  CslFieldDifference *difference = data;

  csl_value_clear (&difference->was);
  csl_value_clear (&difference->theirs);
  csl_value_clear (&difference->mine);
  csl_value_clear (&difference->other);
  g_free (difference->theirs_by);
  g_free (difference->theirs_at);
}

static void
dispose (GObject *object)
{
  CslDifferenceSheet *self = CSL_DIFFERENCE_SHEET (object);

  g_clear_pointer (&self->fields, g_array_unref);
  g_clear_pointer (&self->seen, csl_record_free);
  g_clear_object (&self->item);
  g_clear_object (&self->conflict);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (csl_difference_sheet_parent_class)->dispose (object);
}

static void
csl_difference_sheet_class_init (CslDifferenceSheetClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dispose;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass),
                                   G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                   0);
}

static void
csl_difference_sheet_init (CslDifferenceSheet *self)
{
  self->fields = g_array_new (FALSE, TRUE, sizeof (CslFieldDifference));
  g_array_set_clear_func (self->fields, clear_difference);
}

static void
read_fields (CslDifferenceSheet *self, const CslRecordType *type)
{
  const char *text = csl_record_item_get_text (self->conflict, "fields");
  g_auto (CslJson) json = { 0 };

  csl_json_init (&json);
  if (text == NULL ||
      !csl_json_scan (&json, text, strlen (text), &csl_json_limits_line, NULL))
    return;
  for (guint i = 1; i < json.tokens->len; i = csl_json_token (&json, i)->next) {
    g_autofree char *name = csl_json_member_dup_string (&json, i, "name");
    CslFieldDifference difference = { 0 };

    difference.field = name != NULL ? csl_record_type_lookup_field (type, name) : NULL;
    if (difference.field == NULL)
      continue;
    csl_field_read_member (difference.field, &json, i, "was", &difference.was);
    csl_field_read_member (difference.field, &json, i, "server", &difference.theirs);
    csl_field_read_member (difference.field, &json, i, "mine", &difference.mine);
    difference.theirs_by = csl_json_member_dup_string (&json, i, "server_by");
    difference.theirs_at = csl_json_member_dup_string (&json, i, "server_at");
    g_array_append_val (self->fields, difference);
  }
}

/* Not every type has such a field. */
static void
take_text (char **text, const CslRecord *record, const char *name)
{
  g_free (*text);
  *text = csl_record_type_lookup_field (record->type, name) != NULL
            ? g_strdup (csl_record_get_text (record, name))
            : NULL;
}

/* Others may have gone on since the difference was kept: what is decided about is what the record says now. Otherwise the
 * choice would replace a value that nobody was shown (I16). */
static void
look_at_record (CslDifferenceSheet *self)
{
  if (self->item == NULL)
    return;
  self->seen = csl_record_copy (csl_record_item_get_record (self->item));
  for (guint i = 0; i < self->fields->len; i++) {
    CslFieldDifference *difference = &g_array_index (self->fields, CslFieldDifference, i);
    const CslValue *now = &self->seen->values[difference->field->index];

    if (csl_value_equal (&difference->theirs, now))
      continue;
    csl_value_copy (&difference->theirs, now);
    take_text (&difference->theirs_by, self->seen, "updated_by");
    take_text (&difference->theirs_at, self->seen, "updated_at");
  }
}

CslDifferenceSheet *
csl_difference_sheet_new (CslSession *session, const char *conflict_id)
{
  g_autoptr (CslRecordItem) conflict =
    csl_session_lookup (session, "sync_conflict", conflict_id);
  const char *type_name =
    conflict != NULL ? csl_record_item_get_text (conflict, "record_type") : NULL;
  const CslRecordType *type =
    type_name != NULL
      ? csl_schema_lookup_type (csl_session_get_schema (session), type_name)
      : NULL;
  CslDifferenceSheet *self;

  if (type == NULL)
    return NULL;
  self = g_object_new (CSL_TYPE_DIFFERENCE_SHEET, NULL);
  self->session = g_object_ref (session);
  self->item = csl_session_lookup (session, type_name,
                                   csl_record_item_get_text (conflict, "record"));
  self->conflict = g_steal_pointer (&conflict);
  self->type = type;
  read_fields (self, type);
  if (g_strcmp0 (csl_record_item_get_text (self->conflict, "state"), "open") == 0)
    look_at_record (self);
  return self;
}

CslRecordItem *
csl_difference_sheet_get_conflict (CslDifferenceSheet *self)
{
  g_return_val_if_fail (CSL_IS_DIFFERENCE_SHEET (self), NULL);
  return self->conflict;
}

CslRecordItem *
csl_difference_sheet_get_item (CslDifferenceSheet *self)
{
  g_return_val_if_fail (CSL_IS_DIFFERENCE_SHEET (self), NULL);
  return self->item;
}

guint
csl_difference_sheet_get_size (CslDifferenceSheet *self)
{
  g_return_val_if_fail (CSL_IS_DIFFERENCE_SHEET (self), 0);
  return self->fields->len;
}

static CslFieldDifference *
get_field (CslDifferenceSheet *self, guint position)
{
  return &g_array_index (self->fields, CslFieldDifference, position);
}

const CslFieldDifference *
csl_difference_sheet_get (CslDifferenceSheet *self, guint position)
{
  g_return_val_if_fail (position < self->fields->len, NULL);
  return get_field (self, position);
}

void
csl_difference_sheet_choose (CslDifferenceSheet *self,
                             guint position,
                             CslChoice choice,
                             const CslValue *other)
{
  CslFieldDifference *difference;

  g_return_if_fail (CSL_IS_DIFFERENCE_SHEET (self) && position < self->fields->len);

  difference = get_field (self, position);
  difference->choice = choice;
  if (choice == CSL_CHOICE_OTHER && other != NULL)
    csl_value_copy (&difference->other, other);
  g_signal_emit (self, signals[CHANGED], 0);
}

bool
csl_difference_sheet_get_complete (CslDifferenceSheet *self)
{
  g_return_val_if_fail (CSL_IS_DIFFERENCE_SHEET (self), false);

  for (guint i = 0; i < self->fields->len; i++)
    if (get_field (self, i)->choice == CSL_CHOICE_NONE)
      return false;
  return true;
}

static const CslValue *
get_chosen (const CslFieldDifference *difference)
{
  switch (difference->choice) {
  case CSL_CHOICE_MINE:
    return &difference->mine;
  case CSL_CHOICE_OTHER:
    return &difference->other;
  case CSL_CHOICE_NONE:
  case CSL_CHOICE_THEIRS:
    break;
  }
  return &difference->theirs;
}

/* resolved_mine, resolved_theirs, or resolved_other when the choices are mixed. */
static const char *
summarise (CslDifferenceSheet *self)
{
  bool mine = true, theirs = true;

  for (guint i = 0; i < self->fields->len; i++) {
    mine = mine && get_field (self, i)->choice == CSL_CHOICE_MINE;
    theirs = theirs && get_field (self, i)->choice == CSL_CHOICE_THEIRS;
  }
  return mine ? "resolved_mine" : theirs ? "resolved_theirs" : "resolved_other";
}

static CslRecord *
dup_resolved (CslDifferenceSheet *self)
{
  CslRecord *after = csl_record_copy (csl_record_item_get_record (self->conflict));
  g_autofree char *now = csl_instant_format (csl_session_get_now_ms (self->session),
                                             csl_session_get_zone (self->session));

  csl_record_set_text (after, "state", summarise (self));
  csl_record_set_text (after, "resolved_by",
                       csl_record_item_get_id (csl_session_get_user (self->session)));
  csl_record_set_text (after, "resolved_at", now);
  return after;
}

/* The record was deleted: it comes back with what was chosen, everything else is as it was. NULL: it stays deleted. */
static CslRecord *
dup_restored (CslDifferenceSheet *self)
{
  CslRecord *restored;

  if (self->fields->len == 0 || strcmp (summarise (self), "resolved_theirs") == 0)
    return NULL;
  restored =
    csl_record_new (self->type, csl_record_item_get_text (self->conflict, "record"));
  restored->rev = 1;
  for (guint i = 0; i < self->fields->len; i++) {
    const CslFieldDifference *difference = get_field (self, i);

    if (difference->choice != CSL_CHOICE_THEIRS)
      csl_value_copy (&restored->values[difference->field->index],
                      get_chosen (difference));
  }
  return restored;
}

CslEdit *
csl_difference_sheet_dup_edit (CslDifferenceSheet *self)
{
  CslEdit *edit;
  g_autoptr (CslRecord) resolved = NULL;

  g_return_val_if_fail (CSL_IS_DIFFERENCE_SHEET (self), NULL);

  edit = csl_edit_new ();
  csl_edit_set_resolves (edit, csl_record_item_get_id (self->conflict));
  if (self->item != NULL) {
    const CslRecord *before =
      self->seen != NULL ? self->seen : csl_record_item_get_record (self->item);
    g_autoptr (CslRecord) after = csl_record_copy (before);
    bool changed = false;

    for (guint i = 0; i < self->fields->len; i++) {
      const CslFieldDifference *difference = get_field (self, i);
      const CslValue *chosen = get_chosen (difference);

      if (difference->choice == CSL_CHOICE_THEIRS ||
          csl_value_equal (&after->values[difference->field->index], chosen))
        continue;
      csl_value_copy (&after->values[difference->field->index], chosen);
      changed = true;
    }
    if (changed)
      csl_edit_add (edit, before, after);
  } else {
    g_autoptr (CslRecord) restored = dup_restored (self);

    if (restored != NULL)
      csl_edit_add (edit, NULL, restored);
  }
  resolved = dup_resolved (self);
  csl_edit_add (edit, csl_record_item_get_record (self->conflict), resolved);
  return edit;
}
