/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-lock-watch.c: reasons to lock.
 *
 *   idle            no key, button or movement in any window of this program
 *   sleep           logind's PrepareForSleep, which is held up until this program has locked; where logind cannot be
 *                   reached (in a sandbox) the clock that counts sleep betrays it on waking
 *   desktop locks   logind's Lock of this session, ActiveChanged of a screen saver; a sandbox shows neither, there the
 *                   Inhibit portal says it
 */
#define G_LOG_DOMAIN "csl-lock-watch"

#include "config.h"

#include "client/ui/shell/csl-lock-watch.h"

#include <gio/gunixfdlist.h>
#include <stdbool.h>
#include <time.h>
#include <unistd.h>

#define LOGIND       "org.freedesktop.login1"
#define MANAGER_PATH "/org/freedesktop/login1"
#define MANAGER      "org.freedesktop.login1.Manager"
#define PORTAL       "org.freedesktop.portal.Desktop"
#define PORTAL_PATH  "/org/freedesktop/portal/desktop"
#define MONITOR      "org.freedesktop.portal.Inhibit"
#define TICK_MS      5000
/* A state of the session that the portal tells of. */
#define QUERY_END 2
/* More of it between two looks than the clocks differ by anyway. */
#define SLEPT_MS 2000

struct _CslLockWatch
{
  GObject parent_instance;

  gint64 idle_ms;
  gint64 touched_us; /* monotonic */
  gint64 slept_ms;   /* how long the computer has slept since it was started */
  guint tick;
  gulong hook;

  GCancellable *cancellable;        /* (owned) */
  GDBusConnection *system;          /* (owned) (nullable) */
  GDBusConnection *session;         /* (owned) (nullable) */
  GArray *system_ids, *session_ids; /* (owned) of guint: subscriptions */
  char *logind_session;             /* (owned) (nullable): object path */
  int inhibitor;                    /* file descriptor, or -1 */
};

G_DEFINE_FINAL_TYPE (CslLockWatch, csl_lock_watch, G_TYPE_OBJECT)

enum { LOCK, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
lock (CslLockWatch *self, const char *why)
{
  g_debug ("locking: %s", why);
  g_signal_emit (self, signals[LOCK], 0);
}

/* -- idle and sleep, by the clocks -- */

static gint64
read_clock_ms (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);
  return (gint64) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static gint64
get_slept_ms (void)
{
  return read_clock_ms (CLOCK_BOOTTIME) - read_clock_ms (CLOCK_MONOTONIC);
}

static bool
has_slept (CslLockWatch *self)
{
  const gint64 slept = get_slept_ms ();
  const bool more = slept - self->slept_ms > SLEPT_MS;

  self->slept_ms = slept;
  return more;
}

static void start_tick (CslLockWatch *self);

static gboolean
tick_cb (gpointer user_data)
{
  CslLockWatch *self = user_data;
  const gint64 idle_ms = (g_get_monotonic_time () - self->touched_us) / 1000;

  self->tick = 0;
  start_tick (self);
  if (has_slept (self))
    lock (self, "the computer has slept");
  else if (self->idle_ms > 0 && idle_ms >= self->idle_ms)
    lock (self, "idle");
  return G_SOURCE_REMOVE;
}

static void
start_tick (CslLockWatch *self)
{
  const guint wait = self->idle_ms > 0 ? (guint) CLAMP (self->idle_ms / 10, 20, TICK_MS)
                                       : TICK_MS;

  g_clear_handle_id (&self->tick, g_source_remove);
  self->tick = g_timeout_add (wait, tick_cb, self);
}

static bool
is_by_a_person (GdkEventType type)
{
  return type == GDK_KEY_PRESS || type == GDK_BUTTON_PRESS || type == GDK_MOTION_NOTIFY ||
         type == GDK_SCROLL || type == GDK_TOUCH_BEGIN || type == GDK_TOUCH_UPDATE;
}

/* Every event of every window passes here before anybody acts on it. */
static gboolean
event_cb (GSignalInvocationHint *hint,
          guint n_values,
          const GValue *values,
          gpointer user_data)
{
  CslLockWatch *self = user_data;
  GdkEvent *event = n_values > 1 ? g_value_get_pointer (&values[1]) : NULL;

  if (event == NULL || !is_by_a_person (gdk_event_get_event_type (event)))
    return G_SOURCE_CONTINUE;
  if (has_slept (self))
    lock (self, "the computer has slept");
  csl_lock_watch_touch (self);
  return G_SOURCE_CONTINUE;
}

/* -- buses -- */

/* Of a signal that carries one truth value; anything else is no. */
static bool
says_yes (GVariant *parameters)
{
  gboolean answer = FALSE;

  if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    g_variant_get (parameters, "(b)", &answer);
  return answer;
}

static void
screen_saver_cb (GDBusConnection *connection,
                 const char *sender,
                 const char *path,
                 const char *interface,
                 const char *name,
                 GVariant *parameters,
                 gpointer user_data)
{
  if (says_yes (parameters))
    lock (user_data, "the desktop locks");
}

static void
session_lock_cb (GDBusConnection *connection,
                 const char *sender,
                 const char *path,
                 const char *interface,
                 const char *name,
                 GVariant *parameters,
                 gpointer user_data)
{
  CslLockWatch *self = user_data;

  /* Not when somebody else's session locks; when it is not known which is ours, better once too often. */
  if (self->logind_session == NULL || g_str_equal (path, self->logind_session))
    lock (self, "the session locks");
}

static void
prepare_for_sleep_cb (GDBusConnection *connection,
                      const char *sender,
                      const char *path,
                      const char *interface,
                      const char *name,
                      GVariant *parameters,
                      gpointer user_data)
{
  CslLockWatch *self = user_data;

  if (!says_yes (parameters))
    return;
  lock (self, "the computer goes to sleep");
  /* Nobody replaced the process: there was nothing to lock, so nothing holds up the sleep. */
  if (self->inhibitor >= 0) {
    close (self->inhibitor);
    self->inhibitor = -1;
  }
}

static void
inhibited_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GUnixFDList) list = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (object), &list,
                                                     result, NULL);
  g_autoptr (CslLockWatch) self = user_data;

  if (answer != NULL && list != NULL && g_unix_fd_list_get_length (list) > 0 &&
      self->inhibitor < 0)
    self->inhibitor = g_unix_fd_list_get (list, 0, NULL);
}

