/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/record/csl-edit-page.h"

#include "client/app/csl-draft-keeper.h"
#include "client/ui/record/csl-record-form.h"
#include "client/ui/record/csl-saved-label.h"
#include "client/ui/shell/csl-command.h"
#include "client/ui/shell/csl-navigation.h"
#include "client/ui/text/csl-display.h"
#include "core/schema/csl-label.h"

#include <glib/gi18n.h>

struct _CslEditPage
{
  CslPage parent_instance;

  CslRecordDraft *draft;  /* (owned) */
  CslDraftKeeper *keeper; /* (owned) */
  CslRecordForm *form;    /* (unowned): child of place */

  /* widgets */
  GtkLabel *heading;
  GtkLabel *resumed;
  GtkBox *place;
  GtkLabel *problem;
  CslSavedLabel *saved;
  GtkButton *cancel;
  GtkButton *save;
};

G_DEFINE_FINAL_TYPE (CslEditPage, csl_edit_page, CSL_TYPE_PAGE)

static void
show_problem (CslEditPage *self, const char *text)
{
  gtk_label_set_label (self->problem, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), text != NULL);
}

/* What was wrong may be right now. */
static void
edited_cb (CslEditPage *self)
{
  show_problem (self, NULL);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (CslEditPage) self = data;
  g_autoptr (CslEdit) edit = csl_edit_new ();
  bool is_new = csl_record_draft_get_before (self->draft) == NULL;

  gtk_widget_set_sensitive (GTK_WIDGET (self->save), TRUE);
  if (!csl_session_save_finish (CSL_SESSION (source), result, NULL)) {
    show_problem (self, _ ("This could not be saved on this computer. What you wrote is "
                           "kept as a draft; check that "
                           "the disk is not full, then save again."));
    return;
  }
  csl_draft_keeper_discard (self->keeper);
  csl_record_draft_add_to_edit (self->draft, edit);
  if (is_new)
    csl_navigation_toast (GTK_WIDGET (self), _ ("Saved on this computer"));
  else
    csl_navigation_toast_undo (GTK_WIDGET (self), CSL_SESSION (source),
                               _ ("Saved on this computer"), edit);
  csl_navigation_back (GTK_WIDGET (self));
}

static void
save_cb (CslEditPage *self)
{
  g_autofree char *other = NULL;
  g_autoptr (CslEdit) edit = csl_edit_new ();
  CslFieldBinding *wrong = csl_record_draft_check (self->draft, &other);

  show_problem (self, other);
  if (wrong != NULL)
    csl_record_form_focus (self->form, wrong);
  if (wrong != NULL || other != NULL)
    return;
  csl_record_draft_add_to_edit (self->draft, edit);
  if (csl_edit_get_size (edit) == 0) {
    csl_draft_keeper_discard (self->keeper);
    csl_navigation_back (GTK_WIDGET (self));
    return;
  }
  gtk_widget_set_sensitive (GTK_WIDGET (self->save), FALSE);
  csl_session_save_async (csl_page_get_session (CSL_PAGE (self)), edit, NULL, saved_cb,
                          g_object_ref (self));
}

static void
save_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  (void) name;
  (void) parameter;
  save_cb (CSL_EDIT_PAGE (widget));
}

static void
cancel_cb (CslEditPage *self)
{
  csl_draft_keeper_discard (self->keeper);
  csl_navigation_back (GTK_WIDGET (self));
}

static void
leave (CslPage *page)
{
  csl_draft_keeper_flush (CSL_EDIT_PAGE (page)->keeper);
}

static void
dispose (GObject *object)
{
  CslEditPage *self = CSL_EDIT_PAGE (object);

  if (self->keeper != NULL)
    csl_draft_keeper_flush (self->keeper);
  g_clear_object (&self->keeper);
  g_clear_object (&self->draft);
  G_OBJECT_CLASS (csl_edit_page_parent_class)->dispose (object);
}

static void
csl_edit_page_class_init (CslEditPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  CSL_PAGE_CLASS (klass)->leave = leave;
  g_type_ensure (CSL_TYPE_SAVED_LABEL);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/record/csl-edit-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CslEditPage, heading);
  gtk_widget_class_bind_template_child (widget_class, CslEditPage, resumed);
  gtk_widget_class_bind_template_child (widget_class, CslEditPage, place);
  gtk_widget_class_bind_template_child (widget_class, CslEditPage, problem);
  gtk_widget_class_bind_template_child (widget_class, CslEditPage, saved);
  gtk_widget_class_bind_template_child (widget_class, CslEditPage, cancel);
  gtk_widget_class_bind_template_child (widget_class, CslEditPage, save);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  gtk_widget_class_install_action (widget_class, "record.save", NULL, save_action_cb);
}

