/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The help: short pages, each for one task. Why it is inside the program: docs/adr/0008-help-inside.md */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CSL_HELP_MOST_STEPS 6

typedef struct
{
  const char *id;
  const char *title; /* untranslated, as the others */
  const char *intro;
  const char *steps[CSL_HELP_MOST_STEPS]; /* in this order; NULL: no more */
  const char *see;                        /* id of the page to read next */
  const char *page; /* (nullable): type name of the page of the program it is about */
} CslHelpTopic;

const CslHelpTopic *csl_help_topics_list (guint *ret_n_topics);
const CslHelpTopic *csl_help_topics_lookup (const char *id);
/* The help for a page of the program, or NULL. */
const CslHelpTopic *csl_help_topics_lookup_page (const char *type_name);

G_END_DECLS
