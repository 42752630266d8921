/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-commit.c: the one way to write records. */
#include "config.h"

#include "server/handlers/csd-commit.h"

#include "core/base/csl-json-write.h"
#include "core/base/csl-time.h"
#include "server/handlers/csd-access.h"

#include <string.h>

/* Numbers that only the server gives. */
static const struct
{
  const char *type, *field, *prefix;
} references[] = {
  { "case", "case_reference", "CL-" },
  { "client", "client_reference", "P-" },
};

static GHashTable *
set_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static void
forget_piece (CsdCommit *self)
{
  g_hash_table_remove_all (self->cases);
  g_hash_table_remove_all (self->clients);
  g_hash_table_remove_all (self->users);
  g_hash_table_remove_all (self->decided);
  self->directory_changed = false;
}

bool
csd_commit_begin (CsdCommit *self, CsdOrganisation *organisation, GError **error)
{
  g_autofree char *at = csl_instant_format (csl_env_wall_ms (organisation->env), NULL);

  memset (self, 0, sizeof *self);
  self->organisation = organisation;
  self->storage = organisation->storage;
  g_strlcpy (self->at, at, sizeof self->at);
  self->cases = set_new ();
  self->clients = set_new ();
  self->users = set_new ();
  self->decided = set_new ();
  self->buckets = set_new ();
  self->access_changed = set_new ();
  return self->storage->begin (self->storage, &self->seq, error);
}

void
csd_commit_clear (CsdCommit *self)
{
  g_clear_pointer (&self->cases, g_hash_table_unref);
  g_clear_pointer (&self->clients, g_hash_table_unref);
  g_clear_pointer (&self->users, g_hash_table_unref);
  g_clear_pointer (&self->decided, g_hash_table_unref);
  g_clear_pointer (&self->buckets, g_hash_table_unref);
  g_clear_pointer (&self->access_changed, g_hash_table_unref);
}

bool
csd_commit_open (CsdCommit *self, GError **error)
{
  forget_piece (self);
  return self->storage->savepoint (self->storage, error);
}

bool
csd_commit_close (CsdCommit *self, GError **error)
{
  if (csd_access_update (self, error) && self->storage->release (self->storage, error)) {
    forget_piece (self);
    return true;
  }
  return false;
}

static void
forget_cached (CsdCommit *self)
{
  GHashTableIter iter;
  gpointer id = NULL;

  g_hash_table_remove_all (self->organisation->known);
  g_hash_table_iter_init (&iter, self->cases);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    csd_organisation_forget_case (self->organisation, id);
  g_hash_table_iter_init (&iter, self->clients);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    csd_organisation_forget_client (self->organisation, id);
  if (self->directory_changed)
    csd_organisation_forget_directory (self->organisation);
}

void
csd_commit_undo (CsdCommit *self)
{
  self->storage->rollback_savepoint (self->storage);
  forget_cached (self);
  forget_piece (self);
}

bool
csd_commit_finish (CsdCommit *self, GError **error)
{
  if (self->storage->commit (self->storage, error))
    return true;
  csd_organisation_forget_all (self->organisation);
  return false;
}

void
csd_commit_abandon (CsdCommit *self)
{
  self->storage->rollback (self->storage);
  csd_organisation_forget_all (self->organisation);
}

gint64 *
csd_frev_read (const CsdStored *stored)
{
  gint64 *frev = g_new (gint64, stored->type->n_fields);
  g_auto (CslJson) json = { 0 };
  guint at = 1;

  for (guint i = 0; i < stored->type->n_fields; i++)
    frev[i] = stored->created_rev;
  csl_json_init (&json);
  if (stored->frev == NULL || !csl_json_scan (&json, stored->frev, strlen (stored->frev),
                                              &csl_json_limits_line, NULL))
    return frev;
  for (guint n = csl_json_token (&json, 0)->count; n > 0; n--) {
    g_autofree char *name = csl_json_dup_string (&json, at);
    const CslField *field = csl_record_type_lookup_field (stored->type, name);

    if (field != NULL)
      csl_json_get_int (&json, at + 1, &frev[field->index]);
    at = csl_json_token (&json, at + 1)->next;
  }
  return frev;
}

static void
write_frev (CsdStored *stored, const GArray *changed, gint64 seq)
{
  g_autofree gint64 *frev = csd_frev_read (stored);
  GString *text = g_string_new ("{");

  for (guint i = 0; i < changed->len; i++)
    frev[g_array_index (changed, guint, i)] = seq;
  for (guint i = 0; i < stored->type->n_fields; i++)
    if (frev[i] != stored->created_rev)
      csl_json_write_member_int (text, stored->type->fields[i].name, frev[i]);
  g_string_append_c (text, '}');
  g_free (stored->frev);
  stored->frev = g_string_free (text, FALSE);
}

