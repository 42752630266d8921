/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/app/csl-field-binding.h"

#include "core/schema/csl-label.h"

struct _CslFieldBinding
{
  GObject parent_instance;

  CslSession *session; /* (owned) (nullable): rows for references look records up in it */
  const CslField *field; /* (unowned): lives as long as the schema */
  CslValue value;
  char *text;       /* (owned): what the person sees */
  char *unreadable; /* (owned) (nullable): why text is not a value */
  char *problem;    /* (owned) (nullable): what is shown */
  bool editable;
};

G_DEFINE_FINAL_TYPE (CslFieldBinding, csl_field_binding, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_TEXT,
  PROP_LABEL,
  PROP_PROBLEM,
  PROP_EDITABLE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

enum {
  VALUE_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static bool
replace_text (char **text, const char *now)
{
  if (g_strcmp0 (*text, now) == 0)
    return false;
  g_free (*text);
  *text = g_strdup (now);
  return true;
}

static void
show_problem (CslFieldBinding *self, const char *problem)
{
  if (replace_text (&self->problem, problem))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBLEM]);
}

static void
store_value (CslFieldBinding *self, const CslValue *value)
{
  if (csl_value_equal (&self->value, value))
    return;
  csl_value_copy (&self->value, value);
  g_signal_emit (self, signals[VALUE_CHANGED], 0);
}

