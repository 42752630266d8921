/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What libFuzzer calls. A target asserts what holds for every input; a crash is a finding. */
#pragma once

#include <glib.h>
#include <stddef.h>

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);
int LLVMFuzzerInitialize (int *argc, char ***argv);
