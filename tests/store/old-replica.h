/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A replica as an older program left it: fewer tables, fewer types and fields, and work in every state of the outbox. */
#pragma once

#include "store-fixture.h"

G_BEGIN_DECLS

#define OLD_REPLICA_NEWEST 5 /* the last version that may be asked for */

/* Plays a day at work in @fixture, which has a fresh replica of @old types and a server of all types, and closes the replica. Then
 * what later versions added to the fixed tables is taken away. */
void old_replica_make (Fixture *fixture, guint version);
/* Opens it with the types of today: everything that was typed is there, in its state, and what waits can be sent. */
void old_replica_check (Fixture *fixture);

G_END_DECLS
