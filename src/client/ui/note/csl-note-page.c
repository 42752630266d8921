/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/note/csl-note-page.h"

#include "client/app/csl-draft-keeper.h"
#include "client/ui/fields/csl-field-rows.h"
#include "client/ui/note/csl-template-chips.h"
#include "client/ui/record/csl-saved-label.h"
#include "client/ui/shell/csl-command.h"
#include "client/ui/shell/csl-navigation.h"
#include "client/ui/text/csl-prose.h"
#include "client/ui/wrap/csl-question.h"
#include "core/base/csl-time.h"

#include <glib/gi18n.h>

struct _CslNotePage
{
  CslPage parent_instance;

  CslSession *session;    /* (owned) */
  CslRecordDraft *draft;  /* (owned) */
  CslDraftKeeper *keeper; /* (owned) */
  bool saving;

  /* widgets */
  GtkLabel *heading;
  GtkLabel *subheading;
  GtkLabel *resumed;
  AdwPreferencesGroup *facts;
  CslWrapBox *templates;
  GtkTextView *content;
  GtkLabel *problem;
  CslSavedLabel *saved;
  GtkButton *finish;
  GtkButton *discard;
};

G_DEFINE_FINAL_TYPE (CslNotePage, csl_note_page, CSL_TYPE_PAGE)

static const char *const fact_fields[] = { "kind", "title", "occurred_at",
                                           "duration_minutes", "category" };

static void
show_problem (CslNotePage *self, const char *text)
{
  gtk_label_set_label (self->problem, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), text != NULL);
}

/* For screen readers: the text itself is what is wrong, and the sentence below it says why. */
static void
mark_text (CslNotePage *self, bool wrong)
{
  GtkAccessible *text = GTK_ACCESSIBLE (self->content);

  gtk_accessible_update_state (text, GTK_ACCESSIBLE_STATE_INVALID,
                               wrong ? GTK_ACCESSIBLE_INVALID_TRUE
                                     : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
  if (wrong)
    gtk_accessible_update_relation (text, GTK_ACCESSIBLE_RELATION_DESCRIBED_BY,
                                    self->problem, NULL, -1);
  else
    gtk_accessible_reset_relation (text, GTK_ACCESSIBLE_RELATION_DESCRIBED_BY);
}

static void
close_page (CslNotePage *self)
{
  csl_navigation_back (GTK_WIDGET (self));
}

/* What was wrong may be right now. */
static void
edited_cb (CslNotePage *self)
{
  show_problem (self, NULL);
  mark_text (self, false);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (CslNotePage) self = data;
  g_autoptr (GError) error = NULL;

  self->saving = false;
  gtk_widget_set_sensitive (GTK_WIDGET (self->finish), TRUE);
  if (!csl_session_save_finish (CSL_SESSION (source), result, &error)) {
    show_problem (
      self, _ ("The note could not be saved on this computer. The draft is kept; check "
               "that the disk is not full, then finish it again."));
    return;
  }
  csl_draft_keeper_discard (self->keeper);
  csl_navigation_toast (GTK_WIDGET (self), _ ("Note saved on this computer"));
  close_page (self);
}

/* The frozen note, as the draft plus who finished it when. */
static CslRecord *
dup_finished (CslNotePage *self)
{
  CslRecord *note = csl_record_copy (csl_record_draft_get_record (self->draft));
  g_autofree char *now = csl_instant_format (csl_session_get_now_ms (self->session),
                                             csl_session_get_zone (self->session));

  csl_record_set_bool (note, "is_final", true);
  csl_record_set_text (note, "finalised_at", now);
  return note;
}

static void
finish_cb (CslNotePage *self)
{
  g_autofree char *other = NULL;
  g_autoptr (CslEdit) edit = csl_edit_new ();
  g_autoptr (CslRecord) note = NULL;
  CslFieldBinding *wrong;

  if (self->saving)
    return;
  wrong = csl_record_draft_check (self->draft, &other);
  if (wrong != NULL || other != NULL) {
    show_problem (self, wrong != NULL ? csl_field_binding_get_problem (wrong) : other);
    if (wrong == csl_record_draft_get_binding (self->draft, "content")) {
      mark_text (self, true);
      gtk_widget_grab_focus (GTK_WIDGET (self->content));
    }
    return;
  }
  show_problem (self, NULL);
  note = dup_finished (self);
  csl_edit_add (edit, csl_record_draft_get_before (self->draft), note);
  self->saving = true;
  gtk_widget_set_sensitive (GTK_WIDGET (self->finish), FALSE);
  csl_session_save_async (self->session, edit, NULL, saved_cb, g_object_ref (self));
}

static void
finish_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  (void) name;
  (void) parameter;
  finish_cb (CSL_NOTE_PAGE (widget));
}

