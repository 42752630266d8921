/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A replica and the server it talks to, with the steps tests are made of. */
#pragma once

#include "store-model.h"
#include "store-support.h"
#include "store/csl-reader.h"
#include "store/csl-replica-edit.h"
#include "store/csl-replica-local.h"
#include "store/csl-replica-outbox.h"
#include "store/csl-replica-pull.h"
#include "store/csl-replica-repair.h"

G_BEGIN_DECLS

#define TEST_ORGANISATION "01976b1e-0000-7abc-8def-000000000001"
#define TEST_USER         "01976b1e-0000-7abc-8def-000000000002"
#define TEST_DEVICE       "01976b1e-0000-7abc-8def-000000000003"
#define TEST_CASE         "01976b1e-0000-7abc-8def-000000000004"
#define TEST_CLIENT       "01976b1e-0000-7abc-8def-000000000005"
#define TEST_NOTES        "c:" TEST_CASE ":notes"

typedef struct
{
  char *folder, *path;
  CslSchema *schema, *server_schema;
  TestEnv env;
  CslReplica *replica;
  Model *model;
  const CslRecordType *note, *client, *case_type;
} Fixture;

void fixture_set_up (Fixture *self, gconstpointer data);
/* A replica of some types and a server of others. */
void fixture_set_up_with (Fixture *self, CslSchema *schema, CslSchema *server_schema);
void fixture_tear_down (Fixture *self, gconstpointer data);
void fixture_reopen (Fixture *self);
CslReader *fixture_open_reader (Fixture *self) G_GNUC_WARN_UNUSED_RESULT;

CslRecord *fixture_note (Fixture *self, const char *content) G_GNUC_WARN_UNUSED_RESULT;
CslRecord *fixture_client (Fixture *self, const char *first_name, const char *last_name)
  G_GNUC_WARN_UNUSED_RESULT;
CslRecord *fixture_case (Fixture *self, const char *client, const char *title)
  G_GNUC_WARN_UNUSED_RESULT;

/* One act of the person on one record. */
void fixture_save (Fixture *self, const CslRecord *before, const CslRecord *after);
/* What the replica shows, or NULL. */
CslRecord *fixture_get (Fixture *self, const CslRecordType *type, const char *id)
  G_GNUC_WARN_UNUSED_RESULT;
/* Everything that waits goes to the server and is answered. Returns the number of operations taken. */
guint fixture_push (Fixture *self);
/* Pages until done; no bucket may differ. */
void fixture_pull (Fixture *self);
/* Somebody changes the file behind the replica's back. */
void fixture_damage (Fixture *self, const char *sql);
/* Repairs the bucket of TEST_NOTES by its manifest. Returns how many records were fetched. */
guint fixture_repair (Fixture *self);
CslOutboxCounts fixture_count (Fixture *self);
void fixture_index (Fixture *self);
/* R3, R7, and the full-text indexes say what the rows say once there was time for them. */
void fixture_check (Fixture *self);
/* The same without taking that time. */
void fixture_check_rows (Fixture *self);
/* Rows of a query without parameters over the replica's own tables. */
gint64 fixture_query_int (Fixture *self, const char *sql);
/* The first entry of the outbox about record @id. */
gint64 fixture_find_entry (Fixture *self, const char *id);
/* Every line of the outbox that is not acknowledged, in the order they were written. Caller frees. */
char *fixture_dup_lines (Fixture *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
