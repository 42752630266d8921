/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslSection: one line of the sidebar: a place to go and how much waits there. Properties:
 * "id", "title", "icon-name", "heading" (nullable: starts a group), "count" (uint, 0: none). */
#pragma once

#include "client/ui/shell/csl-page.h"

G_BEGIN_DECLS

typedef struct
{
  const char *id;
  const char *title; /* untranslated */
  const char *icon_name;
  const char *heading; /* untranslated (nullable) */
  const char *area;    /* shown only to whom may read this area; NULL: to everybody */
  /* How much waits there; NULL: no number. */
  guint (*count) (CslSession *session);
  /* A floating page. */
  CslPage *(*create) (CslSession *session);
} CslSectionEntry;

#define CSL_TYPE_SECTION (csl_section_get_type ())
G_DECLARE_FINAL_TYPE (CslSection, csl_section, CSL, SECTION, GObject)

CslSection *csl_section_new (CslSession *session, const CslSectionEntry *entry)
  G_GNUC_WARN_UNUSED_RESULT;
const char *csl_section_get_id (CslSection *self);
const char *csl_section_get_heading (CslSection *self);
const char *csl_section_get_title (CslSection *self);
CslPage *csl_section_create_page (CslSection *self);
/* Counts again; notifies when the number changed. */
void csl_section_refresh (CslSection *self);

G_END_DECLS
