/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-push-group.c: one group of a push, kept whole or undone whole.
 *
 *   line known, same body       → the stored answer again, "dup"
 *   line known, other body      → rejected op_reuse
 *   first line that is refused  → the piece is undone; the others share its fate; its conflict or escrow stays
 *   else                        → the piece is kept
 */
#define G_LOG_DOMAIN "caseload-server"
#include "config.h"

#include "server/handlers/csd-push-group.h"

#include "core/base/csl-mut.h"
#include "server/handlers/csd-apply.h"
#include "server/handlers/csd-incarnation.h"
#include "server/handlers/csd-stranded.h"
#include "store/csl-store-error.h"

#include <string.h>

/* Words about a person who was erased stay with nobody, also when another operation of the group was refused first. */
static bool
is_about_erased (CsdStorage *storage, const CsdPushLine *line)
{
  const CslOp *op = line->op;

  if (op == NULL)
    return false;
  if (storage->is_erased (storage, op->id, NULL))
    return true;
  for (guint i = 0; i < op->set->len; i++) {
    const CslFieldValue *set = &g_array_index (op->set, CslFieldValue, i);
    const char *id = op->type->fields[set->field].target != NULL
                       ? csl_value_get_text (&set->value)
                       : NULL;

    if (id != NULL && storage->is_erased (storage, id, NULL))
      return true;
  }
  return false;
}

static void
refuse_erased (CsdPushLine *line)
{
  csl_answer_clear (&line->answer);
  csd_push_line_start_answer (line);
  csd_answer_reject (&line->answer, "erased", NULL,
                     "This belongs to a record that was erased by law.");
}

static bool
find_known (CsdPushWork *work, CsdPushLine *line, GError **error)
{
  CsdStorage *storage = work->call->storage;
  const CslOp *op = csd_push_line_get_identity (line);
  g_auto (CsdOpDone) done = { 0 };
  GError *find_error = NULL;

  if (!storage->find_op (storage, op->op, &done, &find_error)) {
    if (find_error != NULL)
      g_propagate_error (error, find_error);
    return find_error == NULL;
  }
  line->known = true;
  line->n = done.n;
  g_strlcpy (line->inc, done.inc, sizeof line->inc);
  if (done.hash != line->hash || strcmp (done.user, work->call->claims.user) != 0) {
    line->reused = true;
    return true;
  }
  line->moved = done.held && (done.n != op->n || strcmp (done.inc, work->inc) != 0);
  if (done.held)
    return true;
  /* An answer that cannot be read must not lead to a second effect. */
  if (!csl_answer_parse (&line->answer, done.answer, strlen (done.answer), error))
    return false;
  if (CSL_MUT (33)) {
    csl_answer_clear (&line->answer);
    return true;
  }
  /* Refused before somebody it names was erased: its author takes the words out only when told why now. */
  if (line->answer.verdict == CSL_VERDICT_REJECTED && is_about_erased (storage, line))
    refuse_erased (line);
  line->dup = true;
  line->answer.dup = true;
  line->answer.n = op->n;
  return true;
}

bool
csd_push_group_look_up (CsdPushWork *work, GPtrArray *lines, GError **error)
{
  for (guint i = 0; i < lines->len; i++)
    if (!find_known (work, g_ptr_array_index (lines, i), error))
      return false;
  return true;
}

static void
write_answer (CsdPushWork *work, const CsdPushLine *line)
{
  g_autofree char *text = csl_answer_print (&line->answer);

  g_string_append (work->answers, text);
  g_string_append_c (work->answers, '\n');
}

bool
csd_push_group_repeat (CsdPushWork *work, GPtrArray *lines, gint64 last_n)
{
  for (guint i = 0; i < lines->len; i++) {
    const CsdPushLine *line = g_ptr_array_index (lines, i);

    if (!line->dup || csd_push_line_get_identity (line)->n > last_n)
      return false;
  }
  for (guint i = 0; i < lines->len; i++)
    write_answer (work, g_ptr_array_index (lines, i));
  return true;
}

/* Neither does a group wait, or is kept for a decision, with such words in it. */
static CsdPushLine *
blame_for_erased (CsdStorage *storage, GPtrArray *lines, CsdPushLine *cause)
{
  if (cause->answer.verdict != CSL_VERDICT_HELD &&
      cause->answer.verdict != CSL_VERDICT_ESCROW)
    return cause;
  for (guint i = 0; i < lines->len; i++) {
    CsdPushLine *line = g_ptr_array_index (lines, i);

    if (line->dup || !is_about_erased (storage, line))
      continue;
    refuse_erased (line);
    return line;
  }
  return cause;
}