static void
csl_edit_page_init (CslEditPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  csl_command_bind_first (GTK_WIDGET (self), "record.save");
}

/* A new record of the type, hung on the client and case it is opened from. */
static CslRecord *
new_record (CslSession *session, const CslRecordType *type, const CslPageRequest *request)
{
  CslRecord *record = csl_session_new_record (session, type->name);

  if (type->client_field >= 0 && request->client != NULL)
    csl_value_set_text (&record->values[type->client_field], request->client);
  if (type->case_field >= 0 && request->case_id != NULL)
    csl_value_set_text (&record->values[type->case_field], request->case_id);
  return record;
}

static void
build (CslEditPage *self, const CslRecordType *type, bool is_new)
{
  /* Translators: a kind of record: "New appointment", "Change appointment" */
  g_autofree char *heading =
    g_strdup_printf (is_new ? _ ("New: %s") : _ ("Change: %s"), csl_label_type (type));

  gtk_label_set_label (self->heading, heading);
  gtk_widget_set_visible (GTK_WIDGET (self->resumed),
                          csl_draft_keeper_get_resumed (self->keeper));
  self->form = CSL_RECORD_FORM (csl_record_form_new (self->draft, NULL));
  gtk_box_append (self->place, GTK_WIDGET (self->form));
  g_signal_connect_object (self->draft, "edited", G_CALLBACK (edited_cb), self,
                           G_CONNECT_SWAPPED);
  csl_saved_label_set_keeper (self->saved, self->keeper);
}

/* Where a new record's draft is kept: with its case, else its client, else with the type. */
static const char *
get_owner (const CslPageRequest *request)
{
  return request->case_id != NULL  ? request->case_id
         : request->client != NULL ? request->client
                                   : "new";
}

static CslPage *
page_new (CslSession *session, const CslPageRequest *request)
{
  const CslRecordType *type =
    csl_schema_lookup_type (csl_session_get_schema (session), request->type);
  g_autoptr (CslRecordItem) item = NULL;
  g_autoptr (CslRecord) record = NULL;
  const CslRecord *before = NULL;
  CslEditPage *self;

  if (type == NULL)
    return NULL;
  if (request->id != NULL) {
    item = csl_session_lookup (session, type->name, request->id);
    if (item == NULL)
      return NULL;
    before = csl_record_item_get_record (item);
  }
  record = before != NULL ? csl_record_copy (before)
                          : new_record (session, type, request);
  self = g_object_new (CSL_TYPE_EDIT_PAGE, "session", session, "title",
                       csl_label_type (type), NULL);
  self->draft = csl_record_draft_new (session, before, record);
  self->keeper = csl_draft_keeper_new (self->draft, "record", type->name,
                                       before != NULL ? before->id : get_owner (request));
  build (self, type, before == NULL);
  return CSL_PAGE (self);
}

/* A draft says which type; its entity is the record, or what a new one hangs on. */
static CslPage *
page_new_for_draft (CslSession *session, const char *draft)
{
  g_autoptr (CslRecordItem) item = csl_session_lookup (session, "form_draft", draft);
  CslPageRequest request = { 0 };
  g_autoptr (CslRecordItem) entity = NULL;
  g_autoptr (CslRecordItem) owner = NULL;
  const char *id;

  if (item == NULL)
    return NULL;
  request.type = csl_record_item_get_text (item, "entity_type");
  id = csl_record_item_get_text (item, "entity_id");
  if (request.type == NULL || id == NULL)
    return NULL;
  entity = csl_session_lookup (session, request.type, id);
  owner = csl_session_lookup (session, "case", id);
  if (entity != NULL)
    request.id = id;
  else if (owner != NULL) {
    request.case_id = id;
    request.client = csl_record_item_get_text (owner, "client");
  } else if (g_strcmp0 (id, "new") != 0)
    request.client = id;
  return page_new (session, &request);
}

CslPage *
csl_edit_page_new (CslSession *session, const CslPageRequest *request)
{
  return request->draft != NULL ? page_new_for_draft (session, request->draft)
                                : page_new (session, request);
}
