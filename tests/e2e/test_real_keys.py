#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Short stories told with real keys only: from the search to a note on the server, and from a menu
through a form to the saved record. A menu gives the focus back, and nothing moves for those who do not want it."""

import operator
import sys

from caseload_keys import Keyboard, focus, wait_focus
from caseload_story import Story, wait_until
from caseload_world import World
from test_steps import Keys, name_of, wait_first_found

WRITTEN = "Called back about the deposit, she has the keys now."
EMAIL = "keys.only@example.org"


def choose(wire):
    """A client of Dana's with a phone number."""
    wire.pull()
    for case in wire.all("case", advisor=wire.user, status="in_progress"):
        person = wire.fetch("client", case["client"])
        if person.get("phone_primary"):
            return person
    raise AssertionError("no client of Dana's has a phone number")


def tell(story):
    with Keyboard() as keyboard, World() as world:
        client = world.client("dana")
        world.sign_in(client, "dana")
        world.wait_saved(client)
        client.size(1100, 700)
        keyboard.take_focus(client)
        wire = world.wire("dana")
        person = choose(wire)
        keys = Keys(client, keyboard)
        tell_note(story, keys, wire, person)
        tell_form(story, keys, wire, person)
        tell_menu(story, keys)
        tell_motion(story, client)


def tell_note(story, keys, wire, person):
    client = keys.client
    with story.step("Ctrl+K finds a client by name, Enter opens it"):
        keys.press("ctrl+k")
        wait_focus(client, lambda one: "CslSearchPage" in one["around"], "the search has the focus")
        keys.type(person["last_name"] + " " + person["first_name"])
        wait_first_found(client, name_of(person))
        keys.press("Return")
        client.wait(id="name", under="CslClientPage", has=name_of(person))
    with story.step("Ctrl+N begins a note on that client, Ctrl+Enter finishes it"):
        keys.press("ctrl+n")
        wait_focus(client, lambda one: one.get("id") == "content" and "CslNotePage" in one["around"], "the note has the focus")
        keys.type(WRITTEN)
        wait_until(lambda: client.text(id="content", under="CslNotePage") == WRITTEN, what="the note is typed")
        keys.press("ctrl+Return")
        client.wait(gone=True, type="CslNotePage")
    with story.step("the note is on the server, finished"):

        def arrived():
            wire.pull()
            return [note for note in wire.all("note", client=person["id"]) if note.get("content") == WRITTEN]

        assert wait_until(arrived, what="the note is on the server")[0]["is_final"] is True


def is_more(client, stop):
    """The toggle inside the menu button of the page."""
    button = client.find(id="more_button", under="CslClientPage")[0]
    return stop["type"] == "GtkToggleButton" and abs(button["x"] - stop["x"]) < 8 and abs(button["y"] - stop["y"]) < 8


def is_in_field(client, stop, field):
    row = client.find(name=f"field-{field}", under="CslEditPage")[0]
    return row["y"] <= stop["y"] < row["y"] + row["height"]


def tell_form(story, keys, wire, person):
    client = keys.client
    with story.step("Tab comes to the menu of the client, its first line is the form, Tab comes to a field"):
        client.wait(type="CslClientPage")
        keys.tab_to(lambda one: "CslClientPage" in one["around"] and is_more(client, one), "the menu of the client")
        keys.press("space")
        wait_focus(client, lambda one: "GtkPopoverMenu" in one["around"], "the menu has the focus")
        keys.press("Return")
        client.wait(type="CslEditPage")
        wait_focus(client, lambda one: "CslEditPage" in one["around"], "the form has the focus")
        first = focus(client)["at"]
        keys.tab_to(lambda one: one["type"] == "GtkText" and is_in_field(client, one, "email"), "the email")
        assert focus(client)["at"] != first
    with story.step("Ctrl+S saves it"):
        keys.press("ctrl+a")
        keys.type(EMAIL)
        wait_until(lambda: client.get("text", name="field-email", under="CslEditPage") == EMAIL, what="the email is typed")
        keys.press("ctrl+s")
        client.wait(gone=True, type="CslEditPage")
        wait_until(lambda: wire.fetch("client", person["id"]).get("email") == EMAIL, what="the email is on the server")


def tell_menu(story, keys):
    client = keys.client
    with story.step("F10 opens the main menu, Escape gives the focus back to where it was"):
        keys.press("ctrl+n")
        before = wait_focus(client, lambda one: one.get("id") == "content" and "CslNotePage" in one["around"], "the note has the focus")
        keys.press("F10")
        wait_focus(client, lambda one: "GtkPopoverMenu" in one["around"], "the menu has the focus")
        keys.press("Escape")
        wait_focus(client, lambda one: one["at"] == before["at"], "the note has the focus again")


def tell_motion(story, client):
    def progress():
        """How much of the places is shown, from 0 to 1, and how much is to be."""
        return float(client.get("reveal-progress", type="AdwFlap")), client.get("reveal-flap", type="AdwFlap") == "TRUE"

    def is_at_once():
        """Folds or unfolds the places: is it done at once?"""
        client.action("win.toggle-sidebar")
        now, end = progress()
        wait_until(lambda: operator.eq(*progress()), what="the places stand still")
        return now == end

    with story.step("with animations the places slide away; where the desktop wants none, they are gone at once"):
        client.ask("look", motion=True)
        # On a busy machine one slide may be over before it was looked at.
        assert not all(is_at_once() for _ in range(10))
        client.ask("look", motion=False)
        assert all(is_at_once() for _ in range(4))


if __name__ == "__main__":
    sys.exit(Story("real-keys").run(tell))
