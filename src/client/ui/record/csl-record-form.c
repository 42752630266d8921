/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/record/csl-record-form.h"

#include "client/ui/fields/csl-field-rows.h"
#include "core/schema/csl-label.h"

#include <glib/gi18n.h>

struct _CslRecordForm
{
  GtkBox parent_instance;

  CslRecordDraft *draft; /* (owned) */
};

G_DEFINE_FINAL_TYPE (CslRecordForm, csl_record_form, GTK_TYPE_BOX)

static bool
is_shown (const CslField *field, const char *const *skip)
{
  if ((field->flags & (CSL_FIELD_HIDDEN | CSL_FIELD_SERVER)) != 0)
    return false;
  return skip == NULL || !g_strv_contains (skip, field->name);
}

/* One section as a boxed list; NULL when none of its fields is shown. */
static GtkWidget *
section_new (CslRecordDraft *draft,
             const CslFormSection *section,
             const char *const *skip)
{
  const CslRecordType *type = csl_record_draft_get_record (draft)->type;
  GtkWidget *group = NULL;

  for (guint i = 0; i < section->n_fields; i++) {
    const CslField *field = &type->fields[section->fields[i]];

    if (!is_shown (field, skip))
      continue;
    if (group == NULL) {
      group = adw_preferences_group_new ();
      /* Not the word that stands above as the heading. */
      if (section->title != NULL &&
          !g_str_equal (csl_label_section (type, section), csl_label_type (type)))
        adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group),
                                         csl_label_section (type, section));
    }
    csl_field_row_add (ADW_PREFERENCES_GROUP (group),
                       csl_record_draft_get_binding (draft, field->name));
  }
  return group;
}

static void
dispose (GObject *object)
{
  g_clear_object (&CSL_RECORD_FORM (object)->draft);
  G_OBJECT_CLASS (csl_record_form_parent_class)->dispose (object);
}

static void
csl_record_form_class_init (CslRecordFormClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dispose;
}

static void
csl_record_form_init (CslRecordForm *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 24);
}

/* The sections that are not needed every day, behind one button. */
static GtkWidget *
more_new (const CslRecordType *type)
{
  GtkWidget *more = gtk_expander_new (_ ("More"));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);
  /* Translators: more fields; then the kind of record they belong to. */
  g_autofree char *spoken = g_strdup_printf (_ ("More: %s"), csl_label_type (type));

  gtk_accessible_update_property (GTK_ACCESSIBLE (more), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken, -1);
  gtk_widget_set_margin_top (box, 12);
  gtk_expander_set_child (GTK_EXPANDER (more), box);
  return more;
}

GtkWidget *
csl_record_form_new (CslRecordDraft *draft, const char *const *skip)
{
  CslRecordForm *self = g_object_new (CSL_TYPE_RECORD_FORM, NULL);
  const CslRecordType *type = csl_record_draft_get_record (draft)->type;
  GtkWidget *more = NULL;

  self->draft = g_object_ref (draft);
  for (guint i = 0; i < type->n_sections; i++) {
    GtkWidget *section = section_new (draft, &type->sections[i], skip);

    if (section == NULL)
      continue;
    if (!type->sections[i].more) {
      gtk_box_append (GTK_BOX (self), section);
      continue;
    }
    if (more == NULL)
      more = more_new (type);
    gtk_box_append (GTK_BOX (gtk_expander_get_child (GTK_EXPANDER (more))), section);
  }
  if (more != NULL)
    gtk_box_append (GTK_BOX (self), more);
  return GTK_WIDGET (self);
}

/* Depth-first search for the widget of that name. */
static GtkWidget *
find_named (GtkWidget *widget, const char *name)
{
  if (g_strcmp0 (gtk_widget_get_name (widget), name) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = find_named (child, name);
    if (found != NULL)
      return found;
  }
  return NULL;
}

void
csl_record_form_focus (CslRecordForm *self, CslFieldBinding *binding)
{
  g_autofree char *name =
    g_strconcat ("field-", csl_field_binding_get_field (binding)->name, NULL);
  GtkWidget *row = find_named (GTK_WIDGET (self), name);
  GtkWidget *more;

  if (row == NULL)
    return;
  more = gtk_widget_get_ancestor (row, GTK_TYPE_EXPANDER);
  if (more != NULL)
    gtk_expander_set_expanded (GTK_EXPANDER (more), TRUE);
  gtk_widget_child_focus (row, GTK_DIR_TAB_FORWARD);
}
