#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every key of the shortcuts window is pressed on a real keyboard of the display, and what it must do is seen. Over the
session bus only what docs/architecture.md lists can be called, and it starts the program when it is not running."""

import ast
import os
import pathlib
import re
import subprocess
import sys

from caseload_driver import DriverError
from caseload_keys import Keyboard
from caseload_story import Story, wait_until
from caseload_world import BUILD, CLIENT, DRIVER, SOURCE, World

NAME = "org.caseload.Caseload"
PATH = "/org/caseload/Caseload"
# Names of keys: GTK's and those of the display.
KEYS = {"<Control>": "ctrl+", "<Shift>": "shift+", "<Alt>": "alt+", "question": "shift+question"}
# Pressed in test_steps and test_escrow, where there is something to decide and a visit to end.
ELSEWHERE = {"Apply what you decided", "Check out of the visit", "Take over what somebody wrote"}


class Accelerators(Keyboard):
    """A keyboard for keys as GTK names them: "<Control>k"."""

    def press(self, *accelerators):
        for accelerator in accelerators:
            for word, name in KEYS.items():
                accelerator = accelerator.replace(word, name)
            super().press(accelerator)


class Commands:
    """What each command must show. Every method begins on Today, with the focus in the window."""

    def __init__(self, client, keyboard, record):
        self.client, self.keyboard, self.record = client, keyboard, record
        places = {"Today": "CslTodayPage", "Calendar": "CslAgendaPage", "Unsent": "CslUnsentPage"}
        places.update({"Drafts": "CslDraftsPage", "More records": "CslTypesPage"})
        lists = {"My cases": "My Cases", "Clients": "Clients", "Tasks": "Tasks", "Differences": "Differences"}
        self.checks = {
            "Search everything": lambda: client.wait(type="CslSearchPage"),
            "Choose a client to work with": lambda: client.wait(id="page_title", has="Choose"),
            "Preferences": lambda: self.window("CslPreferencesWindow"),
            "Keyboard shortcuts": lambda: self.window("GtkShortcutsWindow"),
            "Help": lambda: self.window("CslHelpWindow"),
            "Lock": self.lock,
            "New note": lambda: client.wait(id="page_title", has="Whose"),
            "New client": lambda: client.wait(type="CslIntakePage"),
            "Undo": lambda: client.wait(has="nothing to take back"),
            "Main menu": lambda: client.wait(type="GtkPopoverMenu"),
            "Show or hide the places": lambda: client.wait(gone=True, type="CslSidebar"),
            "Sync now": lambda: wait_until(lambda: "aved on the server" in client.sentence(), what="synced"),
        }
        for title, page in places.items():
            self.checks[title] = lambda page=page: client.wait(type=page)
        for title, name in lists.items():
            self.checks[title] = lambda name=name: client.wait(id="page_title", has=name)
        self.prepare = {
            "Search this page": lambda: self.go("tasks"),
            "Back": self.open_client,
            "Leave this page": self.open_client,
            "Save the form": self.edit,
            "Finish the note": self.note,
            "Save the new client": self.intake,
            "Today": lambda: self.go("drafts"),
        }
        self.checks.update({
            "Search this page": lambda: wait_until(
                lambda: client.find(type="GtkText", under="CslListPage")[0]["focus"], what="the search of the list"),
            "Back": lambda: client.wait(type="CslTodayPage"),
            "Leave this page": lambda: client.wait(type="CslTodayPage"),
            "Save the form": lambda: client.wait(type="CslClientPage"),
            "Finish the note": lambda: client.wait(id="problem", under="CslNotePage"),
            "Save the new client": lambda: client.wait(id="problem", under="CslIntakePage"),
        })

    def go(self, place):
        self.client.action("win.show-section", f"'{place}'")

    def open_client(self):
        self.client.action("win.open-record", f"('client', '{self.record}')")
        self.client.wait(type="CslClientPage")

    def edit(self):
        self.open_client()
        self.client.action("client.edit", type="CslClientPage")
        self.client.wait(type="CslEditPage")
        self.client.ask("focus", id="save", under="CslEditPage")

    def note(self):
        self.open_client()
        self.client.action("win.new-note")
        self.client.wait(type="CslNotePage")
        self.client.ask("focus", id="content", under="CslNotePage")

    def intake(self):
        self.client.action("win.new-client")
        self.client.wait(type="CslIntakePage")
        self.client.ask("focus", id="save", under="CslIntakePage")

    def lock(self):
        self.client.wait_locked()
        self.client.unlock()
        self.client.wait(text="Tasks", under="CslSidebar")

    def window(self, kind):
        self.client.wait(type=kind)
        self.wait_active(kind)
        self.keyboard.press("Escape")
        self.client.wait(gone=True, type=kind)

    def wait_active(self, kind):
        """The window manager gives the keyboard a moment after a window has come or gone."""
        wait_until(lambda: self.client.get("is-active", type=kind).lower() == "true", what=f"{kind} has the keyboard")

    def run(self, title, accelerator):
        self.go("today")
        self.client.wait(type="CslTodayPage")
        self.prepare.get(title, lambda: None)()
        self.wait_active("CslWindow")
        self.keyboard.press(accelerator)
        self.checks[title]()
        if title == "Main menu":
            self.client.ask("escape")
        if title == "Show or hide the places":
            self.keyboard.press(accelerator)
            self.client.wait(type="CslSidebar")


def read_shortcuts(client):
    """(title, accelerator) of every line of the shortcuts window; the copies of its own search are left out."""
    client.action("win.show-help-overlay")
    client.wait(type="GtkShortcutsShortcut")
    lines = []
    for nth in range(len(client.find(type="GtkShortcutsShortcut", under="GtkShortcutsGroup"))):
        where = {"type": "GtkShortcutsShortcut", "under": "GtkShortcutsGroup", "nth": nth}
        for accelerator in client.get("accelerator", **where).split():
            lines.append((client.get("title", **where), accelerator))
    client.action("window.close")
    client.wait(gone=True, type="GtkShortcutsWindow")
    return lines


# -- the session bus --


def call(path, method, *arguments):
    """What gdbus prints."""
    command = ["gdbus", "call", "--session", "--dest", NAME, "--object-path", path, "--method", method, *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise DriverError(f"{method} {arguments}: {done.stderr}")
    return done.stdout.strip()


def bus(method, *arguments):
    command = ["gdbus", "call", "--session", "--dest", "org.freedesktop.DBus", "--object-path", "/org/freedesktop/DBus"]
    subprocess.run([*command, "--method", f"org.freedesktop.DBus.{method}", *arguments], check=True, stdout=subprocess.DEVNULL)


def documented():
    """The names of the table in docs/architecture.md."""
    text = (SOURCE / "docs" / "architecture.md").read_text()
    line = next(line for line in text.splitlines() if line.startswith(f"| `{PATH}` |"))
    return sorted(re.findall(r"`([a-z-]+)`", line.split("|")[2]))


def install_service(client):
    """The service file as it is installed, with the program of the build folder."""
    made = (BUILD / "data" / f"{NAME}.service").read_text()
    text = re.sub(r"Exec=\S+/caseload ", f"Exec={CLIENT} ", made)
    assert text != made and "--gapplication-service" in text, made
    folder = pathlib.Path(os.environ["XDG_DATA_HOME"]) / "dbus-1" / "services"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{NAME}.service").write_text(text)
    socket = client.home / "run" / "driver.sock"
    socket.unlink(missing_ok=True)
    environment = dict(client.environment(), GIO_EXTRA_MODULES=str(DRIVER.parent), CASELOAD_TEST_SOCKET=str(socket))
    environment.update(client.extra)
    pairs = ", ".join(f"{name!r}: {value!r}" for name, value in environment.items() if "\n" not in value)
    bus("UpdateActivationEnvironment", "{" + pairs + "}")
    bus("ReloadConfig")
    return socket


# -- the search by keyboard alone --


def tell_search(story, client, keyboard, person):
    def titles():
        return [widget["text"] for widget in client.find(id="title", under="CslSearchPage")]

    def first_case():
        """How far below the first line; 0: not laid out yet."""
        cases = client.find(id="heading", text="Cases")
        below = [i for i, row in enumerate(client.find(type="CslSearchRow"))
                 if cases and cases[0]["y"] < row["y"] + row["height"]]
        return below[0] if below else 0

    name = f"{person['first_name']} {person['last_name']}"
    with story.step("with nothing typed: recent clients, then commands"):
        client.action("win.show-section", "'today'")
        keyboard.press("<Control>k")
        client.wait(id="heading", under="CslSearchPage", text="Recent Clients")
        client.wait(id="heading", under="CslSearchPage", text="Commands")
    with story.step("a client by part of a phone number: three keys and Enter"):
        keyboard.type(person["phone_primary"].replace(" ", "")[-6:])
        wait_until(lambda: titles()[:1] == [name], what=name)
        story.shot(client, "phone")
        keyboard.press("Return")
        client.wait(type="CslClientPage")
        keyboard.press("Escape")
        client.wait(type="CslSearchPage")
    with story.step("the arrows choose another line"):
        client.action("win.back")
        keyboard.press("<Control>k")
        keyboard.type(person["last_name"])
        wait_until(lambda: client.get("text", id="entry", under="CslSearchPage") == person["last_name"], what="the name")
        wait_until(lambda: person["last_name"] in (titles() or [""])[0], what="the client")
        client.wait(id="heading", under="CslSearchPage", text="Cases")
        # Until no line comes any more.
        seen = []
        wait_until(lambda: seen.append(first_case()) or seen[-1] and seen[-3:] == seen[-1:] * 3, what="all lines")
        for _ in range(seen[-1]):
            keyboard.press("Down")
        keyboard.press("Return")
        client.wait(type="CslCasePage")
    with story.step("a command by its letters, on the page the search was opened from"):
        keyboard.press("<Control>k")
        keyboard.type("new note")
        wait_until(lambda: "New note" in titles()[:1], what="the command")
        keyboard.press("Return")
        client.wait(type="CslNotePage")
    with story.step("nothing found is said in words, and Escape leaves"):
        keyboard.press("<Control>k")
        keyboard.type("zzzz")
        client.wait(has="Nothing Found", under="CslSearchPage")
        keyboard.press("Escape")
        client.wait(type="CslNotePage")
    with story.step("the client chosen with Ctrl+J stays from place to place"):
        keyboard.press("<Control>j")
        client.wait(id="page_title", has="Choose")
        keyboard.type(name)
        wait_until(lambda: titles()[:1] == [name], what=name)
        keyboard.press("Return")
        client.wait(type="CslClientPage")
        for number in ("2", "5"):
            keyboard.press(f"<Control>{number}")
            client.wait(id="name", under="CslClientBar", text=name)
            client.wait(id="summary", under="CslListPage", has=name)
        keyboard.press("<Control>n")
        client.wait(id="heading", under="CslNotePage", has=name)
        client.click(id="leave_button", under="CslClientBar")
        client.wait(gone=True, id="name", under="CslClientBar")


def tell_rights(story, world):
    with story.step("a manager reads notes and writes none: nothing offers her one"):
        client = world.client("helen")
        world.sign_in(client, "helen")
        world.wait_saved(client)
        wire = world.wire("helen")
        wire.pull()
        client.action("win.open-record", f"('case', '{wire.all('case', status='in_progress')[0]['id']}')")
        client.wait(type="CslCasePage")
        client.action("win.new-note")
        client.action("case.new", "'note'", type="CslCasePage")
        client.wait(has="role does not allow")
        assert not client.find(type="CslNotePage")
        client.quit()


def tell(story):
    with Accelerators() as keyboard, World() as world:
        tell_world(story, world, keyboard)


def tell_world(story, world, keyboard):
    client = world.client("dana", environment={"DBUS_SESSION_BUS_ADDRESS": os.environ["DBUS_SESSION_BUS_ADDRESS"]})
    with story.step("the bus is shown what the documents list, before signing in"):
        assert sorted(ast.literal_eval(call(PATH, "org.gtk.Actions.List"))[0]) == documented()
    with story.step("Dana signs in"):
        world.sign_in(client, "dana")
        world.wait_saved(client)
        client.size(1100, 700)
        wire = world.wire("dana")
        wire.pull()
        person = next(one for one in wire.all("client") if one.get("phone_primary"))
        record = person["id"]
    with story.step("and after it; the window shows nothing"):
        client.action("win.open-record", f"('client', '{record}')")
        assert sorted(ast.literal_eval(call(PATH, "org.gtk.Actions.List"))[0]) == documented()
        described = call(f"{PATH}/window/1", "org.gtk.Actions.List")
        assert re.fullmatch(r"\((@as )?\[\],?\)", described), described
    commands = Commands(client, keyboard, record)
    with story.step("every key of the shortcuts window is known here"):
        lines = read_shortcuts(client)
        titles = {title for title, _ in lines}
        last = {"Close the window", "Quit"}
        assert titles == set(commands.checks) | ELSEWHERE | last, titles ^ (set(commands.checks) | ELSEWHERE | last)
        story.say(f"{len(lines)} keys")
    for title, accelerator in lines:
        if title not in ELSEWHERE | last:
            with story.step(f"{accelerator}: {title}"):
                commands.run(title, accelerator)
    tell_search(story, client, keyboard, person)
    tell_rights(story, world)
    with story.step("Ctrl+W closes the window, and the program ends"):
        keyboard.press("<Control>w")
        client.process.wait(20)
        client.stop()
    with story.step("the bus starts it again, with a new note"):
        socket = install_service(client)
        call(PATH, "org.freedesktop.Application.ActivateAction", "new-note", "[]", "{}")
        client.connect(socket)
        client.unlock()
        client.wait(id="page_title", has="Whose")
    with story.step("and shows Today when asked"):
        call(PATH, "org.freedesktop.Application.ActivateAction", "today", "[]", "{}")
        client.wait(type="CslTodayPage")
    with story.step("Ctrl+Q ends it"):
        keyboard.press("<Control>q")
        wait_until(lambda: "true" not in subprocess.run(
            ["gdbus", "call", "--session", "--dest", "org.freedesktop.DBus", "--object-path", "/org/freedesktop/DBus",
             "--method", "org.freedesktop.DBus.NameHasOwner", NAME], stdout=subprocess.PIPE, text=True, check=True).stdout,
            what="the end of the program")


if __name__ == "__main__":
    sys.exit(Story("commands").run(tell))