/* Everybody but @cause shares its fate. */
static void
answer_group (CsdStorage *storage, GPtrArray *lines, const CsdPushLine *cause)
{
  for (guint i = 0; i < lines->len; i++) {
    CsdPushLine *line = g_ptr_array_index (lines, i);

    if (line == cause || line->dup)
      continue;
    csl_answer_clear (&line->answer);
    csd_push_line_start_answer (line);
    if (cause->answer.verdict == CSL_VERDICT_HELD) {
      line->answer.verdict = CSL_VERDICT_HELD;
      line->answer.held_by = cause->answer.held_by;
      continue;
    }
    if (cause->answer.verdict == CSL_VERDICT_ESCROW) {
      line->answer.verdict = CSL_VERDICT_ESCROW;
      continue;
    }
    if (is_about_erased (storage, line)) {
      refuse_erased (line);
      continue;
    }
    csd_answer_reject (&line->answer, "group", NULL,
                       "Another change that belongs to this one was refused.");
    line->answer.held_by = cause->answer.n;
  }
}

static bool
refuse_unreadable (CsdPushLine *line)
{
  if (line->op != NULL && !line->reused)
    return false;
  csd_push_line_start_answer (line);
  if (line->reused)
    csd_answer_reject (&line->answer, "op_reuse", NULL,
                       "This number was used for another change.");
  else
    csd_answer_reject (&line->answer, line->code, NULL, line->problem);
  return true;
}

/* The operation before may have changed who may do what: people are looked up for each one. */
static bool
find_member (CsdPushWork *work, CsdApply *apply, GError **error)
{
  const CsdDirectory *directory =
    csd_organisation_get_directory (work->call->organisation, error);

  apply->member = directory != NULL ? csd_directory_lookup (directory, apply->user)
                                    : NULL;
  return directory != NULL;
}

/* Applies the lines in order until one is refused. *ret_cause: that one. */
static bool
apply_lines (CsdPushWork *work,
             CsdApply *apply,
             GPtrArray *lines,
             CsdOutcome *outcome,
             CsdPushLine **ret_cause,
             GError **error)
{
  for (guint i = 0; i < lines->len; i++) {
    CsdPushLine *line = g_ptr_array_index (lines, i);

    if (line->dup)
      continue;
    *ret_cause = line;
    if (refuse_unreadable (line))
      return true;
    csd_outcome_clear (outcome);
    if (!find_member (work, apply, error))
      return false;
    if (!csd_apply_op (apply, line->op, &line->answer, outcome, error))
      return false;
    if (outcome->refused)
      return true;
    if (outcome->conflict.record != NULL &&
        !csd_conflict_write (&outcome->conflict, &work->commit, apply->user, error))
      return false;
  }
  *ret_cause = NULL;
  return true;
}

static bool
put_escrow (CsdPushWork *work,
            const CsdPushLine *line,
            const char *bucket,
            GError **error)
{
  CsdStorage *storage = work->call->storage;
  const CslOp *op = csd_push_line_get_identity (line);
  g_autofree char *text = g_strndup (line->text, line->length);
  CsdEscrow escrow = { .position = op->group_position,
                       .seq = work->commit.seq,
                       .create = op->act == CSL_ACT_CREATE,
                       .line = text,
                       .at = work->commit.at };

  g_strlcpy (escrow.op, op->op, sizeof escrow.op);
  g_strlcpy (escrow.group, op->group, sizeof escrow.group);
  g_strlcpy (escrow.user, work->call->claims.user, sizeof escrow.user);
  g_strlcpy (escrow.record, op->id, sizeof escrow.record);
  g_strlcpy (escrow.bucket, bucket, sizeof escrow.bucket);
  return storage->put_escrow (storage, &escrow, error);
}

/* The lines as they came, and a record of all of them for those who decide. */
static bool
keep_escrow (CsdPushWork *work, GPtrArray *lines, const char *bucket, GError **error)
{
  g_autoptr (GPtrArray) ops = g_ptr_array_new ();
  const CsdStranded stranded = { .commit = &work->commit,
                                 .user = work->call->claims.user,
                                 .device = work->call->claims.device,
                                 .bucket = bucket,
                                 .ops = ops };

  for (guint i = 0; i < lines->len; i++) {
    CsdPushLine *line = g_ptr_array_index (lines, i);

    if (line->dup || line->answer.verdict != CSL_VERDICT_ESCROW || CSL_MUT (39))
      continue;
    line->answer.seq = work->commit.seq;
    if (!put_escrow (work, line, bucket, error))
      return false;
    if (line->op != NULL)
      g_ptr_array_add (ops, line->op);
  }
  return ops->len == 0 || csd_stranded_write (&stranded, error);
}

/* What stays of a refused group: its conflict, its escrow, its answers. */
static bool
settle_refused (CsdPushWork *work,
                GPtrArray *lines,
                CsdPushLine *cause,
                CsdOutcome *outcome,
                GError **error)
{
  cause = blame_for_erased (work->call->storage, lines, cause);
  answer_group (work->call->storage, lines, cause);
  if (outcome->conflict.record != NULL && !CSL_MUT (44) &&
      !csd_conflict_write (&outcome->conflict, &work->commit, work->call->claims.user,
                           error))
    return false;
  return keep_escrow (work, lines, outcome->bucket, error);
}

