/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rights: what a member may see (an access mask) and do (an action in a bucket). One place for both, so that they cannot
 * disagree. Pure over the organisation's caches.
 *
 *   own            made it, holds it (advisor, primary worker), or has an open assignment
 *   team           own, or the case belongs to one of the member's teams
 *   centre         the role's centre (a role without a centre covers the whole organisation)
 *   organisation   everything
 */
#pragma once

#include "core/schema/csl-role.h"
#include "server/handlers/csd-organisation.h"

G_BEGIN_DECLS

/* Bit 0: the file itself (area "cases" or "clients"); bit i + 1: tier i (the area of that name). */
guint csd_rights_case_mask (const CsdOrganisation *organisation,
                            const CsdMember *member,
                            const CsdCaseInfo *info);
/* @sees_case: the member sees at least one of the client's cases. */
guint csd_rights_client_mask (const CsdOrganisation *organisation,
                              const CsdMember *member,
                              const CsdClientInfo *info,
                              bool sees_case);
/* The bucket of the whole organisation: bit 0, and the tier of stranded work for those who decide about everybody's. */
guint csd_rights_common_mask (const CsdOrganisation *organisation,
                              const CsdMember *member);
/* Does @member read the work of everybody who has lost access, whichever file it is about? */
bool csd_rights_sees_stranded (const CsdOrganisation *organisation,
                               const CsdMember *member);
/* May @member do @action with a record of @area in @bucket? @record may be NULL; only its own user matters (directory
 * and personal records). */
bool csd_rights_may (CsdOrganisation *organisation,
                     const CsdMember *member,
                     const char *area,
                     CslAction action,
                     const char *bucket,
                     const CslRecord *record);

G_END_DECLS
