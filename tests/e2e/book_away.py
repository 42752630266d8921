# SPDX-License-Identifier: GPL-3.0-or-later
"""The way to the pages for work that could not be sent, was refused, differs, is carried away or was left behind."""

from book_camera import TOAST
from book_chapter import DIALOG, PASSAGE, Chapter
from caseload_story import wait_until

PASSPHRASE = "three small grey herons"

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


class Leaving(Chapter):
    """Sealed copies of unsent work, and the questions before somebody leaves the computer."""

    def tell(self):
        self.begin()
        client = self.client
        client.action("win.sign-out")
        self.dialog("sign-out", DIALOG)
        client.quit()
        self.network.unplug()
        client.tool("tasks", self.records["case"]["id"], 3, -1)
        self.open_again()
        self.leave("unsent")
        copy = client.home / "copy.caseload"
        self.save_copy(copy)
        self.leave("copied")
        self.take_in_copy(copy)

    def leave(self, state):
        for name, action in (("switch", "win.switch-account"), ("sign-out", "win.sign-out")):
            self.client.action(action)
            self.dialog(f"{name}-{state}", DIALOG)

    def answer(self, words):
        """Presses a button of the question in front."""
        self.client.click(has=self.spell(words), type="GtkButton", under=DIALOG)

    def save_copy(self, path):
        client = self.client
        self.section("unsent")
        client.click(id="save_copy", under="CslUnsentPage")
        client.wait(name="passphrase", under=DIALOG)
        self.take("copy-save", type=DIALOG)
        client.type(PASSPHRASE, name="passphrase", under=DIALOG)
        client.type("another", name="passphrase-again", under=DIALOG)
        self.take("copy-save-problem", type=DIALOG)
        client.type(PASSPHRASE, name="passphrase-again", under=DIALOG)
        self.take("copy-save-ready", type=DIALOG)
        self.answer("lace")
        client.choose_file(path)
        client.wait(seconds=30, has=self.spell("opens with your passphrase"), under=DIALOG)
        self.dialog("copy-saved", DIALOG)

    def choose_copy(self, path):
        self.section("unsent")
        self.client.click(id="take_in", under="CslUnsentPage")
        self.client.choose_file(path)
        self.client.wait(name="passphrase", under=DIALOG)

    def open_copy(self, passphrase, shows):
        self.client.type(passphrase, name="passphrase", under=DIALOG)
        self.answer("ake In")
        self.client.wait(seconds=30, has=self.spell(shows), under=DIALOG)

    def take_in_copy(self, path):
        cut = path.with_name("cut.caseload")
        cut.write_bytes(path.read_bytes()[:-100])
        self.choose_copy(path)
        self.take("copy-take-in", type=DIALOG)
        self.open_copy("not the passphrase", "does not open the copy")
        self.take("copy-wrong-passphrase", type=DIALOG)
        self.open_copy(PASSPHRASE, "here already")
        self.dialog("copy-taken-in", DIALOG)
        self.choose_copy(cut)
        self.open_copy(PASSPHRASE, "Damaged")
        self.dialog("copy-damaged", DIALOG)


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