static void
named_session_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, NULL);
  g_autoptr (CslLockWatch) self = user_data;

  if (answer != NULL)
    g_variant_get (answer, "(o)", &self->logind_session);
}

static void
subscribe (GDBusConnection *connection,
           GArray *ids,
           const char *interface,
           const char *name,
           GDBusSignalCallback callback,
           CslLockWatch *self)
{
  guint id = g_dbus_connection_signal_subscribe (connection, NULL, interface, name, NULL,
                                                 NULL, G_DBUS_SIGNAL_FLAGS_NONE, callback,
                                                 self, NULL);

  g_array_append_val (ids, id);
}

static void
ask_logind (CslLockWatch *self)
{
  g_dbus_connection_call (self->system, LOGIND, MANAGER_PATH, MANAGER, "GetSessionByPID",
                          g_variant_new ("(u)", (guint32) getpid ()),
                          G_VARIANT_TYPE ("(o)"), G_DBUS_CALL_FLAGS_NONE, -1,
                          self->cancellable, named_session_cb, g_object_ref (self));
  g_dbus_connection_call_with_unix_fd_list (self->system, LOGIND, MANAGER_PATH, MANAGER,
                                            "Inhibit",
                                            g_variant_new ("(ssss)", "sleep", "Caseload",
                                                           "Locks the records", "delay"),
                                            G_VARIANT_TYPE ("(h)"),
                                            G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                                            self->cancellable, inhibited_cb,
                                            g_object_ref (self));
}

static void
system_bus_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GDBusConnection) connection = g_bus_get_finish (result, NULL);
  g_autoptr (CslLockWatch) self = user_data;

  if (connection == NULL)
    return;
  self->system = g_steal_pointer (&connection);
  subscribe (self->system, self->system_ids, MANAGER, "PrepareForSleep",
             prepare_for_sleep_cb, self);
  subscribe (self->system, self->system_ids, LOGIND ".Session", "Lock", session_lock_cb,
             self);
  ask_logind (self);
}

/* The portal waits for an answer before the session ends; nothing here needs more time. */
static void
answer_query (GDBusConnection *connection, const char *session)
{
  g_dbus_connection_call (connection, PORTAL, PORTAL_PATH, MONITOR, "QueryEndResponse",
                          g_variant_new ("(o)", session), NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, NULL, NULL);
}

static void
portal_state_cb (GDBusConnection *connection,
                 const char *sender,
                 const char *path,
                 const char *interface,
                 const char *name,
                 GVariant *parameters,
                 gpointer user_data)
{
  g_autoptr (GVariant) state = NULL;
  const char *session;
  gboolean active = FALSE;
  guint session_state = 0;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(oa{sv})")))
    return;
  g_variant_get (parameters, "(&o@a{sv})", &session, &state);
  if (g_variant_lookup (state, "session-state", "u", &session_state) &&
      session_state == QUERY_END)
    answer_query (connection, session);
  if (g_variant_lookup (state, "screensaver-active", "b", &active) && active)
    lock (user_data, "the desktop locks");
}

