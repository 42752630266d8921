/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-shipped-types.c: the declared types and reference lists are the ones of the domain model. */
#include "core/schema/csl-schema.h"

#include <string.h>

static CslSchema *schema;

typedef struct
{
  const char *type, *module, *area;
  CslBucketScope scope; /* of the first bucket rule */
  const char *tier;
} TypeFact;

static const TypeFact types[] = {
  { "organisation", "core", "directory", CSL_BUCKET_ORGANISATION, NULL },
  { "user", "core", "directory", CSL_BUCKET_ORGANISATION, NULL },
  { "centre", "core", "directory", CSL_BUCKET_ORGANISATION, NULL },
  { "team", "core", "directory", CSL_BUCKET_ORGANISATION, NULL },
  { "team_member", "core", "directory", CSL_BUCKET_ORGANISATION, NULL },
  { "membership", "core", "directory", CSL_BUCKET_ORGANISATION, NULL },
  { "note_category", "casework", "reference_lists", CSL_BUCKET_ORGANISATION, NULL },
  { "note_template", "casework", "reference_lists", CSL_BUCKET_ORGANISATION, NULL },
  { "client", "core", "clients", CSL_BUCKET_CLIENT, NULL },
  { "client_identifier", "core", "clients", CSL_BUCKET_CLIENT, NULL },
  { "client_contact", "core", "clients", CSL_BUCKET_CLIENT, NULL },
  { "client_flag", "core", "clients", CSL_BUCKET_CLIENT, NULL },
  { "consent", "core", "clients", CSL_BUCKET_CLIENT, NULL },
  { "case", "casework", "cases", CSL_BUCKET_CASE, NULL },
  { "case_assignment", "casework", "assignments", CSL_BUCKET_CASE, NULL },
  { "case_event", "casework", "case_events", CSL_BUCKET_CASE, NULL },
  { "goal", "casework", "plans", CSL_BUCKET_CASE, NULL },
  { "barrier", "casework", "plans", CSL_BUCKET_CASE, NULL },
  { "appointment", "scheduling", "appointments", CSL_BUCKET_CASE, NULL },
  { "visit", "casework", "visits", CSL_BUCKET_CASE, NULL },
  { "communication", "casework", "notes", CSL_BUCKET_CASE, "notes" },
  { "note", "casework", "notes", CSL_BUCKET_CASE, "notes" },
  { "task", "scheduling", "tasks", CSL_BUCKET_CASE, NULL },
  { "sync_conflict", "ops", "conflicts", CSL_BUCKET_CASE, NULL },
  { "stranded_work", "ops", "stranded", CSL_BUCKET_CASE, "stranded" },
  { "stranded_answer", "ops", "stranded", CSL_BUCKET_USER, NULL },
  { "form_draft", "casework", "drafts", CSL_BUCKET_USER, NULL },
};

static void
check_fields (const CslRecordType *type)
{
  for (guint i = 0; i < type->n_fields; i++) {
    const CslField *field = &type->fields[i];
    g_assert_cmpstr (field->label, !=, "");
    if (field->target == NULL || (field->flags & CSL_FIELD_SERVER) != 0)
      continue;
    /* Parents come first in a fill, and every reference has an index that starts with it. */
    if (field->target != type)
      g_assert_cmpuint (field->target->rank, <, type->rank);
    bool indexed = false;
    for (guint k = 0; k < type->n_indexes; k++)
      indexed = indexed || type->indexes[k][0] == i;
    if (!indexed)
      g_test_message ("%s.%s has no index", type->name, field->name);
    g_assert_true (indexed);
  }
}

