/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bytes of a simulated file, in pages that copies share until one of them is written. */
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

typedef struct
{
  GPtrArray *pages; /* (owned) of counted pages; NULL: zeroes */
  gint64 size;
} CslSimContent;

void csl_sim_content_init (CslSimContent *self);
void csl_sim_content_clear (CslSimContent *self);
/* @self becomes what @other is. */
void csl_sim_content_assign (CslSimContent *self, const CslSimContent *other);
/* Bytes behind the end read as zero. */
void csl_sim_content_read (const CslSimContent *self,
                           gint64 offset,
                           gpointer buffer,
                           gsize length);
void csl_sim_content_write (CslSimContent *self,
                            gint64 offset,
                            gconstpointer bytes,
                            gsize length);
void csl_sim_content_truncate (CslSimContent *self, gint64 size);

G_END_DECLS
