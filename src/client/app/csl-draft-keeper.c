/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/app/csl-draft-keeper.h"

#include "core/base/csl-time.h"

#define RETRY_MS 5000 /* after a write that the disk did not take */

struct _CslDraftKeeper
{
  GObject parent_instance;

  CslRecordDraft *draft; /* (owned) */
  CslRecord *form_draft; /* (owned): the record autosave writes */
  guint timer;           /* 0: nothing unsaved */
  gint64 saved_at;
  bool resumed, failed, discarded;
  bool retrying; /* the timer is that of a repetition */
};

G_DEFINE_FINAL_TYPE (CslDraftKeeper, csl_draft_keeper, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_SAVED_AT,
  PROP_FAILED,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static gboolean timer_cb (gpointer data);

static void
start_timer (CslDraftKeeper *self, guint delay_ms)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add (delay_ms, timer_cb, self);
}

/* What the disk did not take stays unsaved: it goes again by itself, and at the latest when the page is left. */
static void
repeat_later (CslDraftKeeper *self)
{
  if (self->timer != 0 || self->discarded || self->draft == NULL)
    return;
  self->retrying = true;
  start_timer (self, RETRY_MS);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (CslDraftKeeper) self = data;
  g_autoptr (GError) error = NULL;
  bool written = csl_session_put_draft_finish (CSL_SESSION (source), result, &error);

  if (written)
    self->saved_at = csl_session_get_now_ms (CSL_SESSION (source));
  else
    repeat_later (self);
  self->failed = !written;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SAVED_AT]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FAILED]);
}

static void
write_draft (CslDraftKeeper *self)
{
  CslSession *session = csl_record_draft_get_session (self->draft);
  g_autofree char *json = csl_record_draft_dup_json (self->draft);
  g_autofree char *now =
    csl_instant_format (csl_session_get_now_ms (session), csl_session_get_zone (session));

  if (self->discarded)
    return;
  csl_record_set_text (self->form_draft, "form_data", json);
  csl_record_set_text (self->form_draft, "updated_at", now);
  csl_session_put_draft_async (session, self->form_draft, written_cb,
                               g_object_ref (self));
}

static gboolean
timer_cb (gpointer data)
{
  CslDraftKeeper *self = data;

  self->timer = 0;
  write_draft (self);
  return G_SOURCE_REMOVE;
}

/* The timer is not pushed back by further keystrokes, so that steady typing is written too. */
static void
edited_cb (CslDraftKeeper *self)
{
  if (self->discarded || (self->timer != 0 && !self->retrying))
    return;
  self->retrying = false;
  start_timer (self, CSL_DRAFT_DELAY_MS);
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CslDraftKeeper *self = CSL_DRAFT_KEEPER (object);

  switch (id) {
  case PROP_SAVED_AT:
    g_value_set_int64 (value, self->saved_at);
    break;
  case PROP_FAILED:
    g_value_set_boolean (value, self->failed);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
dispose (GObject *object)
{
  CslDraftKeeper *self = CSL_DRAFT_KEEPER (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_pointer (&self->form_draft, csl_record_free);
  g_clear_object (&self->draft);
  G_OBJECT_CLASS (csl_draft_keeper_parent_class)->dispose (object);
}

static void
csl_draft_keeper_class_init (CslDraftKeeperClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS |
                            G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = get_property;
  object_class->dispose = dispose;
  properties[PROP_SAVED_AT] =
    g_param_spec_int64 ("saved-at", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_FAILED] = g_param_spec_boolean ("failed", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
csl_draft_keeper_init (CslDraftKeeper *self)
{
  (void) self;
}

static CslRecord *
new_form_draft (CslSession *session,
                const char *form_type,
                const char *entity_type,
                const char *entity_id)
{
  CslRecord *record = csl_session_new_record (session, "form_draft");

  csl_record_set_text (record, "form_type", form_type);
  csl_record_set_text (record, "entity_type", entity_type);
  csl_record_set_text (record, "entity_id", entity_id);
  return record;
}

/* A new record that is already saved: its draft was left behind by a crash right after the save. */
static bool
is_left_over (CslRecordDraft *draft)
{
  const CslRecord *record = csl_record_draft_get_record (draft);
  g_autoptr (CslRecordItem) saved = NULL;

  if (csl_record_draft_get_before (draft) != NULL)
    return false;
  saved = csl_session_lookup (csl_record_draft_get_session (draft), record->type->name,
                              record->id);
  return saved != NULL;
}

/* Loads the draft of an earlier session if there is a readable one, else prepares an empty one. An unreadable one is
 * kept as it is, under its own id. */
static void
take_up (CslDraftKeeper *self,
         const char *form_type,
         const char *entity_type,
         const char *entity_id)
{
  CslSession *session = csl_record_draft_get_session (self->draft);
  g_autoptr (CslRecord) found =
    csl_session_lookup_draft (session, form_type, entity_type, entity_id);
  g_autofree char *original = csl_record_draft_dup_json (self->draft);
  const char *json = found != NULL ? csl_record_get_text (found, "form_data") : NULL;

  if (json == NULL || !csl_record_draft_load_json (self->draft, json, NULL)) {
    self->form_draft = new_form_draft (session, form_type, entity_type, entity_id);
    return;
  }
  self->form_draft = g_steal_pointer (&found);
  self->resumed = !is_left_over (self->draft);
  if (!self->resumed)
    csl_record_draft_load_json (self->draft, original, NULL);
}

CslDraftKeeper *
csl_draft_keeper_new (CslRecordDraft *draft,
                      const char *form_type,
                      const char *entity_type,
                      const char *entity_id)
{
  CslDraftKeeper *self = g_object_new (CSL_TYPE_DRAFT_KEEPER, NULL);

  self->draft = g_object_ref (draft);
  take_up (self, form_type, entity_type, entity_id);
  g_signal_connect_object (draft, "edited", G_CALLBACK (edited_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

bool
csl_draft_keeper_get_resumed (CslDraftKeeper *self)
{
  g_return_val_if_fail (CSL_IS_DRAFT_KEEPER (self), false);
  return self->resumed;
}

gint64
csl_draft_keeper_get_saved_at (CslDraftKeeper *self)
{
  g_return_val_if_fail (CSL_IS_DRAFT_KEEPER (self), 0);
  return self->saved_at;
}

void
csl_draft_keeper_flush (CslDraftKeeper *self)
{
  g_return_if_fail (CSL_IS_DRAFT_KEEPER (self));

  if (self->timer == 0)
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  write_draft (self);
}

void
csl_draft_keeper_discard (CslDraftKeeper *self)
{
  g_return_if_fail (CSL_IS_DRAFT_KEEPER (self));

  self->discarded = true;
  g_clear_handle_id (&self->timer, g_source_remove);
  csl_session_delete_draft (csl_record_draft_get_session (self->draft),
                            self->form_draft->id);
}