static void
test_types (void)
{
  g_assert_cmpuint (csl_schema_get_n_types (schema), >=, G_N_ELEMENTS (types));
  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    const CslRecordType *type = csl_schema_lookup_type (schema, types[i].type);

    g_assert_nonnull (type);
    g_assert_cmpstr (type->module, ==, types[i].module);
    g_assert_cmpstr (type->area, ==, types[i].area);
    g_assert_cmpstr (type->tier, ==, types[i].tier);
    g_assert_cmpuint (type->n_buckets, >, 0);
    g_assert_cmpint (type->buckets[0].scope, ==, types[i].scope);
    g_assert_cmpuint (type->n_title_fields, >, 0);
    g_assert_cmpuint (type->n_list_fields, >, 0);
    g_assert_cmpuint (type->n_sections, >, 0);
    g_assert_nonnull (type->icon);
    check_fields (type);
  }
}

static void
test_marks (void)
{
  static const char *const append_only[] = { "case_event", "communication" };

  for (guint i = 0; i < csl_schema_get_n_types (schema); i++) {
    const CslRecordType *type = csl_schema_get_type (schema, i);
    bool expected = false;
    for (guint k = 0; k < G_N_ELEMENTS (append_only); k++)
      expected = expected || strcmp (type->name, append_only[k]) == 0;
    g_assert_cmpint (type->append_only, ==, expected); /* */
    g_assert_cmpint (type->local, ==, strcmp (type->name, "form_draft") == 0);
  }
}

typedef struct
{
  const char *name, *values; /* sorted, separated by one space */
} EnumFact;

static const EnumFact enums[] = {
  { "appointment_status",
    "cancelled completed confirmed in_progress no_show rescheduled scheduled" },
  { "appointment_type", "advice budget clinic court home_visit initial_interview other "
                        "review support_session" },
  { "barrier_type", "addiction childcare debt digital discrimination documents health "
                    "language other transport" },
  { "case_duty", "cover lead observer second_worker supervisor" },
  { "case_event_action", "assigned commented consent_changed created document_added "
                         "exported merged plan_updated reopened status_changed "
                         "transferred viewed_by_chair" },
  { "case_status", "assigned cancelled completed in_progress new pending_completion "
                   "pending_review referred" },
  { "case_type", "benefits care debt_advice employment general housing legal "
                 "safeguarding supported_housing" },
  { "channel", "email in_person letter phone sms video_call" },
  { "closure_reason", "advice_complete client_withdrew deceased duplicate ineligible "
                      "lost_contact moved_away referred_on solution_in_place" },
  { "conflict_status", "auto_merged open resolved_both resolved_mine resolved_other "
                       "resolved_theirs" },
  { "consent_method", "best_interest online signature verbal written" },
  { "consent_type", "contact_by_email contact_by_sms data_processing "
                    "information_sharing medical photo referral research" },
  { "contact_outcome", "busy no_response refused successful voicemail" },
  { "contact_type", "family friend gp professional social_worker" },
  { "cosign_status", "cosigned not_needed pending returned" },
  { "debt_solution", "bankruptcy breathing_space consolidation debt_management_plan "
                     "debt_relief_order iva none token_payments write_off" },
  { "direction", "inbound outbound" },
  { "employment_status", "carer employed_full_time employed_part_time retired "
                         "self_employed student unable_to_work unemployed" },
  { "engagement_status", "active completed inactive on_hold" },
  { "goal_domain", "benefits education employment finance health housing independence "
                   "legal safety social" },
  { "goal_status", "abandoned completed in_progress pending" },
  { "identifier_type",
    "court_ref driving_licence housing_ref national_insurance nhs other passport" },
  { "lifecycle_status", "active closed suspended" },
  { "marital_status",
    "civil_partnership cohabiting divorced married separated single widowed" },
  { "meeting_mode", "home_visit in_person phone video" },
  { "membership_status", "active ended invited suspended" },
  { "note_kind", "appointment case clinical daily file_review general legal phone "
                 "supervision visit" },
  { "note_visibility", "author_and_supervisor clinical_only named_people team" },
  { "organisation_kind",
    "advice_agency charity housing_provider local_authority private" },
  { "priority", "high low medium urgent" },
  { "risk_level", "critical high low medium" },
  { "role", "admin advisor auditor benefits caseworker chair clerk clinician employment "
            "finance_officer housing housing_manager legal manager services trainee "
            "viewer" },
  { "safety_status", "checked_out escalated not_started on_visit overdue" },
  { "sensitivity", "confidential normal protected_person restricted" },
  { "severity", "high low medium" },
  { "stranded_reason", "no_access no_role" },
  { "stranded_status", "accepted declined open" },
  { "task_status", "cancelled completed in_progress pending snoozed" },
  { "team_kind", "care casework crisis management" },
  { "vulnerability_type", "bereavement disability domestic_abuse health homelessness "
                          "language literacy mental_health other young_person" },
};

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static void
test_enums (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (enums); i++) {
    const CslEnum *list = csl_schema_lookup_enum (schema, enums[i].name);
    g_autoptr (GPtrArray) values = g_ptr_array_new ();

    g_assert_nonnull (list);
    for (guint k = 0; k < list->n_values; k++) {
      g_ptr_array_add (values, list->values[k].value);
      g_assert_cmpstr (list->values[k].label, !=, "");
    }
    g_ptr_array_sort (values, compare);
    g_ptr_array_add (values, NULL);
    g_autofree char *joined = g_strjoinv (" ", (char **) values->pdata);
    g_assert_cmpstr (joined, ==, enums[i].values);
  }
}

