/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-outbox-item.c: one line of "unsent work" in words. */
#include "config.h"

#include "client/app/csl-outbox-item-private.h"
#include "client/app/csl-refusal-text.h"
#include "client/app/csl-region.h"
#include "core/base/csl-time.h"
#include "core/schema/csl-label.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define SUMMARY_LENGTH 80 /* characters */

struct _CslOutboxItem
{
  GObject parent_instance;

  CslOutboxEntry *entry; /* (owned) */
  CslOp *op;             /* (owned) (nullable): NULL when this version cannot read it */
  char *title;           /* (owned) */
  char *summary;         /* (owned) */
  char *reason;          /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (CslOutboxItem, csl_outbox_item, G_TYPE_OBJECT)

static void
csl_outbox_item_finalize (GObject *object)
{
  CslOutboxItem *self = CSL_OUTBOX_ITEM (object);

  g_clear_pointer (&self->op, csl_op_free);
  csl_outbox_entry_free (self->entry);
  g_free (self->title);
  g_free (self->summary);
  g_free (self->reason);
  G_OBJECT_CLASS (csl_outbox_item_parent_class)->finalize (object);
}

static void
csl_outbox_item_class_init (CslOutboxItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = csl_outbox_item_finalize;
}

static void
csl_outbox_item_init (CslOutboxItem *self)
{
}

/* A moment as this computer's clock shows it. */
static char *
dup_moment (const char *instant)
{
  gint64 ms;

  if (!csl_instant_parse (instant, &ms, NULL))
    return g_strdup (instant);
  g_autoptr (GDateTime) moment = g_date_time_new_from_unix_local (ms / 1000);
  g_autofree char *day = csl_region_day (moment, CSL_REGION_DAY_SHORT);
  g_autofree char *clock = csl_region_clock (moment);
  /* Translators: day and time of day, "Tue 24 Nov 15:30". */
  return g_strdup_printf (C_ ("day, time", "%s %s"), day, clock);
}

static char *
dup_field_value (const CslField *field, const CslValue *value)
{
  if (csl_value_is_null (value))
    return g_strdup (_ ("nothing"));
  if (field->options != NULL && csl_value_get_text (value) != NULL)
    return g_strdup (csl_label_value (field->options, csl_value_get_text (value)));
  if (g_str_equal (field->kind->name, "instant"))
    return dup_moment (csl_value_get_text (value));
  return field->kind->format (field, value);
}

/* The person or case a record is about, as it is called here; NULL when it is not known. */
static char *
dup_subject (const CslOp *op, CslItemPool *pool)
{
  int field = op->type->client_field >= 0 ? op->type->client_field : op->type->case_field;
  const CslValue *set = field >= 0 ? csl_op_lookup_set (op, (guint) field) : NULL;
  const char *id = set != NULL ? csl_value_get_text (set) : NULL;
  g_autoptr (CslRecordItem) own = csl_item_pool_lookup (pool, op->type, op->id);
  g_autoptr (CslRecordItem) subject = NULL;

  if (id == NULL && field >= 0 && own != NULL)
    id = csl_value_get_text (&csl_record_item_get_record (own)->values[field]);
  if (id != NULL)
    subject = csl_item_pool_lookup (pool, op->type->fields[field].target, id);
  return subject != NULL ? g_strdup (csl_record_item_get_title (subject)) : NULL;
}

static char *
make_title (CslOutboxItem *self, CslItemPool *pool)
{
  g_autofree char *subject = self->op != NULL ? dup_subject (self->op, pool) : NULL;
  const char *label = self->entry->type != NULL ? csl_label_type (self->entry->type)
                                                : self->entry->type_name;

  if (subject == NULL)
    subject = g_strdup (self->entry->title);
  if (subject == NULL || strcmp (subject, label) == 0)
    return g_strdup (label);
  /* Translators: what kind of record, and whom it is about: "Home visit · Amina Rahman" */
  return g_strdup_printf (_ ("%s · %s"), label, subject);
}

/* One line, not too long. */
static char *
dup_short (const char *text)
{
  g_autofree char *start = NULL;
  char *line;

  if (g_utf8_strlen (text, -1) <= SUMMARY_LENGTH)
    line = g_strdup (text);
  else {
    start = g_utf8_substring (text, 0, SUMMARY_LENGTH - 1);
    line = g_strconcat (start, "…", NULL);
  }
  return g_strdelimit (line, "\r\n", ' ');
}

static char *
summarise_fields (const CslOp *op)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < op->set->len; i++) {
    const CslFieldValue *set = &g_array_index (op->set, CslFieldValue, i);
    const CslField *field = &op->type->fields[set->field];
    g_autofree char *value = NULL;
    g_autofree char *line = NULL;

    if ((field->flags & CSL_FIELD_HIDDEN) != 0 || field->target != NULL ||
        (op->act == CSL_ACT_CREATE && csl_value_is_null (&set->value)))
      continue;
    value = dup_field_value (field, &set->value);
    line = dup_short (value);
    g_string_append_printf (text, "%s%s → %s", text->len > 0 ? ", " : "",
                            csl_label_field (field), line);
    if (text->len > SUMMARY_LENGTH)
      break;
  }
  return g_string_free (text, FALSE);
}

