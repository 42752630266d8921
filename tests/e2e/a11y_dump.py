#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a screen reader finds on every page and dialog: each control must have a role and a name of its own that says what
it does. Prints the misses; exit status 1 when there is one. With CASELOAD_TREE=FILE the whole tree is written there."""

import collections
import os
import re
import sys

import caseload_access
from caseload_story import Story
from caseload_world import World
from test_pages import VARIANTS, Tour, choose

# Things that do something, or take something.
CONTROLS = {
    "button", "checkbox", "combo box", "grid cell", "link", "list item", "menu item", "menu item checkbox",
    "menu item radio", "radio", "search box", "slider", "spin button", "switch", "tab", "text box", "toggle button",
}  # fmt: skip
# What is read out when somebody comes by.
READ = CONTROLS | {"alert", "dialog", "image", "img", "label", "list", "status", "table", "tree", "window"}
TYPE_NAME = re.compile(r"(Gtk|Adw|Csl)[A-Z]\w+$")

Seen = collections.namedtuple("Seen", "depth role name description states")


def look(screen):
    """All that is shown in every window of the program: a list of objects for each."""
    return [list(look_below(window, 0)) for window in screen.windows()]


def look_below(node, depth):
    states = node.states()
    if "visible" not in states:
        return
    yield Seen(depth, node.role(), node.name(), node.description(), states)
    for child in node.children():
        yield from look_below(child, depth + 1)


def is_doubled(name):
    """A name that says the same twice, as a text with a mnemonic does beside its label."""
    half = len(name) // 2
    return len(name) > 2 and name[:half] == name[half + 1 :] and name[half] == " "


def judge(seen):
    """What is wrong with one object, or None."""
    name = seen.name.strip()
    if seen.role in CONTROLS and not name:
        return "has no name"
    if seen.role in READ and TYPE_NAME.match(name) or name.startswith("Csl") and TYPE_NAME.match(name):
        return "has the name of its type"
    if seen.role in CONTROLS and (is_doubled(name.replace("_", "")) or name.startswith("_") or "_" in name.split(" ")[0]):
        return "is called by its mnemonic, or twice"
    if seen.role == "unknown":
        return "has no role"
    return None


def outermost(objects):
    """The controls one can get to, without those that repeat the control around them."""
    around = []
    for seen in objects:
        around = [one for one in around if one.depth < seen.depth]
        called = (seen.role, seen.name)
        # The line inside a combo box says what is chosen.
        is_part = called in [(one.role, one.name) for one in around] or "combo box" in [one.role for one in around]
        if seen.role in CONTROLS and "focusable" in seen.states and not is_part:
            yield called
        around.append(seen)


def find_misses(objects):
    """Sentences about one window."""
    misses = [f"{seen.role} {seen.name!r} {judge(seen)}" for seen in objects if judge(seen)]
    counted = collections.Counter(called for called in outermost(objects) if called[1])
    misses += [f"{count} times {role} {name!r}" for (role, name), count in counted.items() if count > 1]
    return misses


class AccessTour(Tour):
    """The walk of the pictures, but with the ears."""

    def __init__(self, screen, *arguments):
        super().__init__(*arguments)
        self.screen = screen
        self.misses = collections.OrderedDict()
        self.controls = 0

    def take(self, name, **selector):
        if selector:
            self.client.wait(**selector)
        for objects in look(self.screen):
            self.controls += sum(seen.role in CONTROLS for seen in objects)
            write_tree(name, objects)
            for miss in find_misses(objects):
                self.misses.setdefault(miss, []).append(name)
        self.seen.append(name)

    def walk(self):
        super().walk()
        self.menus()
        self.choosers()
        self.dialogs()

    def popover(self, name, **selector):
        """What opens when a button is pressed, and is gone again."""
        self.client.click(**selector)
        self.take(name)
        self.client.ask("escape")

    def menus(self):
        client = self.client
        self.section("cases")
        self.popover("menu", id="menu_button")
        self.popover("filter", id="filter_button")
        self.open("case")
        client.wait(type="CslCasePage")
        self.popover("case-menu", id="more_button", under="CslCasePage")
        self.popover("status", id="button", under="CslStatusButton")

    def choosers(self):
        client = self.client
        client.action("case.edit", type="CslCasePage")
        client.wait(type="CslEditPage")
        for number, name in enumerate(("calendar", "chooser")):
            self.popover(name, type="GtkMenuButton", under=("field-next_review_date", "field-team")[number])
        client.action("win.back")

    def dialogs(self):
        client = self.client
        client.action("app.about")
        self.take("about", type="AdwAboutWindow")
        client.action("window.close")


def write_tree(title, objects):
    path = os.environ.get("CASELOAD_TREE")
    if path is None:
        return
    with open(path, "a", encoding="utf-8") as file:
        print(f"== {title}", file=file)
        for seen in objects:
            more = f" — {seen.description}" if seen.description else ""
            flags = " ".join(sorted(seen.states - {"sensitive", "visible"}))
            print(f"{'  ' * seen.depth}{seen.role} {seen.name!r}{more} {flags}", file=file)


def tell(story):
    screen = caseload_access.Screen()
    with World() as world:
        records = choose(world.wire("dana"))
        client = world.client("dana", environment=caseload_access.environment())
        tour = AccessTour(screen, story, world, client, VARIANTS[0], records)
        with story.step("the sign-in page is looked at"):
            tour.take("sign-in", id="sign_in_button")
        with story.step("every page and dialog is looked at"):
            world.sign_in(client, "dana")
            world.wait_saved(client)
            tour.walk()
        with story.step("every control has a name of its own"):
            for miss, pages in tour.misses.items():
                story.say(f"{miss}: {', '.join(pages)}")
            story.say(f"{len(tour.seen)} pages, {tour.controls} controls, {len(tour.misses)} misses")
            assert not tour.misses, f"{len(tour.misses)} misses"


if __name__ == "__main__":
    sys.exit(Story("a11y").run(tell))
