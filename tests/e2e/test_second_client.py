#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The protocol as its document tells it: a client that shares nothing with this program works with the real server, and
every promise of docs/protocol.md that can be seen from outside is looked at."""

import collections
import gzip
import http.client
import json
import pathlib
import subprocess
import sys
import time
import traceback

from caseload_world import SERVER, SOURCE, World
from second_client import Malformed, Refused, Second, canonical, new_id, present, read_json, record_hash, sums_of

WIRE = pathlib.Path(SOURCE) / "tests" / "data" / "wire"
FEW_BYTES, SMALL_PAGE = 1, 16384
CASES = []


def case(what):
    """Adds a function to the test; they run in the order of the file, on the same server."""

    def add(function):
        CASES.append((what, function))
        return function

    return add


def same(found, wanted, what=""):
    if found != wanted:
        raise AssertionError(f"{what}: {repr(found)[:300]} instead of {repr(wanted)[:300]}")


def now():
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z[Europe/London]", time.gmtime())


def brief(answers):
    """What became of operations, without stamps."""
    return [answer.get("code") or answer.get("r") or answer.get("t") for answer in answers]


def parts(lines):
    return [line["t"] for line in lines]


class Office:
    """The people of one centre and a case that two of them share."""

    def __init__(self, world):
        self.world = world
        self.dana = self.maria = self.helen = self.epoch = None
        self.shared = []

    def person(self, username, organisation=None, password=None):
        account = self.world.accounts.get(username)
        second = Second(self.world.url, self.world.ca_file, self.world.root / "second")
        return second.sign_in(
            username, password or account.password, organisation or account.organisation
        )

    def share(self, number=0):
        """(case, client): one of three cases that Dana leads and Maria helps with."""
        case_id = self.shared[number]
        return case_id, self.dana.replica.get("case", case_id)["client"]

    def task(self, who=None, **values):
        who = who or self.dana
        return who.create("task", {"title": "Call the landlord", "assigned_to": who.user, **values})

    def again(self, old):
        """The same computer, signed in again: replica and outbox stay."""
        new = self.person("dana")
        new.device, new.replica, new.outbox = old.device, old.replica, old.outbox
        account = self.world.accounts["dana"]
        return new.sign_in("dana", account.password, account.organisation)

    def settle(self):
        """Everybody pulls; nobody's sums may differ."""
        for who in (self.dana, self.maria):
            who.pull()
            same(who.repairs, [], "repairs")


def refused(status, code, ask):
    """ask() is refused like this; returns the refusal."""
    try:
        answer = ask()
    except Refused as error:
        same((error.status, error.code), (status, code), "refusal")
        if not error.message:
            raise AssertionError(f"{code} came without a sentence") from error
        return error
    raise AssertionError(f"{status} {code} expected; got {str(answer)[:200]}")


# -- before the server --


@case("hashes, canonical forms and sums are those of the test vectors")
def vectors(_):
    for vector in json.loads((WIRE / "hashes.json").read_text()):
        line = read_json(vector["line"])
        same(canonical(present(line["d"])), vector["canonical"], vector["about"])
        same(f"{record_hash(line['k'], line['id'], line['rev'], line['d']):016x}", vector["hash"], vector["about"])
    for vector in json.loads((WIRE / "sums.json").read_text()):
        held = {bucket: (count, int(total, 16)) for bucket, count, total in vector["buckets"]}
        same(sums_of(held), vector["sums"], vector["about"])


# -- parts 3, 7 and 8 --


@case("two caseworkers of one centre and their manager sign in")
def sign_in(office):
    office.dana, office.maria, office.helen = (office.person(name) for name in ("dana", "maria", "helen"))
    same(office.dana.tokens["organisation"], office.maria.tokens["organisation"], "organisation")
    same(office.dana.tokens["expires_in"], 600, "expires_in")
    # The short name of the organisation may be missing.
    office.person("dana", organisation="")


@case("hello says who the server is")
def hello(office):
    said = office.dana.hello()
    office.epoch = said["epoch"]
    assert said["protocol_min"] <= 1 <= said["protocol_max"] and said["schema_min"] <= 1, said
    assert said["horizon"] <= said["safe_seq"] <= said["head"], said
    # Every version may ask: how else would it learn that it is too old?
    same(office.dana.server.json("GET", "/v1/sync/hello", headers={"Caseload-Protocol": "99"})["epoch"], office.epoch)


@case("a first pull brings all, every bucket with its own sum")
def first_pull(office):
    for who in (office.dana, office.maria, office.helen):
        who.pull()
        same(who.repairs, [], "repairs")
        assert len(who.replica.rows) > 1000, len(who.replica.rows)
        counted = [line for line in who.seen if line["t"] == "sum"]
        same(sorted(line["b"] for line in counted), sorted(who.replica.buckets()), "buckets with a sum")
        same(who.seen[-1]["seq"], who.replica.since, "since")
    ranks = {path.stem: json.loads(path.read_text())["rank"] for path in (SOURCE / "data" / "types").glob("*/*.json")}
    keys = [(line["b"], ranks[line["k"]], line["id"]) for line in office.dana.seen if line["t"] == "put"]
    grouped = [key for bucket in dict.fromkeys(key[0] for key in keys) for key in sorted(k for k in keys if k[0] == bucket)]
    same(keys, grouped, "order of the fills")


