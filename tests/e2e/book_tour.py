# SPDX-License-Identifier: GPL-3.0-or-later
"""The way to every page and dialog of the client, in chapters that do not need each other."""

import collections

from book_camera import PSEUDO, TOAST
from caseload_locale import ACCENTS
from caseload_story import wait_until

SECTIONS = ("today", "cases", "clients", "calendar", "tasks", "more")
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


class Doors(Chapter):
    """Before and around the work: signing in, the first minutes, who is working, what is wrong, about."""

    def tell(self):
        client, account = self.client, self.world.accounts["dana"]
        self.take("sign-in", id="sign_in_button")
        client.type("dana", id="username")
        client.type("not the password", id="password")
        client.click(id="sign_in_button")
        self.take("sign-in-wrong", id="problem")
        self.network.unplug()
        client.type(account.password, id="password")
        client.click(id="sign_in_button")
        client.wait(id="problem")
        self.take("sign-in-no-network", id="problem")
        self.network.plug_in()
        # The caseload arrives while the PIN is chosen.
        client.click(id="sign_in_button")
        client.choose_pin()
        self.wait_places()
        self.wait_saved(90)
        client.action("app.about")
        self.dialog("about", "AdwAboutWindow")
        client.action("win.show-help-overlay")
        self.dialog("shortcuts", "GtkShortcutsWindow")
        self.popover("main-menu", {"type": "GtkPopoverMenu"}, id="menu_button")
        self.accounts()

    def accounts(self):
        """A second worker on the same computer; then the key of the first one is lost."""
        client = self.client
        client.action("win.switch-account")
        client.wait(id="add_button")
        client.click(id="add_button")
        client.wait(id="sign_in_button")
        client.type("maria", id="username")
        client.type(self.world.accounts["maria"].password, id="password")
        client.click(id="sign_in_button")
        client.wait(seconds=30, id="set_pin_button")
        self.take("choose-pin", id="set_pin_button")
        client.choose_pin()
        self.wait_places()
        self.wait_saved()
        client.action("win.change-pin")
        self.take("change-pin", id="old_pin")
        client.action("window.close")
        client.wait(gone=True, id="old_pin")
        client.action("win.switch-account")
        self.take("who-is-working", id="accounts")
        client.quit()
        self.locked()
        client.quit()
        (client.home / "secrets.keyring").unlink()
        client.start()
        client.wait(id="accounts")
        client.click(type="AdwActionRow", under="accounts")
        client.unlock()
        self.take("trouble", id="retry_button")

    def locked(self):
        """The unlock page in its forms."""
        client = self.client
        client.start()
        client.wait(id="accounts")
        client.click(type="AdwActionRow", under="accounts")
        self.take("unlock", id="unlock_button")
        client.unlock("not the PIN")
        client.wait(id="problem", under="CslUnlockPage")
        self.take("unlock-wrong", id="problem")
        client.click(id="forgotten_button")
        self.take("unlock-forgotten", id="first")
        client.click(id="back_button", under="CslUnlockPage")
        for lease in client.home.glob("data/caseload/*/lease"):
            lease.rename(lease.with_name("lease-away"))
        client.unlock()
        client.wait(id="password", under="CslUnlockPage")
        self.take("unlock-lease-over", id="password")
        for lease in client.home.glob("data/caseload/*/lease-away"):
            lease.rename(lease.with_name("lease"))
        client.click(id="back_button", under="CslUnlockPage")