/* The sentence about what is wrong now, or NULL. */
static char *
find_problem (CslFieldBinding *self)
{
  g_autoptr (CslProblems) problems = csl_problems_new ();

  if (self->unreadable != NULL)
    return g_strdup (self->unreadable);
  if (!csl_value_is_null (&self->value) && self->field->kind->validate != NULL)
    self->field->kind->validate (self->field, &self->value, problems);
  if (csl_problems_get_size (problems) == 0)
    return NULL;
  return g_strdup (csl_problems_get (problems, 0)->message);
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CslFieldBinding *self = CSL_FIELD_BINDING (object);

  switch (id) {
  case PROP_TEXT:
    g_value_set_string (value, self->text);
    break;
  case PROP_LABEL:
    g_value_set_string (value, csl_label_field (self->field));
    break;
  case PROP_PROBLEM:
    g_value_set_string (value, self->problem);
    break;
  case PROP_EDITABLE:
    g_value_set_boolean (value, self->editable);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  CslFieldBinding *self = CSL_FIELD_BINDING (object);

  switch (id) {
  case PROP_TEXT:
    csl_field_binding_set_text (self, g_value_get_string (value));
    break;
  case PROP_EDITABLE:
    csl_field_binding_set_editable (self, g_value_get_boolean (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
finalize (GObject *object)
{
  CslFieldBinding *self = CSL_FIELD_BINDING (object);

  g_clear_object (&self->session);
  csl_value_clear (&self->value);
  g_free (self->text);
  g_free (self->unreadable);
  g_free (self->problem);
  G_OBJECT_CLASS (csl_field_binding_parent_class)->finalize (object);
}

static void
csl_field_binding_class_init (CslFieldBindingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = get_property;
  object_class->set_property = set_property;
  object_class->finalize = finalize;
  properties[PROP_TEXT] =
    g_param_spec_string ("text", NULL, NULL, "", flags | G_PARAM_READWRITE);
  properties[PROP_LABEL] =
    g_param_spec_string ("label", NULL, NULL, NULL, flags | G_PARAM_READABLE);
  properties[PROP_PROBLEM] =
    g_param_spec_string ("problem", NULL, NULL, NULL, flags | G_PARAM_READABLE);
  properties[PROP_EDITABLE] =
    g_param_spec_boolean ("editable", NULL, NULL, TRUE, flags | G_PARAM_READWRITE);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[VALUE_CHANGED] = g_signal_new ("value-changed", G_TYPE_FROM_CLASS (klass),
                                         G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 0);
}

static void
csl_field_binding_init (CslFieldBinding *self)
{
  self->text = g_strdup ("");
  self->editable = true;
}

/**
 * csl_field_binding_new:
 * @session: (nullable): needed by fields that refer to other records
 *
 * Returns: (transfer full): a binding without a value.
 */
CslFieldBinding *
csl_field_binding_new (CslSession *session, const CslField *field)
{
  CslFieldBinding *self = g_object_new (CSL_TYPE_FIELD_BINDING, NULL);

  g_set_object (&self->session, session);
  self->field = field;
  self->editable = (field->flags & (CSL_FIELD_READ_ONLY | CSL_FIELD_SERVER)) == 0;
  return self;
}

CslSession *
csl_field_binding_get_session (CslFieldBinding *self)
{
  g_return_val_if_fail (CSL_IS_FIELD_BINDING (self), NULL);
  return self->session;
}

const CslField *
csl_field_binding_get_field (CslFieldBinding *self)
{
  g_return_val_if_fail (CSL_IS_FIELD_BINDING (self), NULL);
  return self->field;
}

const CslValue *
csl_field_binding_get_value (CslFieldBinding *self)
{
  g_return_val_if_fail (CSL_IS_FIELD_BINDING (self), NULL);
  return &self->value;
}

/**
 * csl_field_binding_set_value:
 *
 * Takes a value over and shows its neutral text; any problem is gone.
 */
void
csl_field_binding_set_value (CslFieldBinding *self, const CslValue *value)
{
  g_autofree char *text = NULL;

  g_return_if_fail (CSL_IS_FIELD_BINDING (self));

  text = csl_value_is_null (value) ? g_strdup ("")
                                   : self->field->kind->format (self->field, value);
  g_clear_pointer (&self->unreadable, g_free);
  show_problem (self, NULL);
  store_value (self, value);
  if (replace_text (&self->text, text))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
}

const char *
csl_field_binding_get_text (CslFieldBinding *self)
{
  g_return_val_if_fail (CSL_IS_FIELD_BINDING (self), NULL);
  return self->text;
}

/**
 * csl_field_binding_set_text:
 *
 * What the person typed so far. A readable text becomes the value at once.
 */
void
csl_field_binding_set_text (CslFieldBinding *self, const char *text)
{
  g_autoptr (CslProblems) problems = csl_problems_new ();
  g_auto (CslValue) value = CSL_VALUE_INIT;

  g_return_if_fail (CSL_IS_FIELD_BINDING (self));

  if (!replace_text (&self->text, text != NULL ? text : ""))
    return;
  g_clear_pointer (&self->unreadable, g_free);
  if (self->field->kind->parse (self->field, self->text, &value, problems))
    store_value (self, &value);
  else if (csl_problems_get_size (problems) > 0)
    self->unreadable = g_strdup (csl_problems_get (problems, 0)->message);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
  if (self->problem != NULL) {
    g_autofree char *problem = find_problem (self);
    show_problem (self, problem);
  }
}

void
csl_field_binding_set_unreadable (CslFieldBinding *self,
                                  const char *text,
                                  const char *problem)
{
  g_return_if_fail (CSL_IS_FIELD_BINDING (self));

  replace_text (&self->text, text);
  replace_text (&self->unreadable, problem);
}

const char *
csl_field_binding_get_problem (CslFieldBinding *self)
{
  g_return_val_if_fail (CSL_IS_FIELD_BINDING (self), NULL);
  return self->problem;
}

void
csl_field_binding_set_problem (CslFieldBinding *self, const char *problem)
{
  g_return_if_fail (CSL_IS_FIELD_BINDING (self));
  show_problem (self, problem);
}

bool
csl_field_binding_get_editable (CslFieldBinding *self)
{
  g_return_val_if_fail (CSL_IS_FIELD_BINDING (self), false);
  return self->editable;
}

void
csl_field_binding_set_editable (CslFieldBinding *self, bool editable)
{
  g_return_if_fail (CSL_IS_FIELD_BINDING (self));

  if (self->editable == editable)
    return;
  self->editable = editable;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EDITABLE]);
}

bool
csl_field_binding_settle (CslFieldBinding *self)
{
  g_autofree char *problem = NULL;

  g_return_val_if_fail (CSL_IS_FIELD_BINDING (self), false);

  problem = find_problem (self);
  show_problem (self, problem);
  return problem == NULL;
}
