/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-refusal-text.c: sentences by the code of a refusal. The server writes English for its log; the
 * person reads what stands here, or the sentence of the definition that the code belongs to. */
#include "config.h"

#include "client/app/csl-refusal-text.h"

#include "core/schema/csl-label.h"

#include <glib/gi18n-lib.h>
#include <stdbool.h>

static const struct
{
  const char *code;
  bool at_field; /* the sentence begins with the label of the field */
  const char *sentence;
} sentences[] = {
  /* Translators: the sentences with %s begin with the label of a field, "Phone: …". */
  { "required", true, N_ ("%s: please fill this in.") },
  { "form", true, N_ ("%s: this is not filled in correctly.") },
  { "enum", true, N_ ("%s: this is not in the list.") },
  { "range", true, N_ ("%s: this is too little or too much.") },
  { "length", true, N_ ("%s: the text is too long.") },
  { "unique", true, N_ ("%s: another record has this already.") },
  { "reference", true, N_ ("%s: this points to a record that does not exist.") },
  { "read_only", true, N_ ("%s: this cannot be changed once it is saved.") },
  { "R-60", true, N_ ("%s: write an e-mail address, such as name@example.org.") },
  { "R-62", true, N_ ("%s: the file is larger than 100 MB.") },
  { "R-63", true, N_ ("%s: use digits, spaces, hyphens and brackets only.") },
  { "R-12", false,
    N_ (
      "Only a chair or a manager gives a case to somebody, and only to a caseworker who "
      "works here now.") },
  { "append_only", false, N_ ("This cannot be changed once it is saved.") },
  { "author", false, N_ ("Another person wrote this; they have to sign in to send it.") },
  { "builds_on", false,
    N_ ("This builds on other work of the same person. Take that over first.") },
  { "bucket", false, N_ ("You do not have access to that file.") },
  { "erased", false, N_ ("This record was erased by law.") },
  { "exists", false, N_ ("There is a record of this already.") },
  { "finished", false,
    N_ ("This is finished and stays as it is. Write a correction instead.") },
  { "forbidden", false, N_ ("Your role does not allow this.") },
  { "group", false, N_ ("Another change that belongs to this one was refused.") },
  { "invalid", false, N_ ("The server cannot read this. Tell your administrator.") },
  { "local", false, N_ ("Records of this kind stay on the computer.") },
  { "missing", false, N_ ("There is no such record on the server any more.") },
  { "no_fit", false,
    N_ (
      "What this is about was deleted meanwhile, or changed so that it does not fit any "
      "more.") },
  { "op_reuse", false,
    N_ ("The server took this for another change. Tell your administrator.") },
  { "reason", false, N_ ("Please write a reason for this.") },
  { "too_large", false, N_ ("This is too long for the server.") },
  { "transition", false,
    N_ ("The status cannot change like this, or somebody else has to do it.") },
  { "unknown_type", false,
    N_ ("The server does not know records of this kind. Tell your administrator.") },
};

static const char *
label_of (const CslRecordType *type, const char *name)
{
  const CslField *field =
    type != NULL && name != NULL ? csl_record_type_lookup_field (type, name) : NULL;

  return field != NULL ? csl_label_field (field) : _ ("This");
}

static char *
dup_with_label (const char *sentence, const char *label)
{
  g_auto (GStrv) halves = g_strsplit (sentence, "%s", 2);

  return g_strjoinv (label, halves);
}

char *
csl_refusal_text_dup (const CslRecordType *type,
                      const char *code,
                      const char *field,
                      const char *message)
{
  const char *check = type != NULL && code != NULL ? csl_label_check (type, code) : NULL;

  if (check != NULL)
    return g_strdup (check);
  for (guint i = 0; code != NULL && i < G_N_ELEMENTS (sentences); i++) {
    if (!g_str_equal (sentences[i].code, code))
      continue;
    if (!sentences[i].at_field)
      return g_strdup (_ (sentences[i].sentence));
    return dup_with_label (_ (sentences[i].sentence), label_of (type, field));
  }
  return g_strdup (message);
}
