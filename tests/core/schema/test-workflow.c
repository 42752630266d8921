/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-workflow.c: the life of a case, told as conversations: somebody wants a status, and
 * what the workflow answers. The definitions are the built-in ones.
 */
#include "core/schema/csl-schema.h"
#include "core/schema/csl-workflow.h"

#include <string.h>

#define CLERK    "01890a5d-ac96-774b-bcce-b302099a8051"
#define WORKER   "01890a5d-ac96-774b-bcce-b302099a8052"
#define CHAIR    "01890a5d-ac96-774b-bcce-b302099a8053"
#define MANAGER  "01890a5d-ac96-774b-bcce-b302099a8054"
#define STRANGER "01890a5d-ac96-774b-bcce-b302099a8055"

typedef struct
{
  CslSchema *schema;
  const CslWorkflow *workflow;
  CslRecord *record; /* a new case of the clerk */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->schema = csl_schema_new_builtin ();
  fixture->workflow = csl_schema_lookup_workflow (fixture->schema, "case_status");
  fixture->record = csl_record_new (csl_schema_lookup_type (fixture->schema, "case"),
                                    "01890a5d-ac96-774b-bcce-b302099a8050");
  csl_record_set_text (fixture->record, "status", "new");
  csl_record_set_text (fixture->record, "created_by", CLERK);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  csl_record_free (fixture->record);
  csl_schema_unref (fixture->schema);
}

/* One step of a conversation: @user with @role writes up to two fields and the status @to. */
typedef struct
{
  const char *user, *role, *to;
  const char *field, *text; /* set in the same change */
  const char *reason;
  const char *answer; /* "" possible, else the codes */
} Step;

static char *
try_step (Fixture *fixture, const Step *step)
{
  const CslRole *roles[] = { csl_schema_lookup_role (fixture->schema, step->role), NULL };
  CslActor actor = { step->user, roles };
  g_autoptr (CslProblems) problems = csl_problems_new ();
  g_autoptr (CslRecord) after = csl_record_copy (fixture->record);
  GString *codes = g_string_new (NULL);

  g_assert_nonnull (roles[0]);
  csl_record_set_text (after, "status", step->to);
  if (step->field != NULL)
    csl_record_set_text (after, step->field, step->text);
  bool good = csl_workflow_check (fixture->workflow, fixture->record, after, &actor,
                                  step->reason, problems);
  g_assert_cmpint (good, ==, csl_problems_get_size (problems) == 0);
  for (guint i = 0; i < csl_problems_get_size (problems); i++) {
    g_string_append_printf (codes, "%s%s", i > 0 ? " " : "",
                            csl_problems_get (problems, i)->code);
    g_assert_true (g_str_has_suffix (csl_problems_get (problems, i)->message, "."));
  }
  if (good) {
    csl_record_free (fixture->record);
    fixture->record = g_steal_pointer (&after);
  }
  return g_string_free (codes, FALSE);
}

static void
converse (Fixture *fixture, const Step *steps, guint n)
{
  for (guint i = 0; i < n; i++) {
    g_autofree char *answer = try_step (fixture, &steps[i]);
    g_test_message ("%s as %s: %s", steps[i].to, steps[i].role, answer);
    g_assert_cmpstr (answer, ==, steps[i].answer);
  }
}

