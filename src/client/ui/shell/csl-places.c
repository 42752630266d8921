/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-places.c: when the places are made and counted; which there are is said in csl-section-table.c. */
#define G_LOG_DOMAIN "csl-places"

#include "config.h"

#include "client/ui/shell/csl-places.h"

#include "client/ui/shell/csl-section-table.h"

/* Counting waits until the pages have drawn: the lists come first. */
#define COUNT_DELAY_MS 200

struct _CslPlaces
{
  GObject parent_instance;

  CslSession *session;        /* (owned) (nullable) */
  GSignalGroup *signals;      /* (owned): of the session */
  GSignalGroup *sync_signals; /* (owned): of its sync info */
  GListStore *sections;       /* (owned) (nullable) */
  char *current;              /* (owned) (nullable): id of a section */
  guint fill_source;
  guint count_source;
};

G_DEFINE_FINAL_TYPE (CslPlaces, csl_places, G_TYPE_OBJECT)

enum {
  FILLED,
  COUNTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static gboolean
fill_cb (gpointer user_data)
{
  CslPlaces *self = user_data;

  self->fill_source = 0;
  self->sections = csl_section_table_create (self->session);
  g_signal_emit (self, signals[FILLED], 0);
  return G_SOURCE_REMOVE;
}

static gboolean
count_cb (gpointer user_data)
{
  CslPlaces *self = user_data;

  self->count_source = 0;
  csl_section_table_update (self->sections, self->session);
  g_signal_emit (self, signals[COUNTED], 0);
  return G_SOURCE_REMOVE;
}

static void
records_changed_cb (CslPlaces *self)
{
  if (self->count_source == 0 && self->sections != NULL)
    self->count_source = g_timeout_add (COUNT_DELAY_MS, count_cb, self);
}

static CslSection *
lookup (CslPlaces *self, const char *id)
{
  GListModel *model = csl_places_get_model (self);

  for (guint i = 0; model != NULL && i < g_list_model_get_n_items (model); i++) {
    g_autoptr (CslSection) section = g_list_model_get_item (model, i);

    if (g_strcmp0 (csl_section_get_id (section), id) == 0)
      return g_steal_pointer (&section);
  }
  return NULL;
}

static void
csl_places_dispose (GObject *object)
{
  CslPlaces *self = CSL_PLACES (object);

  g_clear_handle_id (&self->fill_source, g_source_remove);
  g_clear_handle_id (&self->count_source, g_source_remove);
  g_clear_object (&self->signals);
  g_clear_object (&self->sync_signals);
  g_clear_object (&self->sections);
  g_clear_pointer (&self->current, g_free);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (csl_places_parent_class)->dispose (object);
}

static guint
add_signal (CslPlacesClass *klass, const char *name)
{
  return g_signal_new (name, G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                       NULL, G_TYPE_NONE, 0);
}

static void
csl_places_class_init (CslPlacesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = csl_places_dispose;
  signals[FILLED] = add_signal (klass, "filled");
  signals[COUNTED] = add_signal (klass, "counted");
}

static void
csl_places_init (CslPlaces *self)
{
  self->signals = g_signal_group_new (CSL_TYPE_SESSION);
  g_signal_group_connect_swapped (self->signals, "changed",
                                  G_CALLBACK (records_changed_cb), self);
  /* What waits or needs a decision is counted, too. */
  self->sync_signals = g_signal_group_new (CSL_TYPE_SYNC_INFO);
  g_signal_group_connect_swapped (self->sync_signals, "notify",
                                  G_CALLBACK (records_changed_cb), self);
}

CslPlaces *
csl_places_new (void)
{
  return g_object_new (CSL_TYPE_PLACES, NULL);
}

void
csl_places_set_session (CslPlaces *self, CslSession *session)
{
  g_return_if_fail (CSL_IS_PLACES (self));
  g_set_object (&self->session, session);
  g_signal_group_set_target (self->signals, session);
  g_signal_group_set_target (self->sync_signals, session != NULL
                                                   ? csl_session_get_sync_info (session)
                                                   : NULL);
  /* After the first frame: G_PRIORITY_LOW comes after drawing. */
  if (session != NULL)
    self->fill_source = g_idle_add_full (G_PRIORITY_LOW, fill_cb, self, NULL);
}

void
csl_places_fill (CslPlaces *self)
{
  g_return_if_fail (CSL_IS_PLACES (self));
  if (self->fill_source == 0)
    return;
  g_clear_handle_id (&self->fill_source, g_source_remove);
  fill_cb (self);
}

GListModel *
csl_places_get_model (CslPlaces *self)
{
  g_return_val_if_fail (CSL_IS_PLACES (self), NULL);
  return self->sections != NULL ? G_LIST_MODEL (self->sections) : NULL;
}

CslSection *
csl_places_enter (CslPlaces *self, const char *id)
{
  g_autoptr (CslSection) section = NULL;

  g_return_val_if_fail (CSL_IS_PLACES (self), NULL);
  section = lookup (self, id);
  if (section != NULL) {
    g_free (self->current);
    self->current = g_strdup (id);
  }
  return g_steal_pointer (&section);
}

const char *
csl_places_get_current (CslPlaces *self)
{
  g_return_val_if_fail (CSL_IS_PLACES (self), NULL);
  return self->current;
}
