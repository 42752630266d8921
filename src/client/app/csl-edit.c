/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-edit.c: one act of a person. */
#include "client/app/csl-edit.h"

typedef struct
{
  CslRecord *before, *after; /* (owned) (nullable) */
} Change;

struct _CslEdit
{
  GArray *changes;                 /* (owned) of Change */
  char *reason, *resolves, *fixes; /* (owned) (nullable) */
};

static void
clear_change (gpointer data)
{
  Change *change = data;

  g_clear_pointer (&change->before, csl_record_free);
  g_clear_pointer (&change->after, csl_record_free);
}

CslEdit *
csl_edit_new (void)
{
  CslEdit *self = g_new0 (CslEdit, 1);

  self->changes = g_array_new (FALSE, TRUE, sizeof (Change));
  g_array_set_clear_func (self->changes, clear_change);
  return self;
}

void
csl_edit_free (CslEdit *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->changes);
  g_free (self->reason);
  g_free (self->resolves);
  g_free (self->fixes);
  g_free (self);
}

void
csl_edit_add (CslEdit *self, const CslRecord *before, const CslRecord *after)
{
  Change change = { 0 };

  g_return_if_fail (before != NULL || after != NULL);
  g_return_if_fail (before == NULL || after == NULL || before->type == after->type);
  change.before = before != NULL ? csl_record_copy (before) : NULL;
  change.after = after != NULL ? csl_record_copy (after) : NULL;
  g_array_append_val (self->changes, change);
}

void
csl_edit_set_reason (CslEdit *self, const char *reason)
{
  g_free (self->reason);
  self->reason = g_strdup (reason);
}

void
csl_edit_set_resolves (CslEdit *self, const char *conflict_id)
{
  g_free (self->resolves);
  self->resolves = g_strdup (conflict_id);
}

void
csl_edit_set_fixes (CslEdit *self, const char *op)
{
  g_free (self->fixes);
  self->fixes = g_strdup (op);
}

guint
csl_edit_get_size (const CslEdit *self)
{
  return self->changes->len;
}

const CslRecord *
csl_edit_get_before (const CslEdit *self, guint position)
{
  return g_array_index (self->changes, Change, position).before;
}

const CslRecord *
csl_edit_get_after (const CslEdit *self, guint position)
{
  return g_array_index (self->changes, Change, position).after;
}

const char *
csl_edit_get_reason (const CslEdit *self)
{
  return self->reason;
}

const char *
csl_edit_get_resolves (const CslEdit *self)
{
  return self->resolves;
}

const char *
csl_edit_get_fixes (const CslEdit *self)
{
  return self->fixes;
}
