/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-section.c: a place in the sidebar, made from a row of the section table. */
#define G_LOG_DOMAIN "csl-section"

#include "config.h"

#include "client/ui/shell/csl-section.h"

#include <glib/gi18n.h>

struct _CslSection
{
  GObject parent_instance;

  CslSession *session;          /* (owned) */
  const CslSectionEntry *entry; /* (unowned): of the constant table */
  guint count;
};

G_DEFINE_FINAL_TYPE (CslSection, csl_section, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_ID,
  PROP_TITLE,
  PROP_ICON_NAME,
  PROP_HEADING,
  PROP_COUNT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
csl_section_dispose (GObject *object)
{
  g_clear_object (&CSL_SECTION (object)->session);
  G_OBJECT_CLASS (csl_section_parent_class)->dispose (object);
}

static void
csl_section_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CslSection *self = CSL_SECTION (object);

  switch (id) {
  case PROP_ID:
    g_value_set_string (value, self->entry->id);
    break;
  case PROP_TITLE:
    g_value_set_string (value, csl_section_get_title (self));
    break;
  case PROP_ICON_NAME:
    g_value_set_string (value, self->entry->icon_name);
    break;
  case PROP_HEADING:
    g_value_set_string (value, csl_section_get_heading (self));
    break;
  case PROP_COUNT:
    g_value_set_uint (value, self->count);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
csl_section_class_init (CslSectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = csl_section_dispose;
  object_class->get_property = csl_section_get_property;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_ICON_NAME] = g_param_spec_string ("icon-name", NULL, NULL, NULL, flags);
  properties[PROP_HEADING] = g_param_spec_string ("heading", NULL, NULL, NULL, flags);
  properties[PROP_COUNT] =
    g_param_spec_uint ("count", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
csl_section_init (CslSection *self)
{
}

CslSection *
csl_section_new (CslSession *session, const CslSectionEntry *entry)
{
  CslSection *self = g_object_new (CSL_TYPE_SECTION, NULL);

  self->session = g_object_ref (session);
  self->entry = entry;
  return self;
}

const char *
csl_section_get_id (CslSection *self)
{
  g_return_val_if_fail (CSL_IS_SECTION (self), NULL);
  return self->entry->id;
}

const char *
csl_section_get_title (CslSection *self)
{
  g_return_val_if_fail (CSL_IS_SECTION (self), NULL);
  return _ (self->entry->title);
}

const char *
csl_section_get_heading (CslSection *self)
{
  g_return_val_if_fail (CSL_IS_SECTION (self), NULL);
  return self->entry->heading != NULL ? _ (self->entry->heading) : NULL;
}

CslPage *
csl_section_create_page (CslSection *self)
{
  g_return_val_if_fail (CSL_IS_SECTION (self), NULL);
  return self->entry->create (self->session);
}

void
csl_section_refresh (CslSection *self)
{
  guint count;

  g_return_if_fail (CSL_IS_SECTION (self));
  count = self->entry->count != NULL ? self->entry->count (self->session) : 0;
  if (count == self->count)
    return;
  self->count = count;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COUNT]);
}
