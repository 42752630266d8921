/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslNotice: a sentence across a page that must not be missed: icon and words. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

typedef enum {
  CSL_NOTICE_INFORMATION,
  CSL_NOTICE_WARNING,
  CSL_NOTICE_ERROR,
} CslNoticeKind;

#define CSL_TYPE_NOTICE (csl_notice_get_type ())
G_DECLARE_FINAL_TYPE (CslNotice, csl_notice, CSL, NOTICE, AdwBin)

GtkWidget *csl_notice_new (CslNoticeKind kind, const char *text)
  G_GNUC_WARN_UNUSED_RESULT;
void csl_notice_set_text (CslNotice *self, const char *text);
/* Shows itself with @text (nullable: hides itself). @status: a widget that is always there and speaks for the notice. */
void csl_notice_show_text (CslNotice *self, GtkWidget *status, const char *text);
void csl_notice_set_kind (CslNotice *self, CslNoticeKind kind);

G_END_DECLS
