#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Four things a caseworker does many times a day, each by real keys and again by pointer, with every step counted: one for
a key, one for a click, one for each text that is typed. docs/steps.md has the numbers, and none may become larger."""

import re
import sys

from caseload_keys import Keyboard, focus, step, wait_focus
from caseload_story import Story, wait_until
from caseload_world import SOURCE, World
from test_visit_story import change_client, settled, todays_visit

TASKS = ("find a client by part of a phone number", "write a visit note from a template, with a next appointment",
         "see what is unsent and why", "settle a difference")  # fmt: skip
DANAS_PHONE, MARIAS_PHONE = "07700 900 123", "0117 496 0199"
WRITTEN = "Boiler works again. Benefit letter read together."
NEXT = "tomorrow 10:30"
PROMPT = "Who was there:"
MOST_STOPS = 40


class Keys:
    """The tasks with the keyboard alone."""

    name = "keyboard"

    def __init__(self, client, keyboard):
        self.client, self.keyboard, self.typed = client, keyboard, 0

    @property
    def steps(self):
        return self.keyboard.pressed + self.typed

    def press(self, key):
        self.keyboard.press(key)

    def type(self, text):
        self.typed += 1
        self.keyboard.type(text)

    def tab_to(self, fits, what, key="Tab"):
        """Presses Tab until the focus is there; every key counts."""
        passed = [focus(self.client)]
        while not (passed[-1] and fits(passed[-1])):
            seen = [one and (one["type"], one["name"], one["words"][:40]) for one in passed]
            assert len(passed) < MOST_STOPS, f"{key} does not come to {what}: {seen}"
            passed.append(step(self.keyboard, self.client, key, passed[-1]))
        return passed[-1]

    def find_client(self, digits, name):
        self.press("ctrl+k")
        wait_focus(self.client, lambda one: "CslSearchPage" in one["around"], "the search has the focus")
        self.type(digits)
        wait_first_found(self.client, name)
        self.press("Return")

    def write_visit(self):
        self.press("ctrl+1")
        self.client.wait(id="visit_button", text="_Start Visit")
        wait_focus(self.client, lambda one: "CslTodayPage" in one["around"], "Today has the focus")
        self.press("alt+s")
        wait_focus(self.client, lambda one: one.get("id") == "check_in", "the check-in has the focus")
        self.press("Return")
        wait_focus(self.client, lambda one: one.get("id") == "content", "the note has the focus")
        self.tab_to(lambda one: "Home visit" in one["words"] and one["type"] == "GtkButton", "the template", "shift+Tab")
        self.press("space")
        wait_focus(self.client, lambda one: one.get("id") == "content", "the note has the focus again")
        self.type(WRITTEN)
        wait_until(lambda: self.client.text(id="content").endswith(WRITTEN), what="the note is typed")
        self.tab_to(lambda one: one["type"] == "GtkSwitch", "the next appointment")
        self.press("space")
        self.client.wait(name="field-start_at", under="next")
        self.tab_to(lambda one: one["type"] == "GtkText", "when it is")
        self.type(NEXT)
        wait_until(lambda: self.client.get("text", name="field-start_at", under="next") == NEXT, what="the day is typed")
        self.press("ctrl+Return")

    def see_unsent(self):
        self.press("ctrl+6")

    def settle(self, person):
        self.press("ctrl+7")
        self.client.wait(text=f"Client · {person}")
        self.tab_to(lambda one: one["type"] == "GtkListItemWidget", "the list")
        self.press("Return")
        self.client.wait(type="CslDifferencePage")
        wait_focus(self.client, lambda one: "CslDifferencePage" in one["around"], "the difference has the focus")
        self.tab_to(lambda one: "Written by you" in one["words"], "what Dana wrote", "Down")
        self.press("space")
        wait_until(lambda: self.client.get("sensitive", id="apply") == "TRUE", what="the decision is complete")
        self.press("ctrl+Return")


class Pointer:
    """The tasks with the pointer; only texts are typed."""

    name = "pointer"

    def __init__(self, client):
        self.client, self.steps = client, 0

    def click(self, **selector):
        self.steps += 1
        self.client.click(**selector)

    def type(self, text, how="type", **selector):
        self.steps += 1
        getattr(self.client, how)(text, **selector)

    def find_client(self, digits, name):
        self.click(id="search_button")
        self.type(digits, id="entry", under="CslSearchPage")
        wait_first_found(self.client, name)
        self.click(id="title", under="CslSearchPage", text=name)

    def write_visit(self):
        self.click(text="Today", under="CslSidebar")
        self.click(id="visit_button", text="_Start Visit")
        self.click(id="check_in")
        self.click(text="Home visit", under="templates")
        self.type(WRITTEN, "append", id="content")
        self.click(type="GtkSwitch", under="next")
        # A field is clicked before it is typed into.
        self.steps += 1
        self.type(NEXT, name="field-start_at", under="next")
        self.click(id="check_out")

    def see_unsent(self):
        self.click(text="Unsent", under="CslSidebar")

    def settle(self, person):
        self.click(text="Differences", under="CslSidebar")
        self.click(text=f"Client · {person}")
        self.click(name="choose-mine")
        self.click(id="apply")


def wait_first_found(client, name):
    wait_until(lambda: [row["text"] for row in client.find(id="title", under="CslSearchPage")][:1] == [name], what=name)


def name_of(person):
    return f"{person['first_name']} {person['last_name']}"


class Day:
    """One of Dana's days: a client whose phone was changed in two places, a task that the server refuses, a home visit."""

    def __init__(self, world):
        self.world = world
        self.manager = world.wire("helen")
        self.manager.pull()
        self.network = world.network()
        self.client = world.client("dana", network=self.network)
        world.sign_in(self.client, "dana")
        world.wait_saved(self.client)
        self.client.size(1100, 700)
        self.dana = self.manager.one("user", username="dana")["id"]
        self.client.wait(id="visit_button", text="_Start Visit")
        title = self.client.wait(id="title", under="CslAppointmentRow", has="Home visit")["text"]
        self.visit = todays_visit(self.manager, self.dana, title)
        (case, self.person), (_, self.sought) = self.choose_cases()
        self.make_unsent(case)

    def choose_cases(self):
        """(case, client) of two clients of Dana's who have a phone number and are not visited today."""
        found = {self.visit["client"]: None}
        for case in self.manager.all("case", advisor=self.dana, status="in_progress"):
            person = self.manager.fetch("client", case["client"])
            if person.get("phone_primary") and person["id"] not in found:
                found[person["id"]] = case, person
        return list(found.values())[1:3]

    def make_unsent(self, case):
        """Away from the network she changes a phone number and writes tasks, one of them too long."""
        self.network.unplug()
        wait_until(lambda: "offline" in self.client.sentence().lower(), what="the sentence says offline")
        change_client(self.client, self.person["id"], phone_primary=DANAS_PHONE)
        self.client.quit()
        self.client.tool("tasks", case["id"], 2, 1)
        answers = self.manager.push(self.manager.update("client", self.person, {"phone_primary": MARIAS_PHONE}))
        assert answers[0]["r"] == "ok", answers
        self.network.plug_in()
        self.client.open_again()
        self.client.size(1100, 700)
        wait_until(lambda: "only" not in self.client.sentence() and "attention" in self.client.sentence(), 30,
                   "only what needs her is left")  # fmt: skip