@case("a manager gives a second worker a part in a case: the file arrives whole")
def given(office):
    led = office.dana.replica.of_kind("case", advisor=office.dana.user, status="in_progress")
    office.shared = sorted(led)[:3]
    for shared in office.shared:
        if not office.maria.replica.get("case", shared):
            part = {"case": shared, "user": office.maria.user, "duty": "second_worker", "from_at": now()}
            same(brief(office.helen.send(office.helen.create("case_assignment", part))), ["ok"])
    office.settle()
    for shared in office.shared:
        rows = [{key for key, row in who.replica.rows.items() if row[0].startswith("c:" + shared)} for who in
                (office.dana, office.maria)]
        same(rows[0], rows[1], "the file")


@case("the next pull is two lines; with wrong sums it names every bucket")
def idle_pull(office):
    dana = office.dana
    same(parts(dana.page()), ["head", "done"])
    body = json.dumps(dana.pull_body(sums="0" * 16)).encode()
    lines = [read_json(line) for line in dana.server.lines("/v1/sync/pull", body)]
    said = {line["b"]: (line["count"], int(line["sum"], 16)) for line in lines if line["t"] == "sum"}
    same(said, dana.replica.buckets(), "sums")


# -- part 9 --


@case("a client, a case, its first event and a note are one group and one commit")
def group(office):
    dana = office.dana
    centre = next(iter(dana.replica.of_kind("membership", user=dana.user).values()))["centre"]
    client = dana.create("client", {"first_name": "Noor", "last_name": "Second", "centre": centre})
    file = {"client": client["id"], "title": "Two programs", "case_type": "debt_advice", "centre": centre}
    opened = dana.create("case", {**file, "status": "new", "priority": "medium"})
    event = {"case": opened["id"], "action": "created", "occurred_at": now(), "user": dana.user}
    event = dana.create("case_event", event)
    note = {"client": client["id"], "case": opened["id"], "content": "Written elsewhere.", "author": dana.user}
    note = dana.create("note", note)
    answers = dana.send(client, opened, event, note)
    same(brief(answers), ["ok"] * 4)
    same(len({answer["seq"] for answer in answers}), 1, "commits")
    same(dana.view("case", opened["id"])["title"], "Two programs", "what Dana sees before the pull")
    office.settle()
    assert dana.replica.get("client", client["id"])["client_reference"], "no number from the server"
    same({dana.replica.rows[key["k"], key["id"]][0] for key in (opened, event)}, {"c:" + opened["id"]}, "bucket")
    same(dana.replica.rows["note", note["id"]][0], f"c:{opened['id']}:notes", "bucket")
    same(office.maria.replica.get("case", opened["id"]), None, "what Maria got")


@case("a push sent twice is answered with the same bytes and dup")
def duplicate(office):
    dana = office.dana
    dana.outbox.add(office.task(), office.task(title=""))
    dana.outbox.add(office.task())
    body = dana.push_body(dana.outbox.waiting)
    first, second = dana.push_raw(body), dana.push_raw(body)
    same([line[:-1] + b',"dup":true}' for line in first], second, "answers")
    other = {**dana.outbox.waiting[2], "set": {"title": "Another", "assigned_to": dana.user}}
    same(brief(map(read_json, dana.push_raw(dana.push_body([other])))), ["op_reuse"])
    for line in first:
        dana.outbox.settle(read_json(line))
    same(dana.outbox.waiting, [], "waiting")


@case("two people change one field: nothing is lost, and one of them settles it")
def conflict(office):
    (shared, _), dana, maria = office.share(), office.dana, office.maria
    hers = maria.update("case", shared, summary="As Maria saw it", priority="urgent")
    same(brief(dana.send(dana.update("case", shared, summary="As Dana saw it"))), ["ok"])
    answer = maria.send(hers)[0]
    same((answer["r"], answer["d"]), ("conflict", {"summary": "As Dana saw it"}))
    office.settle()
    same(maria.replica.get("case", shared)["priority"], "urgent", "the rest of the operation")
    found = dana.replica.get("sync_conflict", answer["conflict"])
    same((found["kind"], found["state"], found["record"], found["op"]), ("field", "open", shared, hers["op"]))
    field = found["fields"][0]
    same((read_json(field["mine"]), read_json(field["server"])), ("As Maria saw it", "As Dana saw it"))
    late = dana.update("sync_conflict", answer["conflict"], state="resolved_theirs", resolved_by=dana.user)
    chosen = maria.update("case", shared, summary="As both saw it")
    chosen["resolves"] = answer["conflict"]
    decided = {"state": "resolved_other", "resolution": "Put together", "resolved_by": maria.user, "resolved_at": now()}
    same(brief(maria.send(chosen, maria.update("sync_conflict", answer["conflict"], **decided))), ["ok", "ok"])
    # Dana decides too, without having seen it: the first decision stays, and nothing becomes a difference.
    again = dana.send(late)[0]
    same((again["r"], again["d"]), ("merged", {"state": "resolved_other", "resolved_by": maria.user}))
    office.settle()
    for who in (dana, maria):
        same(who.replica.get("sync_conflict", answer["conflict"])["state"], "resolved_other", "state")
        same(who.replica.get("case", shared)["summary"], "As both saw it", "summary")


