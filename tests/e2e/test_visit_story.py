#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A home visit without network, end to end: two workers, two computers, one server, nothing lost."""

import sys
import time

from caseload_story import Story, wait_until
from caseload_world import World

OPENING = "Ms R. showed me the notice; the hearing is on Wednesday 2 December at ten."
TYPING = "She has not eaten properly since Friday. Food voucher agreed, "
MARIAS_PHONE = "0117 496 0199"
DANAS_PHONE = "07700 900 123"


def unsent_lines(client):
    """What "Unsent" lists: title, change and state of each line."""
    client.action("win.show-section", "'unsent'")
    client.wait(id="list_place")
    rows = [client.find(id=part, under="CslOutboxRow") for part in ("title", "summary", "state")]
    return [
        "   ".join(text for text in (title["text"], summary["text"], state["text"]) if text)
        for title, summary, state in zip(rows[0], rows[1] + [{"text": ""}] * len(rows[0]), rows[2])
    ]


def tell(story):
    with World() as world:
        tell_in(world, story)


def tell_in(world, story):
    manager = world.wire("helen")
    manager.pull()
    dana_id = manager.one("user", username="dana")["id"]
    maria_id = manager.one("user", username="maria")["id"]
    cable = world.network()

    with story.step("Dana signs in; her caseload arrives"):
        dana = world.client("dana", network=cable)
        world.sign_in(dana, "dana")
        dana.wait(id="greeting")
        world.wait_saved(dana)
        story.shot(dana, "today")
        story.say(dana.get("label", id="greeting"))
        story.say(dana.sentence())

    with story.step("She reads her cases"):
        dana.action("win.show-section", "'cases'")
        dana.wait(id="name", under="CslCaseRow")
        names = [widget["text"] for widget in dana.find(id="name", under="CslCaseRow")]
        story.say(f"{len(names)} lines on the screen, first: {', '.join(names[:3])}")
        story.shot(dana, "cases")

    with story.step("The home visit of today is there, and Maria works on the same case"):
        dana.action("win.show-section", "'today'")
        dana.wait(id="visit_button", text="_Start Visit")
        title = dana.wait(id="title", under="CslAppointmentRow", has="Home visit")["text"]
        appointment = todays_visit(manager, dana_id, title)
        client_id, case_id = appointment["client"], appointment["case"]
        share_case(manager, case_id, maria_id)
        before = manager.fetch("client", client_id)
        person = f"{before['first_name']} {before['last_name']}"
        story.say(f"{person}, phone {before.get('phone_primary', 'none')}")

    with story.step("Maria signs in on another computer and sees the person"):
        maria = world.client("maria")
        world.sign_in(maria, "maria")
        world.wait_saved(maria)
        maria.action("win.open-record", f"('client', '{client_id}')")
        maria.wait(has=before["last_name"])
        story.shot(maria, "client")

    with story.step("Dana drives off: no network"):
        cable.unplug()
        wait_until(lambda: "offline" in dana.sentence().lower(), what="the sentence says offline")
        story.say(dana.sentence())

    with story.step("She checks in and writes the note and a fact"):
        dana.click(id="visit_button", text="_Start Visit")
        dana.click(id="check_in")
        dana.type(OPENING, id="content")
        dana.type(DANAS_PHONE, name="field-phone_primary")
        time.sleep(1.1)
        story.say(f"note: {OPENING}")
        story.say(f"phone: {DANAS_PHONE}")
        story.shot(dana, "visit")

    with story.step("The battery dies in the middle of a sentence"):
        for word in TYPING.split(" "):
            dana.append(word + " ", id="content")
        dana.wait(seconds=5, under="saved", has="aved on this computer")
        time.sleep(1.0)
        dana.append("and the last words", id="content")
        dana.kill()
        story.say("killed with SIGKILL while typing")

    with story.step("Started again, still offline: the draft is there"):
        dana.open_again()
        dana.click(id="visit_button", text="_Go On with Visit")
        text = dana.text(id="content")
        assert text.startswith(OPENING), text
        # All but what was typed in the last second.
        assert TYPING.strip() in text, text
        assert dana.get("text", name="field-phone_primary") == DANAS_PHONE
        story.say(f"the note ends with: …{text[-40:]!r}")
        story.shot(dana, "draft-again")

    with story.step("She finishes the note and checks out"):
        dana.type(OPENING + " " + TYPING + "to collect tomorrow.", id="content")
        dana.click(id="check_out")
        dana.wait(id="greeting")
        story.say(dana.sentence())

    with story.step("She takes on a new client with a first case and a note, all offline"):
        new_client(dana)
        story.shot(dana, "new-client")
        dana.click(id="save", under="CslIntakePage")
        dana.wait(type="CslCasePage")
        dana.action("win.new-note")
        dana.type("First talk at the kitchen table. Two months behind, letter of 12 November.", id="content")
        dana.click(id="finish")
        dana.wait(gone=True, type="CslNotePage")
        story.shot(dana, "new-case")

    with story.step("All of it waits in the queue"):
        lines = unsent_lines(dana)
        for line in lines:
            story.say(line)
        assert len(lines) >= 7, lines
        story.shot(dana, "queue")

    with story.step("Meanwhile Maria changes the same phone, and the street"):
        change_client(maria, client_id, phone_primary=MARIAS_PHONE, address_line2="Flat 2, second floor")
        world.wait_saved(maria)
        now = manager.fetch("client", client_id)
        assert now["phone_primary"] == MARIAS_PHONE, now
        story.say(f"the server has {now['phone_primary']}")

    with story.step("Dana is back in the office: everything she wrote arrives"):
        cable.plug_in()
        wait_until(lambda: not waiting(dana), 30, "the queue is empty")
        manager.pull()
        arrived(story, manager, client_id, dana_id)
        story.say(f"{len(lines)} changes were sent; {len(unsent_lines(dana))} came back:")
        for line in unsent_lines(dana):
            story.say(line)
        story.say(dana.sentence())

    with story.step("The note on the new client came after the client and the case"):
        check_order(story, manager, dana_id)

    with story.step("Different fields were merged silently"):
        now = manager.fetch("client", client_id)
        assert now["address_line2"] == "Flat 2, second floor", now

    with story.step("The phone differs: Dana sees both values, who and when"):
        dana.action("win.show-section", "'differences'")
        dana.wait(seconds=20, text=f"Client · {person}")
        open_difference(dana, client_id, manager)
        dana.wait(has="Maria Lopez")
        for label in dana.find(type="GtkLabel", under="groups"):
            story.say(label["text"])
        dana.wait(text=MARIAS_PHONE)
        dana.wait(text=DANAS_PHONE)
        story.shot(dana, "difference")

    with story.step("She chooses her own"):
        dana.click(name="choose-mine")
        dana.click(id="apply")
        dana.wait(gone=True, type="CslDifferencePage")
        wait_until(lambda: manager.fetch("client", client_id)["phone_primary"] == DANAS_PHONE, what="her phone")
        conflict = wait_until(lambda: settled(manager, client_id), what="the difference is settled")
        assert conflict["state"] == "resolved_mine", conflict

    with story.step("Both replicas show it"):
        for client in (dana, maria):
            wait_until(lambda: shows(client, client_id, DANAS_PHONE), what=f"{client.name} shows the phone")
            story.say(f"on {client.name}'s computer: {DANAS_PHONE}")
        story.shot(maria, "client-after")

    with story.step("The server's history has every value and its author"):
        entries = [
            (entry["by"], field.get("was"), field.get("now"))
            for entry in reversed(manager.history("client", client_id))
            for field in entry["fields"]
            if field["f"] == "phone_primary"
        ]
        names = {dana_id: "Dana", maria_id: "Maria"}
        for by, was, now in entries:
            story.say(f"{names.get(by, 'somebody else'):>13}: {was} → {now}")
        assert entries[-2:] == [
            (maria_id, before.get("phone_primary"), MARIAS_PHONE), (dana_id, MARIAS_PHONE, DANAS_PHONE),
        ], entries  # fmt: skip

    with story.step("Nothing she typed can be read in the files of her computer"):
        found = world.search_home(dana, ["notice; the hearing", DANAS_PHONE, "kitchen table", "Okonkwo-Bright"])
        assert not found, found


