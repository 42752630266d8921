/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-pull-write.c: the lines of a pull, manifest or fetch answer, each with its newline. */
#include "core/base/csl-json-write.h"
#include "core/wire/csl-pull-line.h"
#include "core/wire/csl-wire-private.h"

static void
begin (GString *out, const char *kind)
{
  g_string_append (out, "{\"t\":\"");
  g_string_append (out, kind);
  g_string_append_c (out, '"');
}

static void
end (GString *out)
{
  g_string_append (out, "}\n");
}

/**
 * csl_pull_write_head:
 * @epoch: of the organisation's database
 * @since: the client's cursor
 * @until: snapshot of this pull
 * @schema: schema version of the server
 * @safe_seq: everything up to here is in a completed backup
 * @time: (nullable): the server's clock, an instant; %NULL where the Date of the answer says it
 */
void
csl_pull_write_head (GString *out,
                     const char *epoch,
                     gint64 since,
                     gint64 until,
                     guint schema,
                     gint64 safe_seq,
                     const char *time)
{
  begin (out, "head");
  csl_json_write_member_string (out, "epoch", epoch);
  csl_json_write_member_int (out, "since", since);
  csl_json_write_member_int (out, "until", until);
  csl_json_write_member_int (out, "schema", schema);
  csl_json_write_member_int (out, "safe_seq", safe_seq);
  if (time != NULL)
    csl_json_write_member_string (out, "time", time);
  end (out);
}

void
csl_pull_write_drop (GString *out, const char *bucket, gint64 seq, const char *why)
{
  begin (out, "drop");
  csl_json_write_member_string (out, "b", bucket);
  csl_json_write_member_int (out, "seq", seq);
  csl_json_write_member_string (out, "why", why);
  end (out);
}

/* Which record, in which version. */
static void
write_record (GString *out, const char *type, const char *id, gint64 rev)
{
  csl_json_write_member_string (out, "k", type);
  csl_json_write_member_string (out, "id", id);
  csl_json_write_member_int (out, "rev", rev);
}

void
csl_pull_write_open (GString *out,
                     const char *bucket,
                     gint64 count,
                     gint64 bytes,
                     bool fill)
{
  begin (out, "open");
  csl_json_write_member_string (out, "b", bucket);
  csl_json_write_member_int (out, "count", count);
  csl_json_write_member_int (out, "bytes", bytes);
  csl_json_write_name (out, "fill");
  g_string_append (out, fill ? "true" : "false");
  end (out);
}

void
csl_pull_write_put (GString *out,
                    const char *bucket,
                    const char *type,
                    const char *id,
                    gint64 rev,
                    const char *doc)
{
  begin (out, "put");
  csl_json_write_member_string (out, "b", bucket);
  write_record (out, type, id, rev);
  csl_json_write_name (out, "d");
  g_string_append (out, doc);
  end (out);
}

void
csl_pull_write_gone (GString *out,
                     const char *bucket,
                     const char *type,
                     const char *id,
                     gint64 rev,
                     const char *why)
{
  begin (out, "gone");
  csl_json_write_member_string (out, "b", bucket);
  write_record (out, type, id, rev);
  csl_json_write_member_string (out, "why", why);
  end (out);
}

static void
write_seq_line (GString *out, const char *kind, gint64 seq)
{
  begin (out, kind);
  csl_json_write_member_int (out, "seq", seq);
  end (out);
}

void
csl_pull_write_commit (GString *out, gint64 seq)
{
  write_seq_line (out, "commit", seq);
}

void
csl_pull_write_sum (GString *out, const char *bucket, gint64 count, guint64 sum)
{
  begin (out, "sum");
  csl_json_write_member_string (out, "b", bucket);
  csl_json_write_member_int (out, "count", count);
  csl_wire_write_sum (out, "sum", sum);
  end (out);
}

/**
 * csl_pull_write_page:
 * @resume_json: an object the client sends back as it is
 */
void
csl_pull_write_page (GString *out, const char *resume_json)
{
  begin (out, "page");
  csl_json_write_name (out, "resume");
  g_string_append (out, resume_json);
  end (out);
}

void
csl_pull_write_done (GString *out, gint64 seq)
{
  write_seq_line (out, "done", seq);
}

void
csl_pull_write_row (GString *out,
                    const char *type,
                    const char *id,
                    gint64 rev,
                    guint64 hash)
{
  begin (out, "row");
  write_record (out, type, id, rev);
  csl_wire_write_sum (out, "h", hash);
  end (out);
}

void
csl_pull_write_epoch (GString *out, const char *epoch)
{
  begin (out, "epoch");
  csl_json_write_member_string (out, "epoch", epoch);
  end (out);
}

void
csl_pull_write_reconcile (GString *out, gint64 seq)
{
  write_seq_line (out, "reconcile", seq);
}

void
csl_pull_write_miss (GString *out, const char *type, const char *id, const char *why)
{
  begin (out, "miss");
  csl_json_write_member_string (out, "k", type);
  csl_json_write_member_string (out, "id", id);
  if (why != NULL)
    csl_json_write_member_string (out, "why", why);
  end (out);
}
