/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-clipboard.c: the clipboard remembers what we gave it and the timer that takes it back. */
#define G_LOG_DOMAIN "csl-clipboard"

#include "config.h"

#include "client/ui/text/csl-clipboard.h"

#include <string.h>

/* What the managers of the desktops look for, and its one value. */
#define HINT       "x-kde-passwordManagerHint"
#define HINT_VALUE "secret"

typedef struct
{
  GdkClipboard *clipboard;      /* (unowned): owns this */
  GdkContentProvider *provider; /* (owned) */
  guint source;
} Copy;

static void
copy_free (gpointer data)
{
  Copy *self = data;

  g_clear_handle_id (&self->source, g_source_remove);
  g_object_unref (self->provider);
  g_free (self);
}

static GQuark
copy_quark (void)
{
  return g_quark_from_static_string ("csl-clipboard-copy");
}

static gboolean
time_is_over_cb (gpointer user_data)
{
  Copy *self = user_data;

  self->source = 0;
  csl_clipboard_clear (self->clipboard);
  return G_SOURCE_REMOVE;
}

static GdkContentProvider *
create_provider (const char *text)
{
  g_autoptr (GBytes) hint = g_bytes_new_static (HINT_VALUE, strlen (HINT_VALUE));
  GdkContentProvider *parts[] = {
    gdk_content_provider_new_typed (G_TYPE_STRING, text),
    gdk_content_provider_new_for_bytes (HINT, hint),
  };

  return gdk_content_provider_new_union (parts, G_N_ELEMENTS (parts));
}

void
csl_clipboard_copy (GdkClipboard *clipboard, const char *text, guint seconds)
{
  Copy *copy;

  g_return_if_fail (GDK_IS_CLIPBOARD (clipboard) && text != NULL);
  copy = g_new0 (Copy, 1);
  copy->clipboard = clipboard;
  copy->provider = create_provider (text);
  gdk_clipboard_set_content (clipboard, copy->provider);
  copy->source = g_timeout_add_seconds (seconds, time_is_over_cb, copy);
  /* Frees the copy before, and its timer. */
  g_object_set_qdata_full (G_OBJECT (clipboard), copy_quark (), copy, copy_free);
}

void
csl_clipboard_clear (GdkClipboard *clipboard)
{
  Copy *copy;

  g_return_if_fail (GDK_IS_CLIPBOARD (clipboard));
  copy = g_object_get_qdata (G_OBJECT (clipboard), copy_quark ());
  if (copy == NULL)
    return;
  if (gdk_clipboard_get_content (clipboard) == copy->provider)
    gdk_clipboard_set_content (clipboard, NULL);
  g_object_set_qdata (G_OBJECT (clipboard), copy_quark (), NULL);
}
