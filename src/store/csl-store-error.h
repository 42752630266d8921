/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Errors of the store. Codes say what the caller can do. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CSL_STORE_ERROR (csl_store_error_quark ())

typedef enum {
  CSL_STORE_ERROR_WRONG_KEY, /* the file is there, the key does not open it (or it is no database) */
  CSL_STORE_ERROR_MISSING, /* no such file; nothing was created */
  CSL_STORE_ERROR_EXISTS,  /* asked to create, but a file is there; it was not touched */
  CSL_STORE_ERROR_NEWER,   /* made by a newer Caseload; it was not touched */
  CSL_STORE_ERROR_DAMAGED, /* the content is not what was written */
  CSL_STORE_ERROR_FULL,    /* no space left: nothing of the transaction was kept */
  CSL_STORE_ERROR_READ_ONLY, /* the file or its folder may not be written */
  CSL_STORE_ERROR_BUSY,      /* somebody else holds it */
  CSL_STORE_ERROR_IO,        /* the disk failed: close, open again, look */
  CSL_STORE_ERROR_INVALID, /* content the tables refuse; a mistake in the program or in the message */
} CslStoreError;

GQuark csl_store_error_quark (void);

G_END_DECLS
