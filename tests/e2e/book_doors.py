# SPDX-License-Identifier: GPL-3.0-or-later
"""The way to the pages before and around the work."""

from book_chapter import Chapter

# Who signs in, and the beginning of what there is to see; not nearly all of it.
FIRST_BYTES = 40_000


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
        self.arriving()
        self.windows()
        self.popover("main-menu", {"type": "GtkPopoverMenu"}, id="menu_button")
        self.accounts()

    def arriving(self):
        """The first bytes of the caseload come in while the PIN is chosen; then the line stands still."""
        client, proxy = self.client, self.network.proxy
        proxy.stall_after(FIRST_BYTES)
        client.click(id="sign_in_button")
        client.choose_pin()
        client.wait(seconds=30, type="CslSyncButton")
        self.take("today-arriving", id="arriving")
        proxy.quiet()
        self.wait_places()
        self.wait_saved(90)

    def windows(self):
        """What opens in a window of its own."""
        client = self.client
        for action, name, kind in (
            ("app.about", "about", "AdwAboutWindow"),
            ("win.show-help-overlay", "shortcuts", "GtkShortcutsWindow"),
            ("app.preferences", "preferences", "CslPreferencesWindow"),
        ):
            client.action(action)
            self.dialog(name, kind)
        client.action("app.help")
        self.take("help", type="CslHelpWindow")
        client.ask("click", type="AdwActionRow", under="CslHelpWindow", nth=0)
        self.take("help-topic", id="heading", under="CslHelpWindow")
        client.action("window.close", type="CslHelpWindow")
        client.wait(gone=True, type="CslHelpWindow")

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
        client.click(id="again_button", under="CslAccountPage")
        self.dialog("start-again-no-key", "AdwMessageDialog")

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
