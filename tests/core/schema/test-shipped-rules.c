/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-shipped-rules.c: the business rules the definitions carry, who may
 * do what. */
#include "core/schema/csl-schema.h"

#include <string.h>

static CslSchema *schema;

#define ID    "0197aaaa-0000-7000-8000-000000000001"
#define ME    "0197aaaa-0000-7000-8000-000000000002"
#define OTHER "0197aaaa-0000-7000-8000-000000000003"
#define T1    "2026-11-21T09:00:00.000Z[Europe/London]"
#define T2    "2026-11-21T10:00:00.000Z[Europe/London]"

/* One field set by each of up to two pairs; required fields get something acceptable. */
typedef struct
{
  const char *type, *a, *a_value, *b, *b_value;
  const char *field, *code; /* the problem expected at @field, or NULL for none there */
} RuleCase;

static const RuleCase rules[] = {
  { "client", "email", "amina@mail", NULL, NULL, "email", "R-60" },
  { "client", "email", "amina@mail.example", NULL, NULL, "email", NULL },
  { "user", "email", "no at sign", NULL, NULL, "email", "R-60" },
  { "client_contact", "email", "a@b", NULL, NULL, "email", "R-60" },
  { "case", "description", "text", NULL, NULL, "title", "required" }, /* */
  { "case", "title", "Rent arrears", NULL, NULL, "title", NULL },
  { "client", "phone_primary", "0117 496 O101", NULL, NULL, "phone_primary", "R-63" },
  { "client", "phone_primary", "+44 (0)117 496-0101", NULL, NULL, "phone_primary", NULL },
  { "appointment", "start_at", T1, "end_at", T1, "end_at", "R-64" },
  { "appointment", "start_at", T2, "end_at", T1, "end_at", "R-64" },
  { "appointment", "start_at", T1, "end_at", T2, "end_at", NULL },
  { "visit", "started_at", T2, "ended_at", T1, "ended_at", "R-67" },
  { "consent", "granted_at", T2, "revoked_at", T1, "revoked_at", "R-67" },
  { "consent", "revoked_at", T1, NULL, NULL, "revoked_at", NULL },
  { "client_flag", "raised_at", T2, "cleared_at", T1, "cleared_at", "R-67" },
  { "case_assignment", "from_at", T2, "to_at", T1, "to_at", "R-67" },
  { "membership", "valid_from", "2026-11-02", "valid_to", "2026-11-01", "valid_to",
    "R-67" },
  { "membership", "valid_from", "2026-11-02", "valid_to", "2026-11-02", "valid_to",
    NULL },
  { "membership", "valid_to", "2026-11-02", NULL, NULL, "valid_to", NULL },
  { "case", "opening_date", "2026-11-02", "closing_date", "2026-11-01", "closing_date",
    "R-67" },
  { "case", "opening_date", "2026-11-02", "closing_date", "2026-11-02", "closing_date",
    NULL },
  { "client", "date_of_birth", "2030-01-01", "intake_date", "2026-11-21", "intake_date",
    "R-67" },
  { "client", "date_of_birth", "2026-11-21", "intake_date", "2026-11-21", "intake_date",
    NULL },
};

static void
set (CslRecord *record, const char *field, const char *text)
{
  if (field != NULL)
    csl_record_set_text (record, field, text);
}

/* The checks run only when every field is good by itself. */
static void
fill_required (CslRecord *record, const char *except)
{
  for (guint i = 0; i < record->type->n_fields; i++) {
    const CslField *field = &record->type->fields[i];
    const char *kind = field->kind->name;

    if ((field->flags & CSL_FIELD_REQUIRED) == 0 || g_strcmp0 (field->name, except) == 0)
      continue;
    if (field->kind->value_type == CSL_VALUE_BOOL)
      csl_record_set_bool (record, field->name, false);
    else if (field->options != NULL)
      csl_record_set_text (record, field->name, field->options->values[0].value);
    else if (field->target != NULL)
      csl_record_set_text (record, field->name, OTHER);
    else if (strcmp (kind, "instant") == 0)
      csl_record_set_text (record, field->name, T1);
    else if (strcmp (kind, "email") == 0)
      csl_record_set_text (record, field->name, "amina@mail.example");
    else
      csl_record_set_text (record, field->name, "words");
  }
}

static void
test_rules (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++) {
    const RuleCase *rule = &rules[i];
    g_autoptr (CslRecord) record =
      csl_record_new (csl_schema_lookup_type (schema, rule->type), ID);
    g_autoptr (CslProblems) problems = csl_problems_new ();

    fill_required (record, g_strcmp0 (rule->code, "required") == 0 ? rule->field : NULL);
    set (record, rule->a, rule->a_value);
    set (record, rule->b, rule->b_value);
    csl_record_validate (record, problems);
    const CslProblem *problem = csl_problems_lookup (problems, rule->field);
    g_test_message ("case %u: %s.%s", i, rule->type, rule->field);
    g_assert_cmpstr (problem == NULL ? NULL : problem->code, ==, rule->code);
  }
}