static void
test_whole_life (Fixture *fixture, gconstpointer data)
{
  static const Step steps[] = {
    { CLERK, "clerk", "new", NULL, NULL, NULL, "" }, /* nothing changes */
    { CLERK, "clerk", "pending_review", NULL, NULL, NULL, "description_needed" },
    { STRANGER, "clerk", "pending_review", "description", "Rent arrears.", NULL,
      "transition" },
    { CLERK, "clerk", "pending_review", "description", "Rent arrears.", NULL, "" },
    { CLERK, "clerk", "assigned", "advisor", WORKER, NULL, "transition" },
    { CHAIR, "chair", "assigned", NULL, NULL, NULL, "advisor_needed" },
    { CHAIR, "chair", "assigned", "advisor", WORKER, NULL, "" },
    { STRANGER, "caseworker", "in_progress", "next_review_date", "2026-12-01", NULL,
      "transition" },
    { WORKER, "caseworker", "in_progress", NULL, NULL, NULL, "next_review_needed" },
    { WORKER, "caseworker", "in_progress", "next_review_date", "2026-12-01", NULL, "" },
    { WORKER, "caseworker", "completed", "closure_reason", "solved", NULL, "transition" },
    { WORKER, "caseworker", "pending_completion", NULL, NULL, NULL,
      "closure_reason_needed" },
    { WORKER, "caseworker", "pending_completion", "closure_reason", "solved", NULL, "" },
    { MANAGER, "manager", "completed", NULL, NULL, NULL, "" },
    { WORKER, "caseworker", "in_progress", NULL, NULL, "It came back.", "transition" },
    { MANAGER, "manager", "in_progress", NULL, NULL, NULL, "reason" },
    { MANAGER, "manager", "in_progress", NULL, NULL, "  ", "reason" },
    { MANAGER, "manager", "in_progress", NULL, NULL, "It came back.", "" },
  };

  converse (fixture, steps, G_N_ELEMENTS (steps));
}

/* Whoever did the work does not sign it off, whatever their role; nor by handing it to somebody
 * in the same change. */
static void
test_four_eyes (Fixture *fixture, gconstpointer data)
{
  static const Step steps[] = {
    { MANAGER, "manager", "completed", NULL, NULL, NULL, "transition" },
    { MANAGER, "manager", "completed", "advisor", WORKER, NULL, "transition" },
    { WORKER, "caseworker", "completed", NULL, NULL, NULL, "transition" },
    { CHAIR, "chair", "completed", NULL, NULL, NULL, "" },
  };

  csl_record_set_text (fixture->record, "status", "pending_completion");
  csl_record_set_text (fixture->record, "advisor", MANAGER);
  csl_record_set_text (fixture->record, "closure_reason", "solved");
  converse (fixture, steps, G_N_ELEMENTS (steps));
}

/* Making oneself the caseworker in the same change gives no right to take the step. */
static void
test_self_assignment (Fixture *fixture, gconstpointer data)
{
  static const Step steps[] = {
    { STRANGER, "caseworker", "in_progress", "advisor", STRANGER, NULL, "transition" },
    { WORKER, "caseworker", "pending_review", NULL, NULL, NULL, "reason" },
    { WORKER, "caseworker", "pending_review", NULL, NULL, "I know the family.", "" },
  };

  csl_record_set_text (fixture->record, "status", "assigned");
  csl_record_set_text (fixture->record, "advisor", WORKER);
  csl_record_set_text (fixture->record, "next_review_date", "2026-12-01");
  converse (fixture, steps, G_N_ELEMENTS (steps));
}

/* Every pair of statuses: possible for at least somebody exactly where the table says. */
static void
test_every_pair (Fixture *fixture, gconstpointer data)
{
  static const char *const pairs[] = {
    "new pending_review",
    "new referred",
    "new cancelled",
    "pending_review assigned",
    "pending_review new",
    "pending_review referred",
    "pending_review cancelled",
    "assigned in_progress",
    "assigned pending_review",
    "assigned referred",
    "assigned cancelled",
    "in_progress pending_completion",
    "in_progress referred",
    "in_progress cancelled",
    "pending_completion completed",
    "pending_completion in_progress",
    "pending_completion referred",
    "pending_completion cancelled",
    "completed in_progress",
    "referred in_progress",
    "cancelled in_progress",
    NULL,
  };
  static const char *const users[][2] = {
    { CLERK, "clerk" },
    { WORKER, "caseworker" },
    { CHAIR, "chair" },
    { MANAGER, "manager" },
  };
  const CslEnum *status = csl_schema_lookup_enum (fixture->schema, "case_status");

  csl_record_set_text (fixture->record, "advisor", WORKER);
  csl_record_set_text (fixture->record, "description", "Rent arrears.");
  csl_record_set_text (fixture->record, "next_review_date", "2026-12-01");
  csl_record_set_text (fixture->record, "closure_reason", "solved");
  for (guint i = 0; i < status->n_values * status->n_values; i++) {
    const char *from = status->values[i / status->n_values].value;
    const char *to = status->values[i % status->n_values].value;
    g_autofree char *pair = g_strconcat (from, " ", to, NULL);
    bool possible = false;
    for (guint k = 0; k < G_N_ELEMENTS (users); k++) {
      Step step = { users[k][0], users[k][1], to, NULL, NULL, "Because.", NULL };
      csl_record_set_text (fixture->record, "status", from);
      g_autofree char *answer = try_step (fixture, &step);
      possible |= *answer == '\0';
    }
    g_test_message ("%s", pair);
    g_assert_cmpint (possible, ==, from == to || g_strv_contains (pairs, pair));
  }
}

