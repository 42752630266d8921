/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-content.c: pages shared between copies. */
#include "sim/simvfs/csl-sim-content.h"

#include <string.h>

#define PAGE_SIZE 4096

typedef struct
{
  guint references;
  guint8 bytes[PAGE_SIZE];
} Page;

static void
page_unref (gpointer data)
{
  Page *page = data;

  if (page != NULL && --page->references == 0)
    g_free (page);
}

void
csl_sim_content_init (CslSimContent *self)
{
  self->pages = g_ptr_array_new_with_free_func (page_unref);
  self->size = 0;
}

void
csl_sim_content_clear (CslSimContent *self)
{
  g_clear_pointer (&self->pages, g_ptr_array_unref);
}

void
csl_sim_content_assign (CslSimContent *self, const CslSimContent *other)
{
  g_ptr_array_set_size (self->pages, 0);
  g_ptr_array_set_size (self->pages, (gint) other->pages->len);
  for (guint i = 0; i < other->pages->len; i++) {
    Page *page = other->pages->pdata[i];

    if (page != NULL)
      page->references++;
    self->pages->pdata[i] = page;
  }
  self->size = other->size;
}

/* The page at @position, this content's own. @whole: all of it is about to be written. */
static Page *
own_page (CslSimContent *self, gsize position, bool whole)
{
  Page *page, *copy;

  if (self->pages->len <= position)
    g_ptr_array_set_size (self->pages, (gint) position + 1);
  page = self->pages->pdata[position];
  if (page != NULL && page->references == 1)
    return page;
  copy = g_new (Page, 1);
  if (page != NULL && !whole)
    memcpy (copy->bytes, page->bytes, PAGE_SIZE);
  else if (!whole)
    memset (copy->bytes, 0, PAGE_SIZE);
  copy->references = 1;
  page_unref (page);
  self->pages->pdata[position] = copy;
  return copy;
}

void
csl_sim_content_read (const CslSimContent *self,
                      gint64 offset,
                      gpointer buffer,
                      gsize length)
{
  guint8 *to = buffer;
  gsize at = (gsize) offset;

  while (length > 0) {
    gsize position = at / PAGE_SIZE, inside = at % PAGE_SIZE;
    gsize n = MIN (length, PAGE_SIZE - inside);
    const Page *page = position < self->pages->len ? self->pages->pdata[position] : NULL;

    if (page != NULL)
      memcpy (to, page->bytes + inside, n);
    else
      memset (to, 0, n);
    to += n;
    at += n;
    length -= n;
  }
}

void
csl_sim_content_write (CslSimContent *self,
                       gint64 offset,
                       gconstpointer bytes,
                       gsize length)
{
  const guint8 *from = bytes;
  gsize at = (gsize) offset;

  self->size = MAX (self->size, offset + (gint64) length);
  while (length > 0) {
    gsize inside = at % PAGE_SIZE;
    gsize n = MIN (length, PAGE_SIZE - inside);

    memcpy (own_page (self, at / PAGE_SIZE, n == PAGE_SIZE)->bytes + inside, from, n);
    from += n;
    at += n;
    length -= n;
  }
}

void
csl_sim_content_truncate (CslSimContent *self, gint64 size)
{
  gsize inside = (gsize) size % PAGE_SIZE;
  gsize n_pages = ((gsize) size + PAGE_SIZE - 1) / PAGE_SIZE;

  if (n_pages < self->pages->len)
    g_ptr_array_set_size (self->pages, (gint) n_pages);
  /* What grows again later must not show the old bytes. */
  if (inside > 0 && n_pages == self->pages->len && size < self->size) {
    Page *page = own_page (self, n_pages - 1, false);

    memset (page->bytes + inside, 0, PAGE_SIZE - inside);
  }
  self->size = size;
}