static void
discard_answer_cb (CslNotePage *self, const char *answer)
{
  if (g_strcmp0 (answer, "go") != 0)
    return;
  csl_draft_keeper_discard (self->keeper);
  close_page (self);
}

static void
discard_cb (CslNotePage *self)
{
  const char *text =
    csl_field_binding_get_text (csl_record_draft_get_binding (self->draft, "content"));
  const CslQuestion question = {
    .title = _ ("Discard This Draft?"),
    .body = _ ("What you have written here has not been finished and will be gone "
               "from this computer."),
    .stay = _ ("_Keep Draft"),
    .go = _ ("_Discard"),
    .is_destructive = TRUE,
  };
  GtkWidget *dialog;

  if (text[0] == '\0') {
    discard_answer_cb (self, "go");
    return;
  }
  dialog =
    csl_question_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), &question);
  g_signal_connect_object (dialog, "response", G_CALLBACK (discard_answer_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static char *
dup_name (CslNotePage *self, const char *type, const char *id)
{
  g_autoptr (CslRecordItem) item =
    id != NULL ? csl_session_lookup (self->session, type, id) : NULL;

  return g_strdup (item != NULL ? csl_record_item_get_title (item) : "");
}

static void
show_heading (CslNotePage *self)
{
  const CslRecord *note = csl_record_draft_get_record (self->draft);
  g_autofree char *client =
    dup_name (self, "client", csl_record_get_text (note, "client"));
  g_autofree char *case_title =
    dup_name (self, "case", csl_record_get_text (note, "case"));
  bool amends = csl_record_get_text (note, "amends") != NULL;
  /* Translators: the person a note is about */
  g_autofree char *heading =
    g_strdup_printf (amends ? _ ("Correction for %s") : _ ("Note for %s"), client);

  gtk_label_set_label (self->heading, heading);
  gtk_label_set_label (self->subheading, case_title);
  gtk_widget_set_visible (GTK_WIDGET (self->subheading), case_title[0] != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->resumed),
                          csl_draft_keeper_get_resumed (self->keeper));
}

static void
build (CslNotePage *self)
{
  CslFieldBinding *content = csl_record_draft_get_binding (self->draft, "content");

  for (guint i = 0; i < G_N_ELEMENTS (fact_fields); i++)
    csl_field_row_add (self->facts,
                       csl_record_draft_get_binding (self->draft, fact_fields[i]));
  g_object_bind_property (content, "text", gtk_text_view_get_buffer (self->content),
                          "text", G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  g_signal_connect_object (self->draft, "edited", G_CALLBACK (edited_cb), self,
                           G_CONNECT_SWAPPED);
  csl_saved_label_set_keeper (self->saved, self->keeper);
  csl_template_chips_add (self->templates, self->draft, self->content);
  show_heading (self);
}

static void
map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (csl_note_page_parent_class)->map (widget);
  gtk_widget_grab_focus (GTK_WIDGET (CSL_NOTE_PAGE (widget)->content));
}

static void
leave (CslPage *page)
{
  csl_draft_keeper_flush (CSL_NOTE_PAGE (page)->keeper);
}

static void
dispose (GObject *object)
{
  CslNotePage *self = CSL_NOTE_PAGE (object);

  if (self->keeper != NULL)
    csl_draft_keeper_flush (self->keeper);
  g_clear_object (&self->keeper);
  g_clear_object (&self->draft);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (csl_note_page_parent_class)->dispose (object);
}

static void
csl_note_page_class_init (CslNotePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  widget_class->map = map;
  CSL_PAGE_CLASS (klass)->leave = leave;
  g_type_ensure (CSL_TYPE_SAVED_LABEL);
  g_type_ensure (CSL_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/note/csl-note-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CslNotePage, heading);
  gtk_widget_class_bind_template_child (widget_class, CslNotePage, subheading);
  gtk_widget_class_bind_template_child (widget_class, CslNotePage, resumed);
  gtk_widget_class_bind_template_child (widget_class, CslNotePage, facts);
  gtk_widget_class_bind_template_child (widget_class, CslNotePage, templates);
  gtk_widget_class_bind_template_child (widget_class, CslNotePage, content);
  gtk_widget_class_bind_template_child (widget_class, CslNotePage, problem);
  gtk_widget_class_bind_template_child (widget_class, CslNotePage, saved);
  gtk_widget_class_bind_template_child (widget_class, CslNotePage, finish);
  gtk_widget_class_bind_template_child (widget_class, CslNotePage, discard);
  gtk_widget_class_bind_template_callback (widget_class, finish_cb);
  gtk_widget_class_bind_template_callback (widget_class, discard_cb);
  gtk_widget_class_install_action (widget_class, "note.finish", NULL, finish_action_cb);
}

static void
csl_note_page_init (CslNotePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  csl_command_bind_first (GTK_WIDGET (self), "note.finish");
  csl_prose_grow (self->content);
}

/* Client, case and the note to correct, from whatever the request names. */
typedef struct
{
  char *client, *case_id, *amends; /* (owned) (nullable) */
  CslRecordItem *open; /* (owned) (nullable): an unfinished note that was saved */
} Subject;

static void
subject_clear (Subject *subject)
{
  g_free (subject->client);
  g_free (subject->case_id);
  g_free (subject->amends);
  g_clear_object (&subject->open);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Subject, subject_clear)

static void
subject_from_note (Subject *subject, CslSession *session, const char *id)
{
  g_autoptr (CslRecordItem) note = csl_session_lookup (session, "note", id);

  if (note == NULL)
    return;
  subject->client = g_strdup (csl_record_item_get_text (note, "client"));
  subject->case_id = g_strdup (csl_record_item_get_text (note, "case"));
  if (csl_record_is_finished (csl_record_item_get_record (note)))
    subject->amends = g_strdup (id);
  else
    subject->open = g_steal_pointer (&note);
}

static void
subject_from_case (Subject *subject, CslSession *session, const char *case_id)
{
  g_autoptr (CslRecordItem) item = csl_session_lookup (session, "case", case_id);

  if (item == NULL)
    return;
  subject->case_id = g_strdup (case_id);
  subject->client = g_strdup (csl_record_item_get_text (item, "client"));
}

static void
subject_from_draft (Subject *subject, CslSession *session, const char *draft)
{
  g_autoptr (CslRecordItem) item = csl_session_lookup (session, "form_draft", draft);
  const char *type = item != NULL ? csl_record_item_get_text (item, "entity_type") : NULL;
  const char *id = item != NULL ? csl_record_item_get_text (item, "entity_id") : NULL;

  if (g_strcmp0 (type, "note") == 0)
    subject_from_note (subject, session, id);
  else if (g_strcmp0 (type, "case") == 0)
    subject_from_case (subject, session, id);
  else
    subject->client = g_strdup (id);
}

static void
read_request (Subject *subject, CslSession *session, const CslPageRequest *request)
{
  if (request->draft != NULL)
    subject_from_draft (subject, session, request->draft);
  else if (request->id != NULL)
    subject_from_note (subject, session, request->id);
  else if (request->case_id != NULL)
    subject_from_case (subject, session, request->case_id);
  else
    subject->client = g_strdup (request->client);
}

/* The keeper's place for a note: the note it corrects or goes on with, else its case, else its client. */
static CslDraftKeeper *
keeper_new (CslRecordDraft *draft, const Subject *subject)
{
  if (subject->open != NULL)
    return csl_draft_keeper_new (draft, "note", "note",
                                 csl_record_item_get_id (subject->open));
  if (subject->amends != NULL)
    return csl_draft_keeper_new (draft, "note", "note", subject->amends);
  if (subject->case_id != NULL)
    return csl_draft_keeper_new (draft, "note", "case", subject->case_id);
  return csl_draft_keeper_new (draft, "note", "client", subject->client);
}

CslPage *
csl_note_page_new (CslSession *session, const CslPageRequest *request)
{
  g_auto (Subject) subject = { 0 };
  CslNotePage *self;
  const CslRecord *before;
  g_autoptr (CslRecord) note = NULL;

  read_request (&subject, session, request);
  if (subject.client == NULL)
    return NULL;
  self = g_object_new (CSL_TYPE_NOTE_PAGE, "session", session, "title", _ ("Note"), NULL);
  self->session = g_object_ref (session);
  before = subject.open != NULL ? csl_record_item_get_record (subject.open) : NULL;
  note = before != NULL ? csl_record_copy (before)
                        : csl_session_new_record (session, "note");
  if (before == NULL) {
    csl_record_set_text (note, "client", subject.client);
    csl_record_set_text (note, "case", subject.case_id);
    csl_record_set_text (note, "amends", subject.amends);
  }
  self->draft = csl_record_draft_new (session, before, note);
  self->keeper = keeper_new (self->draft, &subject);
  build (self);
  return CSL_PAGE (self);
}
