/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-label.c: the words of definitions, looked up in the catalogue of the person's language. */
#include "config.h"

#include "core/schema/csl-label.h"

#include "core/schema/csl-workflow-internal.h"

#include <glib/gi18n-lib.h>

/* Neither is the name of a definition. */
#define CONTEXT_TRANSITION "status change"
#define CONTEXT_ROLE       "role"

/* An empty text must not be asked for: the catalogue answers with its header. */
static const char *
translate (const char *context, const char *text)
{
  if (text == NULL || *text == '\0')
    return text;
  return g_dpgettext2 (GETTEXT_PACKAGE, context, text);
}

const char *
csl_label_field (const CslField *field)
{
  return translate (field->context, field->label);
}

const char *
csl_label_help (const CslField *field)
{
  return field->help != NULL && *field->help != '\0'
           ? g_dgettext (GETTEXT_PACKAGE, field->help)
           : NULL;
}

const char *
csl_label_unit (const CslField *field)
{
  return translate (field->context, field->unit);
}

const char *
csl_label_type (const CslRecordType *type)
{
  return translate (type->name, type->label);
}

const char *
csl_label_types (const CslRecordType *type)
{
  return translate (type->name, type->label_plural);
}

char *
csl_label_dup_new (const CslRecordType *type)
{
  g_autofree char *phrase = g_strdup_printf ("New %s", type->label);

  return g_strdup (translate (type->name, phrase));
}

const char *
csl_label_section (const CslRecordType *type, const CslFormSection *section)
{
  return translate (type->name, section->title);
}

const char *
csl_label_value (const CslEnum *options, const char *value)
{
  const CslEnumValue *known = options != NULL ? csl_enum_lookup (options, value) : NULL;

  if (value == NULL)
    return "";
  return known != NULL ? translate (options->name, known->label) : value;
}

const char *
csl_label_transition (const CslTransition *transition)
{
  return translate (CONTEXT_TRANSITION, transition->label);
}

static const char *
lookup_guard (const CslWorkflow *workflow, const char *code)
{
  for (guint i = 0; i < workflow->steps->len; i++) {
    const CslWorkflowStep *step = g_ptr_array_index (workflow->steps, i);

    for (guint k = 0; k < step->guards->len; k++) {
      const CslTypeCheck *guard = &g_array_index (step->guards, CslTypeCheck, k);

      if (g_str_equal (guard->code, code))
        return guard->message;
    }
  }
  return NULL;
}

const char *
csl_label_check (const CslRecordType *type, const char *code)
{
  const char *message = type->workflow != NULL ? lookup_guard (type->workflow, code)
                                               : NULL;

  for (guint i = 0; i < type->n_checks; i++)
    if (g_str_equal (type->checks[i].code, code))
      message = type->checks[i].message;
  return message != NULL ? g_dgettext (GETTEXT_PACKAGE, message) : NULL;
}

const char *
csl_label_role (const CslRole *role)
{
  return translate (CONTEXT_ROLE, csl_role_get_label (role));
}
