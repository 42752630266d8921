# SPDX-License-Identifier: GPL-3.0-or-later
"""What the chapters of the book have in common: a client in a world of its own, and the ways every page is reached by."""

import collections

from book_camera import PSEUDO
from caseload_locale import ACCENTS
from caseload_story import wait_until

# Types without a page of their own; their generic page and form must do.
GENERIC = ("appointment", "task", "goal", "barrier", "consent", "client_contact", "communication", "note", "client_flag")
PASSAGE = "Called about the letter. She will bring it on Thursday."
DIALOG = "AdwMessageDialog"


class Chapter:
    """A client on a computer of its own, in a world of its own, and a camera before it."""

    def __init__(self, world, network, camera):
        self.world, self.network, self.camera, self.client = world, network, camera, camera.client
        self.take = camera.take
        self.records = {}

    def spell(self, text):
        """English words as this client shows them."""
        return text.translate(ACCENTS) if self.camera.variants == [PSEUDO] else text

    def begin(self):
        self.sign_in("dana")
        self.wait_saved()
        self.wire = self.world.wire("dana")
        self.records = choose(self.wire)

    def sign_in(self, username):
        self.world.sign_in(self.client, username, done=False)
        self.wait_places()

    def wait_places(self):
        self.client.wait(seconds=30, type="CslSyncButton")
        wait_until(lambda: len(self.client.find(type="CslSidebarRow")) > 6, what="the places")

    def wait_saved(self, seconds=30):
        wait_until(lambda: self.spell("aved on the server") in self.client.sentence(), seconds, "all is saved")

    def open_again(self):
        self.client.start()
        self.client.unlock()
        self.wait_places()

    def section(self, name):
        self.client.action("win.show-section", f"'{name}'")

    def open(self, kind, record=None):
        record = record or self.records[kind]["id"]
        self.client.action("win.open-record", f"('{kind}', '{record}')")

    def back(self):
        self.client.action("win.back")

    def popover(self, name, shows, **button):
        """The menu or list that a button opens."""
        self.client.click(**button)
        self.take(name, **shows)
        self.client.ask("escape")
        self.client.wait(gone=True, **shows)

    def dialog(self, name, kind):
        """The dialog in front; closed again without an answer."""
        self.take(name, type=kind)
        self.client.action("window.close")
        self.client.wait(gone=True, type=kind)

    def tabs(self, page, name):
        for tab in self.client.ask("pages", id="tabs", under=page)["names"]:
            self.client.ask("set", id="tabs", under=page, property="visible-child-name", text=tab)
            self.take(f"{name}-{tab}")


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
