/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forward typedefs of the schema layer. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct _CslFieldKind CslFieldKind;
typedef struct _CslField CslField;
typedef struct _CslEnum CslEnum;
typedef struct _CslRecordType CslRecordType;
typedef struct _CslRole CslRole;
typedef struct _CslWorkflow CslWorkflow;
typedef struct _CslCondition CslCondition;
typedef struct _CslRecord CslRecord;
typedef struct _CslSchema CslSchema;