@case("changes of different fields become one record")
def disjoint(office):
    (shared, _), dana, maria = office.share(1), office.dana, office.maria
    hers = maria.update("case", shared, title="As Maria calls it")
    same(brief(dana.send(dana.update("case", shared, next_review_date="2027-01-04"))), ["ok"])
    same(brief(maria.send(hers)), ["ok"])
    office.settle()
    same(dana.replica.rows["case", shared], maria.replica.rows["case", shared], "row")
    row = dana.replica.get("case", shared)
    same((row["title"], row["next_review_date"]), ("As Maria calls it", "2027-01-04"))


@case("a list that two people fill keeps what both wrote, also when one of them goes on without having seen it")
def own_chain(office):
    (shared, client), dana, maria = office.share(), office.dana, office.maria
    visit = {"client": client, "case": shared, "user": dana.user, "planned_start": "2027-01-05T10:00:00.000Z[Europe/London]"}
    visit = dana.create("visit", visit)
    same(brief(dana.send(visit)), ["ok"])
    office.settle()
    item = {name: {"id": name, "text": name} for name in ("rent", "heating", "school")}
    same(brief(maria.send(maria.update("visit", visit["id"], agenda=[item["rent"]]))), ["ok"])
    dana.outbox.add(dana.update("visit", visit["id"], agenda=[item["heating"]]))
    more = {"agenda": [item["heating"], item["school"]]}, {"agenda": [item["heating"]]}
    dana.outbox.add(dana.operation("update", "visit", visit["id"], *more))
    answers = dana.push()
    same(brief(answers), ["merged", "merged"])
    same(answers[1]["d"]["agenda"], [item["rent"], item["heating"], item["school"]])
    office.settle()
    same(maria.replica.get("visit", visit["id"])["agenda"], answers[1]["d"]["agenda"])


@case("a refused operation holds back what depends on it, and nothing else")
def held(office):
    (shared, client), dana = office.share(), office.dana
    place = {"client": client, "case": shared, "advisor": dana.user, "appointment_type": "advice"}
    place.update(centre=dana.replica.get("case", shared)["centre"], start_at="2027-01-04T10:00:00.000Z[Europe/London]")
    bad = dana.create("appointment", {**place, "end_at": "2027-01-04T09:00:00.000Z[Europe/London]"})
    note = {"client": client, "case": shared, "content": "About it", "author": dana.user, "appointment": bad["id"]}
    note = dana.create("note", note)
    more = dana.operation("update", "note", note["id"], {"content": "More"}, {"content": "About it"}, base=0)
    for operation in (office.task(), bad, note, more, office.task()):
        dana.outbox.add(operation)
    answers = dana.push()
    same(brief(answers), ["ok", "R-64", "held", "held", "ok"])
    same((answers[1]["field"], answers[2]["by"], answers[3]["by"]), ("end_at", bad["n"], note["n"]))
    same(dana.view("note", note["id"])["content"], "More", "what Dana sees meanwhile")
    fixed = dana.create("appointment", {**place, "end_at": "2027-01-04T11:00:00.000Z[Europe/London]"}, bad["id"])
    fixed["fixes"] = bad["op"]
    dana.outbox.add(fixed)
    same(brief(dana.push()), ["held", "held", "ok"])
    same(brief(dana.push()), ["ok", "ok"])
    office.settle()
    same(dana.replica.get("note", note["id"])["content"], "More", "the note")


@case("a refused operation takes its group with it")
def group_refused(office):
    dana = office.dana
    answers = dana.send(office.task(), office.task(priority="whatever"), office.task())
    same(brief(answers), ["group", "enum", "group"])
    same({answer["by"] for answer in answers if answer["code"] == "group"}, {dana.outbox.next - 2}, "by")
    dana.pull()
    lone = office.task()
    dana.outbox.add(lone)
    whole, lone["gn"] = lone["gn"], [1, 2]
    same(dana.push(), [], "a group that is not whole at the end of the body")
    lone["gn"] = [2, 2]
    same(brief(dana.push()), ["group"])
    same(whole, [1, 1])


