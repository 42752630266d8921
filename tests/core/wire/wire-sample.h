/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the wire tests share: the sample definitions and the vector files of tests/data/wire. */
#pragma once

#include "core/schema/csl-schema.h"

CslSchema *sample_schema_new (void);
/* A vector file, read by json-glib: the tests do not check the code with itself. */
JsonNode *sample_load_vectors (const char *name);