def todays_visit(manager, user, title):
    """The appointment of that line on Dana's screen, as the server knows it."""
    today = time.strftime("%Y-%m-%d")
    for appointment in manager.all("appointment", advisor=user):
        client = manager.fetch("client", appointment["client"])
        if appointment["start_at"].startswith(today) and title.endswith(f"{client['first_name']} {client['last_name']}"):
            return appointment
    raise AssertionError(f"the server has no appointment for {title!r}")


def share_case(manager, case_id, user):
    """The manager makes somebody a second worker of a case."""
    answers = manager.push(manager.create("case_assignment", {"case": case_id, "user": user, "duty": "second_worker"}))
    assert answers[0]["r"] == "ok", answers
    manager.pull()


def new_client(client):
    client.action("win.new-client")
    for field, text in (("first_name", "Temi"), ("last_name", "Okonkwo-Bright"), ("phone_primary", "07700 900 555")):
        client.type(text, name=f"field-{field}", under="client_place")
    client.type("Rent arrears after a lost job", name="field-title", under="case_place")
    client.ask("select", name="field-case_type", under="case_place", position=2)


def change_client(client, client_id, **values):
    client.action("win.open-record", f"('client', '{client_id}')")
    client.action("client.edit", type="CslClientPage")
    for field, text in values.items():
        client.type(text, name=f"field-{field}")
    client.click(id="save", under="CslEditPage")
    client.wait(gone=True, type="CslEditPage")


