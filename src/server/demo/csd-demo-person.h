/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An invented person: name that goes together, language, age, address, telephone. */
#pragma once

#include "server/demo/csd-demo-world.h"

G_BEGIN_DECLS

typedef struct
{
  char *first, *last, *called, *preferred, *language,
    *gender_label; /* (owned); preferred (nullable) */
  char gender;     /* f, m, n */
  int age;
  char *birth_date;                                /* (owned) */
  char *street, *line2, *city, *postcode, *mobile; /* (owned); line2 (nullable) */
} CsdDemoPerson;

/* @gender: 'f', 'm' or 0 for any. */
void csd_demo_person_make (CsdDemoPerson *person,
                           CsdDemoWorld *world,
                           char gender,
                           int age_from,
                           int age_to);
/* Somebody the storyline can be told of: its gender, age and groups of names. */
void csd_demo_person_make_for_story (CsdDemoPerson *person,
                                     CsdDemoWorld *world,
                                     JsonObject *story);
void csd_demo_person_clear (CsdDemoPerson *person);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CsdDemoPerson, csd_demo_person_clear)

/* A telephone number of a town or a mobile one, from the ranges kept for drama. Caller frees. */
char *csd_demo_dup_phone (CsdDemoWorld *world, const char *city);
/* '#' becomes a digit, '@' a capital letter. Caller frees. */
char *csd_demo_dup_pattern (CsdDemoWorld *world, const char *pattern);

G_END_DECLS
