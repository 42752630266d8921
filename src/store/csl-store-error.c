/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The error domain of the store. */
#include "config.h"

#include "store/csl-store-error.h"

G_DEFINE_QUARK (csl - store - error - quark, csl_store_error)