@case("a gap, an old copy and another epoch stop a push before anything is applied")
def numbering(office):
    dana = office.dana
    last = dana.outbox.next - 1
    dana.outbox.next += 3
    far = dana.outbox.add(office.task())[0]
    same(dana.push(), [{"t": "gap", "last_n": last}])
    far["n"], dana.outbox.next = last + 1, last + 2
    same(brief(dana.push()), ["ok"])
    old = dana.outbox.add(office.task())[0]
    old["n"] = 1
    same(dana.push(), [{"t": "device_rewound", "last_n": last + 1}])
    dana.outbox.number_again()
    body = dana.push_body(dana.outbox.waiting, epoch=new_id())
    same([read_json(line) for line in dana.push_raw(body)], [{"t": "epoch", "epoch": office.epoch}])
    same(brief(dana.push()), ["ok"])
    office.settle()
    same(dana.replica.get("task", far["id"])["title"], dana.replica.get("task", old["id"])["title"])


def codes(office):
    """(code of part 9, field, an operation that earns it)"""
    (shared, client), dana = office.share(), office.dana
    row = dana.replica.get("case", shared)
    person = {"first_name": "A", "last_name": "B", "centre": row["centre"]}
    foreign = next(one for one in sorted(office.helen.replica.of_kind("case")) if not dana.replica.get("case", one))
    event = next(iter(dana.replica.of_kind("case_event", case=shared)))
    yield "unknown_type", None, dana.create("sparkle", {"a": 1})
    yield "required", "title", dana.create("task", {"assigned_to": dana.user})
    yield "length", "title", office.task(title="x" * 201)
    yield "range", "dependents", dana.create("client", {**person, "dependents": 99})
    yield "enum", "priority", office.task(priority="whatever")
    yield "invalid", None, office.task(title=7)
    yield "invalid", None, office.task(due_at="tomorrow")
    yield "R-60", "email", dana.create("client", {**person, "email": "nobody"})
    yield "R-63", "phone_primary", dana.create("client", {**person, "phone_primary": "nobody"})
    yield "R-67", "intake_date", dana.create(
        "client", {**person, "intake_date": "2026-01-01", "date_of_birth": "2026-01-02"}
    )
    yield "R-12", "advisor", dana.update("case", shared, advisor=office.maria.user)
    yield "transition", "status", dana.update("case", shared, status="completed")
    yield "reason", "status", dana.update("case", shared, status="referred")
    yield "closure_reason_needed", "closure_reason", dana.update("case", shared, status="pending_completion")
    yield "forbidden", None, dana.delete("case", shared)
    yield "read_only", "created_at", office.task(created_at=now())
    yield "read_only", "client", dana.update("case", shared, client=client)
    yield "append_only", None, dana.operation("update", "case_event", event, {"details": "x"}, {"details": None})
    yield "local", None, dana.create("form_draft", {})
    yield "reference", "client", office.task(client=new_id())
    yield "exists", None, dana.create("task", {"title": "x", "assigned_to": dana.user}, shared)
    yield "missing", None, dana.operation("update", "task", new_id(), {"title": "x"}, {"title": None}, base=3)
    yield "missing", None, dana.operation("update", "case", foreign, {"title": "x"}, {"title": None}, base=3)
    yield "bucket", None, office.task(case=foreign)
    yield "author", None, {**office.task(), "by": office.maria.user}


@case("every refusal of an operation has its documented code, and names the field where there is one")
def rejected(office):
    wanted = list(codes(office))
    for _, _, operation in wanted:
        office.dana.outbox.add(operation)
    for answer, (code, field, _) in zip(office.dana.push(), wanted, strict=True):
        same((answer.get("code"), answer.get("field")), (code, field), f"answer {answer}")
        assert answer["msg"].strip(), f"{code} has no sentence"
    same(office.dana.outbox.waiting, [], "waiting")


@case("members that nobody knows yet are kept, in records and in lines")
def unknown(office):
    dana = office.dana
    task = office.task(hobby={"b": [1, None], "a": "chess"}, later=False, wish=None)
    task["sparkle"] = {"x": 1}
    same(brief(dana.send(task)), ["ok"])
    office.settle()
    row = dana.replica.get("task", task["id"])
    same((row["hobby"], row["later"], "wish" in row), ({"a": "chess", "b": [1, None]}, False, False))
    changed = dana.update("task", task["id"], hobby=None, title="Known again")
    same(brief(dana.send(changed)), ["ok"])
    office.settle()
    assert "hobby" not in dana.replica.get("task", task["id"]), "still there"
    # A line of a kind that is not known, and a put of a type that is not known.
    dana._line({"t": "sparkle", "b": 17})