class Places(Chapter):
    """Every place of the sidebar and every list, full and empty; search; menus of lists."""

    def tell(self):
        self.begin()
        client = self.client
        for name in SECTIONS:
            self.section(name)
            self.take(name, type="CslSidebar")
        self.section("cases")
        self.popover("cases-filter", {"id": "filter_list"}, id="filter_button")
        client.type("zzzz", id="entry", under="CslListPage")
        self.take("cases-none", id="empty", under="CslListPage")
        client.type("", id="entry", under="CslListPage")
        client.ask("select", id="list", under="CslListPage", position=1)
        self.take("cases-with-one", type="CslCasePage")
        self.section("clients")
        client.ask("select", id="list", under="CslListPage", position=0)
        self.take("clients-with-one", type="CslClientPage")
        self.section("tasks")
        client.ask("select", id="list", under="CslListPage", position=0)
        self.take("tasks-with-one", type="CslRecordPage")
        for name in ("unsent", "differences", "drafts"):
            self.section(name)
            self.take(f"{name}-none")
        self.lists()
        self.search()

    def lists(self):
        """The types behind "More Records"; their lists, and what opens from them."""
        self.section("more")
        count = len(self.client.find(type="AdwActionRow", under="CslTypesPage"))
        for place in range(count):
            self.section("more")
            self.client.wait(type="CslTypesPage")
            self.client.ask("click", type="AdwActionRow", under="CslTypesPage", nth=place)
            self.client.wait(type="CslListPage")
            self.take(f"list-{place + 1:02}")

    def search(self):
        client = self.client
        self.section("today")
        client.action("win.search")
        self.take("search-empty", type="CslSearchPage")
        client.type(self.records["client"]["last_name"][:4], id="entry", under="CslSearchPage")
        self.take("search", id="title", has=self.records["client"]["last_name"])
        client.type("zzzz", id="entry", under="CslSearchPage")
        client.wait(gone=True, id="title", has=self.records["client"]["last_name"])
        self.take("search-none", type="CslSearchPage")
        self.back()
        client.action("win.choose-client")
        self.take("choose-client", type="CslSearchPage")
        self.back()
        self.section("today")
        client.action("win.new-note")
        self.take("choose-for-note", type="CslSearchPage")
        self.back()


class Work(Chapter):
    """A case, a person, and reading what belongs to them."""

    def tell(self):
        self.begin()
        client = self.client
        self.open("case")
        self.take("case", type="CslCasePage")
        self.tabs("CslCasePage", "case")
        client.ask("set", id="tabs", under="CslCasePage", property="visible-child-name", text="timeline")
        self.popover("case-new-menu", {"type": "GtkPopoverMenu"}, type="GtkMenuButton", under="note_button")
        self.popover("case-more-menu", {"type": "GtkPopoverMenu"}, id="more_button", under="CslCasePage")
        self.popover("case-status-menu", {"type": "GtkPopoverMenu"}, id="button", under="CslStatusButton")
        client.action("status.change", "'referred'", type="CslStatusButton")
        self.dialog("case-status-why", DIALOG)
        client.action("status.change", "'pending_completion'", type="CslStatusButton")
        self.dialog("case-status-not-yet", DIALOG)
        client.action("case.show-history", type="CslCasePage")
        client.wait(id="empty", under="CslHistoryDialog")
        self.dialog("history-none", "CslHistoryDialog")
        client.action("case.edit", type="CslCasePage")
        self.take("edit-case", type="CslEditPage")
        self.back()
        self.open("client")
        self.take("client", type="CslClientPage")
        self.tabs("CslClientPage", "client")
        self.popover("client-more-menu", {"type": "GtkPopoverMenu"}, id="more_button", under="CslClientPage")
        client.action("client.edit", type="CslClientPage")
        self.take("edit-client", type="CslEditPage")
        self.back()
        for kind in GENERIC:
            if kind in self.records:
                self.open(kind)
                self.take(f"read-{kind}", type="CslRecordPage")


