#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a screen reader finds on every page and dialog: each control must have a role and a name of its own that says what
it does. Prints the misses; exit status 1 when there is one. With CASELOAD_TREE=FILE the whole tree is written there."""

import collections
import os
import re
import sys

import caseload_access
from book_camera import HOME
from book_tour import CHAPTERS
from caseload_story import Story
from caseload_world import World

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
    name, description, count = node.summary()
    yield Seen(depth, node.role(), name, description, states)
    for child in node.children() if count > 0 else []:
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


def words_below(objects, place):
    """All that can be read in one object."""
    words = []
    for seen in objects[place + 1 :]:
        if seen.depth <= objects[place].depth:
            break
        words.append(seen.name)
    return tuple(words)


def outermost(objects):
    """The controls one can get to, without those that repeat the control around them: (popover, role, name, words)."""
    around = []
    for place, seen in enumerate(objects):
        around = [one for one in around if one.depth < seen.depth]
        # The line inside a combo box says what is chosen.
        is_part = (seen.role, seen.name) in [(one.role, one.name) for one in around] or "combo box" in [one.role for one in around]
        if seen.role in CONTROLS and "focusable" in seen.states and seen.name and not is_part:
            # What is open in front covers what is called the same behind it.
            front = "GtkPopoverContent" in [one.name for one in around]
            yield front, seen.role, seen.name, words_below(objects, place)
        around.append(seen)


def find_misses(objects):
    """Sentences about one window."""
    misses = [f"{seen.role} {seen.name!r} {judge(seen)}" for seen in objects if judge(seen)]
    controls = list(outermost(objects))
    # Two lines of a list with the same words on them cannot be told apart by anybody.
    lines = {control for control in controls if control[1] == "list item"}
    counted = collections.Counter(control[:3] for control in [*lines, *(one for one in controls if one[1] != "list item")])
    misses += [f"{count} times {role} {name!r}" for (_, role, name), count in counted.items() if count > 1]
    return misses


class Ear:
    """Goes where the camera of the screenshot book goes, and listens."""

    def __init__(self, screen, client):
        self.screen, self.client, self.variants = screen, client, [HOME]
        self.misses = collections.OrderedDict()
        self.pages, self.controls = 0, 0

    def take(self, name, **selector):
        if selector:
            self.client.wait(**selector)
        for objects in self.look():
            self.controls += sum(seen.role in CONTROLS for seen in objects)
            write_tree(name, objects)
            for miss in find_misses(objects):
                self.misses.setdefault(miss, []).append(name)
        self.pages += 1

    def look(self):
        """Lists go on being filled while one walks through them: a line that is gone again is no miss."""
        while True:
            try:
                return look(self.screen)
            except caseload_access.Gone:
                pass


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


def tell_chapter(story, screen, name):
    with World() as world:
        network = world.network()
        client = world.client("dana", network=network, environment=caseload_access.environment())
        ear = Ear(screen, client)
        CHAPTERS[name](world, network, ear).tell()
    story.say(f"{ear.pages} pages, {ear.controls} controls, {len(ear.misses)} misses")
    for miss, pages in ear.misses.items():
        story.say(f"{miss}: {', '.join(pages)}")
    return ear.misses


def tell(story):
    screen = caseload_access.Screen()
    misses = {}
    for name in CHAPTERS:
        with story.step(f"every page and dialog of {name} is listened to"):
            misses.update(tell_chapter(story, screen, name))
    with story.step("every control has a name of its own"):
        assert not misses, f"{len(misses)} misses"


if __name__ == "__main__":
    sys.exit(Story("a11y").run(tell))
