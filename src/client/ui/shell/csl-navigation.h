/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Getting about: what any widget may ask of the window it is in.
 *
 * Each call activates a "nav.*" action on @from, which the nearest pane or the window answers, so
 * templates may use the same actions by name:
 *
 *   nav.open  (ss)      type, id: show the record here
 *   nav.write a{ss}     a CslPageRequest: a page to write in
 *   nav.list  s         type: all records of it
 *   nav.back            one step back
 */
#pragma once

#include "client/ui/shell/csl-page-table.h"

G_BEGIN_DECLS

/* Shows a record: case → workspace, client → person, sync_conflict → the two versions, … */
void csl_navigation_open_record (GtkWidget *from, const char *type, const char *id);
/* Same, but in place of the page @from is on. */
void csl_navigation_replace_with_record (GtkWidget *from,
                                         const char *type,
                                         const char *id);
void csl_navigation_write (GtkWidget *from, const CslPageRequest *request);
/* A note on a client; @case_id and @draft may be NULL. */
void csl_navigation_new_note (GtkWidget *from,
                              const char *client,
                              const char *case_id,
                              const char *draft);
/* The same in place of the page @from is on. */
void csl_navigation_replace_with_note (GtkWidget *from, const char *client);
/* The visit of this appointment: begins one, or goes on with the one begun. */
void csl_navigation_start_visit (GtkWidget *from, const char *appointment);
void csl_navigation_new_client (GtkWidget *from);
void csl_navigation_edit_record (GtkWidget *from, const char *type, const char *id);
void csl_navigation_show_difference (GtkWidget *from, const char *conflict);
void csl_navigation_back (GtkWidget *from);

/* A short message at the bottom of the window @from is in. */
void csl_navigation_toast (GtkWidget *from, const char *title);
/* The same with Undo: saves the opposite of @edit (copied) when pressed. */
void csl_navigation_toast_undo (GtkWidget *from,
                                CslSession *session,
                                const char *title,
                                const CslEdit *edit);
/* Does what the newest Undo offers, also after its message has gone. */
void csl_navigation_undo (GtkWidget *from);
/* When what had the focus is gone, @page, which came instead, takes it: the keyboard is never nowhere. */
void csl_navigation_keep_focus (GtkWidget *page);
/* Before @popover is shown by a key: when it closes, whoever was writing in the window of @from goes on where they were. */
void csl_navigation_return_focus (GtkWidget *from, GtkPopover *popover);

G_END_DECLS
