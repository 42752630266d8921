/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The demo in a real server: everything imported, feed and tables agree, accounts can sign in. */
#include "server/auth/csd-password.h"
#include "server/csd-admin.h"
#include "server/demo/csd-demo-load.h"
#include "store/csl-env-system.h"

#include <glib/gstdio.h>

#define NOW_MS G_GINT64_CONSTANT (1795251600000)

typedef struct
{
  GHashTable *passwords; /* set */
  guint accounts;
} Report;

static void
report_cb (const CsdDemoAccount *account, gpointer data)
{
  Report *report = data;

  g_assert_cmpuint (strlen (account->password), >=, 12);
  g_assert_true (g_hash_table_add (report->passwords, g_strdup (account->password)));
  report->accounts++;
}

static void
verify_organisation (CsdServer *server, const char *code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *id = csd_server_dup_organisation_id (server, code, &error);

  g_assert_no_error (error);
  g_assert_nonnull (id);
  g_assert_true (csd_server_verify (server, id, findings, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (findings->len, ==, 0);
}

/* A cheap hash: the cost of passwords is tested where they are. */
static void
init_config (CsdServerConfig *config)
{
  csd_server_config_init (config);
  config->password_cost.operations = 1;
  config->password_cost.memory = 8192;
}

/* A name that nearly every password contains. */
static void
test_passwords (void)
{
  for (guint i = 0; i < 200; i++) {
    char password[CSD_DEMO_PASSWORD_SIZE];

    csd_demo_make_password ("a", password);
    g_assert_null (csd_password_refuse (password, "a"));
  }
}

static void
test_load (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("demo-XXXXXX", &error);
  g_autofree char *data = g_build_filename (folder, "server", NULL);
  g_autoptr (CslSchema) schema = csl_schema_new_builtin ();
  g_autoptr (CsdServer) server = NULL;
  Report report = { g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL), 0 };
  CsdServerConfig config;
  gint64 begun = g_get_monotonic_time ();
  bool loaded = false;

  g_assert_no_error (error);
  init_config (&config);
  g_assert_true (csd_server_create (data, csl_env_system (), &error));
  server = csd_server_open (data, schema, csl_env_system (), &config, &error);
  g_assert_no_error (error);
  loaded = csd_demo_load (server, schema, 7, NOW_MS, report_cb, &report, &error);
  g_assert_no_error (error);
  g_assert_true (loaded);
  g_test_message ("loaded in %d ms, %u accounts",
                  (int) ((g_get_monotonic_time () - begun) / 1000), report.accounts);
  g_assert_cmpuint (report.accounts, >=, 12);
  verify_organisation (server, "cah");
  verify_organisation (server, "pms");
  g_hash_table_unref (report.passwords);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/demo/R-52/passwords-are-taken", test_passwords);
  g_test_add_func ("/demo/R-52/load", test_load);
  return g_test_run ();
}
