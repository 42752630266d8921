/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CsdLive: the open live channels. Pokes only; never data. Main thread, except csd_live_announce(). */
#pragma once

#include <libsoup/soup.h>
#include <stdbool.h>

G_BEGIN_DECLS

/* Who is at the other end. */
typedef struct
{
  char organisation[40], user[40], session[40];
} CsdLivePeer;

typedef struct _CsdLive CsdLive;

CsdLive *csd_live_new (void) G_GNUC_WARN_UNUSED_RESULT;
void csd_live_free (CsdLive *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CsdLive, csd_live_free)

/* Takes a connection over. */
void csd_live_add (CsdLive *self,
                   SoupWebsocketConnection *connection,
                   const CsdLivePeer *peer);
guint csd_live_get_size (CsdLive *self);
/* Any thread: commit @seq of @organisation concerns @users (user ids, NULL-terminated; taken; NULL: everybody). @access: rights of these
 * users changed too. Pokes are coalesced to at most four a second for each channel. */
void csd_live_announce (CsdLive *self,
                        const char *organisation,
                        gint64 seq,
                        char **users,
                        bool access);
/* Closes the channels of a session that was revoked (code 4401). */
void csd_live_revoke (CsdLive *self, const char *session);
/* Closes, in the same way, the channels of those who are no longer @welcome. Main thread. */
typedef bool (*CsdLiveWelcome) (const CsdLivePeer *peer, gpointer data);
void csd_live_sweep (CsdLive *self, CsdLiveWelcome welcome, gpointer data);
/* Tells everybody to come again after @retry_s seconds, and closes. */
void csd_live_stop (CsdLive *self, guint retry_s);

G_END_DECLS