# -- what must be there afterwards --


def check_found(day):
    day.client.wait(type="CslClientPage")
    day.client.wait(id="name", under="CslClientPage", has=name_of(day.sought))


def check_visit(day):
    client, manager = day.client, day.manager
    client.wait(gone=True, type="CslVisitPage")

    def arrived():
        manager.pull()
        notes = [note for note in manager.all("note", author=day.dana) if WRITTEN in note.get("content", "")]
        return notes[0] if notes else None

    note = wait_until(arrived, what="the note is on the server")
    assert note["content"].startswith(PROMPT) and note["content"].endswith(WRITTEN), note
    assert note["client"] == day.visit["client"] and note["kind"] == "visit" and note["visit"], note
    assert manager.one("note_template", name="Home visit")["id"] == note["template"], note
    made = [one for one in manager.all("appointment", client=note["client"])
            if one["start_at"] > note["occurred_at"] and "T10:30" in one["start_at"] and one["id"] != day.visit["id"]]
    assert made, "the next appointment is not on the server"


def check_unsent(day):
    states = wait_until(lambda: [row["text"] for row in day.client.find(id="state", under="CslOutboxRow")], what="the lines")
    assert any("too long" in state for state in states), states
    assert any("you decide" in state for state in states), states


def check_settled(day):
    day.client.wait(gone=True, type="CslDifferencePage")
    conflict = wait_until(lambda: settled(day.manager, day.person["id"]), what="the difference is settled")
    assert conflict["state"] == "resolved_mine", conflict
    assert day.manager.fetch("client", day.person["id"])["phone_primary"] == DANAS_PHONE


def tell_tasks(story, day, hand):
    """The numbers of steps, in the order of TASKS."""
    digits = day.sought["phone_primary"].replace(" ", "")[-6:]
    parts = (
        (lambda: hand.find_client(digits, name_of(day.sought)), check_found),
        (hand.write_visit, check_visit),
        (hand.see_unsent, check_unsent),
        (lambda: hand.settle(name_of(day.person)), check_settled),
    )
    counts = []
    for task, (do, check) in zip(TASKS, parts):
        with story.step(f"by {hand.name}: {task}"):
            before = hand.steps
            do()
            counts.append(hand.steps - before)
            check(day)
            story.say(f"{counts[-1]} steps")
    return counts


# -- the document --


def documented():
    """task → (keyboard, pointer), from the table in docs/steps.md."""
    text = (SOURCE / "docs" / "steps.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\S[^|]*?) *\| *(\d+) *\| *(\d+) *\|", text, re.M)
    return {task[0].lower() + task[1:]: (int(keys), int(pointer)) for task, keys, pointer in rows}


def tell(story):
    counts = {}
    with Keyboard() as keyboard, World() as world:
        day = Day(world)
        keyboard.take_focus(day.client)
        counts["keyboard"] = tell_tasks(story, day, Keys(day.client, keyboard))
    with World() as world:
        day = Day(world)
        counts["pointer"] = tell_tasks(story, day, Pointer(day.client))
    with story.step("docs/steps.md says the same"):
        made = dict(zip(TASKS, zip(counts["keyboard"], counts["pointer"])))
        for task, (by_keyboard, by_pointer) in made.items():
            story.say(f"{task:<60} {by_keyboard:>3} {by_pointer:>3}")
        assert made == documented(), f"the document has {documented()}"


if __name__ == "__main__":
    sys.exit(Story("steps").run(tell))