/* A replica's own number is the one that counts: it takes the place of one that the server gave to its copy, and not the other
 * way round. */
static void
set_number (const CsdPushWork *work, const CsdPushLine *line, CsdOpDone *done)
{
  const bool keep = line->known && csd_incarnation_is_of_copies (work->inc) &&
                    !csd_incarnation_is_of_copies (line->inc);

  done->n = keep ? line->n : csd_push_line_get_identity (line)->n;
  g_strlcpy (done->inc, keep ? line->inc : work->inc, sizeof done->inc);
}

/* It was answered before. Was that a copy, then it has the replica's own number from now on. */
static bool
renumber (CsdPushWork *work, const CsdPushLine *line, GError **error)
{
  CsdStorage *storage = work->call->storage;
  g_auto (CsdOpDone) done = { 0 };

  if (!csd_incarnation_is_of_copies (line->inc) ||
      csd_incarnation_is_of_copies (work->inc))
    return true;
  if (!storage->find_op (storage, line->answer.op, &done, error))
    return false;
  set_number (work, line, &done);
  return storage->put_op (storage, &done, error);
}

static bool
remember_answers (CsdPushWork *work, GPtrArray *lines, GError **error)
{
  CsdStorage *storage = work->call->storage;

  for (guint i = 0; i < lines->len; i++) {
    CsdPushLine *line = g_ptr_array_index (lines, i);
    const CslOp *op = csd_push_line_get_identity (line);
    g_auto (CsdOpDone) done = { .seq = line->answer.seq, .hash = line->hash };
    g_autofree char *text = csl_answer_print (&line->answer);

    g_string_append (work->answers, text);
    g_string_append_c (work->answers, '\n');
    if (line->dup && !renumber (work, line, error))
      return false;
    if (line->dup || line->reused)
      continue;
    set_number (work, line, &done);
    g_strlcpy (done.op, op->op, sizeof done.op);
    g_strlcpy (done.device, work->call->claims.device, sizeof done.device);
    g_strlcpy (done.user, work->call->claims.user, sizeof done.user);
    g_strlcpy (done.record, op->id, sizeof done.record);
    done.create = line->op != NULL && op->act == CSL_ACT_CREATE;
    done.held = line->answer.verdict == CSL_VERDICT_HELD;
    done.refused = line->answer.verdict == CSL_VERDICT_REJECTED;
    done.answer = g_steal_pointer (&text);
    if (!storage->put_op (storage, &done, error))
      return false;
  }
  return true;
}

/* Content that the tables themselves refuse is this group's fault, not the server's. */
static bool
is_content_error (const GError *error)
{
  return g_error_matches (error, CSL_STORE_ERROR, CSL_STORE_ERROR_INVALID);
}

/* The tables' word against validation's: whoever wrote last is answered. */
static CsdPushLine *
blame_for_content (GPtrArray *lines,
                   CsdPushLine *cause,
                   CsdOutcome *outcome,
                   const GError *error)
{
  g_warning ("The tables refuse what validation let through: %s", error->message);
  if (cause == NULL)
    cause = g_ptr_array_index (lines, 0);
  csl_answer_clear (&cause->answer);
  csd_conflict_clear (&outcome->conflict);
  csd_push_line_start_answer (cause);
  csd_answer_reject (&cause->answer, "invalid", NULL,
                     "The server cannot keep this value.");
  return cause;
}

bool
csd_push_group_run (CsdPushWork *work, GPtrArray *lines, GError **error)
{
  CsdApply apply = { .commit = &work->commit,
                     .organisation = work->call->organisation,
                     .user = work->call->claims.user,
                     .device = work->call->claims.device,
                     .inc = work->inc };
  g_auto (CsdOutcome) outcome = { 0 };
  g_autoptr (GError) group_error = NULL;
  CsdPushLine *cause = NULL;

  if (!csd_commit_open (&work->commit, error))
    return false;
  if (apply_lines (work, &apply, lines, &outcome, &cause, &group_error) &&
      cause == NULL && csd_commit_close (&work->commit, &group_error))
    return remember_answers (work, lines, error);
  if (!CSL_MUT (40))
    csd_commit_undo (&work->commit);
  if (group_error != NULL && !is_content_error (group_error)) {
    g_propagate_error (error, g_steal_pointer (&group_error));
    return false;
  }
  if (group_error != NULL)
    cause = blame_for_content (lines, cause, &outcome, group_error);
  return csd_commit_open (&work->commit, error) &&
         settle_refused (work, lines, cause, &outcome, error) &&
         csd_commit_close (&work->commit, error) && remember_answers (work, lines, error);
}
