/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslShell: what a signed-in worker sees: header, sidebar, pages. Properties: "session", "narrow" (the sidebar is a
 * drawer), "client" (CslRecordItem, nullable: whom the worker has chosen to work with; it stays when the page changes). */
#pragma once

#include "client/ui/shell/csl-page-table.h"
#include "client/ui/shell/csl-search-page.h"

G_BEGIN_DECLS

#define CSL_TYPE_SHELL (csl_shell_get_type ())
G_DECLARE_FINAL_TYPE (CslShell, csl_shell, CSL, SHELL, AdwBin)

GtkWidget *csl_shell_new (CslSession *session) G_GNUC_WARN_UNUSED_RESULT;
CslSession *csl_shell_get_session (CslShell *self);
/* Goes to a place of the sidebar; FALSE when this worker has none of that name. */
gboolean csl_shell_show_section (CslShell *self, const char *id);
void csl_shell_open (CslShell *self, const CslPageRequest *request);
void csl_shell_write (CslShell *self, const CslPageRequest *request);
void csl_shell_search (CslShell *self, CslSearchPurpose purpose);
/* The page's own search, or the search over everything. */
void csl_shell_find (CslShell *self);
void csl_shell_go_back (CslShell *self);
void csl_shell_toggle_sidebar (CslShell *self);
void csl_shell_show_menu (CslShell *self);
/* The record in front (case, client, …), or NULL. */
CslRecordItem *csl_shell_get_item (CslShell *self);
/* The type name of the page in front, or NULL: of a split page the part that is looked at. */
const char *csl_shell_get_page_name (CslShell *self);
/* The client chosen to work with, or NULL. */
CslRecordItem *csl_shell_get_client (CslShell *self);
void csl_shell_leave_client (CslShell *self);
/* Where the worker is, for csl_shell_show_place() of a later shell: names and ids, no content. */
char *csl_shell_dup_place (CslShell *self) G_GNUC_WARN_UNUSED_RESULT;
void csl_shell_show_place (CslShell *self, const char *place);
/* Lets every page write what is not saved yet. */
void csl_shell_leave (CslShell *self);

G_END_DECLS
