/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslPlaces: the places of the sidebar that a worker may go to, what is counted in each, and which one the worker is in. They
 * are filled after the first frame, so that the window shows at once.
 *
 * Signals: "filled", once, when there are places; "counted", a moment after records changed. */
#pragma once

#include "client/ui/shell/csl-section.h"

G_BEGIN_DECLS

#define CSL_TYPE_PLACES (csl_places_get_type ())
G_DECLARE_FINAL_TYPE (CslPlaces, csl_places, CSL, PLACES, GObject)

CslPlaces *csl_places_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* Whose places they are; a session fills them when the window has drawn. */
void csl_places_set_session (CslPlaces *self, CslSession *session);
/* Does not wait for the window: whoever goes somewhere before the first page is there must not be taken back to it. */
void csl_places_fill (CslPlaces *self);
/* GListModel of CslSection; NULL until filled. */
GListModel *csl_places_get_model (CslPlaces *self);
/* The worker is in the place of this name from now on; NULL when this worker has none, and nothing changes. */
CslSection *csl_places_enter (CslPlaces *self, const char *id) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): where the worker is. */
const char *csl_places_get_current (CslPlaces *self);

G_END_DECLS
