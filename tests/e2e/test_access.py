#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A case is taken from a worker: its rows leave her replica with the next sync, what she had not sent is kept for a manager;
and what she may not see never reached her."""

import datetime
import sys

from caseload_casework import write_note
from caseload_story import Story, wait_until
from caseload_world import World

CANARY = "Canary-Schnauzer: the landlord keeps the deposit in cash."
UNSENT = "Canary-Terrier: written at the door, with no network."


def dump(client):
    """Every record of the replica, read with its key: (type, id, content)."""
    return [line.split("\t", 2) for line in client.tool("dump").splitlines()]


def opens(client, case):
    client.action("win.open-record", f"('case', '{case}')")
    return client.find(type="CslCasePage")


def tell(story):
    with World() as world:
        manager = world.wire("helen")
        manager.pull()
        dana = manager.one("user", username="dana")["id"]
        maria = manager.one("user", username="maria")["id"]
        network = world.network()

        with story.step("Dana's computer holds her cases and nobody else's"):
            client = world.client("dana", network=network)
            world.sign_in(client, "dana")
            world.wait_saved(client)
            client.quit()
            held = dump(client)
            cases = {record for kind, record, _ in held if kind == "case"}
            allowed = world.wire("dana")
            allowed.pull()
            assert cases == {record for kind, record in allowed.records if kind == "case"}
            others = [
                case
                for case in manager.all("case", advisor=maria)
                if case["id"] not in {one["case"] for one in manager.all("case_assignment", user=dana)}
                and case["created_by"] != dana
            ]
            assert others and not cases & {case["id"] for case in others}
            story.say(f"{len(cases)} cases are on her computer; {len(others)} of Maria's are not")

        with story.step("she helps on one of Maria's cases, and writes with and without the network"):
            mine = next(case for case in others if case["status"] == "in_progress")
            assignment = manager.create("case_assignment", {"case": mine["id"], "user": dana, "duty": "second_worker"})
            answer = manager.push(assignment)[0]
            assert answer["r"] == "ok", answer
            client.open_again()
            # What the header said when she closed the program is no news: the file itself must have come.
            wait_until(lambda: opens(client, mine["id"]), 30, "the file is there")
            write_note(client, mine["id"], CANARY)
            world.wait_saved(client)
            network.unplug()
            write_note(client, mine["id"], UNSENT)
            client.quit()
            assert CANARY in "\n".join(content for _, _, content in dump(client))

        with story.step("the manager ends her part in it"):
            record = manager.fetch("case_assignment", assignment["id"])
            answer = manager.push(manager.update("case_assignment", record, {"to_at": wall_clock()}))[0]
            assert answer["r"] == "ok", answer
            manager.pull()
            dana_wire = world.wire("dana")
            dana_wire.pull()
            assert ("case", mine["id"]) not in dana_wire.records, "the server still shows it to Dana"

        with story.step("with the next sync it is gone from Dana's computer"):
            network.plug_in()
            client.open_again()
            wait_until(
                lambda: "attention" in client.sentence() or "aved on the server" in client.sentence(), 30, "a sync"
            )
            client.action("win.show-section", "'unsent'")
            wait_until(lambda: client.find(id="state", under="CslOutboxRow", has="review"), what="kept for review")
            story.say(client.wait(id="state", under="CslOutboxRow")["text"])
            story.shot(client, "kept-for-review")
            client.action("win.search")
            client.type("Schnauzer", id="entry", under="CslSearchPage")
            client.wait(under="CslSearchPage", has="othing")
            client.quit()
            after = dump(client)
            about = [line for line in after if mine["id"] in line[1] or mine["id"] in line[2]]
            assert not about, about[:3]
            assert not [line for line in after if "Schnauzer" in line[2]]
            assert {record for _, record, _ in after} == {record for _, record, _ in held}
            story.say(f"{len(after)} records, the same as before she was asked to help")

        with story.step("what she had not sent is with the manager, not on the case"):
            manager.pull()
            assert not manager.all("note", content=UNSENT)
            assert manager.all("note", content=CANARY), "the note that was sent stays"

        with story.step("no file of hers tells of it"):
            found = world.search_home(client, ["Schnauzer", "Canary-Terrier", "deposit in cash"])
            assert not found, found


def wall_clock():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z[UTC]"


if __name__ == "__main__":
    sys.exit(Story("access").run(tell))
