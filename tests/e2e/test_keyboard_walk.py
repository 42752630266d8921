#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page and dialog by keyboard alone, with real keys: Tab reaches everything in reading order, is never lost and
never caught; lists take the arrows, Home and End; Escape closes what is in front and the focus goes back."""

import sys

from book_camera import HOME
from book_chapter import choose
from book_tour import CHAPTERS
from caseload_keys import Keyboard, focus, step, wait_focus
from caseload_story import Story
from caseload_world import World

MOST_STOPS = 150
# Once round the window, and once from the places to the page.
MOST_JUMPS = 2
# Where the library goes round a part of the window only, and what there is instead.
ROUNDS = {"GtkCalendar": "does not give the focus back to its days; the date is typed in the entry beside it"}


def call(stop):
    """A stop in words."""
    words = (stop["type"], stop.get("id"), stop["name"] if stop["name"] != stop["type"] else "", stop["words"][:40])
    return " ".join(word for word in words if word)


def walk(keys, client, key="Tab"):
    """Presses Tab until the first stop comes again: all stops in order."""
    first = focus(client)
    if first is None:
        first = step(keys, client, key, None)
    stops = [first]
    while True:
        now = step(keys, client, key, stops[-1])
        assert now is not None, f"the focus is lost after {call(stops[-1])}"
        if now["at"] in (stop["at"] for stop in stops):
            break
        stops.append(now)
        assert len(stops) < MOST_STOPS, f"no end of stops: {[call(stop) for stop in stops[-5:]]}"
    is_round = now["at"] == first["at"] or len(stops) < 3 or any(kind in now["around"] for kind in ROUNDS)
    assert is_round, f"caught between {call(now)} and {call(stops[-1])}"
    return stops


def find_missed(client, stops):
    """What could have the focus, and Tab never gave it: neither itself, nor a part of it, nor a line of its list."""
    reached = {stop["at"] for stop in stops}
    for stop in stops:
        reached.update(stop["around"])
    # The arrows go to the other lines, and Tab to what is in them.
    lists = {stop["list"] for stop in stops if "list" in stop}
    inside = {(stop["list"], stop["type"], stop.get("id")) for stop in stops if "list" in stop}
    return [
        call(stop)
        for stop in client.ask("stops")["widgets"]
        if stop["at"] not in reached
        and not (is_line(stop) and stop["list"] in lists)
        and (stop.get("list"), stop["type"], stop.get("id")) not in inside
    ]


def is_line(stop):
    """A line of a list: the arrow keys go there."""
    return stop["type"] in ("GtkListItemWidget", "GtkListBoxRow", "CslSidebarRow")


def count_jumps(client, stops):
    """How often Tab goes back in the order of the page."""
    order = {stop["at"]: number for number, stop in enumerate(client.ask("stops")["widgets"])}
    places = [order[stop["at"]] for stop in stops if stop["at"] in order and not is_line(stop)]
    return sum(after < before for before, after in zip(places, places[1:]))


class Finger:
    """Goes where the camera of the screenshot book goes, and presses Tab."""

    def __init__(self, keys, client):
        self.keys, self.client, self.variants = keys, client, [HOME]
        self.complaints, self.pages, self.stops = [], 0, 0

    def take(self, name, **selector):
        if selector:
            self.client.wait(**selector)
        self.keys.take_focus(self.client)
        self.pages += 1
        try:
            wait_focus(self.client, lambda one: True, "something has the focus", 5)
            stops = walk(self.keys, self.client)
        except AssertionError as error:
            self.complaints.append(f"{name}: {error}")
            return
        self.stops += len(stops)
        missed = find_missed(self.client, stops)
        if missed:
            self.complaints.append(f"{name}: Tab never comes to {missed}")
        if count_jumps(self.client, stops) > MOST_JUMPS:
            self.complaints.append(f"{name}: not in reading order: {[call(stop) for stop in stops]}")


def tell_chapter(story, keys, name):
    with World() as world:
        network = world.network()
        client = world.client("dana", network=network)
        client.wait(id="sign_in_button")
        client.size(HOME.width, HOME.height)
        finger = Finger(keys, client)
        CHAPTERS[name](world, network, finger).tell()
    story.say(f"{finger.pages} pages, {finger.stops} stops, {len(finger.complaints)} complaints")
    for complaint in finger.complaints:
        story.say(complaint)
    return finger.complaints


def tell(story):
    with Keyboard() as keys:
        complaints = []
        for name in CHAPTERS:
            with story.step(f"Tab goes through every page and dialog of {name}"):
                complaints += tell_chapter(story, keys, name)
        with story.step("nothing is left out, lost or out of order"):
            assert not complaints, f"{len(complaints)} complaints"
        with World() as world:
            records = choose(world.wire("dana"))
            client = world.client("dana")
            world.sign_in(client, "dana")
            world.wait_saved(client)
            client.size(HOME.width, HOME.height)
            keys.take_focus(client)
            tell_lists(story, keys, client)
            tell_fronts(story, keys, client, records)


def tell_lists(story, keys, client):
    with story.step("a list takes the arrows, Home and End, and is one stop for Tab"):
        client.action("win.show-section", "'cases'")
        client.wait(type="CslCaseRow")
        stops = walk(keys, client)
        rows = [stop for stop in stops if stop["type"] == "GtkListItemWidget"]
        assert len(rows) == 1, [call(row) for row in rows]
        while focus(client)["type"] != "GtkListItemWidget":
            step(keys, client, "Tab", focus(client))
        first = focus(client)["words"]
        keys.press("Down")
        second = wait_focus(client, lambda one: one["words"] != first, "Down goes to the next line")["words"]
        keys.press("End")
        wait_focus(client, lambda one: one["words"] not in (first, second), "End goes to the last line")
        keys.press("Home")
        wait_focus(client, lambda one: one["words"] == first, "Home goes to the first line")
    with story.step("Enter opens the line"):
        keys.press("Return")
        client.wait(type="CslCasePage")
        wait_focus(client, lambda one: "CslCasePage" in one["around"], "the focus goes to what was opened")
    with story.step("a line with a tick: Space ticks, Enter opens"):
        client.action("win.show-section", "'tasks'")
        client.wait(type="CslTaskRow")
        while focus(client).get("id") != "done":
            step(keys, client, "Tab", focus(client))
        keys.press("Return")
        client.wait(type="CslRecordPage")


def tell_fronts(story, keys, client, records):
    with story.step("what opens in front takes the focus; Escape closes it and gives the focus back"):
        client.action("win.open-record", f"('case', '{records['case']['id']}')")
        client.wait(type="CslCasePage")
        for name, wanted in (("the menu of the case", "more_button"), ("the sync button", "CslSyncButton")):
            open_and_close(keys, client, name, wanted)
        for action, kind in (("case.show-history", "CslHistoryDialog"), ("app.about", "AdwAboutWindow")):
            before = focus(client)
            client.action(action, **({"type": "CslCasePage"} if action.startswith("case") else {}))
            client.wait(type=kind)
            keys.take_focus(client)
            wait_focus(client, lambda one, kind=kind: kind in one["around"] or one["type"] == kind, f"{kind} has the focus")
            keys.press("Escape")
            client.wait(gone=True, type=kind)
            wait_focus(client, lambda one, before=before: one["at"] == before["at"], f"the focus comes back from {kind}")


def open_and_close(keys, client, name, wanted):
    def is_wanted(stop):
        return wanted in stop["around"] or stop.get("id") == wanted or wanted in around_ids(client, stop)

    for _ in range(MOST_STOPS):
        if is_wanted(focus(client)):
            break
        step(keys, client, "Tab", focus(client))
    trigger = focus(client)
    assert is_wanted(trigger), f"Tab does not come to {name}"
    keys.press("space")
    wait_focus(client, lambda one: "GtkPopoverMenu" in one["around"] or "CslSyncPopover" in one["around"], f"{name} has the focus")
    keys.press("Escape")
    wait_focus(client, lambda one: one["at"] == trigger["at"], f"the focus comes back from {name}")


def around_ids(client, stop):
    found = client.find(id="more_button")
    return ["more_button"] if found and abs(found[0]["x"] - stop["x"]) < 8 and abs(found[0]["y"] - stop["y"]) < 8 else []


if __name__ == "__main__":
    sys.exit(Story("keyboard-walk").run(tell))
