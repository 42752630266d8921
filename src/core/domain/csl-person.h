/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What to call a person, and how old they are. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The parts of a name as fields of a client (or user) have them; any may be NULL. */
typedef struct
{
  const char *first_name, *last_name, *preferred_name;
} CslPersonName;

/* "Amina Rahman"; with another preferred name: "Amy (Amina) Rahman". NULL when there is nothing at all. */
char *csl_person_dup_display_name (const CslPersonName *name) G_GNUC_WARN_UNUSED_RESULT;
/* "AR" for an avatar, upper case; "?" when there is nothing. */
char *csl_person_dup_initials (const CslPersonName *name) G_GNUC_WARN_UNUSED_RESULT;
/* Whole years on @today; -1 when either date is missing or wrong, or the birth lies ahead. Born on 29 February:
 * a year older on 1 March of other years. */
int csl_person_get_age (const char *date_of_birth, const char *today);

G_END_DECLS
