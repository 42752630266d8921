/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of the program: one table from which the keys, the shortcuts window and the entries of the search come. */
#pragma once

#include "client/app/csl-session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The groups of the shortcuts window, in its order. */
typedef enum {
  CSL_COMMAND_GROUP_GENERAL,
  CSL_COMMAND_GROUP_WRITING,
  CSL_COMMAND_GROUP_PLACES,
  CSL_COMMAND_GROUP_WINDOW,
  CSL_COMMAND_N_GROUPS,
} CslCommandGroup;

/* Who answers the keys. */
typedef enum {
  CSL_COMMAND_SCOPE_PROGRAM, /* the window or the program, wherever the focus is */
  CSL_COMMAND_SCOPE_PAGE, /* the widgets that have the action; see csl_command_bind() */
} CslCommandScope;

typedef struct
{
  const char *action; /* detailed: with its target */
  const char *title;  /* untranslated: says what happens, as a verb where it is one */
  const char *words;  /* untranslated (nullable): other words people look for it by */
  const char *icon_name;
  const char *accels[2]; /* as gtk_accelerator_parse() reads them, the one shown first */
  CslCommandGroup group;
  CslCommandScope scope;
  const char *area; /* (nullable): only for whom @right in this area is granted */
  CslAction right;
} CslCommand;

/* The whole table, group by group. */
const CslCommand *csl_command_list (guint *ret_n_commands);
/* By the name of the action, with its target if it has one; NULL when there is none. */
const CslCommand *csl_command_lookup (const char *action);
const char *csl_command_group_get_title (CslCommandGroup group);
const char *csl_command_get_title (const CslCommand *self);
/* The first key as it is read ("Ctrl+N"), or NULL. */
char *csl_command_dup_key (const CslCommand *self) G_GNUC_WARN_UNUSED_RESULT;
bool csl_command_is_allowed (const CslCommand *self, CslSession *session);

/* Gives the program the keys of its commands. */
void csl_command_set_accels (GtkApplication *application);
/* Binds the keys of a page's command for what the focused widget leaves over (Escape); for class_init, after the action
 * was installed. */
void csl_command_bind (GtkWidgetClass *klass, const char *action);
/* The same for keys that come before the focused widget: a text would take Ctrl+Enter for a new line. For init. */
void csl_command_bind_first (GtkWidget *widget, const char *action);

G_END_DECLS