def waiting(client):
    """Is anything on its way?"""
    words = client.sentence()
    return any(word in words for word in ("only", "Sending", "offline"))


def arrived(story, manager, client_id, user):
    notes = [note for note in manager.all("note", client=client_id, author=user) if note["content"].startswith(OPENING)]
    assert len(notes) == 1 and notes[0]["content"].endswith("to collect tomorrow."), notes
    visits = [visit for visit in manager.all("visit", client=client_id) if visit.get("ended_at")]
    assert visits, "the visit is not on the server"
    story.say(f"visit note: {notes[0]['content'][:60]}…")


def check_order(story, manager, user):
    client = manager.one("client", last_name="Okonkwo-Bright")
    case = manager.one("case", client=client["id"])
    note = manager.one("note", client=client["id"], author=user)
    made = [manager.history(kind, record["id"])[-1]["seq"] for kind, record in
            (("client", client), ("case", case), ("note", note))]  # fmt: skip
    assert made == sorted(made), made
    together = len(set(made)) == 1
    story.say(f"all three arrived with commit {made[0]}" if together else f"they became commits {made}")
    story.say(f"{client['client_reference']}, {case['case_reference']}: {note['content'][:50]}…")
    assert case.get("case_reference") and client.get("client_reference"), case


def open_difference(client, record, manager):
    manager.pull()
    conflict = manager.one("sync_conflict", record=record, state="open")
    client.action("win.open-record", f"('sync_conflict', '{conflict['id']}')")


def settled(manager, record):
    manager.pull()
    found = [conflict for conflict in manager.all("sync_conflict", record=record) if conflict["state"] != "open"]
    return found[0] if found else None


def shows(client, record, text):
    client.action("win.open-record", f"('client', '{record}')")
    return any(text in widget["text"] for widget in client.try_ask("tree").get("widgets", []))


if __name__ == "__main__":
    sys.exit(Story("visit-story").run(tell))
