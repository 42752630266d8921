/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload-server"

#include "server/demo/csd-demo-text.h"

#define MAX_DEPTH 6
/* How often a sentence of the pools is put in front of a note, and at its end. */
#define SENTENCE_PERCENT 62

static void expand_into (CsdDemoText *self, const char *text, GString *out, guint depth);

void
csd_demo_text_init (CsdDemoText *self, CsdDemoWorld *world, const CsdDemoPerson *person)
{
  *self = (CsdDemoText){ .world = world, .person = person };
  self->drawn = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->used = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

void
csd_demo_text_clear (CsdDemoText *self)
{
  g_clear_pointer (&self->drawn, g_hash_table_unref);
  g_clear_pointer (&self->used, g_hash_table_unref);
}

/* -- words that follow from the person -- */

static const struct
{
  const char *name, *f, *m, *n;
} pronouns[] = {
  { "they", "she", "he", "they" },
  { "them", "her", "him", "them" },
  { "their", "her", "his", "their" },
  { "theirs", "hers", "his", "theirs" },
  { "themself", "herself", "himself", "themself" },
  { "was", "was", "was", "were" },
  { "is", "is", "is", "are" },
  { "has", "has", "has", "have" },
  { "does", "does", "does", "do" },
};

static char *
dup_pronoun (const CsdDemoPerson *person, const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (pronouns); i++) {
    const char *word = person->gender == 'f'   ? pronouns[i].f
                       : person->gender == 'm' ? pronouns[i].m
                                               : pronouns[i].n;
    char *text;

    if (g_ascii_strcasecmp (pronouns[i].name, name) != 0)
      continue;
    text = g_strdup (word);
    if (g_ascii_isupper (name[0]))
      text[0] = g_ascii_toupper (text[0]);
    return text;
  }
  return NULL;
}

static const char *
lookup_builtin (CsdDemoText *self, const char *name)
{
  const struct
  {
    const char *name, *text;
  } builtins[] = {
    { "first", self->person->called },
    { "last", self->person->last },
    { "city", self->person->city },
    { "street", self->person->street },
    { "language", self->person->language },
    { "phone", self->person->mobile },
    { "worker", self->worker },
    { "centre", self->centre },
  };

  for (guint i = 0; i < G_N_ELEMENTS (builtins); i++)
    if (g_str_equal (builtins[i].name, name))
      return builtins[i].text;
  return NULL;
}

/* -- dates -- */

static GDateTime *
day_after (CsdDemoText *self, int days)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (self->world->zone);
  g_autoptr (GDateTime) utc =
    g_date_time_new_from_unix_utc (self->day_ms / 1000 + (gint64) days * 24 * 3600);

  return zone != NULL ? g_date_time_to_timezone (utc, zone) : g_date_time_ref (utc);
}

/* {date+9}, {day-3}, {time}; NULL for anything else. */
static char *
dup_calendar (CsdDemoText *self, const char *name)
{
  bool is_date = g_str_has_prefix (name, "date") && strchr ("+-", name[4]) != NULL;
  bool is_day = g_str_has_prefix (name, "day") && strchr ("+-", name[3]) != NULL;
  g_autoptr (GDateTime) day = NULL;

  if (g_str_equal (name, "time"))
    return g_strdup_printf ("%u:%02u", 9 + csd_demo_pick (self->world, 8),
                            15 * csd_demo_pick (self->world, 4));
  if (!is_date && !is_day)
    return NULL;
  day = day_after (self, (int) g_ascii_strtoll (name + (is_date ? 4 : 3), NULL, 10));
  if (is_day)
    return g_date_time_format (day, "%A");
  return g_date_time_format (day, g_str_equal (self->world->locale, "us") ? "%B %-e"
                                                                          : "%-e %B");
}

/* -- drawn values -- */

static char *
dup_amount (CsdDemoText *self, JsonArray *range, bool money)
{
  gint64 from = json_array_get_int_element (range, 0);
  gint64 to = json_array_get_int_element (range, 1);
  gint64 step = json_array_get_length (range) > 2 ? json_array_get_int_element (range, 2)
                                                  : 1;
  gint64 number = from +
                  step * csd_demo_pick (self->world, (guint) ((to - from) / step + 1));
  const char *sign = g_str_equal (self->world->locale, "us") ? "$" : "£";

  if (!money)
    return g_strdup_printf ("%" G_GINT64_FORMAT, number);
  if (number >= 1000)
    return g_strdup_printf ("%s%d,%03d", sign, (int) (number / 1000),
                            (int) (number % 1000));
  return g_strdup_printf ("%s%d", sign, (int) number);
}

static char *
dup_drawn (CsdDemoText *self, JsonNode *node)
{
  JsonObject *object;

  if (JSON_NODE_HOLDS_ARRAY (node))
    return g_strdup (csd_demo_pick_text (self->world, json_node_get_array (node)));
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return g_strdup (json_node_get_string (node));
  object = json_node_get_object (node);
  if (json_object_has_member (object, "amount"))
    return dup_amount (self, csd_demo_get_array (object, "amount"), true);
  if (json_object_has_member (object, "int"))
    return dup_amount (self, csd_demo_get_array (object, "int"), false);
  if (json_object_has_member (object, self->world->locale))
    return dup_drawn (self, json_object_get_member (object, self->world->locale));
  return g_strdup ("");
}

