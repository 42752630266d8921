#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page and dialog with demo data, photographed light, dark and on a narrow screen; none may be empty or complain."""

import collections
import sys

from caseload_driver import DriverError
from caseload_story import Story
from caseload_world import World

Variant = collections.namedtuple("Variant", "name width height environment")

VARIANTS = (
    Variant("light", 1100, 700, {}),
    Variant("dark", 1100, 700, {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}),
    Variant("narrow", 360, 640, {}),
)
SECTIONS = ("today", "cases", "clients", "calendar", "tasks", "more", "unsent", "differences", "drafts")
# Types without a page of their own; their generic page and form must do.
GENERIC = ("appointment", "task", "goal", "barrier", "consent", "client_contact", "communication", "note")


class Tour:
    """One walk through the program in one variant."""

    def __init__(self, story, world, client, variant, records):
        self.story, self.world, self.client = story, world, client
        self.variant, self.records = variant, records
        self.number = 0
        self.seen = []

    def take(self, name, **selector):
        """Waits for what the page must show, then takes its picture."""
        if selector:
            self.client.wait(**selector)
        texts = {widget["text"] for widget in self.client.ask("tree")["widgets"] if widget["text"]}
        if len(texts) < 4:
            raise DriverError(f"{name} is empty: {sorted(texts)}")
        self.number += 1
        path = self.story.folder / f"{self.variant.name}-{self.number:02}-{name}.png"
        self.client.shot(path)
        if path.stat().st_size < 4000:
            raise DriverError(f"{name} is an empty picture")
        self.seen.append(name)

    def section(self, name):
        self.client.action("win.show-section", f"'{name}'")

    def open(self, kind):
        record = self.records[kind]["id"]
        self.client.action("win.open-record", f"('{kind}', '{record}')")

    def tabs(self, page, names):
        for name in names:
            self.client.ask("set", id="tabs", under=page, property="visible-child-name", text=name)
            self.take(f"{page[3:].lower()}-{name}")

    def close_dialog(self):
        self.client.action("window.close")
        self.client.wait(gone=True, type="CslHistoryDialog")

    def walk(self):
        client = self.client
        for name in SECTIONS:
            self.section(name)
            self.take(name)
        self.section("today")
        self.case()
        self.person()
        self.writing()
        for kind in GENERIC:
            if kind in self.records:
                self.open(kind)
                self.take(f"read-{kind}")
        client.action("win.search")
        client.wait(type="CslSearchPage")
        client.type(self.records["client"]["last_name"][:4], id="entry", under="CslSearchPage")
        self.take("search", id="title", has=self.records["client"]["last_name"])
        client.action("win.back")
        client.click(id="button", under="CslSyncButton")
        self.take("sync", type="CslSyncPanel")
        client.ask("escape")
        client.action("win.show-help-overlay")
        self.take("keys", type="GtkShortcutsWindow")
        client.action("window.close")

    def case(self):
        client = self.client
        self.open("case")
        self.take("case", type="CslCasePage")
        self.tabs("CslCasePage", client.ask("pages", id="tabs", under="CslCasePage")["names"])
        client.action("case.show-history", type="CslCasePage")
        self.take("history", type="CslHistoryDialog")
        self.close_dialog()
        client.action("case.edit", type="CslCasePage")
        self.take("case-edit", type="CslEditPage")
        client.action("win.back")

    def person(self):
        client = self.client
        self.open("client")
        self.take("client", type="CslClientPage")
        self.tabs("CslClientPage", client.ask("pages", id="tabs", under="CslClientPage")["names"])
        client.action("client.edit", type="CslClientPage")
        self.take("client-edit", type="CslEditPage")
        client.action("win.back")

    def writing(self):
        client = self.client
        self.open("case")
        client.wait(type="CslCasePage")
        client.action("win.new-note")
        client.type("Called about the letter. She will bring it on Thursday.", id="content", under="CslNotePage")
        self.take("note", type="CslNotePage")
        client.action("win.back")
        client.action("win.new-client")
        client.type(self.records["client"]["first_name"], name="field-first_name", under="client_place")
        client.type(self.records["client"]["last_name"], name="field-last_name", under="client_place")
        self.take("intake", id="candidates")
        client.click(id="discard", under="CslIntakePage")
        self.section("today")
        client.click(id="visit_button")
        if not client.find(id="content", under="CslVisitPage"):
            self.take("visit-door", id="check_in")
            client.click(id="check_in")
        self.take("visit", id="content", under="CslVisitPage")
        client.action("win.back")
        self.section("drafts")
        self.take("drafts-some")


def choose(wire):
    """One of Dana's records of each type, of a case with a story."""
    wire.pull()
    notes = collections.Counter(note.get("case") for note in wire.all("note"))
    mine = wire.all("case", advisor=wire.user, status="in_progress")
    case = max(mine, key=lambda one: notes[one["id"]])
    records = {"case": case, "client": wire.records["client", case["client"]]}
    for kind in GENERIC:
        found = wire.all(kind, case=case["id"]) or wire.all(kind, client=case["client"]) or wire.all(kind)
        if found:
            records[kind] = found[0]
    return records


def tell(story):
    with World() as world:
        records = choose(world.wire("dana"))
        client = world.client("dana", environment=VARIANTS[0].environment)
        with story.step("the sign-in page, and a wrong password"):
            client.wait(id="sign_in_button")
            client.size(1100, 700)
            client.shot(story.folder / "light-00-sign-in.png")
            client.type("dana", id="username")
            client.type("not the password", id="password")
            client.click(id="sign_in_button")
            client.wait(id="problem")
            client.shot(story.folder / "light-00-sign-in-wrong.png")
        with story.step("her caseload arrives"):
            world.sign_in(client, "dana")
            world.wait_saved(client)
        for variant in VARIANTS:
            with story.step(f"every page {variant.name}"):
                if variant is not VARIANTS[0]:
                    client.stop()
                    client.extra = variant.environment
                    client.start()
                    client.wait(type="CslSyncButton")
                    world.wait_saved(client)
                client.size(variant.width, variant.height)
                tour = Tour(story, world, client, variant, records)
                tour.walk()
                story.say(f"{len(tour.seen)} pictures in {story.folder}")


if __name__ == "__main__":
    sys.exit(Story("pages").run(tell))
