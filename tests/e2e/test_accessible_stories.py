#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Casework by screen reader alone: the program as it is shipped, used through the accessibility bus and nothing else. What is
asked of it is what a person who cannot see needs: names, roles, states, actions, and to be told what changes."""

import re
import sys

import caseload_access
from book_chapter import choose
from caseload_keys import Keyboard
from caseload_story import Story, wait_until
from caseload_world import PIN, World

NOTE = "Called about the letter. She will bring it on Thursday."
AWAY = "Written in the stairwell, with no network."
MINE, THEIRS = "07700 900 123", "0117 496 0199"
MISSING = "What to do: please fill this in."


class Reader:
    """A person with a screen reader, and what she works with."""

    def __init__(self, story, world, screen):
        self.story, self.world, self.screen = story, world, screen
        self.network = world.network()
        self.wire = world.wire("dana")
        self.records = choose(self.wire)
        client = self.records["client"]
        self.person = f"{client['first_name']} {client['last_name']}"
        # Not even the test driver is loaded.
        environment = dict(caseload_access.environment(), GIO_EXTRA_MODULES="")
        self.client = world.client("dana", self.network, environment, start=False)

    def start(self):
        self.client.start("--server", self.client.server_url, "--ca-file", str(self.world.ca_file), wait=False)
        self.screen.listen()

    def go(self, place):
        """To one of the places beside the page; some say a number with their name."""
        self.screen.wait("list item", has=place, under=self.screen.wait("list", "Places")).press("row.open")

    def search(self, words):
        self.screen.press("Search everything")
        self.screen.write("Search", words, "search box")

    def open(self, what):
        """Finds the person or the case by part of the person's name."""
        # "O'C" would find every o and c.
        self.search(max(re.split(r"\W", self.records["client"]["last_name"]), key=len)[:4])
        self.screen.wait("group", has=what).press("row.open")

    def open_case(self):
        self.open(f"{self.person} · {self.records['case']['case_reference']}")
        self.screen.wait("region", "Case")

    def open_client(self):
        self.open(f"{self.person}, Clients")
        self.screen.wait("region", "Client")

    def begin_note(self):
        self.screen.press("New Note")
        return self.screen.wait("text box", "Text of the note")


def tell_sign_in(reader):
    screen, account = reader.screen, reader.world.accounts["dana"]
    with reader.story.step("the sign-in page says what goes where, and a wrong password is spoken"):
        for name in ("Server address", "User name", "Password"):
            field = screen.wait("text box", name)
            assert {"focusable", "sensitive"} <= field.states(), (name, field.states())
            assert "EditableText" in field.interfaces(), name
        screen.write("User name", "dana")
        screen.write("Password", "not the password")
        screen.press("Sign In")
        screen.wait("alert", has="password is not right")
        reader.story.say(screen.wait_heard("password is not right"))
        field = screen.wait("text box", "Password")
        wait_until(lambda: "invalid" in field.states(), what="the field is marked")
        (sentence,) = field.relations()["described-by"]
        assert "password is not right" in sentence.name(), sentence.name()
        screen.write("Password", account.password)
        assert "invalid" not in field.states(), field.states()
        screen.press("Sign In")
    with reader.story.step("a PIN is chosen; what it is for is said"):
        screen.wait("group", "Choose a PIN", seconds=30)
        screen.wait("label", has="protects the records on this computer")
        screen.write("New PIN or passphrase", PIN)
        screen.write("The same again", PIN)
        screen.press("Set the PIN")
        screen.wait("status", has="aved on the server", seconds=60)


def tell_today(reader):
    with reader.story.step("Today reads the next appointment in one name: what, with whom, when"):
        lines = reader.screen.wait("list", "Next")
        line = reader.screen.wait("list item", under=lines).name()
        said = re.fullmatch(r"(.+) · (.+), (.+ \d\d:\d\d)", line)
        assert said, line
        people = {f"{one['first_name']} {one['last_name']}" for one in reader.wire.all("client")}
        assert said[2] in people, line
        reader.story.say(line)


def tell_search(reader):
    with reader.story.step("a client is found by part of a name"):
        reader.open_client()
        reader.screen.wait("label", reader.person)


def tell_case(reader):
    screen, case = reader.screen, reader.records["case"]
    with reader.story.step("a case is opened; heading, status and facts can be read"):
        reader.open_case()
        screen.wait("label", reader.person)
        screen.wait("label", has=case["case_reference"])
        wait_until(lambda: any(one.description() == "In progress" for one in screen.find_all("group")), what="the status is read")
        screen.press("Facts", "tab")
        for name in ("First name", "Phone"):
            screen.wait("label", name)
        screen.press("Timeline", "tab")