static bool
has_flag (const char *type, const char *field, CslFieldFlags flag)
{
  const CslField *found =
    csl_record_type_lookup_field (csl_schema_lookup_type (schema, type), field);
  g_assert_nonnull (found);
  return (found->flags & flag) != 0;
}

static void
test_protection (void)
{
  static const char *const protected[] = {
    "first_name",    "last_name", "date_of_birth", "address_line1",
    "address_line2", "city",      "postcode",      "country",
  };

  for (guint i = 0; i < G_N_ELEMENTS (protected); i++)
    g_assert_true (has_flag ("client", protected[i], CSL_FIELD_PROTECTED));
  g_assert_true (has_flag ("client_identifier", "value", CSL_FIELD_PROTECTED));
  g_assert_true (has_flag ("client", "client_reference", CSL_FIELD_SERVER)); /* */
  g_assert_true (has_flag ("case", "case_reference", CSL_FIELD_SERVER));
  g_assert_false (has_flag ("case", "provisional_reference", CSL_FIELD_SERVER));
}

static void
test_groups (void)
{
  static const char *const status[] = { "closing_date", "closure_reason",
                                        "locked_reason" };
  const CslRecordType *cases = csl_schema_lookup_type (schema, "case");
  int group = csl_record_type_lookup_field (cases, "status")->group;

  g_assert_cmpint (group, >=, 0);
  g_assert_cmpstr (cases->group_names[group], ==, "status");
  for (guint i = 0; i < G_N_ELEMENTS (status); i++)
    g_assert_cmpint (csl_record_type_lookup_field (cases, status[i])->group, ==, group);
}

static void
test_secrets (void)
{
  static const char *const secrets[] = { "password_hash", "mfa_secret", "failed_attempts",
                                         "locked_until", "last_login" };
  const CslRecordType *user = csl_schema_lookup_type (schema, "user");

  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    g_assert_null (csl_record_type_lookup_field (user, secrets[i]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  schema = csl_schema_new_builtin ();
  g_test_add_func ("/schema/shipped-types/types", test_types);
  g_test_add_func ("/schema/shipped-types/marks", test_marks);
  g_test_add_func ("/schema/shipped-types/enums", test_enums);
  g_test_add_func ("/schema/shipped-types/protection", test_protection);
  g_test_add_func ("/schema/shipped-types/groups", test_groups);
  g_test_add_func ("/schema/shipped-types/secrets", test_secrets);
  int result = g_test_run ();
  g_clear_pointer (&schema, csl_schema_unref);
  return result;
}
