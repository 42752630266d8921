/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslRecordFacts: the fields of a record to read, in the sections of its form. What is empty is
 * left out. A protected address stays hidden until somebody says why they need it. */
#pragma once

#include "client/app/csl-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_RECORD_FACTS (csl_record_facts_get_type ())
G_DECLARE_FINAL_TYPE (CslRecordFacts, csl_record_facts, CSL, RECORD_FACTS, AdwBin)

/* Shows @item (nullable) and follows its changes. */
void csl_record_facts_set_item (CslRecordFacts *self,
                                CslSession *session,
                                CslRecordItem *item);
/* Leaves out what the page above says already: the title and the state shown as a pill. Before the item. */
void csl_record_facts_set_headed (CslRecordFacts *self);
/* The case a look at a protected address is written down in; NULL: nowhere to write it. */
void csl_record_facts_set_case (CslRecordFacts *self, const char *case_id);

G_END_DECLS
