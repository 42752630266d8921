/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-passphrase-box.c: one or two password entries with a sentence about what is still missing. */
#define G_LOG_DOMAIN "csl-passphrase-box"

#include "config.h"

#include "client/ui/sync/csl-passphrase-box.h"

#include "client/ui/shell/csl-notice.h"
#include "client/ui/text/csl-accessible.h"

#include <glib/gi18n.h>
#include <string.h>

/* With what a guess costs: out of reach for whoever finds the file. */
#define MIN_CHARACTERS 12

struct _CslPassphraseBox
{
  AdwBin parent_instance;

  GtkEditable *first;  /* (unowned): child */
  GtkEditable *second; /* (unowned) (nullable): child */
  GtkLabel *hint;      /* (unowned): child */
  CslNotice *problem;  /* (unowned): child */
  gboolean is_ready;
  char *text; /* (owned): as typed; answers when the rows are gone with their dialog */
};

G_DEFINE_FINAL_TYPE (CslPassphraseBox, csl_passphrase_box, ADW_TYPE_BIN)

enum {
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* NULL: it will do. */
static const char *
get_problem (CslPassphraseBox *self)
{
  const char *text = gtk_editable_get_text (self->first);

  if (self->second == NULL)
    return *text != '\0' ? NULL : "";
  if (g_utf8_strlen (text, -1) < MIN_CHARACTERS)
    return _ ("At least 12 characters; a few words are easy to remember.");
  if (*gtk_editable_get_text (self->second) == '\0')
    return _ ("Type it a second time.");
  if (!g_str_equal (text, gtk_editable_get_text (self->second)))
    return _ ("The two are not the same yet.");
  return NULL;
}

/* Not left behind in free memory. */
static void
forget_text (CslPassphraseBox *self)
{
  if (self->text != NULL)
    explicit_bzero (self->text, strlen (self->text));
  g_clear_pointer (&self->text, g_free);
}

static void
changed_cb (CslPassphraseBox *self)
{
  const char *problem = get_problem (self);

  csl_accessible_set_problem (self->first, NULL);
  gtk_label_set_label (self->hint,
                       problem != NULL ? problem
                       : self->second != NULL
                         ? _ ("Without this passphrase nobody can open the copy. Keep it "
                              "apart from the file.")
                         : "");
  gtk_widget_set_visible (GTK_WIDGET (self->hint),
                          *gtk_label_get_label (self->hint) != '\0');
  forget_text (self);
  self->text = g_strdup (gtk_editable_get_text (self->first));
  self->is_ready = problem == NULL;
  g_signal_emit (self, signals[CHANGED], 0);
}

/* The rows of the library, because its plain password entry keeps the eye on the right in every direction of writing. */
static GtkEditable *
add_entry (CslPassphraseBox *self, GtkListBox *list, const char *title, const char *name)
{
  GtkWidget *row = adw_password_entry_row_new ();

  adw_preferences_row_set_use_underline (ADW_PREFERENCES_ROW (row), TRUE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (row), TRUE);
  gtk_widget_set_name (row, name);
  g_signal_connect_object (row, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_list_box_append (list, row);
  return GTK_EDITABLE (row);
}

static void
csl_passphrase_box_finalize (GObject *object)
{
  forget_text (CSL_PASSPHRASE_BOX (object));
  G_OBJECT_CLASS (csl_passphrase_box_parent_class)->finalize (object);
}

static void
csl_passphrase_box_class_init (CslPassphraseBoxClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = csl_passphrase_box_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass),
                                   G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                   0);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass),
                                        GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
csl_passphrase_box_init (CslPassphraseBox *self)
{
  self->problem = CSL_NOTICE (csl_notice_new (CSL_NOTICE_ERROR, NULL));
  gtk_widget_set_visible (GTK_WIDGET (self->problem), FALSE);
  gtk_widget_set_name (GTK_WIDGET (self->problem), "passphrase-problem");
  self->hint = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->hint, TRUE);
  gtk_label_set_xalign (self->hint, 0);
  gtk_widget_add_css_class (GTK_WIDGET (self->hint), "dim-label");
  gtk_widget_set_name (GTK_WIDGET (self->hint), "passphrase-hint");
}

GtkWidget *
csl_passphrase_box_new (gboolean is_new)
{
  CslPassphraseBox *self = g_object_new (CSL_TYPE_PASSPHRASE_BOX, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  is_new ? _ ("Passphrase of the copy, twice")
                                         : _ ("Passphrase of the copy"),
                                  -1);
  gtk_widget_set_margin_top (box, 6);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->problem));
  gtk_box_append (GTK_BOX (box), list);
  self->first = add_entry (self, GTK_LIST_BOX (list), _ ("_Passphrase"), "passphrase");
  if (is_new)
    self->second =
      add_entry (self, GTK_LIST_BOX (list), _ ("Once _more"), "passphrase-again");
  csl_accessible_name_inner (GTK_WIDGET (self->first), GTK_TYPE_IMAGE,
                             _ ("Show the passphrase"));
  if (is_new)
    csl_accessible_name_inner (GTK_WIDGET (self->second), GTK_TYPE_IMAGE,
                               _ ("Show it once more"));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->hint));
  adw_bin_set_child (ADW_BIN (self), box);
  changed_cb (self);
  return GTK_WIDGET (self);
}

const char *
csl_passphrase_box_get_text (CslPassphraseBox *self)
{
  g_return_val_if_fail (CSL_IS_PASSPHRASE_BOX (self), NULL);
  return self->text;
}

gboolean
csl_passphrase_box_get_ready (CslPassphraseBox *self)
{
  g_return_val_if_fail (CSL_IS_PASSPHRASE_BOX (self), FALSE);
  return self->is_ready;
}

void
csl_passphrase_box_set_problem (CslPassphraseBox *self, const char *sentence)
{
  g_return_if_fail (CSL_IS_PASSPHRASE_BOX (self));
  csl_notice_set_text (self->problem, sentence);
  gtk_widget_set_visible (GTK_WIDGET (self->problem), sentence != NULL);
  csl_accessible_set_problem (self->first,
                              sentence != NULL ? GTK_WIDGET (self->problem) : NULL);
}
