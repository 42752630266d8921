/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslSignInPage: the form of the first sign-in on a computer. Signal "submitted". */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Borrowed from the form; ca_file may be NULL. */
typedef struct
{
  const char *server, *username, *password, *ca_file;
} CslSignInFields;

#define CSL_TYPE_SIGN_IN_PAGE (csl_sign_in_page_get_type ())
G_DECLARE_FINAL_TYPE (CslSignInPage, csl_sign_in_page, CSL, SIGN_IN_PAGE, AdwBin)

void csl_sign_in_page_set_server (CslSignInPage *self,
                                  const char *server,
                                  const char *ca_file);
/* Only the password is missing then, and has the focus. */
void csl_sign_in_page_set_username (CslSignInPage *self, const char *username);
void csl_sign_in_page_get_fields (CslSignInPage *self, CslSignInFields *ret_fields);
/* The attempt is over: clears the form, or says what to do about @error (nullable). */
void csl_sign_in_page_finished (CslSignInPage *self, const GError *error);

G_END_DECLS