/* It speaks to those who have asked. Where there is none the screen saver speaks itself. */
static void
ask_portal (CslLockWatch *self)
{
  GVariantBuilder options;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "handle_token",
                         g_variant_new_string ("caseload"));
  g_variant_builder_add (&options, "{sv}", "session_handle_token",
                         g_variant_new_string ("caseload"));
  g_dbus_connection_call (self->session, PORTAL, PORTAL_PATH, MONITOR, "CreateMonitor",
                          g_variant_new ("(sa{sv})", "", &options), NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, NULL, NULL);
}

static void
session_bus_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GDBusConnection) connection = g_bus_get_finish (result, NULL);
  g_autoptr (CslLockWatch) self = user_data;

  if (connection == NULL)
    return;
  self->session = g_steal_pointer (&connection);
  subscribe (self->session, self->session_ids, "org.freedesktop.ScreenSaver",
             "ActiveChanged", screen_saver_cb, self);
  subscribe (self->session, self->session_ids, "org.gnome.ScreenSaver", "ActiveChanged",
             screen_saver_cb, self);
  subscribe (self->session, self->session_ids, MONITOR, "StateChanged", portal_state_cb,
             self);
  ask_portal (self);
}

static void
unsubscribe (GDBusConnection *connection, GArray *ids)
{
  for (guint i = 0; connection != NULL && i < ids->len; i++)
    g_dbus_connection_signal_unsubscribe (connection, g_array_index (ids, guint, i));
  g_array_set_size (ids, 0);
}

static void
csl_lock_watch_dispose (GObject *object)
{
  CslLockWatch *self = CSL_LOCK_WATCH (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->tick, g_source_remove);
  if (self->hook != 0)
    g_signal_remove_emission_hook (g_signal_lookup ("event", GDK_TYPE_SURFACE),
                                   self->hook);
  self->hook = 0;
  unsubscribe (self->system, self->system_ids);
  unsubscribe (self->session, self->session_ids);
  g_clear_object (&self->system);
  g_clear_object (&self->session);
  if (self->inhibitor >= 0)
    close (self->inhibitor);
  self->inhibitor = -1;
  G_OBJECT_CLASS (csl_lock_watch_parent_class)->dispose (object);
}

static void
csl_lock_watch_finalize (GObject *object)
{
  CslLockWatch *self = CSL_LOCK_WATCH (object);

  g_array_unref (self->system_ids);
  g_array_unref (self->session_ids);
  g_object_unref (self->cancellable);
  g_free (self->logind_session);
  G_OBJECT_CLASS (csl_lock_watch_parent_class)->finalize (object);
}

static void
csl_lock_watch_class_init (CslLockWatchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = csl_lock_watch_dispose;
  object_class->finalize = csl_lock_watch_finalize;
  signals[LOCK] = g_signal_new ("lock", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
csl_lock_watch_init (CslLockWatch *self)
{
  self->inhibitor = -1;
  self->cancellable = g_cancellable_new ();
  self->system_ids = g_array_new (FALSE, FALSE, sizeof (guint));
  self->session_ids = g_array_new (FALSE, FALSE, sizeof (guint));
  self->touched_us = g_get_monotonic_time ();
  self->slept_ms = get_slept_ms ();
}

CslLockWatch *
csl_lock_watch_new (void)
{
  CslLockWatch *self = g_object_new (CSL_TYPE_LOCK_WATCH, NULL);

  start_tick (self);
  return self;
}

void
csl_lock_watch_listen (CslLockWatch *self)
{
  g_return_if_fail (CSL_IS_LOCK_WATCH (self));
  /* The signal is there once the class is. */
  g_type_class_unref (g_type_class_ref (GDK_TYPE_SURFACE));
  self->hook = g_signal_add_emission_hook (g_signal_lookup ("event", GDK_TYPE_SURFACE), 0,
                                           event_cb, self, NULL);
  g_bus_get (G_BUS_TYPE_SYSTEM, self->cancellable, system_bus_cb, g_object_ref (self));
  g_bus_get (G_BUS_TYPE_SESSION, self->cancellable, session_bus_cb, g_object_ref (self));
}

void
csl_lock_watch_set_idle_ms (CslLockWatch *self, gint64 idle_ms)
{
  g_return_if_fail (CSL_IS_LOCK_WATCH (self));
  self->idle_ms = idle_ms;
  csl_lock_watch_touch (self);
  start_tick (self);
}

void
csl_lock_watch_touch (CslLockWatch *self)
{
  g_return_if_fail (CSL_IS_LOCK_WATCH (self));
  self->touched_us = g_get_monotonic_time ();
}

guint
csl_lock_watch_get_minutes (guint chosen, guint most)
{
  const guint wanted = CLAMP (chosen, 1, 60);

  return most > 0 ? MIN (wanted, most) : wanted;
}
