/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-pin-rows.c: what is typed is judged while it is typed, in words. */
#define G_LOG_DOMAIN "csl-pin-rows"

#include "config.h"

#include "client/ui/account/csl-pin-rows.h"

#include "client/app/csl-pin.h"
#include "client/ui/text/csl-accessible.h"

#include <glib/gi18n.h>

struct _CslPinRows
{
  AdwBin parent_instance;

  char *username; /* (owned) (nullable) */

  GtkEditable *first;  /* (unowned): template child */
  GtkEditable *second; /* (unowned): template child */
  GtkLabel *words;     /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslPinRows, csl_pin_rows, ADW_TYPE_BIN)

enum {
  CHANGED,
  SUBMITTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static const char *
describe (CslPinQuality quality)
{
  switch (quality) {
  case CSL_PIN_TOO_SHORT:
    return _ ("Too short: at least six digits or letters.");
  case CSL_PIN_TOO_SIMPLE:
    return _ ("Too easy to guess: no rows like 123456, no repeats, not your user name.");
  case CSL_PIN_FAIR:
    return _ ("Good enough. Some more characters make it better.");
  case CSL_PIN_GOOD:
    return _ ("Good.");
  case CSL_PIN_STRONG:
    return _ ("Very good.");
  }
  return "";
}

/* What to say about both rows; the second is judged once it is begun. */
static const char *
get_words (CslPinRows *self)
{
  const char *pin = gtk_editable_get_text (self->first);
  const char *again = gtk_editable_get_text (self->second);
  CslPinQuality quality;

  if (*pin == '\0')
    return _ ("At least six digits or letters. A few words are better and easier to "
              "remember.");
  quality = csl_pin_judge (pin, self->username);
  if (quality >= CSL_PIN_FAIR && *again != '\0' && !g_str_equal (pin, again))
    return g_str_has_prefix (pin, again)
             ? _ ("Go on: the second one is not complete yet.")
             : _ ("The two are not the same.");
  return describe (quality);
}

static void
changed_cb (CslPinRows *self)
{
  gtk_label_set_label (self->words, get_words (self));
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
activated_cb (CslPinRows *self)
{
  if (csl_pin_rows_get_pin (self) != NULL)
    g_signal_emit (self, signals[SUBMITTED], 0);
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->second));
}

static gboolean
csl_pin_rows_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (CSL_PIN_ROWS (widget)->first));
}

static void
csl_pin_rows_finalize (GObject *object)
{
  g_free (CSL_PIN_ROWS (object)->username);
  G_OBJECT_CLASS (csl_pin_rows_parent_class)->finalize (object);
}

static void
csl_pin_rows_class_init (CslPinRowsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = csl_pin_rows_finalize;
  widget_class->grab_focus = csl_pin_rows_grab_focus;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass),
                                   G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                   0);
  signals[SUBMITTED] = g_signal_new ("submitted", G_TYPE_FROM_CLASS (klass),
                                     G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                     0);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/account/csl-pin-rows.ui");
  gtk_widget_class_bind_template_child (widget_class, CslPinRows, first);
  gtk_widget_class_bind_template_child (widget_class, CslPinRows, second);
  gtk_widget_class_bind_template_child (widget_class, CslPinRows, words);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
}

static void
csl_pin_rows_init (CslPinRows *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  csl_accessible_name_inner (GTK_WIDGET (self->first), GTK_TYPE_IMAGE,
                             _ ("Show the new PIN"));
  csl_accessible_name_inner (GTK_WIDGET (self->second), GTK_TYPE_IMAGE,
                             _ ("Show the same again"));
  changed_cb (self);
}

void
csl_pin_rows_set_username (CslPinRows *self, const char *username)
{
  g_return_if_fail (CSL_IS_PIN_ROWS (self));
  g_free (self->username);
  self->username = g_strdup (username);
}

const char *
csl_pin_rows_get_pin (CslPinRows *self)
{
  const char *pin;

  g_return_val_if_fail (CSL_IS_PIN_ROWS (self), NULL);
  pin = gtk_editable_get_text (self->first);
  return csl_pin_judge (pin, self->username) >= CSL_PIN_FAIR &&
             g_str_equal (pin, gtk_editable_get_text (self->second))
           ? pin
           : NULL;
}

void
csl_pin_rows_clear (CslPinRows *self)
{
  g_return_if_fail (CSL_IS_PIN_ROWS (self));
  gtk_editable_set_text (self->first, "");
  gtk_editable_set_text (self->second, "");
}
