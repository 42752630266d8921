/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-client-page.c: a person. The header says what matters before calling or visiting. */
#define G_LOG_DOMAIN "csl-client-page"

#include "config.h"

#include "client/ui/client/csl-client-page.h"

#include "client/ui/case/csl-case-facts.h"
#include "client/ui/client/csl-flag-list.h"
#include "client/ui/list/csl-groups-view.h"
#include "client/ui/record/csl-history-dialog.h"
#include "client/ui/record/csl-record-facts.h"
#include "client/ui/shell/csl-navigation.h"
#include "client/ui/shell/csl-pill.h"
#include "client/ui/text/csl-accessible.h"
#include "client/ui/text/csl-display.h"
#include "client/ui/timeline/csl-timeline.h"
#include "core/domain/csl-person.h"
#include "core/schema/csl-label.h"

#include <glib/gi18n.h>

struct _CslClientPage
{
  CslPage parent_instance;

  GtkWidget *note_button;  /* (unowned): template child */
  GtkLabel *name;          /* (unowned): template child */
  GtkLabel *subtitle;      /* (unowned): template child */
  CslPill *risk;           /* (unowned): template child */
  CslPill *protection;     /* (unowned): template child */
  CslPill *state;          /* (unowned): template child */
  CslFlagList *flags;      /* (unowned): template child */
  GtkWidget *reach_box;    /* (unowned): template child */
  GtkLabel *reach;         /* (unowned): template child */
  CslGroupsView *overview; /* (unowned): template child */
  CslTimeline *timeline;   /* (unowned): template child */
  CslRecordFacts *facts;   /* (unowned): template child */
  CslGroupsView *papers;   /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslClientPage, csl_client_page, CSL_TYPE_PAGE)

static const CslGroupEntry overview_groups[] = {
  { "case", N_ ("No cases yet. Open the first one with the plus sign.") },
  { "client_contact", N_ ("Nobody yet. Add family, friends and professionals here.") },
  { "task", N_ ("Nothing to do."), "status", "pending,in_progress" },
  { "appointment", N_ ("No appointments planned."), "status",
    "scheduled,confirmed,in_progress" },
};

static const CslGroupEntry paper_groups[] = {
  { "client_identifier", N_ ("No numbers yet, such as a national insurance number.") },
  { "consent", N_ ("No consents yet.") },
  { "client_flag", N_ ("No flags.") },
};

static char *
dup_age (CslSession *session, const CslRecord *record)
{
  g_autoptr (GDateTime) now =
    g_date_time_new_from_unix_local (csl_session_get_now_ms (session) / 1000);
  g_autofree char *today = g_date_time_format (now, "%Y-%m-%d");
  const int age =
    csl_person_get_age (csl_record_get_text (record, "date_of_birth"), today);

  if (age < 0)
    return NULL;
  return g_strdup_printf (ngettext ("%d year old", "%d years old", age), age);
}

static void
append_part (GString *out, const char *part)
{
  g_autofree char *own = part != NULL ? csl_display_isolate (part) : NULL;

  if (own != NULL)
    g_string_append_printf (out, "%s%s", out->len > 0 ? " · " : "", own);
}

/* "CL-1042 · 18 years old · speaks Bengali, needs an interpreter" */
static void
show_subtitle (CslClientPage *self, const CslRecord *record)
{
  CslSession *session = csl_page_get_session (CSL_PAGE (self));
  const char *language = csl_record_get_text (record, "preferred_language");
  const char *reference = csl_record_get_text (record, "client_reference");
  g_autofree char *age = dup_age (session, record);
  g_autofree char *speaks = language != NULL ? g_strdup_printf (_ ("speaks %s"), language)
                                             : NULL;
  g_autoptr (GString) out = g_string_new (NULL);

  append_part (out, reference != NULL
                      ? reference
                      : csl_record_get_text (record, "provisional_reference"));
  append_part (out, age);
  append_part (out, speaks);
  if (csl_record_get (record, "interpreter_needed")->number != 0)
    append_part (out, _ ("needs an interpreter"));
  gtk_label_set_label (self->subtitle, out->str);
}

