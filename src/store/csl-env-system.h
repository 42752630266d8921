/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real clock and random source: the one CslEnv the programs use. */
#pragma once

#include "core/base/csl-env.h"

G_BEGIN_DECLS

/* Never freed; usable from every thread. */
const CslEnv *csl_env_system (void);

G_END_DECLS
