/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Under which incarnation an operation has its number. What a replica sends has the replica's own numbers; what is taken in
 * from its sealed copies was given none by it, and gets its numbers from the server, in a row of their own beside the
 * replica's. So no number is used twice (I22), and both are still known as one replica's work.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

#define CSD_INCARNATION_SIZE 40

/* The row of numbers for copies of the replica with the incarnation @inc: always the same one. */
void csd_incarnation_name_copies (const char *inc, char ret_inc[CSD_INCARNATION_SIZE]);
bool csd_incarnation_is_of_copies (const char *inc);
/* Are both of one replica, sent by it or taken in from its copies? */
bool csd_incarnation_is_same_replica (const char *a, const char *b);

G_END_DECLS