@case("what was deleted stays deleted; an edit that comes late is a difference")
def deleted(office):
    dana = office.dana
    task = office.task()
    dana.send(task)
    dana.pull()
    edit = dana.update("task", task["id"], title="Too late")
    same(brief(dana.send(dana.delete("task", task["id"]))), ["ok"])
    answer = dana.send(edit)[0]
    same(answer["r"], "conflict")
    same(brief(dana.send(dana.operation("delete", "task", task["id"], base=edit["base"]))), ["ok"])
    dana.pull()
    assert ("gone", "del") in [(line["t"], line.get("why")) for line in dana.seen], "no gone line"
    same(dana.replica.get("task", task["id"]), None)
    same(dana.replica.get("sync_conflict", answer["conflict"])["kind"], "edit_vs_delete")
    back = dana.operation("restore", "task", task["id"], task["set"], {}, base=answer["rev"])
    same(brief(dana.send(back)), ["ok"])
    dana.pull()
    same(dana.replica.get("task", task["id"])["title"], task["set"]["title"])
    same(dana.repairs, [], "repairs")


# -- part 5 --


@case("access that ends drops the file; work on it goes to a supervisor; access given again fills it")
def access(office):
    (shared, client), maria, helen = office.share(2), office.maria, office.helen
    helen.pull()
    live = maria.live()
    for part, row in helen.replica.of_kind("case_assignment", case=shared, user=maria.user).items():
        if "to_at" not in row:
            same(brief(helen.send(helen.update("case_assignment", part, to_at=now()))), ["ok"])
    same(live.wait_for("access"), {"t": "access"})
    live.close()
    maria.outbox.add(maria.update("case", shared, summary="Written on the train"))
    maria.outbox.add(office.task(maria, case=shared, client=client))
    maria.pull()
    # The client's own file goes too when no other case of hers is left.
    drops = {line["b"]: line["why"] for line in maria.seen if line["t"] == "drop"}
    assert {f"c:{shared}", f"c:{shared}:notes"} <= set(drops) and set(drops.values()) == {"unassigned"}, drops
    same([key for key, row in maria.replica.rows.items() if row[0] in drops], [], "rows of the file")
    same(maria.view("case", shared), {"summary": "Written on the train"}, "her own words")
    refused(404, "no_bucket", lambda: maria.manifest(bucket=f"c:{shared}"))
    refused(404, "no_record", lambda: maria.history("case", shared))
    same(parts(maria.fetch(("case", shared))), ["head", "miss", "done"])
    same(brief(maria.push()), ["escrow", "escrow"])
    given = {"case": shared, "user": maria.user, "duty": "cover", "from_at": now()}
    same(brief(helen.send(helen.create("case_assignment", given))), ["ok"])
    maria.pull()
    same({line["b"] for line in maria.seen if line["t"] == "open"}, set(drops) & set(maria.replica.buckets()), "filled")
    office.settle()
    assert maria.replica.get("case", shared)["summary"] != "Written on the train", "escrow was applied"


# -- pages --


@case("pages of one byte hold one row each and go on where they ended")
def pages(office):
    whole, small = office.dana, office.person("dana")
    for _ in range(40):
        lines = small.page(FEW_BYTES)
        same((lines[0]["t"], lines[-1]["t"]), ("head", "page"))
        same(parts(lines).count("put"), 1, "rows of a page")
    until = lines[0]["until"]
    same(len(small.replica.rows), 40, "rows")
    same(small.replica.since, 0)
    # Something changes in the middle; the number of the pull stays.
    same(brief(whole.send(office.task(title="In between"))), ["ok"])
    whole.pull()
    assert small.pull(SMALL_PAGE) > 10, "pages"
    same({line["until"] for line in small.seen if line["t"] == "head"}, {until}, "until")
    small.pull()
    same(small.repairs, [], "repairs")
    same(small.replica.rows, whole.replica.rows, "rows")
    # A server that cannot use a resume starts again; rows twice do no harm.
    small.replica.resume = {"made": "up"}
    small.pull(SMALL_PAGE)
    same(small.replica.rows, whole.replica.rows, "rows")


@case("a page that was cut leaves nothing behind")
def cut(office):
    dana = office.person("dana")
    real = dana.server.lines
    dana.server.lines = lambda *ask: real(*ask)[:-1]
    try:
        dana.page()
        raise AssertionError("a cut page was taken")
    except Malformed:
        same((dana.replica.rows, dana.replica.resume, dana.replica.epoch), ({}, None, ""))
    dana.server.lines = real
    dana.pull()
    same(dana.replica.rows, office.dana.replica.rows, "rows")


# -- parts 12 and 14 --


@case("a damaged replica is told so and repairs itself")
def repair(office):
    dana = office.dana
    before = dict(dana.replica.rows)
    bucket = f"c:{office.share()[0]}"
    keys = sorted(key for key, row in before.items() if row[0] == bucket)
    del dana.replica.rows[keys[0]]
    wrong = before[keys[1]]
    dana.replica.rows[keys[1]] = wrong[0], wrong[1], {**wrong[2], "title": "Nobody wrote this"}
    dana.replica.rows["task", new_id()] = bucket, 3, {"title": "Nobody knows this"}
    dana.pull()
    same(dana.repairs, [bucket], "repairs")
    same(dana.replica.rows, before, "rows")
    dana.repairs.clear()
    same(parts(dana.page()), ["head", "done"])