class Writing(Chapter):
    """Everything that can be written: forms, notes, a new client, a visit; drafts and problems."""

    def tell(self):
        self.begin()
        self.forms()
        self.note()
        self.intake()
        self.visit()

    def forms(self):
        client = self.client
        for kind in ("communication", "appointment", "task", "goal", "client_flag"):
            self.open("case")
            client.wait(type="CslCasePage")
            client.action("case.new", f"'{kind}'", type="CslCasePage")
            self.take(f"new-{kind}", type="CslEditPage")
            if kind == "task":
                client.click(id="save", under="CslEditPage")
                self.take("new-task-problem", type="CslEditPage")
                self.popover("form-calendar", {"type": "GtkCalendar"}, type="GtkMenuButton", under="field-due_at")
                self.popover("form-person", {"type": "CslReferenceChooser"}, type="GtkMenuButton", under="field-assigned_to")
                client.type("Bring the tenancy agreement", name="field-title")
            self.back()

    def note(self):
        client = self.client
        self.open("case")
        client.wait(type="CslCasePage")
        client.action("win.new-note")
        self.take("note-new", type="CslNotePage")
        client.click(id="finish", under="CslNotePage")
        self.take("note-problem", id="problem", under="CslNotePage")
        client.type(PASSAGE, id="content", under="CslNotePage")
        self.take("note", type="CslNotePage")
        client.click(id="discard", under="CslNotePage")
        self.dialog("note-discard", DIALOG)
        client.click(id="finish", under="CslNotePage")
        client.wait(gone=True, type="CslNotePage")
        self.take("note-saved", type=TOAST)
        client.action("win.new-note")
        client.type(PASSAGE, id="content", under="CslNotePage")
        self.back()

    def intake(self):
        client = self.client
        client.action("win.new-client")
        self.take("intake-new", type="CslIntakePage")
        client.click(id="save", under="CslIntakePage")
        self.take("intake-problem", id="problem", under="CslIntakePage")
        client.type(self.records["client"]["first_name"], name="field-first_name", under="client_place")
        client.type(self.records["client"]["last_name"], name="field-last_name", under="client_place")
        self.take("intake", id="candidates")
        client.click(id="discard", under="CslIntakePage")

    def visit(self):
        client = self.client
        self.section("today")
        client.click(id="visit_button")
        self.take("visit-door", id="check_in")
        client.click(id="check_in")
        client.type(PASSAGE, id="content", under="CslVisitPage")
        self.take("visit", id="content", under="CslVisitPage")
        self.back()
        self.section("drafts")
        self.take("drafts", type="CslDraftsPage")
        client.click(type="GtkButton", under="CslDraftsPage")
        self.dialog("draft-discard", DIALOG)
        self.section("today")
        self.take("today-visit-begun", id="visit_button")


class Away(Chapter):
    """Without the network, and what comes of it: what waits, what was refused, what differs."""

    def tell(self):
        self.begin()
        client, case = self.client, self.records["case"]["id"]
        self.popover("sync-saved", {"type": "CslSyncPopover"}, id="button", under="CslSyncButton")
        client.quit()
        self.network.unplug()
        client.tool("tasks", case, 3, 2)
        self.open_again()
        self.change_phone()
        self.section("today")
        self.take("today-offline", id="greeting")
        self.popover("sync-offline", {"type": "CslSyncPopover"}, id="button", under="CslSyncButton")
        self.section("unsent")
        self.take("unsent", type="CslOutboxRow")
        self.meanwhile()
        self.network.plug_in()
        client.action("win.sync-now")
        self.section("differences")
        client.wait(seconds=30, id="list", under="CslListPage")
        self.take("differences", type="CslListPage")
        self.section("unsent")
        wait_until(lambda: client.find(id="fix", under="CslOutboxRow"), what="a change was refused")
        self.take("unsent-refused", type="CslOutboxRow")
        self.popover("sync-attention", {"type": "CslSyncPopover"}, id="button", under="CslSyncButton")
        self.popover("unsent-menu", {"type": "GtkPopoverMenu"}, type="GtkMenuButton", under="CslOutboxRow")
        client.action("outbox.withdraw", type="CslOutboxRow")
        self.dialog("unsent-give-up", DIALOG)
        self.section("today")
        self.take("today-attention", id="greeting")
        self.settle_differences()
        self.lost()

    def lost(self):
        """The list of computers, the question before one is removed, and this one removed with something unsent."""
        client = self.client
        self.world.make_recovery_key("dana")
        device = max(one["device"] for one in self.world.devices("dana") if one["app"])
        client.action("win.show-computers")
        client.wait(name=f"remove-{device}", under="CslDevicesWindow")
        self.take("computers", type="CslDevicesWindow")
        client.click(name=f"remove-{device}", under="CslDevicesWindow")
        self.dialog("computer-remove", DIALOG)
        client.action("window.close", type="CslDevicesWindow")
        client.wait(gone=True, type="CslDevicesWindow")
        self.world.command("device", "revoke", "--device", device)
        client.action("win.sync-now")
        client.wait(seconds=30, id="close_button", under="CslRemovalPage")
        self.take("removed", type="CslRemovalPage")

    def change_phone(self):
        """Dana changes two facts of a person, one of them a long text."""
        client = self.client
        self.open("client")
        client.wait(type="CslClientPage")
        client.action("client.edit", type="CslClientPage")
        client.type("07700 900 123", name="field-phone_primary", under="CslEditPage")
        client.click(id="save", under="CslEditPage")
        client.wait(gone=True, type="CslEditPage")
        self.open("case")
        client.wait(type="CslCasePage")
        client.action("case.edit", type="CslCasePage")
        client.type(self.summary("on Friday at ten; bring the notice"), type="GtkTextView", under="field-summary")
        client.click(id="save", under="CslEditPage")
        client.wait(gone=True, type="CslEditPage")

    @staticmethod
    def summary(when):
        return f"Hearing {when}. Speaks Bengali; her sister interprets. Do not leave voicemail on the landline."

    def meanwhile(self):
        """Helen changes the same facts in the office."""
        manager = self.world.wire("helen")
        manager.pull()
        person = manager.fetch("client", self.records["client"]["id"])
        case = manager.fetch("case", self.records["case"]["id"])
        for kind, record, values in (
            ("client", person, {"phone_primary": "0117 496 0199"}),
            ("case", case, {"summary": self.summary("was moved to Monday at half past nine; bring the tenancy agreement")}),
        ):
            answer = manager.push(manager.update(kind, record, values))[0]
            assert answer["r"] == "ok", answer

    def settle_differences(self):
        self.wire.pull()
        for conflict in self.wire.all("sync_conflict", state="open"):
            kind = "short" if conflict["record"] == self.records["client"]["id"] else "long"
            self.open("sync_conflict", conflict["id"])
            self.take(f"difference-{kind}", type="CslDifferencePage")
            self.back()
        self.open("client")
        self.client.action("client.show-history", type="CslClientPage")
        self.client.wait(id="list", under="CslHistoryDialog")
        self.dialog("history", "CslHistoryDialog")