static void
test_percent (void)
{
  const CslRecordType *goal = csl_schema_lookup_type (schema, "goal");

  for (int percent = -1; percent <= 101; percent += 51) {
    g_autoptr (CslRecord) record = csl_record_new (goal, ID);
    g_autoptr (CslProblems) problems = csl_problems_new ();

    csl_record_set_int (record, "progress_percent", percent);
    csl_record_validate (record, problems);
    bool refused = csl_problems_lookup (problems, "progress_percent") != NULL;
    g_assert_cmpint (refused, ==, percent < 0 || percent > 100);
  }
}

/* One transition: who acts (a role, and whether as the creator or the assignee) and what comes
 * out. */
typedef struct
{
  const char *from, *to, *role;
  bool creator, assignee, reason, filled;
  const char *code; /* NULL: allowed */
} Step;

static const Step steps[] = {
  { "new", "pending_review", "clerk", true, false, false, true, NULL },
  { "new", "pending_review", "clerk", true, false, false, false, "description_needed" },
  { "new", "pending_review", "clerk", false, false, false, true, "transition" },
  { "new", "assigned", "manager", false, false, false, true, "transition" },
  { "pending_review", "assigned", "chair", false, false, false, true, NULL },
  { "pending_review", "assigned", "chair", false, false, false, false, "advisor_needed" },
  { "pending_review", "assigned", "caseworker", true, true, false, true, "transition" },
  { "pending_review", "new", "manager", false, false, true, true, NULL },
  { "pending_review", "new", "manager", false, false, false, true, "reason" },
  { "assigned", "in_progress", "caseworker", false, true, false, true, NULL },
  { "assigned", "in_progress", "caseworker", false, true, false, false,
    "next_review_needed" },
  { "assigned", "in_progress", "manager", false, false, false, true, "transition" },
  { "assigned", "pending_review", "caseworker", false, true, true, true, NULL },
  { "in_progress", "pending_completion", "caseworker", false, true, false, true, NULL },
  { "in_progress", "pending_completion", "caseworker", false, true, false, false,
    "closure_reason_needed" },
  { "in_progress", "completed", "manager", false, false, false, true, "transition" },
  { "pending_completion", "completed", "manager", false, false, false, true, NULL },
  { "pending_completion", "completed", "manager", false, true, false, true,
    "transition" },
  { "pending_completion", "completed", "caseworker", false, false, false, true,
    "transition" },
  { "pending_completion", "in_progress", "chair", false, false, true, true, NULL },
  { "assigned", "referred", "caseworker", false, true, true, true, NULL },
  { "assigned", "referred", "chair", false, false, true, true, "transition" },
  { "new", "cancelled", "chair", false, false, true, true, NULL },
  { "new", "cancelled", "caseworker", true, true, true, true, "transition" },
  { "completed", "in_progress", "manager", false, false, true, true, NULL },
  { "completed", "in_progress", "caseworker", false, true, true, true, "transition" },
  { "completed", "cancelled", "manager", false, false, true, true, "transition" },
};

static CslRecord *
make_case (const Step *step)
{
  CslRecord *record = csl_record_new (csl_schema_lookup_type (schema, "case"), ID);

  csl_record_set_text (record, "status", step->from);
  csl_record_set_text (record, "created_by", step->creator ? ME : OTHER);
  if (step->filled || step->assignee)
    csl_record_set_text (record, "advisor", step->assignee ? ME : OTHER);
  if (step->filled) {
    csl_record_set_text (record, "description", "Hours were cut in spring.");
    csl_record_set_text (record, "next_review_date", "2026-12-01");
    csl_record_set_text (record, "closure_reason", "advice_complete");
  }
  return record;
}

static void
check_step (const Step *step)
{
  const CslRole *const roles[] = { csl_schema_lookup_role (schema, step->role), NULL };
  const CslActor actor = { .user = ME, .roles = roles };
  g_autoptr (CslProblems) problems = csl_problems_new ();
  g_autoptr (CslRecord) before = make_case (step);
  g_autoptr (CslRecord) after = csl_record_copy (before);

  g_assert_nonnull (roles[0]);
  csl_record_set_text (after, "status", step->to);
  bool allowed = csl_workflow_check (before->type->workflow, before, after, &actor,
                                     step->reason ? "As agreed today" : NULL, problems);
  g_assert_cmpint (allowed, ==, step->code == NULL);
  if (step->code == NULL)
    return;
  bool found = false;
  for (guint i = 0; i < csl_problems_get_size (problems); i++)
    found = found || strcmp (csl_problems_get (problems, i)->code, step->code) == 0;
  g_assert_true (found);
}

