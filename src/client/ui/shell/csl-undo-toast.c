/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-undo-toast.c: making the opposite of an edit and saving it when Undo is pressed. */
#define G_LOG_DOMAIN "csl-undo-toast"

#include "config.h"

#include "client/ui/shell/csl-undo-toast.h"

#include <glib/gi18n.h>

typedef struct
{
  CslSession *session; /* (owned) */
  CslEdit *edit;       /* (owned): what was done */
} Undo;

static void
undo_free (gpointer data, GClosure *closure)
{
  Undo *self = data;

  g_object_unref (self->session);
  csl_edit_free (self->edit);
  g_free (self);
}

static void
undo_saved_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!csl_session_save_finish (CSL_SESSION (object), result, &error))
    g_warning ("Could not take the change back: %s", error->message);
}

static CslEdit *
copy_edit (const CslEdit *edit)
{
  CslEdit *copy = csl_edit_new ();

  for (guint i = 0; i < csl_edit_get_size (edit); i++)
    csl_edit_add (copy, csl_edit_get_before (edit, i), csl_edit_get_after (edit, i));
  return copy;
}

/* What @now becomes when the change from @before to @after is taken back. */
static CslRecord *
revert_record (const CslRecord *now, const CslRecord *before, const CslRecord *after)
{
  CslRecord *reverted = csl_record_copy (now);

  for (guint i = 0; i < now->type->n_fields; i++)
    if ((now->type->fields[i].flags & CSL_FIELD_SERVER) == 0 &&
        !csl_value_equal (&before->values[i], &after->values[i]))
      csl_value_copy (&reverted->values[i], &before->values[i]);
  return reverted;
}

static void
add_inverse (CslEdit *inverse,
             CslSession *session,
             const CslRecord *before,
             const CslRecord *after)
{
  const CslRecord *any = after != NULL ? after : before;
  g_autoptr (CslRecordItem) item = csl_session_lookup (session, any->type->name, any->id);
  const CslRecord *now = item != NULL ? csl_record_item_get_record (item) : NULL;

  if (before == NULL) {
    if (now != NULL && !now->type->append_only)
      csl_edit_add (inverse, now, NULL);
  } else if (after == NULL || now == NULL) {
    csl_edit_add (inverse, NULL, before);
  } else {
    g_autoptr (CslRecord) reverted = revert_record (now, before, after);

    csl_edit_add (inverse, now, reverted);
  }
}

CslEdit *
csl_edit_new_inverse (CslSession *session, const CslEdit *edit)
{
  CslEdit *inverse = csl_edit_new ();

  for (guint i = 0; i < csl_edit_get_size (edit); i++)
    add_inverse (inverse, session, csl_edit_get_before (edit, i),
                 csl_edit_get_after (edit, i));
  return inverse;
}

static void
undo_pressed_cb (AdwToast *toast, gpointer user_data)
{
  Undo *self = user_data;
  g_autoptr (CslEdit) inverse = csl_edit_new_inverse (self->session, self->edit);

  csl_session_save_async (self->session, inverse, NULL, undo_saved_cb, NULL);
}

AdwToast *
csl_undo_toast_new (CslSession *session, const char *title, const CslEdit *edit)
{
  g_autofree char *text = g_markup_escape_text (title, -1);
  AdwToast *toast = g_object_ref_sink (adw_toast_new (text));
  Undo *undo = g_new0 (Undo, 1);

  undo->session = g_object_ref (session);
  undo->edit = copy_edit (edit);
  adw_toast_set_button_label (toast, _ ("_Undo"));
  /* The handler owns all it needs and goes with the toast. */
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (undo_pressed_cb), undo,
                         undo_free, 0);
  return toast;
}