@case("a manifest lists buckets and rows in order, and goes on behind a row")
def manifest(office):
    dana = office.dana
    listed = dana.manifest()
    said = {line["b"]: (line["count"], int(line["sum"], 16)) for line in listed if line["t"] == "sum"}
    same(said, dana.replica.buckets(), "buckets")
    bucket = max(said, key=lambda name: said[name][0])
    rows = [line for line in dana.manifest(bucket=bucket) if line["t"] == "row"]
    keys = [(line["k"], line["id"]) for line in rows]
    same(keys, sorted(keys), "order")
    same(sum(int(line["h"], 16) for line in rows) % 2**64, said[bucket][1], "sum of the rows")
    rest = [line for line in dana.manifest(bucket=bucket, after=list(keys[5])) if line["t"] == "row"]
    same(rest, rows[6:], "rows behind the sixth")
    asked = [keys[3], ("task", new_id()), keys[0]]
    lines = dana.fetch(*asked)
    same(parts(lines), ["head", "put", "miss", "put", "done"])
    same([(line["k"], line["id"]) for line in lines[1:-1]], asked, "order asked")
    same(lines[1]["d"], dana.replica.get(*keys[3]), "content")


@case("the history of a record tells who changed what, newest first")
def history(office):
    (shared, _), dana = office.share(), office.dana
    lines = dana.history("case", shared)
    same(lines[-1]["t"], "done")
    seqs = [line["seq"] for line in lines[:-1]]
    same(seqs, sorted(seqs, reverse=True), "order")
    newest = lines[0]
    same((newest["by"], newest["act"]), (office.maria.user, "update"))
    same(newest["fields"], [{"f": "summary", "was": "As Dana saw it", "now": "As both saw it"}])
    one = dana.history("case", shared, limit=1, before=newest["seq"])
    same(one[0], lines[1], "before and limit")
    event = next(iter(dana.replica.of_kind("case_event", case=shared)))
    same(parts(dana.history("case_event", event)), ["done"], "a type without history")


# -- part 15 --


@case("a live channel answers a ping and pokes when there is something")
def live_channel(office):
    with_maria = office.maria.live()
    with_maria.send(t="ping", later=True)
    same(with_maria.wait_for("pong"), {"t": "pong"})
    shared, client = office.share()
    began = time.monotonic()
    answer = office.dana.send(office.task(case=shared, client=client))[0]
    poke = with_maria.wait_for("poke")
    assert poke["seq"] >= answer["seq"] and time.monotonic() - began < 3, poke
    with_maria.close()
    office.settle()
    nobody = office.person("maria")
    nobody.server.headers["Authorization"] = "Bearer nonsense"
    refused(401, "unauthorized", nobody.live)


# -- part 3 --


@case("a lost answer to a refresh costs nothing")
def refresh_lost(office):
    dana = office.dana
    body = dana.refresh_body()
    lost = [dana.refresh(body, take=False) for _ in range(2)]
    taken = dana.refresh(body)
    same({answer["refresh_token"] for answer in (*lost, taken)}, {taken["refresh_token"]}, "successors")
    same(dana.hello()["epoch"], office.epoch)


@case("a refresh needs the signature of the device; a wrong one revokes nothing")
def signature(office):
    dana = office.dana
    refused(401, "signature", lambda: dana.refresh({**dana.refresh_body(), "signature": "AAAA"}))
    theirs = office.maria.device.sign(b"refresh")
    refused(401, "signature", lambda: dana.refresh({**dana.refresh_body(), "signature": theirs}))
    refused(401, "expired", lambda: dana.refresh(dana.refresh_body("made up")))
    dana.refresh()
    same(dana.hello()["epoch"], office.epoch)


@case("a used refresh token ends the whole family, and its live channel")
def reused(office):
    thief = office.person("dana")
    kept = len(thief.pull_body())
    channel = thief.live()
    old = thief.refresh_body()
    thief.refresh()
    thief.hello()
    refused(401, "reused", lambda: thief.refresh(old))
    refused(401, "unauthorized", thief.hello)
    refused(401, "expired", thief.refresh)
    same(channel.wait_for("bye"), None)
    same(channel.code, 4401)
    same(len(thief.pull_body()), kept, "what the client keeps")
    same(office.dana.hello()["epoch"], office.epoch, "the other computer of the same person")


@case("signing out ends the tokens, and may be repeated")
def sign_out(office):
    # Several: a connection that ends with the answer must not fail the next request.
    for _ in range(4):
        someone = office.person("maria")
        same((someone.sign_out(), someone.sign_out()), (204, 204))
        refused(401, "unauthorized", someone.hello)
    refused(401, "expired", someone.refresh)


