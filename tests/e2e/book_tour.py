# SPDX-License-Identifier: GPL-3.0-or-later
"""The way to every page and dialog of the client, in chapters that do not need each other."""

from book_away import Away, Inbox, Leaving
from book_camera import TOAST
from book_chapter import DIALOG, GENERIC, PASSAGE, Chapter
from book_doors import Doors

SECTIONS = ("today", "cases", "clients", "calendar", "tasks", "more")


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
        # Seen before anything else: it goes by itself.
        self.take("note-saved", type=TOAST)
        client.wait(gone=True, type="CslNotePage")
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


CHAPTERS = {
    "doors": Doors,
    "places": Places,
    "work": Work,
    "writing": Writing,
    "away": Away,
    "leaving": Leaving,
    "inbox": Inbox,
}