/* A value of the storyline or the pools, drawn once per case. */
static const char *
draw (CsdDemoText *self, const char *name, JsonObject *values, guint depth)
{
  JsonNode *node = values != NULL ? json_object_get_member (values, name) : NULL;
  g_autofree char *raw = NULL;
  GString *text;

  if (node == NULL)
    return NULL;
  raw = dup_drawn (self, node);
  text = g_string_new (NULL);
  expand_into (self, raw, text, depth + 1);
  g_hash_table_insert (self->drawn, g_strdup (name), g_string_free (text, FALSE));
  return g_hash_table_lookup (self->drawn, name);
}

static void
append_named (CsdDemoText *self, const char *name, GString *out, guint depth)
{
  JsonObject *pool =
    csd_demo_get_object (json_node_get_object (self->world->corpus->pools), "values");
  const char *text = g_hash_table_lookup (self->drawn, name);
  g_autofree char *made = NULL;

  if (text == NULL)
    text = draw (self, name, self->vars, depth);
  if (text == NULL)
    text = lookup_builtin (self, name);
  if (text == NULL && g_str_equal (name, "full"))
    text = made = g_strdup_printf ("%s %s", self->person->first, self->person->last);
  if (text == NULL && g_str_equal (name, "age"))
    text = made = g_strdup_printf ("%d", self->person->age);
  if (text == NULL && g_str_equal (name, "minutes"))
    text = made = g_strdup_printf ("%d", (int) self->minutes);
  if (text == NULL)
    text = made = dup_pronoun (self->person, name);
  if (text == NULL)
    text = made = dup_calendar (self, name);
  if (text == NULL)
    text = draw (self, name, pool, depth);
  g_string_append (out, text != NULL ? text : name);
}

/* -- the whole -- */

/* One of the choices of "[a|b|c]"; returns the position after the bracket. */
static const char *
expand_choice (CsdDemoText *self, const char *open, GString *out, guint depth)
{
  const char *close = strchr (open, ']');
  g_autofree char *inside =
    close != NULL ? g_strndup (open + 1, (gsize) (close - open - 1)) : NULL;
  g_auto (GStrv) choices = NULL;

  if (inside == NULL) {
    g_string_append_c (out, '[');
    return open + 1;
  }
  choices = g_strsplit (inside, "|", -1);
  if (choices[0] != NULL)
    expand_into (self, choices[csd_demo_pick (self->world, g_strv_length (choices))], out,
                 depth);
  return close + 1;
}

static const char *
expand_name (CsdDemoText *self, const char *open, GString *out, guint depth)
{
  const char *close = strchr (open, '}');
  g_autofree char *name = close != NULL ? g_strndup (open + 1, (gsize) (close - open - 1))
                                        : NULL;

  if (name == NULL) {
    g_string_append_c (out, '{');
    return open + 1;
  }
  append_named (self, name, out, depth);
  return close + 1;
}

static void
expand_into (CsdDemoText *self, const char *text, GString *out, guint depth)
{
  if (depth > MAX_DEPTH)
    return;
  while (*text != '\0')
    if (*text == '[')
      text = expand_choice (self, text, out, depth);
    else if (*text == '{')
      text = expand_name (self, text, out, depth);
    else
      g_string_append_c (out, *text++);
}

/* Empty choices leave double spaces behind; a sentence begins with a capital. */
static char *
tidy (GString *text)
{
  GString *out = g_string_sized_new (text->len);

  for (gsize i = 0; i < text->len; i++) {
    bool again = text->str[i] == ' ' && (out->len == 0 || out->str[out->len - 1] == ' ');
    if (!again)
      g_string_append_c (out, text->str[i]);
  }
  g_string_free (text, TRUE);
  if (out->len > 0)
    out->str[0] = g_ascii_toupper (out->str[0]);
  return g_strchomp (g_string_free (out, FALSE));
}

char *
csd_demo_text_expand (CsdDemoText *self, const char *text)
{
  GString *out;

  if (text == NULL)
    return NULL;
  out = g_string_new (NULL);
  expand_into (self, text, out, 0);
  return tidy (out);
}

/* A sentence of the pool not used in this case yet, or NULL. */
static const char *
pick_sentence (CsdDemoText *self, const char *pool, const char *kind)
{
  JsonObject *pools =
    csd_demo_get_object (json_node_get_object (self->world->corpus->pools), pool);
  const char *sentence;

  if (!csd_demo_chance (self->world, SENTENCE_PERCENT))
    return NULL;
  sentence = csd_demo_pick_text (self->world, csd_demo_get_array (pools, kind));
  if (sentence[0] == '\0' || g_hash_table_contains (self->used, sentence))
    return NULL;
  g_hash_table_add (self->used, g_strdup (sentence));
  return sentence;
}

char *
csd_demo_text_note (CsdDemoText *self, const char *text, const char *kind, bool alone)
{
  const char *opener = alone ? NULL : pick_sentence (self, "openers", kind);
  const char *closer = alone ? NULL : pick_sentence (self, "closers", kind);
  g_autofree char *before = csd_demo_text_expand (self, opener);
  g_autofree char *middle = csd_demo_text_expand (self, text);
  g_autofree char *after = csd_demo_text_expand (self, closer);

  return g_strconcat (before != NULL ? before : "", before != NULL ? " " : "", middle,
                      after != NULL ? " " : "", after != NULL ? after : "", NULL);
}