@case("a password is changed for the old one, and only to a good one")
def password(office):
    def change(old, new):
        body = json.dumps({"password": old, "new_password": new}).encode()
        return someone.server.ask("POST", "/v1/auth/password", body)

    someone, old = office.person("ioana"), office.world.accounts["ioana"].password
    refused(401, "credentials", lambda: change("not the old one", "a-longer-new-one"))
    refused(422, "weak", lambda: change(old, "short"))
    change(old, "a-longer-new-one")
    same(someone.server.last.status, 204)
    same(someone.hello()["epoch"], office.epoch, "the tokens stay")
    refused(401, "credentials", lambda: office.person("ioana"))
    office.person("ioana", password="a-longer-new-one")


# -- parts 2, 16 and 17 --


@case("answers may be packed; a packed request is refused and sent plain")
def packed(office):
    fresh = office.person("maria")
    fresh.page(headers={"Accept-Encoding": "gzip"})
    same(fresh.server.last.headers["Content-Encoding"], "gzip")
    fresh.pull()
    same(fresh.replica.rows, office.maria.replica.rows, "rows")
    body = gzip.compress(fresh.push_body([]))
    refused(415, "encoding", lambda: fresh.push_raw(body, {"Content-Encoding": "gzip"}))


@case("every error of the list that can be provoked has its status and code")
def errors(office):
    dana = office.dana
    ask = dana.server.json

    def pull(**more):
        return dana.server.ask("POST", "/v1/sync/pull", json.dumps(dana.pull_body(**more)).encode())

    refused(400, "bad_request", lambda: ask("POST", "/v1/sync/pull", {}))
    refused(400, "bad_request", lambda: ask("POST", "/v1/sync/manifest", {"bucket": 7}))
    refused(400, "bad_request", lambda: ask("POST", "/v1/auth/sign-in", {"username": "dana"}))
    refused(400, "bad_request", lambda: dana.push_raw(b"{}\n"))
    refused(400, "bad_request", lambda: dana.push_raw(dana.push_body([]) + b"not JSON\n"))
    refused(400, "bad_request", lambda: dana.push_raw(dana.push_body([{"op": new_id()}])))
    refused(400, "bad_request", lambda: dana.fetch(*[("task", new_id())] * 501))
    refused(400, "since", lambda: pull(since=dana.replica.since + 1000))
    refused(403, "device", lambda: pull(device=new_id()))
    refused(403, "device", lambda: dana.push_raw(dana.push_body([], device=new_id())))
    refused(404, "not_found", lambda: ask("GET", "/v1/sync/nothing"))
    refused(404, "not_found", lambda: ask("GET", "/healthz"))
    refused(404, "no_bucket", lambda: dana.manifest(bucket="c:" + new_id()))
    refused(404, "no_record", lambda: dana.history("case", new_id()))
    refused(405, "method", lambda: ask("GET", "/v1/sync/pull"))
    refused(413, "too_large", lambda: dana.server.ask("POST", "/v1/sync/pull", b" " * 70000))
    refused(426, "upgrade", lambda: dana.page(headers={"Caseload-Protocol": "99"}))
    refused(426, "upgrade", lambda: pull(schema=0))
    bearer = dana.server.headers.pop("Authorization")
    refused(401, "unauthorized", dana.hello)
    dana.server.headers["Authorization"] = bearer
    same([read_json(line) for line in pull(epoch="another")[1].splitlines()], [{"t": "epoch", "epoch": office.epoch}])
    # Not a WebSocket at all.
    refused(400, "bad_request", lambda: ask("GET", "/v1/sync/live"))
    # Push is accepted from every version.
    same(dana.push({"Caseload-Protocol": "99"}), [])


@case("an operation over the limit is found by halving, and nothing else waits for it")
def too_large(office):
    dana = office.dana
    dana.outbox.add(office.task())
    large = dana.outbox.add(office.task(description="x" * 2**20))[0]
    dana.outbox.add(office.task())
    same(brief(dana.push()), ["ok"], "what came before it")
    refused(413, "too_large", dana.push)
    # One alone: set aside, and the others move up.
    refused(413, "too_large", lambda: dana.push_raw(dana.push_body(dana.outbox.waiting[:1])))
    dana.outbox.waiting.remove(large)
    dana.outbox.waiting[0]["n"] -= 1
    dana.outbox.next -= 1
    same(brief(dana.push()), ["ok"])


@case("a push that is cut is answered up to the last whole group, and may be sent again")
def push_cut(office):
    dana = office.dana
    for _ in range(2):
        dana.outbox.add(office.task(), office.task())
    body = dana.push_body(dana.outbox.waiting)
    ends = [len(b"\n".join(body.split(b"\n")[:lines])) + 1 for lines in range(1, 6)]
    cuts = {ends[0]: 0, ends[1]: 0, ends[2] - 1: 2, ends[2]: 2, ends[2] + 40: 2, ends[3] + 40: 2}
    same({end: len(dana.push_raw(body[:end])) for end in cuts}, cuts, "answers")
    answers = dana.push()
    same([answer.get("dup", False) for answer in answers], [True, True, False, False])
    office.settle()


