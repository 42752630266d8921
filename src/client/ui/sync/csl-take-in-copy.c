/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-take-in-copy.c: "Take In a Sealed Copy…": which file, its passphrase, and what has come. A wrong passphrase may be
 * typed again; whatever else is wrong is said, and nothing has changed. */
#define G_LOG_DOMAIN "csl-take-in-copy"

#include "config.h"

#include "client/ui/sync/csl-copy-dialogs.h"
#include "client/ui/sync/csl-passphrase-box.h"
#include "client/ui/text/csl-error-text.h"
#include "client/ui/wrap/csl-file-chooser.h"
#include "client/ui/wrap/csl-question.h"
#include "core/base/csl-error.h"

#include <glib/gi18n.h>

/* Lives as long as one of its dialogs or its work. */
typedef struct
{
  gatomicrefcount references;
  GtkWindow *parent;        /* (owned) */
  CslSession *session;      /* (owned) */
  GFile *file;              /* (owned) (nullable) */
  GtkNativeDialog *chooser; /* (owned) (nullable): while it is open */
  GtkWidget *dialog;        /* (unowned): while it asks */
  CslPassphraseBox *box;    /* (owned) (nullable): it answers after its dialog is gone */
} Taking;

static Taking *
taking_ref (Taking *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

static void
taking_unref (Taking *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_clear_object (&self->chooser);
  g_clear_object (&self->box);
  g_clear_object (&self->file);
  g_object_unref (self->session);
  g_object_unref (self->parent);
  g_free (self);
}

static void
closed_cb (gpointer data, GClosure *closure)
{
  taking_unref (data);
}

static void
say (Taking *self, const char *title, const char *body)
{
  const CslQuestion said = { .title = title, .body = body, .go = _ ("_Close") };

  gtk_window_present (GTK_WINDOW (csl_question_new (self->parent, &said)));
}

/* Adds @sentence, which it takes. */
static void
append_sentence (GString *body, char *sentence)
{
  if (body->len > 0)
    g_string_append_c (body, ' ');
  g_string_append (body, sentence);
  g_free (sentence);
}

static void
say_taken (Taking *self, const CslCopyTaken *taken)
{
  g_autoptr (GString) body = g_string_new (NULL);
  const bool nothing = taken->n_new == 0 && taken->n_drafts == 0;

  if (taken->n_new > 0)
    append_sentence (
      body, g_strdup_printf (
              ngettext (
                "%u change waits on this computer now and is sent like your other work.",
                "%u changes wait on this computer now and are sent like your other work.",
                taken->n_new),
              taken->n_new));
  if (taken->n_known > 0)
    append_sentence (body, g_strdup_printf (ngettext ("%u change was here already.",
                                                      "%u changes were here already.",
                                                      taken->n_known),
                                            taken->n_known));
  if (taken->n_drafts > 0)
    append_sentence (body, g_strdup_printf (ngettext ("%u draft is under “Drafts”.",
                                                      "%u drafts are under “Drafts”.",
                                                      taken->n_drafts),
                                            taken->n_drafts));
  say (self, nothing ? _ ("Nothing New in the Copy") : _ ("The Sealed Copy Is Taken In"),
       body->str);
}

static void ask_passphrase (Taking *self, const char *problem);

static void
taken_in_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Taking *self = data;
  g_autoptr (GError) error = NULL;
  CslCopyTaken taken;
  CslErrorText text;

  if (csl_session_take_in_copy_finish (CSL_SESSION (source), result, &taken, &error))
    say_taken (self, &taken);
  else if (csl_error_text_lookup (error, &text)) {
    g_message ("A sealed copy could not be taken in: %s", error->message);
    if (g_error_matches (error, CSL_SEALED_ERROR, CSL_SEALED_ERROR_WRONG_KEY))
      ask_passphrase (self, text.sentence);
    else
      say (self, text.title, text.sentence);
  }
  taking_unref (self);
}

static void
passphrase_cb (Taking *self, const char *response)
{
  if (g_str_equal (response, "go"))
    csl_session_take_in_copy_async (self->session, self->file,
                                    csl_passphrase_box_get_text (self->box), taken_in_cb,
                                    taking_ref (self));
  g_clear_object (&self->box);
}

static void
changed_cb (CslPassphraseBox *box, gpointer dialog)
{
  csl_question_set_can_go (dialog, csl_passphrase_box_get_ready (box));
}

static void
ask_passphrase (Taking *self, const char *problem)
{
  const CslQuestion question = {
    .title = _ ("Take In a Sealed Copy"),
    .body = _ ("Type the passphrase that was chosen when the copy was saved."),
    .stay = _ ("_Cancel"),
    .go = _ ("_Take In"),
  };

  self->dialog = csl_question_new (self->parent, &question);
  self->box = g_object_ref_sink (CSL_PASSPHRASE_BOX (csl_passphrase_box_new (FALSE)));
  csl_passphrase_box_set_problem (self->box, problem);
  csl_question_set_child (self->dialog, GTK_WIDGET (self->box));
  g_signal_connect_object (self->box, "changed", G_CALLBACK (changed_cb), self->dialog,
                           0);
  g_signal_connect_data (self->dialog, "response", G_CALLBACK (passphrase_cb),
                         taking_ref (self), closed_cb, G_CONNECT_SWAPPED);
  csl_question_set_can_go (self->dialog, FALSE);
  gtk_window_present (GTK_WINDOW (self->dialog));
}

static void
file_chosen_cb (Taking *self, int response)
{
  self->file = csl_file_chooser_dup_file (self->chooser, response);
  if (self->file != NULL)
    ask_passphrase (self, NULL);
  g_clear_object (&self->chooser);
}

void
csl_take_in_copy (GtkWindow *parent, CslSession *session)
{
  Taking *self = g_new0 (Taking, 1);

  g_atomic_ref_count_init (&self->references);
  self->parent = g_object_ref (parent);
  self->session = g_object_ref (session);
  self->chooser =
    csl_file_chooser_new_open (parent, _ ("Take In a Sealed Copy"), _ ("_Choose"));
  /* The chooser holds the only reference now. */
  g_signal_connect_data (self->chooser, "response", G_CALLBACK (file_chosen_cb), self,
                         closed_cb, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (self->chooser);
}