static char *
make_summary (const CslOp *op)
{
  g_autofree char *fields = NULL;

  if (op == NULL)
    return g_strdup ("");
  if (op->act == CSL_ACT_DELETE)
    return g_strdup (_ ("Deleted"));
  fields = summarise_fields (op);
  if (op->act == CSL_ACT_CREATE && *fields == '\0')
    return g_strdup (_ ("New"));
  return g_steal_pointer (&fields);
}

/* What a manager said about it, after the name. */
static char *
dup_decision (const CslOutboxEntry *entry, const CslSchema *schema, CslItemPool *pool)
{
  const CslRecordType *type = csl_schema_lookup_type (schema, "user");
  g_autoptr (CslRecordItem) who = entry->decided_by != NULL && type != NULL
                                    ? csl_item_pool_lookup (pool, type, entry->decided_by)
                                    : NULL;
  const char *name = who != NULL ? csl_record_item_get_title (who) : _ ("A manager");

  if (strcmp (entry->decision, "accepted") == 0)
    return g_strdup (name);
  /* Translators: who declined, and in whose words */
  return g_strdup_printf (_ ("%s: “%s”"), name,
                          entry->decision_reason != NULL ? entry->decision_reason : "");
}

CslOutboxItem *
csl_outbox_item_new (CslOutboxEntry *entry, const CslSchema *schema, CslItemPool *pool)
{
  CslOutboxItem *self = g_object_new (CSL_TYPE_OUTBOX_ITEM, NULL);

  self->entry = entry;
  self->op = csl_op_parse (schema, entry->line, strlen (entry->line), NULL, NULL);
  self->title = make_title (self, pool);
  self->summary = make_summary (self->op);
  self->reason =
    entry->decision != NULL
      ? dup_decision (entry, schema, pool)
      : csl_refusal_text_dup (entry->type, entry->code, entry->field, entry->message);
  return self;
}

const CslOutboxEntry *
csl_outbox_item_get_entry (CslOutboxItem *self)
{
  return self->entry;
}

gint64
csl_outbox_item_get_n (CslOutboxItem *self)
{
  g_return_val_if_fail (CSL_IS_OUTBOX_ITEM (self), 0);
  return self->entry->n;
}

const char *
csl_outbox_item_get_op (CslOutboxItem *self)
{
  g_return_val_if_fail (CSL_IS_OUTBOX_ITEM (self), NULL);
  return self->entry->op;
}

CslOutboxState
csl_outbox_item_get_state (CslOutboxItem *self)
{
  g_return_val_if_fail (CSL_IS_OUTBOX_ITEM (self), CSL_OUTBOX_QUEUED);
  return self->entry->state;
}

bool
csl_outbox_item_get_declined (CslOutboxItem *self)
{
  g_return_val_if_fail (CSL_IS_OUTBOX_ITEM (self), false);
  return g_strcmp0 (self->entry->decision, "declined") == 0;
}

const char *
csl_outbox_item_get_type_name (CslOutboxItem *self)
{
  g_return_val_if_fail (CSL_IS_OUTBOX_ITEM (self), NULL);
  return self->entry->type_name;
}

const char *
csl_outbox_item_get_record_id (CslOutboxItem *self)
{
  g_return_val_if_fail (CSL_IS_OUTBOX_ITEM (self), NULL);
  return self->entry->id;
}

const char *
csl_outbox_item_get_title (CslOutboxItem *self)
{
  g_return_val_if_fail (CSL_IS_OUTBOX_ITEM (self), NULL);
  return self->title;
}

const char *
csl_outbox_item_get_summary (CslOutboxItem *self)
{
  g_return_val_if_fail (CSL_IS_OUTBOX_ITEM (self), NULL);
  return self->summary;
}

const char *
csl_outbox_item_get_reason (CslOutboxItem *self)
{
  g_return_val_if_fail (CSL_IS_OUTBOX_ITEM (self), NULL);
  return self->reason;
}

const char *
csl_outbox_item_get_field (CslOutboxItem *self)
{
  g_return_val_if_fail (CSL_IS_OUTBOX_ITEM (self), NULL);
  return self->entry->field;
}

gint64
csl_outbox_item_get_saved_ms (CslOutboxItem *self)
{
  g_return_val_if_fail (CSL_IS_OUTBOX_ITEM (self), 0);
  return self->entry->saved_ms;
}

/**
 * csl_outbox_item_dup_text:
 *
 * Returns: (transfer full): everything typed, one "label: value" a line; the stored line itself when
 *   this version cannot read it
 */
char *
csl_outbox_item_dup_text (CslOutboxItem *self)
{
  GString *text;

  g_return_val_if_fail (CSL_IS_OUTBOX_ITEM (self), NULL);
  if (self->op == NULL)
    return g_strdup (self->entry->line);
  text = g_string_new (self->title);
  g_string_append_c (text, '\n');
  for (guint i = 0; i < self->op->set->len; i++) {
    const CslFieldValue *set = &g_array_index (self->op->set, CslFieldValue, i);
    const CslField *field = &self->op->type->fields[set->field];
    g_autofree char *value = NULL;

    if ((field->flags & CSL_FIELD_HIDDEN) != 0 || field->target != NULL)
      continue;
    value = dup_field_value (field, &set->value);
    g_string_append_printf (text, "%s: %s\n", csl_label_field (field), value);
  }
  return g_string_free (text, FALSE);
}
