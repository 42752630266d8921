#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker loses a case while she is away: nothing of it stays on her computer but her own words; these wait for the manager,
who takes one over and declines another; a colleague reads what was taken over, and its author reads what was decided."""

import sys

from caseload_keys import Keyboard
from caseload_story import Story, wait_until
from caseload_world import World
from test_access import dump, wall_clock, write_note

CANARIES = ["Canary-Wolfhound", "Canary-Beagle", "Canary-Corgi"]
KEPT = "Terrier-one: the landlord was at the door himself."
SECOND = "Terrier-two: written twice by mistake."
WHY = "This is in the other note already."


def records_with(lines, words):
    return [line for line in lines if any(word in line[2] for word in words)]


def sync(client):
    """Everything this computer can send and fetch has been."""
    client.action("win.sync-now")
    wait_until(
        lambda: "attention" in client.sentence() or "aved on the server" in client.sentence(), 30, "a sync"
    )


def share_case(world, manager, dana):
    """A case of Maria's that Dana helps with, full of words that she may not keep: its id, and Dana's part in it."""
    maria = manager.one("user", username="maria")["id"]
    helped = {one["case"] for one in manager.all("case_assignment", user=dana)}
    case = next(
        one
        for one in manager.all("case", advisor=maria, status="in_progress")
        if one["id"] not in helped and one["created_by"] != dana
    )
    assignment = manager.create("case_assignment", {"case": case["id"], "user": dana, "duty": "second_worker"})
    author = world.wire("maria")
    author.pull()
    note = author.create(
        "note",
        {"case": case["id"], "client": case["client"], "kind": "case", "author": maria, "content": CANARIES[1]},
    )
    task = author.create(
        "task",
        {"case": case["id"], "client": case["client"], "title": CANARIES[2], "assigned_to": maria, "status": "pending"},
    )
    record = manager.fetch("case", case["id"])
    for wire, change in (
        (manager, assignment),
        (manager, manager.update("case", record, {"summary": CANARIES[0]})),
        (author, note),
        (author, task),
    ):
        answer = wire.push(change)[0]
        assert answer["r"] == "ok", answer
    return case, assignment["id"]


def leave_draft(client, case):
    """A form of the case, begun and left: it holds what the case said."""
    client.action("win.open-record", f"('case', '{case}')")
    client.wait(type="CslCasePage")
    client.action("case.edit", type="CslCasePage")
    client.wait(type="CslEditPage")
    client.type("Terrier-three: half a thought", type="GtkTextView", under="field-description")
    client.action("win.back")
    client.wait(gone=True, type="CslEditPage")


def tell(story):
    with World() as world:
        manager = world.wire("helen")
        manager.pull()
        dana = manager.one("user", username="dana")["id"]
        network = world.network()

        with story.step("Dana helps with a case, and goes out of the network"):
            case, assignment = share_case(world, manager, dana)
            client = world.client("dana", network=network)
            world.sign_in(client, "dana")
            world.wait_saved(client)
            network.unplug()
            write_note(client, case["id"], KEPT)
            write_note(client, case["id"], SECOND)
            leave_draft(client, case["id"])
            client.quit()
            held = dump(client)
            for word in CANARIES:
                assert records_with(held, [word]), f"{word} never was on her computer"

        with story.step("meanwhile the case is taken from her"):
            record = manager.fetch("case_assignment", assignment)
            answer = manager.push(manager.update("case_assignment", record, {"to_at": wall_clock()}))[0]
            assert answer["r"] == "ok", answer

        with story.step("after the next contact nothing of the case is on her computer but her own words"):
            network.plug_in()
            client.open_again()
            sync(client)
            client.action("win.show-section", "'unsent'")
            wait_until(
                lambda: len(client.find(id="state", under="CslOutboxRow", has="review")) == 2, what="both are kept"
            )
            story.shot(client, "with-a-manager")
            for word in CANARIES:
                client.action("win.search")
                client.type(word, id="entry", under="CslSearchPage")
                client.wait(under="CslSearchPage", has="othing")
                client.action("win.back")
            client.quit()
            after = dump(client)
            assert not records_with(after, CANARIES), records_with(after, CANARIES)
            assert records_with(after, ["Terrier-three"]), "her own draft is gone"
            assert not world.search_home(client, CANARIES + ["Terrier-"])

        with story.step("her words wait in the manager's inbox, and nowhere else"):
            helen = world.client("helen")
            world.sign_in(helen, "helen")
            world.wait_saved(helen)
            helen.wait(text="Take Over", under="CslSidebar")
            helen.action("win.show-section", "'stranded'")
            helen.wait(id="list", under="CslListPage")
            wait_until(lambda: helen.find(under="CslListPage", has="Terrier-one"), what="the first note is there")
            assert helen.find(under="CslListPage", has="Terrier-two")
            story.shot(helen, "inbox")
            assert not client_sees(world, "maria"), "a colleague reads the inbox"
            client.open_again()
            assert not client.find(text="Take Over", under="CslSidebar")

        with story.step("the manager reads the first one, and takes it over with Ctrl+Enter"):
            open_work(helen, manager, KEPT)
            helen.wait(id="heading", under="CslStrandedPage", has="Dana")
            helen.wait(under="CslStrandedPage", has="Terrier-one")
            story.shot(helen, "read")
            with Keyboard() as keyboard:
                keyboard.take_focus(helen)
                helen.ask("focus", id="accept", under="CslStrandedPage")
                keyboard.press("ctrl+Return")
                helen.wait(gone=True, type="CslStrandedPage")
            world.wait_saved(helen)

        with story.step("the second one is declined, with a reason"):
            open_work(helen, manager, SECOND)
            helen.click(id="decline", under="CslStrandedPage")
            helen.type(WHY, type="GtkTextView", under="AdwMessageDialog")
            story.shot(helen, "why-not")
            helen.click(text="_Decline", under="AdwMessageDialog")
            helen.wait(gone=True, type="CslStrandedPage")
            world.wait_saved(helen)
            helen.action("win.show-section", "'stranded'")
            helen.wait(id="empty", under="CslListPage", has="Nothing Is Waiting")
            story.shot(helen, "nothing-waits")

        with story.step("the colleague reads the note that was taken over, with Dana's name"):
            colleague = world.wire("maria")
            colleague.pull()
            notes = colleague.all("note", content=KEPT)
            assert len(notes) == 1 and notes[0]["author"] == dana and notes[0]["created_by"] == dana, notes
            assert not colleague.all("note", content=SECOND)

        with story.step("Dana reads what was decided: one is gone from her list, one says why"):
            sync(client)
            client.action("win.show-section", "'unsent'")
            wait_until(lambda: client.find(id="state", under="CslOutboxRow", has=WHY), 30, "the reason is there")
            wait_until(lambda: len(client.find(type="CslOutboxRow")) == 1, what="the other is closed")
            story.say(client.wait(id="state", under="CslOutboxRow")["text"])
            story.shot(client, "decided")
            client.quit()
            assert not records_with(dump(client), CANARIES + ["Terrier-one"])


def client_sees(world, username):
    wire = world.wire(username)
    wire.pull()
    return wire.all("stranded_work")


def open_work(client, manager, words):
    """The page of the work that holds these words."""
    manager.pull()
    work = next(one for one in manager.all("stranded_work") if words[:11] in str(one["changes"]))
    client.action("win.open-record", f"('stranded_work', '{work['id']}')")
    client.wait(type="CslStrandedPage")


if __name__ == "__main__":
    sys.exit(Story("escrow").run(tell))