/* The next number nobody has; a restored server may have given some of them before. */
static bool
next_reference (CsdCommit *self,
                CslRecord *record,
                const CslField *field,
                const char *prefix,
                GError **error)
{
  bool taken = !csl_value_is_null (&record->values[field->index]);

  if (taken && !self->storage->is_taken (self->storage, field, record, &taken, error))
    return false;
  while (taken || csl_value_is_null (&record->values[field->index])) {
    g_autofree char *text = NULL;
    gint64 number = 0;

    if (!self->storage->next_number (self->storage, field->name, &number, error))
      return false;
    text = g_strdup_printf ("%s%04" G_GINT64_FORMAT, prefix, number);
    csl_value_set_text (&record->values[field->index], text);
    if (!self->storage->is_taken (self->storage, field, record, &taken, error))
      return false;
  }
  return true;
}

static bool
give_reference (CsdCommit *self, CslRecord *record, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (references); i++) {
    const CslField *field = NULL;

    if (strcmp (references[i].type, record->type->name) != 0)
      continue;
    field = csl_record_type_lookup_field (record->type, references[i].field);
    if (field != NULL &&
        !next_reference (self, record, field, references[i].prefix, error))
      return false;
  }
  return true;
}

static bool
stamp (CsdCommit *self,
       const CsdStored *stored,
       CslRecord *record,
       const CsdChange *change,
       GError **error)
{
  const char *at = change->created_at != NULL ? change->created_at : self->at;
  const char *by = change->created_at != NULL ? change->created_by : change->who;

  record->rev = self->seq;
  if (stored->key == 0 && csl_record_get_text (record, "created_at") == NULL) {
    csl_record_set_text (record, "created_at", at);
    csl_record_set_text (record, "created_by", by);
  }
  if (stored->key != 0 || change->created_at != NULL) {
    csl_record_set_text (record, "updated_at", at);
    csl_record_set_text (record, "updated_by", by);
  }
  return stored->key != 0 || give_reference (self, record, error);
}

static void
append_value (GString *out,
              const char *name,
              const CslField *field,
              const CslValue *value)
{
  if (csl_value_is_null (value))
    return;
  csl_json_write_name (out, name);
  field->kind->to_json (field, value, out);
}

static char *
print_history (const CslRecord *record, const CsdChange *change)
{
  GString *out = g_string_new ("[");

  for (guint i = 0; i < change->changed->len; i++) {
    guint index = g_array_index (change->changed, guint, i);
    const CslField *field = &record->type->fields[index];

    if (i > 0)
      g_string_append_c (out, ',');
    g_string_append_c (out, '{');
    csl_json_write_member_string (out, "f", field->name);
    append_value (out, "was", field, &change->before->values[index]);
    append_value (out, "now", field, &record->values[index]);
    g_string_append_c (out, '}');
  }
  g_string_append_c (out, ']');
  return g_string_free (out, FALSE);
}

static bool
add_history (CsdCommit *self,
             const CsdStored *stored,
             const CslRecord *record,
             const CsdChange *change,
             GError **error)
{
  g_autofree char *fields = NULL;
  CsdHistory entry = { .record_key = stored->key,
                       .seq = self->seq,
                       .who = change->created_by != NULL ? change->created_by
                                                         : change->who,
                       .at = change->created_at != NULL ? change->created_at : self->at,
                       .op = change->op,
                       .device = change->device,
                       .accepted_by = change->accepted_by,
                       .act = change->act };

  if (record->type->no_history)
    return true;
  if (change->changed != NULL && change->before != NULL)
    entry.fields = fields = print_history (record, change);
  return self->storage->add_history (self->storage, &entry, error);
}

static void
touch_reference (GHashTable *set, const CslRecord *record, const char *field)
{
  const char *id = record != NULL ? csl_record_get_text (record, field) : NULL;

  if (id != NULL)
    g_hash_table_add (set, g_strdup (id));
}

/* Remembers whose access depends on this record. A field that matters may have changed or not: computing is cheap. */
static void
touch (CsdCommit *self, const CslRecord *before, const CslRecord *record)
{
  const char *type = record->type->name;

  if (strcmp (type, "case") == 0) {
    g_hash_table_add (self->cases, g_strdup (record->id));
    csd_organisation_forget_case (self->organisation, record->id);
  } else if (strcmp (type, "client") == 0) {
    g_hash_table_add (self->clients, g_strdup (record->id));
    csd_organisation_forget_client (self->organisation, record->id);
  } else if (strcmp (type, "case_assignment") == 0) {
    const char *id = csl_record_get_text (record, "case");

    touch_reference (self->cases, before, "case");
    touch_reference (self->cases, record, "case");
    if (id != NULL)
      csd_organisation_forget_case (self->organisation, id);
  } else if (strcmp (type, "membership") == 0 || strcmp (type, "team_member") == 0) {
    touch_reference (self->users, before, "user");
    touch_reference (self->users, record, "user");
    self->directory_changed = true;
  } else if (strcmp (type, "user") == 0) {
    g_hash_table_add (self->users, g_strdup (record->id));
    self->directory_changed = true;
  }
  if (self->directory_changed)
    csd_organisation_forget_directory (self->organisation);
}