def tell_note(reader):
    screen = reader.screen
    with reader.story.step("a note is written; that it is saved on this computer is spoken"):
        text = reader.begin_note()
        screen.press("Finish Note")
        screen.wait("alert", has="please fill this in")
        wait_until(lambda: {"invalid", "focused"} <= text.states(), what="the text is marked, and has the focus")
        assert "please fill this in" in text.relations()["described-by"][0].name()
        text.write(NOTE)
        reader.story.say(screen.wait_heard("Saved on this computer"))
        assert "invalid" not in text.states()
        screen.press("Finish Note")
        # The message is there for some seconds only.
        screen.wait("label", "Note saved on this computer")
        screen.wait("text box", "Text of the note", gone=True)
        screen.wait("status", has="aved on the server")


def tell_dialog(reader):
    screen = reader.screen
    with reader.story.step("a dialog has role and name, and gives the focus back"):
        text = reader.begin_note()
        text.write(AWAY)
        before = wait_until(screen.focused, what="something has the focus")
        screen.press("Discard…")
        dialog = screen.wait("dialog", "Discard This Draft?")
        assert dialog in screen.windows()
        keep = screen.wait("button", "Keep Draft", under=dialog)
        wait_until(lambda: "focused" in keep.states(), what="the harmless answer has the focus")
        keep.press()
        screen.wait("button", "Keep Draft", gone=True)
        wait_until(lambda: screen.focused() == before, what=f"the focus is back on {before.name()!r}")


def tell_away(reader):
    screen = reader.screen
    with reader.story.step("what waits, and that it waits, is spoken"):
        reader.network.unplug()
        screen.forget()
        reader.story.say(screen.wait_heard("offline", 40))
        screen.press("Finish Note")
        reader.story.say(screen.wait_heard("1 change on this computer only"))
        reader.open_client()
        # The button proper is inside the one that GTK shows around it.
        screen.wait("button", "More for this client").children()[0].press()
        screen.press("Edit Client…", "menu item")
        screen.write("Phone", MINE, "text box")
        screen.press("Save")
        screen.wait_heard("2 changes on this computer only")
    with reader.story.step("the unsent list says what waits and why"):
        reader.go("Unsent")
        line = screen.wait("list item", has=f"Phone → {MINE}").name()
        assert reader.person in line and "Waiting to be sent" in line, line
        reader.story.say(line)
        screen.wait("list item", has="Note")


def tell_sent(reader):
    screen, manager = reader.screen, reader.world.wire("helen")
    with reader.story.step("when it is sent, that is spoken"):
        client = manager.fetch("client", reader.records["client"]["id"])
        answer = manager.push(manager.update("client", client, {"phone_primary": THEIRS}))[0]
        assert answer["r"] == "ok", answer
        screen.forget()
        reader.network.plug_in()
        screen.press("Sync Now")
        reader.story.say(screen.wait_heard("attention", 40))
    with reader.story.step("a difference is settled: both values with their authors, one tick, Apply"):
        screen.wait("button", has="Decide…").press()
        screen.wait("label", f"Phone was changed in two places · {reader.person}")
        screen.wait("checkbox", has=f"{THEIRS}, Saved by Helen Marsden")
        mine = screen.wait("checkbox", f"{MINE}, Written by you")
        mine.press()
        wait_until(lambda: "checked" in mine.states(), what="the tick is set")
        screen.forget()
        screen.press("Apply")
        reader.story.say(screen.wait_heard("aved on the server", 40))
        assert manager.fetch("client", reader.records["client"]["id"])["phone_primary"] == MINE


def tell_form(reader):
    screen = reader.screen
    with reader.story.step("a missing field: a sentence beside it, the field marked and described by it"):
        reader.go("Today")
        screen.press("New Task")
        field = screen.wait("text box", "What to do")
        assert "invalid" not in field.states()
        screen.press("Save")
        screen.wait("list item", MISSING)
        wait_until(lambda: "invalid" in field.states(), what="the field is marked")
        assert [one.name() for one in field.relations()["described-by"]] == [MISSING]
        field.write("Bring the tenancy agreement")
        screen.wait("list item", MISSING, gone=True)
        assert "invalid" not in field.states() and not field.relations()["described-by"]
        screen.press("Cancel")


def tell(story):
    screen = caseload_access.Screen()
    # No key is pressed; but only a window manager gives the focus back after a dialog.
    with Keyboard(), World() as world:
        reader = Reader(story, world, screen)
        reader.start()
        for part in (tell_sign_in, tell_today, tell_search, tell_case, tell_note, tell_dialog, tell_away, tell_sent, tell_form):
            try:
                part(reader)
            except AssertionError:
                story.say(reader.client.log())
                raise


if __name__ == "__main__":
    sys.exit(Story("accessible-stories").run(tell))