/* What not to do comes right after the number. */
static void
append_unsafe (GString *out, const CslRecord *record)
{
  static const struct
  {
    const char *field, *words;
  } ways[] = {
    { "safe_to_call", N_ ("Do not call") },
    { "safe_to_leave_voicemail", N_ ("Do not leave voicemail") },
    { "safe_to_text", N_ ("Do not text") },
    { "safe_to_email", N_ ("Do not e-mail") },
    { "safe_to_write", N_ ("Do not send post") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++) {
    const CslValue *value = csl_record_get (record, ways[i].field);

    if (!csl_value_is_null (value) && value->number == 0)
      append_part (out, _ (ways[i].words));
  }
}

static void
show_reach (CslClientPage *self, const CslRecord *record)
{
  const char *how = csl_record_get_text (record, "safe_contact");
  g_autoptr (GString) out = g_string_new (NULL);

  append_part (out, csl_record_get_text (record, "phone_primary"));
  append_part (out, csl_record_get_text (record, "phone_secondary"));
  append_unsafe (out, record);
  if (how != NULL)
    g_string_append_printf (out, "%s%s", out->len > 0 ? "\n" : "", how);
  gtk_label_set_label (self->reach, out->str);
  gtk_widget_set_visible (self->reach_box, out->len > 0);
}

static void
show_pills (CslClientPage *self, const CslRecord *record)
{
  const CslField *risk = csl_record_type_lookup_field (record->type, "risk_level");
  const CslEnumValue *level =
    csl_record_get_text (record, "risk_level") != NULL
      ? csl_enum_lookup (risk->options, csl_record_get_text (record, "risk_level"))
      : NULL;
  /* Translators: how great the risk is. */
  g_autofree char *words =
    level != NULL
      ? g_strdup_printf (_ ("Risk: %s"), csl_label_value (risk->options, level->value))
      : NULL;

  csl_pill_set (self->risk, level != NULL ? level->style : NULL, NULL, words);
  csl_pill_set (self->protection, "error", "channel-secure-symbolic",
                csl_client_is_protected (record) ? _ ("Protected address") : NULL);
  csl_pill_set_state (self->state,
                      csl_record_item_get_state (csl_page_get_item (CSL_PAGE (self))));
}

static char *
dup_name (const CslRecord *record)
{
  return csl_person_dup_display_name (
    &(CslPersonName){ .first_name = csl_record_get_text (record, "first_name"),
                      .last_name = csl_record_get_text (record, "last_name"),
                      .preferred_name = csl_record_get_text (record, "preferred_name") });
}

static void
csl_client_page_item_changed (CslPage *page)
{
  CslClientPage *self = CSL_CLIENT_PAGE (page);
  CslRecordItem *item = csl_page_get_item (page);
  g_autofree char *name = NULL;
  const CslRecord *record;

  if (item == NULL)
    return;
  record = csl_record_item_get_record (item);
  name = dup_name (record);
  gtk_label_set_label (self->name,
                       name != NULL ? name : csl_record_item_get_title (item));
  show_subtitle (self, record);
  show_reach (self, record);
  show_pills (self, record);
}

/* Parts that are filled once: their lists are live. */
static void
fill_parts (CslClientPage *self)
{
  CslSession *session = csl_page_get_session (CSL_PAGE (self));
  CslRecordItem *item = csl_page_get_item (CSL_PAGE (self));
  const CslPageRequest request = { .client = csl_record_item_get_id (item) };

  csl_flag_list_set_client (self->flags, session, request.client);
  csl_timeline_set_record (self->timeline, session, "client", request.client);
  csl_record_facts_set_item (self->facts, session, item);
  csl_groups_view_fill (self->overview, session, &request, overview_groups,
                        G_N_ELEMENTS (overview_groups));
  csl_groups_view_fill (self->papers, session, &request, paper_groups,
                        G_N_ELEMENTS (paper_groups));
}

static const char *
get_id (GtkWidget *widget)
{
  return csl_record_item_get_id (csl_page_get_item (CSL_PAGE (widget)));
}

static void
new_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  csl_navigation_write (widget,
                        &(CslPageRequest){ .type = g_variant_get_string (parameter, NULL),
                                           .client = get_id (widget) });
}

static void
edit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  csl_navigation_edit_record (widget, "client", get_id (widget));
}

static void
show_history_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  csl_history_dialog_present (widget, csl_page_get_session (CSL_PAGE (widget)),
                              csl_page_get_item (CSL_PAGE (widget)));
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (CSL_TYPE_FLAG_LIST);
  g_type_ensure (CSL_TYPE_GROUPS_VIEW);
  g_type_ensure (CSL_TYPE_PILL);
  g_type_ensure (CSL_TYPE_RECORD_FACTS);
  g_type_ensure (CSL_TYPE_TIMELINE);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/client/csl-client-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CslClientPage, name);
  gtk_widget_class_bind_template_child (widget_class, CslClientPage, note_button);
  gtk_widget_class_bind_template_child (widget_class, CslClientPage, subtitle);
  gtk_widget_class_bind_template_child (widget_class, CslClientPage, risk);
  gtk_widget_class_bind_template_child (widget_class, CslClientPage, protection);
  gtk_widget_class_bind_template_child (widget_class, CslClientPage, state);
  gtk_widget_class_bind_template_child (widget_class, CslClientPage, flags);
  gtk_widget_class_bind_template_child (widget_class, CslClientPage, reach_box);
  gtk_widget_class_bind_template_child (widget_class, CslClientPage, reach);
  gtk_widget_class_bind_template_child (widget_class, CslClientPage, overview);
  gtk_widget_class_bind_template_child (widget_class, CslClientPage, timeline);
  gtk_widget_class_bind_template_child (widget_class, CslClientPage, facts);
  gtk_widget_class_bind_template_child (widget_class, CslClientPage, papers);
}

static void
csl_client_page_class_init (CslClientPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  CSL_PAGE_CLASS (klass)->item_changed = csl_client_page_item_changed;
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "client.new", "s", new_action);
  gtk_widget_class_install_action (widget_class, "client.edit", NULL, edit_action);
  gtk_widget_class_install_action (widget_class, "client.show-history", NULL,
                                   show_history_action);
}

static void
csl_client_page_init (CslClientPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  csl_accessible_name_inner (self->note_button, GTK_TYPE_MENU_BUTTON,
                             _ ("Write something else"));
}

CslPage *
csl_client_page_new (CslSession *session, const CslPageRequest *request)
{
  g_autoptr (CslRecordItem) item = csl_session_lookup (session, "client", request->id);
  CslClientPage *self;

  if (item == NULL)
    return NULL;
  self = g_object_new (CSL_TYPE_CLIENT_PAGE, "session", session, "item", item, NULL);
  fill_parts (self);
  return CSL_PAGE (self);
}