@case("a blocked account, a name in two organisations and too many attempts have their own answers")
def accounts(office):
    def user(command, organisation, *more):
        words = [SERVER, "user", command, "--data", office.world.root / "server" / "data"]
        subprocess.run([*words, "--organisation", organisation, "--name", "twin", *more], check=True, stdout=subprocess.PIPE)

    password = "the-same-in-both-17"
    (office.world.root / "password").write_text(password + "\n")
    for organisation in ("CAH", "PMS"):
        user("add", organisation, "--role", "caseworker", "--password-file", str(office.world.root / "password"))
    nameless = Second(office.world.url, office.world.ca_file, office.world.root / "second")
    refused(409, "organisation", lambda: nameless.sign_in("twin", password))
    refused(401, "credentials", lambda: nameless.sign_in("twin", password, "XYZ"))
    twin = office.person("twin", "PMS", password)
    user("disable", "PMS")
    refused(403, "locked", lambda: office.person("twin", "PMS", password))
    refused(401, "unauthorized", twin.hello)
    refused(401, "expired", twin.refresh)
    user("enable", "PMS")
    seen = collections.Counter()
    for _ in range(8):
        try:
            nameless.sign_in("twin", "wrong", "PMS")
        except Refused as error:
            seen[error.status, error.code] += 1
            if error.status == 429:
                assert int(error.headers["Retry-After"]) > 0
    same(set(seen), {(401, "credentials"), (429, "busy")}, "answers")


@case("in the end a new computer gets exactly what the old one has, in the same epoch")
def end(office):
    office.settle()
    for name, old in (("dana", office.dana), ("maria", office.maria)):
        fresh = office.person(name)
        fresh.pull()
        same(fresh.repairs, [], "repairs")
        same(fresh.replica.rows, old.replica.rows, "rows")
        same(fresh.replica.epoch, office.epoch, "epoch")
        same(old.outbox.waiting, [], "waiting")


@case("a server that was put back from a backup gets back what it lost, and nothing new is written over")
def restored(office):
    (shared, client), dana, maria = office.share(), office.dana, office.maria
    data, backup = office.world.root / "server" / "data", office.world.root / "backup"
    subprocess.run([SERVER, "backup", data, backup], check=True, stdout=subprocess.PIPE)
    office.settle()
    lost = office.task(case=shared, client=client, title="Only Dana's computer knows")
    same(brief(dana.send(lost)), ["ok"])
    theirs = office.task(maria, case=shared, client=client, title="Dana's computer knows this too")
    same(brief(maria.send(theirs)), ["ok"])
    same(brief(maria.send(maria.update("case", shared, summary="Lost with the server"))), ["ok"])
    for _ in range(5):
        dana.send(office.task())
    dana.pull()
    dana.outbox.add(dana.update("case", shared, summary="Over what was lost"))

    office.world.stop_server()
    for file in backup.glob("*.db"):
        for ending in ("-wal", "-shm"):
            (data / (file.name + ending)).unlink(missing_ok=True)
        (data / file.name).write_bytes(file.read_bytes())
    office.world.start()

    other = office.person("maria")
    other.pull()
    same(other.replica.get("task", lost["id"]), None, "lost")
    same(brief(other.send(other.update("case", shared, summary="Written since"))), ["ok"])
    dana = office.dana = office.again(dana)
    same(dana.page()[0]["t"], "epoch")
    dana.change_epoch()
    same(dana.outbox.waiting, [], "waiting")
    for who in (dana, other):
        who.pull()
        for task in (lost, theirs):
            same((who.replica.get("task", task["id"]) or {}).get("title"), task["set"]["title"], "task")
        same(who.replica.get("case", shared)["summary"], "Written since", "what was written since")
    texts = [
        read_json(field["mine"])
        for one in dana.replica.of_kind("sync_conflict", record=shared, state="open").values()
        for field in one.get("fields", [])
    ]
    assert "Over what was lost" in texts, texts
    assert dana.replica.epoch != office.epoch, "the same epoch"


def run(office):
    """Runs the cases; how many failed."""
    failed = 0
    for number, (what, function) in enumerate(CASES, 1):
        began = time.monotonic()
        try:
            function(office)
            print(f"ok {number} - {what} # {time.monotonic() - began:.2f} s", flush=True)
        except (AssertionError, Refused, Malformed, OSError, http.client.HTTPException, LookupError) as error:
            failed += 1
            print(f"not ok {number} - {what}\n# {error}", flush=True)
            for line in traceback.format_exc().splitlines():
                print(f"# {line}")
    print(f"1..{len(CASES)}")
    return failed


if __name__ == "__main__":
    with World() as WORLD:
        STATUS = run(Office(WORLD))
    sys.exit(1 if STATUS else 0)