class Inbox(Chapter):
    """What a manager decides about: work of somebody who has no access any more."""

    def tell(self):
        self.sign_in("helen")
        self.wait_saved()
        client, self.wire = self.client, self.world.wire("helen")
        self.wire.pull()
        self.section("stranded")
        self.take("stranded-none", id="empty", under="CslListPage")
        self.strand()
        client.action("win.sync-now")
        wait_until(lambda: client.find(id="title", under="CslListPage"), 30, "work to take over")
        self.take("stranded", type="CslListPage")
        client.ask("select", id="list", under="CslListPage", position=0)
        self.take("stranded-with-one", type="CslStrandedPage")
        self.section("today")
        self.take("today-stranded", id="greeting")
        self.wire.pull()
        for work in self.wire.all("stranded_work", state="open"):
            kind = "note" if "content" in str(work["changes"]) else "changes"
            self.open("stranded_work", work["id"])
            self.take(f"stranded-{kind}", type="CslStrandedPage")
            if kind == "note":
                client.click(id="decline", under="CslStrandedPage")
                self.dialog("stranded-why", DIALOG)
                client.click(id="accept", under="CslStrandedPage")
                client.wait(gone=True, type="CslStrandedPage")
                self.take("stranded-taken", type=TOAST)
                self.open("stranded_work", work["id"])
                self.take("stranded-decided", id="decision", under="CslStrandedPage")
            self.back()

    def strand(self):
        """Dana helps with a case until this morning, and sends what she wrote for it in the afternoon."""
        dana = self.world.wire("dana")
        dana.pull()
        mine = {case["id"] for case in dana.all("case")}
        case = next(one for one in self.wire.all("case", status="in_progress") if one["id"] not in mine)
        part = self.wire.create(
            "case_assignment",
            {"case": case["id"], "user": dana.user, "duty": "cover", "from_at": "2026-01-05T09:00:00.000Z[Europe/London]"},
        )
        assert self.wire.push(part)[0]["r"] == "ok"
        ends = {"to_at": "2026-01-06T09:00:00.000Z[Europe/London]"}
        assert self.wire.push(self.wire.update("case_assignment", self.wire.fetch("case_assignment", part["id"]), ends))[0]["r"] == "ok"
        note = {"case": case["id"], "client": case["client"], "kind": "case", "author": dana.user, "content": PASSAGE}
        for change in (
            dana.create("note", note),
            dana.update("case", case, {"priority": "urgent", "summary": Away.summary("on Friday at ten; bring the notice")}),
        ):
            answer = dana.push(change)[0]
            assert answer["r"] == "escrow", answer


CHAPTERS = {"doors": Doors, "places": Places, "work": Work, "writing": Writing, "away": Away, "inbox": Inbox}


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