/* Types whose records are somebody's access, by the field that says whose. */
static const struct
{
  const char *type, *user, *file;
} grants[] = {
  { "case_assignment", "user", "case" },
  { "membership", "user", NULL },
  { "team_member", "user", NULL },
  { "user", NULL, NULL },
};

static void
decide (CsdCommit *self, const char *user, const char *prefix, const char *file)
{
  if (user != NULL && prefix != NULL && file != NULL)
    g_hash_table_add (self->decided, g_strconcat (user, " ", prefix, file, NULL));
  else if (user != NULL)
    g_hash_table_add (self->decided, g_strconcat (user, " *", NULL));
}

static bool
has_changed (const CslRecord *before, const CslRecord *record, const char *field)
{
  return before != NULL && g_strcmp0 (csl_record_get_text (before, field),
                                      csl_record_get_text (record, field)) != 0;
}

/* Who gets a file by this change, when only fields of the file say so. A file that is made is given to nobody anew. */
static void
decide_file (CsdCommit *self, const CslRecord *before, const CslRecord *record)
{
  const bool is_case = strcmp (record->type->name, "case") == 0;
  const char *holder = is_case ? "advisor" : "primary_worker";

  if (!is_case && strcmp (record->type->name, "client") != 0)
    return;
  if (has_changed (before, record, holder))
    decide (self, csl_record_get_text (record, holder),
            is_case ? "c:" : "p:", record->id);
  if (has_changed (before, record, "centre") ||
      (is_case && has_changed (before, record, "team")))
    decide (self, "*", is_case ? "c:" : "p:", record->id);
}

/* What is given anew after a restore is not withheld; what is only offered again is no new decision. */
static void
note_grant (CsdCommit *self, const CslRecord *record, const CsdChange *change)
{
  for (guint i = 0; i < G_N_ELEMENTS (grants); i++) {
    const char *user = record->id;

    if (strcmp (record->type->name, grants[i].type) != 0)
      continue;
    if (change->before != NULL)
      self->storage->note_changed (self->storage, record->id);
    if (change->from_before)
      return;
    if (grants[i].user != NULL)
      user = csl_record_get_text (record, grants[i].user);
    decide (self, user, grants[i].file != NULL ? "c:" : NULL,
            grants[i].file != NULL ? csl_record_get_text (record, grants[i].file) : NULL);
  }
  if (!change->from_before)
    decide_file (self, change->before, record);
}

static void
note_bucket (CsdCommit *self, const char *bucket)
{
  char base[CSD_BUCKET_SIZE];

  csd_organisation_split_bucket (self->organisation, bucket, base);
  if (!g_hash_table_contains (self->buckets, base))
    g_hash_table_add (self->buckets, g_strdup (base));
}

bool
csd_commit_write (CsdCommit *self,
                  CsdStored *stored,
                  CslRecord *record,
                  const CsdChange *change,
                  GError **error)
{
  if (!stamp (self, stored, record, change, error))
    return false;
  if (stored->key != 0 && change->changed != NULL)
    write_frev (stored, change->changed, self->seq);
  if (!self->storage->store (self->storage, stored, record, error) ||
      !add_history (self, stored, record, change, error))
    return false;
  note_bucket (self, stored->bucket);
  touch (self, change->before, record);
  note_grant (self, record, change);
  return true;
}

static void
add_bucket_users (CsdCommit *self, const char *bucket, GHashTable *users)
{
  g_autoptr (GHashTable) masks =
    self->storage->list_bucket_users (self->storage, bucket, NULL);
  GHashTableIter iter;
  gpointer user = NULL;

  if (masks == NULL)
    return;
  g_hash_table_iter_init (&iter, masks);
  while (g_hash_table_iter_next (&iter, &user, NULL))
    g_hash_table_add (users, g_strdup (user));
}

char **
csd_commit_list_users (CsdCommit *self)
{
  g_autoptr (GHashTable) users = set_new ();
  GPtrArray *list = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer key = NULL;

  g_hash_table_iter_init (&iter, self->buckets);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    add_bucket_users (self, key, users);
  g_hash_table_iter_init (&iter, self->access_changed);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_hash_table_add (users, g_strdup (key));
  g_hash_table_iter_init (&iter, users);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_ptr_array_add (list, g_strdup (key));
  g_ptr_array_add (list, NULL);
  return (char **) g_ptr_array_free (list, FALSE);
}