static void
test_initial (Fixture *fixture, gconstpointer data)
{
  CslActor actor = { CLERK, NULL };
  g_autoptr (CslProblems) problems = csl_problems_new ();

  g_assert_true (csl_workflow_is_initial (fixture->workflow, "new"));
  g_assert_false (csl_workflow_is_initial (fixture->workflow, "completed"));
  g_assert_false (csl_workflow_is_initial (fixture->workflow, NULL));
  g_assert_cmpstr (csl_workflow_get_field (fixture->workflow)->name, ==, "status");
  g_assert_true (csl_workflow_check (fixture->workflow, NULL, fixture->record, &actor,
                                     NULL, problems));
  csl_record_set_text (fixture->record, "status", "completed");
  g_assert_false (csl_workflow_check (fixture->workflow, NULL, fixture->record, &actor,
                                      NULL, problems));
  g_assert_cmpstr (csl_problems_get (problems, 0)->code, ==, "transition");
}

/* A status cannot be taken away, nor become one nobody knows. */
static void
test_no_such_status (Fixture *fixture, gconstpointer data)
{
  static const Step steps[] = {
    { MANAGER, "manager", NULL, NULL, NULL, "Because.", "transition" },
    { MANAGER, "manager", "archived", NULL, NULL, "Because.", "transition" },
  };

  converse (fixture, steps, G_N_ELEMENTS (steps));
}

static void
check_list (Fixture *fixture, const char *user, const char *role, const char *expected)
{
  const CslRole *roles[] = { csl_schema_lookup_role (fixture->schema, role), NULL };
  CslActor actor = { user, roles };
  g_autoptr (GPtrArray) list =
    csl_workflow_list_transitions (fixture->workflow, fixture->record, &actor);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < list->len; i++) {
    const CslTransition *transition = g_ptr_array_index (list, i);
    g_string_append_printf (text, "%s%s%s", i > 0 ? ", " : "", transition->label,
                            transition->reason ? "*" : "");
  }
  g_assert_cmpstr (text->str, ==, expected);
}

/* What the buttons say, with * where a reason is asked for. */
static void
test_list (Fixture *fixture, gconstpointer data)
{
  check_list (fixture, CLERK, "clerk", "Submit for review");
  check_list (fixture, STRANGER, "clerk", "");
  check_list (fixture, MANAGER, "manager", "Refer on*, Cancel the case*");
  csl_record_set_text (fixture->record, "status", "pending_completion");
  csl_record_set_text (fixture->record, "advisor", MANAGER);
  check_list (fixture, MANAGER, "manager",
              "Return to work*, Refer on*, Cancel the case*");
  check_list (fixture, CHAIR, "chair",
              "Sign off as completed, Return to work*, Cancel the case*");
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/schema/workflow/R-11-whole-life", test_whole_life },
    { "/schema/workflow/R-11-four-eyes", test_four_eyes },
    { "/schema/workflow/R-11-self-assignment", test_self_assignment },
    { "/schema/workflow/R-11-every-pair", test_every_pair },
    { "/schema/workflow/R-11-initial", test_initial },
    { "/schema/workflow/R-11-no-such-status", test_no_such_status },
    { "/schema/workflow/R-11-list", test_list },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
