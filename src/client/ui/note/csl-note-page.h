/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslNotePage: writing a note (S-05): kind, template, when, how long, and a generous text. Every keystroke is safe within a
 * second; Finish freezes the note and queues it. */
#pragma once

#include "client/app/csl-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_NOTE_PAGE (csl_note_page_get_type ())
G_DECLARE_FINAL_TYPE (CslNotePage, csl_note_page, CSL, NOTE_PAGE, AdwBin)

/* @client: id. @case_id: id or NULL. @amends: the finished note this one corrects, or NULL. An unfinished note for the same
 * client and case is taken up again. */
GtkWidget *csl_note_page_new (CslSession *session,
                              const char *client,
                              const char *case_id,
                              const char *amends);

G_END_DECLS
