/* SPDX-License-Identifier: GPL-3.0-or-later */
/* schema-sample.h: the good definitions of tests/data/types and their record type "sample". */
#pragma once

#include "core/schema/csl-schema.h"

typedef struct
{
  CslSchema *schema;         /* (owned) */
  const CslRecordType *type; /* (unowned): "sample", a field of every kind */
} SchemaSample;

void schema_sample_set_up (SchemaSample *sample, gconstpointer data);
void schema_sample_tear_down (SchemaSample *sample, gconstpointer data);
/* The field's kind reads @text, which must be JSON. */
bool schema_sample_read (const CslField *field, const char *text, CslValue *ret_value);

#define ID_A "01890a5d-ac96-774b-bcce-b302099a8057"
#define ID_B "01890a5d-ac96-774b-bcce-b302099a8058"
#define SHA  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define FILE_JSON                                                                        \
  "{\"name\":\"Lease.pdf\",\"sha256\":\"" SHA                                            \
  "\",\"size\":12,\"type\":\"application/pdf\"}"
#define SIGNATURE_JSON                                                                   \
  "{\"height\":50,\"signed_at\":\"2026-11-20T10:00:00.000Z\",\"signed_by\":\"Amina\","   \
  "\"strokes\":[[[0,0],[100,50]],[[3,4]]],\"width\":100}"
