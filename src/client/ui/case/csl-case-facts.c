/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-case-facts.c: small questions, answered from the records on this computer. */
#define G_LOG_DOMAIN "csl-case-facts"

#include "config.h"

#include "client/ui/case/csl-case-facts.h"

#include "client/ui/text/csl-display-time.h"
#include "core/base/csl-time.h"
#include "core/domain/csl-case-rules.h"

#include <glib/gi18n.h>

/* When the newest record of @type about the case happened; 0: there is none. */
static gint64
newest_ms (CslSession *session, const CslRecordType *type, const char *case_id)
{
  const char *when = type->fields[type->when_field].name;
  g_autoptr (CslQuery) query = csl_query_new (type);
  g_autoptr (GListModel) found = NULL;
  g_autoptr (CslRecordItem) item = NULL;
  gint64 when_ms = 0;

  csl_query_add_text (query, type->fields[type->case_field].name, CSL_FILTER_IS, case_id);
  csl_query_add_text (query, when, CSL_FILTER_SET, NULL);
  csl_query_set_sort (query, when, true);
  query->limit = 1;
  found = csl_session_list (session, query);
  item = g_list_model_get_item (found, 0);
  if (item != NULL)
    csl_instant_parse (csl_record_item_get_text (item, when), &when_ms, NULL);
  return when_ms;
}

int
csl_case_count_days_without_contact (CslSession *session, const char *case_id)
{
  const CslSchema *schema = csl_session_get_schema (session);
  gint64 when_ms = 0;

  for (guint i = 0; i < csl_schema_get_n_types (schema); i++) {
    const CslRecordType *type = csl_schema_get_type (schema, i);

    if (type->contact && type->case_field >= 0)
      when_ms = MAX (when_ms, newest_ms (session, type, case_id));
  }
  if (when_ms == 0)
    return -1;
  return MAX (0, -csl_display_days_until (when_ms, csl_session_get_now_ms (session)));
}

char *
csl_case_dup_contact_text (CslSession *session, const CslRecord *record)
{
  int days;

  if (!csl_case_status_is_open (csl_record_get_text (record, "status")))
    return NULL;
  days = csl_case_count_days_without_contact (session, record->id);
  if (days < 0)
    return g_strdup (_ ("No contact yet"));
  if (days == 0)
    return g_strdup (_ ("Contact today"));
  if (days == 1)
    return g_strdup (_ ("Contact yesterday"));
  return g_strdup_printf (ngettext ("No contact for %d day", "No contact for %d days",
                                    days),
                          days);
}

const char *
csl_case_get_notable_priority (const CslRecord *record)
{
  const char *priority = csl_record_get_text (record, "priority");
  const bool stands_out = g_strcmp0 (priority, "high") == 0 ||
                          g_strcmp0 (priority, "urgent") == 0;

  return stands_out ? priority : NULL;
}

const char *
csl_item_get_client_id (CslRecordItem *item)
{
  const CslRecordType *type = csl_record_item_get_record_type (item);

  if (g_str_equal (type->name, "client"))
    return csl_record_item_get_id (item);
  if (type->client_field < 0)
    return NULL;
  return csl_record_item_get_text (item, type->fields[type->client_field].name);
}

bool
csl_client_is_protected (const CslRecord *client)
{
  return g_strcmp0 (csl_record_get_text (client, "sensitivity"), "protected_person") == 0;
}

char *
csl_client_dup_address (const CslRecord *client)
{
  static const char *const fields[] = { "address_line1", "address_line2", "city",
                                        "postcode" };
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++) {
    const char *part = csl_record_get_text (client, fields[i]);

    if (part != NULL)
      g_string_append_printf (out, "%s%s", out->len > 0 ? ", " : "", part);
  }
  return out->len > 0 ? g_string_free (g_steal_pointer (&out), FALSE) : NULL;
}

GListModel *
csl_client_list_flags (CslSession *session, const char *client)
{
  g_autoptr (CslQuery) query = csl_query_new (
    csl_schema_lookup_type (csl_session_get_schema (session), "client_flag"));

  csl_query_add_text (query, "client", CSL_FILTER_IS, client);
  csl_query_add_text (query, "cleared_at", CSL_FILTER_UNSET, NULL);
  csl_query_set_sort (query, "raised_at", true);
  return csl_session_list (session, query);
}