static void
test_lifecycle (void)
{
  const CslWorkflow *workflow = csl_schema_lookup_workflow (schema, "case_status");

  g_assert_true (csl_workflow_is_initial (workflow, "new"));
  g_assert_false (csl_workflow_is_initial (workflow, "assigned"));
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_test_message ("%s → %s by %s", steps[i].from, steps[i].to, steps[i].role);
    check_step (&steps[i]);
  }
}

static CslGrant
grant (const char *role, const char *area)
{
  const CslRole *found = csl_schema_lookup_role (schema, role);
  g_assert_nonnull (found);
  return csl_role_get_grant (found, area);
}

static void
test_roles (void)
{
  const CslEnum *names = csl_schema_lookup_enum (schema, "role");
  static const char *const content[] = { "clients", "cases",  "case_events", "notes",
                                         "plans",   "visits", "tasks" };

  for (guint i = 0; i < names->n_values; i++) {
    CslGrant drafts = grant (names->values[i].value, "drafts");
    if (names->values[i].retired)
      g_assert_cmpstr (names->values[i].label, ==, "Caseworker");
    g_assert_cmpint (drafts.scope, ==, CSL_SCOPE_OWN);
  }
  for (guint i = 0; i < G_N_ELEMENTS (content); i++)
    g_assert_cmpint (grant ("admin", content[i]).scope, ==, CSL_SCOPE_NONE);
  g_assert_cmpint (grant ("auditor", "cases").scope, ==, CSL_SCOPE_NONE);
  g_assert_cmpint (grant ("caseworker", "cases").scope, ==, CSL_SCOPE_OWN);
  g_assert_cmpint (grant ("manager", "cases").scope, ==, CSL_SCOPE_CENTRE);
}

static void
test_matrix (void)
{
  /* A clerk writes notes and reads none; a chair reads the queue and does not register. */
  g_assert_cmpint (grant ("clerk", "notes").actions, ==, CSL_ACTION_CREATE);
  g_assert_cmpint (grant ("chair", "notes").actions, ==, CSL_ACTION_READ);
  g_assert_false ((grant ("chair", "cases").actions & CSL_ACTION_CREATE) != 0);
  g_assert_true ((grant ("chair", "cases").actions & CSL_ACTION_ASSIGN) != 0);
  g_assert_false ((grant ("caseworker", "assignments").actions & CSL_ACTION_ASSIGN) != 0);
  g_assert_false ((grant ("manager", "notes").actions & CSL_ACTION_UPDATE) != 0);
  g_assert_cmpint (grant ("finance_officer", "notes").scope, ==, CSL_SCOPE_NONE);
}

/* A final note stays as it is (e.7: note draft → final; later amendments are new notes), but can still be co-signed. */
static void
test_final_note (void)
{
  g_autoptr (CslRecord) before = csl_record_new (csl_schema_lookup_type (schema, "note"),
                                                 "01976b1e-0000-7abc-8def-000000000001");
  g_autoptr (CslRecord) after = NULL;
  g_autoptr (CslProblems) problems = csl_problems_new ();

  csl_record_set_text (before, "content", "As it was.");
  csl_record_set_bool (before, "is_final", true);
  g_assert_true (csl_record_is_finished (before));
  after = csl_record_copy (before);
  csl_record_set_text (after, "cosign_status", "cosigned");
  csl_record_validate_change (before, after, problems);
  g_assert_cmpuint (csl_problems_get_size (problems), ==, 0);
  csl_record_set_text (after, "content", "As it should have been.");
  csl_record_set_bool (after, "is_final", false);
  csl_record_validate_change (before, after, problems);
  g_assert_cmpuint (csl_problems_get_size (problems), ==, 2);
  g_assert_cmpstr (csl_problems_lookup (problems, "content")->code, ==, "finished");
  g_assert_cmpstr (csl_problems_lookup (problems, "is_final")->code, ==, "finished");
  csl_record_set_bool (before, "is_final", false);
  g_assert_false (csl_record_is_finished (before));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  schema = csl_schema_new_builtin ();
  g_test_add_func ("/schema/shipped-rules/values", test_rules);
  g_test_add_func ("/schema/shipped-rules/percent", test_percent);
  g_test_add_func ("/schema/shipped-rules/lifecycle", test_lifecycle);
  g_test_add_func ("/schema/shipped-rules/roles", test_roles);
  g_test_add_func ("/schema/shipped-rules/matrix", test_matrix);
  g_test_add_func ("/schema/shipped-rules/final-note", test_final_note);
  int result = g_test_run ();
  g_clear_pointer (&schema, csl_schema_unref);
  return result;
}
