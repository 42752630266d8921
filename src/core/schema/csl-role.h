/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslRole: what a role may do, by permission area (data/roles/<role>.json).
 *
 * {"role":"caseworker","label":"Caseworker","areas":{"cases":{"scope":"own","actions":["read","create","update"]},…}}
 */
#pragma once

#include "core/schema/csl-types.h"

G_BEGIN_DECLS

typedef enum {
  CSL_ACTION_READ = 1 << 0,
  CSL_ACTION_CREATE = 1 << 1,
  CSL_ACTION_UPDATE = 1 << 2,
  CSL_ACTION_DELETE = 1 << 3,
  CSL_ACTION_APPROVE = 1 << 4,
  CSL_ACTION_ASSIGN = 1 << 5,
} CslAction;

typedef enum {
  CSL_SCOPE_NONE,
  CSL_SCOPE_OWN,
  CSL_SCOPE_TEAM,
  CSL_SCOPE_CENTRE,
  CSL_SCOPE_ORGANISATION,
} CslScope;

typedef struct
{
  CslScope scope;
  CslAction actions;
} CslGrant;

const char *csl_role_get_name (const CslRole *self);
const char *csl_role_get_label (const CslRole *self);
/* Grant for a permission area; scope NONE when the role has none. */
CslGrant csl_role_get_grant (const CslRole *self, const char *area);

G_END_DECLS
