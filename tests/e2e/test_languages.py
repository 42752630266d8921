#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of the screenshot book in a pseudo language, in which every translated text stands in brackets, and written from the right: no
English label is left, the layout is mirrored, and numbers keep their direction."""

import platform
import re
import sys

from book_camera import PSEUDO
from book_chapter import PASSAGE, choose
from book_tour import CHAPTERS
from caseload_driver import DriverError
from caseload_locale import plain_parts, pseudo_environment
from caseload_story import Story, wait_until
from caseload_world import World

# Names, dates of the region (English ones here), numbers with their currency.
DATE = re.compile(
    r"((Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]* )?\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*( \d{4})?"
    r"(,? \d{2}:\d{2})?"
    # The head of a calendar.
    r"|Mon|Tue|Wed|Thu|Fri|Sat|Sun|January|February|March|April|May|June|July|August|September|October|November|December"
)
# The names of keys are the toolkit's, and so is the heading above them.
KEYS = re.compile(r"((Ctrl|Alt|Shift|Super)\+)+\S*|Ctrl|Alt|Shift|Super|Escape|Shortcuts")
# What stands for a face.
INITIALS = re.compile(r"[A-Z]{2}")
# Where the records are kept that somebody set aside.
ASIDE = re.compile(r"~?/\S+\.set-aside-\d{4}-\d{2}-\d{2}")
# What the chapters of the book type.
WRITTEN = re.compile(r"Task number \d.*|Hearing (on|was) .*")
PROPER = {"Caseload", "Castlebridge Advice and Housing", PASSAGE}
TYPED = ("GtkText", "GtkTextView", "GtkSearchEntry", "GtkPasswordEntry")
# The toolkit's own words, which have catalogues of their own.
TOOLKIT = ("GtkCalendar", "GtkShortcutsShortcut", "GtkShortcutLabel", "GtkSearchBar", "GtkStackSwitcher")


def person_texts(wire):
    """Everything people have written into the records, as it may stand on the screen."""
    texts = set()
    wire.pull()

    def walk(value):
        if isinstance(value, str):
            texts.update(" ".join(line.split()) for line in value.split("\n"))
            texts.add(" ".join(value.split()))
        elif isinstance(value, dict):
            for one in value.values():
                walk(one)
        elif isinstance(value, list):
            for one in value:
                walk(one)

    for (kind, _), record in wire.records.items():
        walk(record)
        if "first_name" in record and "last_name" in record:
            texts.add(f"{record['first_name']} {record['last_name']}")
            texts.add(f"{record.get('preferred_name')} ({record['first_name']}) {record['last_name']}")
        if kind == "user":
            texts.add(record.get("full_name", ""))
    return {text for text in texts if text}


def computer_texts():
    """What computers are called, and what runs on them; "Test" is the one of the protocol's client."""
    return {platform.node(), platform.freedesktop_os_release()["PRETTY_NAME"], "Test"}


class Reader:
    """Stands where the camera of the screenshot book stands, and reads."""

    variants = [PSEUDO]

    def __init__(self, client):
        self.client, self.known = client, set()
        self.pages, self.left = [], {}

    def is_known(self, text):
        """Whether somebody has written it, or its beginning, or it is put together from such parts."""
        text = " ".join(text.split()).removeprefix("→ ")
        if text in self.known or text in PROPER or any(form.fullmatch(text) for form in (DATE, INITIALS, KEYS, WRITTEN, ASIDE)):
            return True
        start = text.rstrip("…").strip()
        if len(start) >= 12 and any(start in one for one in self.known):
            return True
        for joint in (": ", ", "):
            if joint in text and all(
                self.is_known(part) for part in text.split(joint) if re.search("[A-Za-z]{2}", part)
            ):
                return True
        return False

    def take(self, name, **selector):
        if selector:
            self.client.wait(**selector)
        if self.client.ask("layout")["window"] == "AdwAboutWindow":
            return
        self.pages.append(name)
        for widget in self.client.ask("tree")["widgets"]:
            # What is typed, and what the toolkit says in its own catalogues.
            if widget["type"] in TOOLKIT or widget["type"] in TYPED:
                continue
            for part in plain_parts(widget["text"]):
                if not self.is_known(part):
                    self.left.setdefault(part, f"{name}: {widget['type']} “{widget['text'][:80]}”")


def read_chapter(name):
    """Every page of a chapter of the book; the reader."""
    with World() as world:
        network = world.network()
        reader = Reader(world.client("dana", network=network, environment=pseudo_environment()))
        reader.known = computer_texts().union(*(person_texts(world.wire(name)) for name in ("dana", "maria", "helen")))
        reader.take("sign-in", id="sign_in_button")
        CHAPTERS[name](world, network, reader).tell()
        return reader


def check_mirrored(client):
    """The places stand at the right of the page, and the way back points to the right."""
    client.wait(type="CslTodayPage")
    # The places slide in when the window becomes wide.
    wait_until(
        lambda: client.wait(type="CslSidebarRow")["x"] > client.wait(type="CslTodayPage")["x"],
        what="the places at the right of the page",
    )


def check_isolated(client, records):
    """A phone number of several groups keeps its order: it is isolated from the text around it."""
    client.action("win.open-record", f"('client', '{records['client']['id']}')")
    client.wait(type="CslClientPage")
    phone = records["client"]["phone_primary"]
    shown = client.wait(has=phone, under="CslClientPage")["text"]
    if f"\u2068{phone}\u2069" not in shown:
        raise DriverError(f"{phone} is not isolated in {shown!r}")
    client.action("client.edit", type="CslClientPage")
    client.wait(type="CslEditPage")
    entry = client.wait(type="GtkText", text=phone, under="field-phone_primary")
    if entry["direction"] != "ltr":
        raise DriverError(f"the entry of {phone} is written from the right")
    client.action("win.back")


def tell(story):
    for name in CHAPTERS:
        with story.step(f"no English label is left: {name}"):
            reader = read_chapter(name)
            story.say(f"{len(reader.pages)} pages read")
            for text, where in sorted(reader.left.items()):
                story.say(f"not translated: “{text}” on {where}")
            if reader.left:
                raise DriverError(f"{len(reader.left)} texts were never marked for translation")
    with World() as world:
        records = choose(world.wire("dana"))
        client = world.client("dana", environment=pseudo_environment())
        with story.step("the layout is mirrored"):
            world.sign_in(client, "dana", done=False)
            client.wait(seconds=30, type="CslSyncButton")
            wait_until(lambda: len(client.find(type="CslSidebarRow")) > 6, what="the places")
            # As the toolkit does by itself in a language that is written from the right and has a catalogue.
            client.ask("look", rtl=True)
            client.size(1100, 700)
            client.action("win.show-section", "'today'")
            check_mirrored(client)
            client.shot(story.folder / "rtl-today.png")
        with story.step("numbers keep their direction"):
            wait_until(lambda: re.search(r"\d", client.sentence()), what="all is saved")
            check_isolated(client, records)
            client.shot(story.folder / "rtl-client.png")


if __name__ == "__main__":
    sys.exit(Story("languages").run(tell))
