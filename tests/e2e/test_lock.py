#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lock, with the real program and a real keyring: what is in memory before and after, unlocking without a network, two
workers on one laptop, a wrong keyring password, a lease that is over, a forgotten PIN."""

import contextlib
import hashlib
import os
import pathlib
import re
import subprocess
import sys
import time

from caseload_driver import DriverError
from caseload_story import Story, slowness, wait_until
from caseload_world import PIN, TOOL, Worker, World

KEYRING_PASSWORD = "the login of this computer"
CANARY = "Zwergpinscher Ottokar behind the blue gate"
DRAFT = "Half a sentence about the Zwergpinscher and"
OTHER_PIN = "lighthouse 94"
NEW_PIN = "seven red boats"
LIMIT_S = 0.7


class Laptop(Worker):
    """A computer with a session bus, on which the keyring and the desktop are, and something like logind."""

    def environment(self):
        made = super().environment()
        for name in ("SECRET_BACKEND", "SECRET_FILE_TEST_PATH", "SECRET_FILE_TEST_PASSWORD"):
            made.pop(name, None)
        bus = os.environ["DBUS_SESSION_BUS_ADDRESS"]
        return dict(made, DBUS_SESSION_BUS_ADDRESS=bus, DBUS_SYSTEM_BUS_ADDRESS=bus)

    def account(self, username):
        for path in self.home.glob("data/caseload/*/account.ini"):
            if f"username={username}\n" in path.read_text():
                return path.parent
        raise AssertionError(f"{username} has never worked here")

    def key(self, pin=PIN):
        return bytes.fromhex(self.tool_with(pin, "key"))

    def tool_with(self, pin, *words):
        folder = self.home / "data" / "caseload"
        done = subprocess.run(
            [TOOL, folder, pin, *words], env=self.environment(), stdout=subprocess.PIPE, text=True, check=True
        )
        return done.stdout

    def signal(self, path, name, *arguments):
        """What the desktop says over the bus."""
        command = ["gdbus", "emit", "--session", "--object-path", path, "--signal", name, *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    def listens(self, name):
        """Whether somebody on the bus waits for that signal; the program does so when both buses have answered."""
        interface, member = name.rsplit(".", 1)
        command = ["gdbus", "call", "--session", "--dest", "org.freedesktop.DBus", "--object-path", "/org/freedesktop/DBus"]
        command += ["--method", "org.freedesktop.DBus.Debug.Stats.GetAllMatchRules"]
        rules = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        return f"interface='{interface}',member='{member}'" in rules


class Keyring:
    """gnome-keyring with a home of its own."""

    def __init__(self, home):
        self.home = pathlib.Path(home)
        self.process = None

    def start(self, password):
        (self.home / "run").mkdir(mode=0o700, parents=True, exist_ok=True)
        environment = dict(
            os.environ,
            HOME=str(self.home),
            XDG_DATA_HOME=str(self.home / "data"),
            XDG_RUNTIME_DIR=str(self.home / "run"),
        )
        self.process = subprocess.Popen(
            ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.process.stdin.write(password.encode())
        self.process.stdin.close()
        wait_until(lambda: has_name("org.freedesktop.secrets"), what="the keyring")

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)
            wait_until(lambda: not has_name("org.freedesktop.secrets"), what="the keyring is gone")
        self.process = None


def has_name(name):
    command = ["gdbus", "call", "--session", "--dest", "org.freedesktop.DBus", "--object-path", "/org/freedesktop/DBus"]
    command += ["--method", "org.freedesktop.DBus.NameHasOwner", name]
    return "true" in subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


# -- memory --


def read_memory(pid):
    """Every readable part of the memory of a process, one after another."""
    with open(f"/proc/{pid}/maps", encoding="utf-8") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            found = re.match(r"([0-9a-f]+)-([0-9a-f]+) r", line)
            if found is None or "[vvar" in line or "[vsyscall]" in line:
                continue
            start, end = (int(part, 16) for part in found.groups())
            # Guard pages and devices have nothing to read.
            with contextlib.suppress(OSError, OverflowError):
                memory.seek(start)
                yield line.split()[-1], memory.read(end - start)


def needles(words, secrets):
    made = {}
    for word in words:
        made[word] = [word.encode(), word.encode("utf-16-le")]
    for name, secret in secrets.items():
        made[name] = [secret, secret.hex().encode(), secret.hex().upper().encode()]
    return made


def count_in_memory(pid, wanted):
    """How often each needle is in the memory of the process, and how many bytes were looked at."""
    counts, size = dict.fromkeys(wanted, 0), 0
    for _, data in read_memory(pid):
        size += len(data)
        for name, forms in wanted.items():
            counts[name] += sum(data.count(form) for form in forms)
    return counts, size


# -- what is seen --


def write_note(client, case, text):
    client.action("win.open-record", f"('case', '{case}')")
    client.wait(type="CslCasePage")
    client.action("win.new-note")
    client.wait(type="CslNotePage")
    client.type(text, id="content", under="CslNotePage")


def finish_note(client):
    client.action("note.finish", type="CslNotePage")
    client.wait(gone=True, type="CslNotePage")


def see_draft(client):
    client.wait(text="Drafts", under="CslSidebar")
    client.action("win.show-section", "'drafts'")
    client.wait(type="CslDraftsPage")
    client.wait(has="Note ·", under="CslDraftsPage")


def unlock_in(client, pin=PIN):
    """Seconds from pressing the button to the worker's page."""
    client.type(pin, id="pin", under="CslUnlockPage")
    began = time.monotonic()
    client.click(id="unlock_button")
    while not client.find(type="CslSyncButton"):
        if time.monotonic() > began + 20:
            raise DriverError(f"not unlocked\n{client.outline()}")
        time.sleep(0.005)
    return time.monotonic() - began


def check_times(story, times, limit_s):
    """What else the computer does meanwhile is not the program's time: the best counts, of the share of a processor it had."""
    story.say("seconds: " + " ".join(f"{took:.3f} (× {slow:.1f})" for took, slow in times))
    assert min(took / slow for took, slow in times) <= limit_s, times


def sums(folder):
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.name in ("replica.db", "keys", "account.ini")
    }


# -- the story --


def tell(story):
    with World(Laptop) as world:
        keyring = Keyring(world.root / "keyring")
        try:
            keyring.start(KEYRING_PASSWORD)
            client, network, facts = arrive(world, story)
            memory(story, client, facts)
            offline(story, client, network, facts)
            desktop(story, client)
            two_workers(world, story, client, network)
            wrong_keyring(story, client, keyring)
            lease(world, story, client, network, facts)
            forgotten(world, story, client, network)
        finally:
            keyring.stop()


def arrive(world, story):
    with story.step("Dana signs in, chooses a PIN, and the key has left the keyring"):
        network = world.network()
        client = world.client("dana", network=network)
        client.type("dana", id="username")
        client.type(world.accounts["dana"].password, id="password")
        client.click(id="sign_in_button")
        client.wait(seconds=30, id="set_pin_button")
        story.shot(client, "choose-pin")
        client.type("123456", id="first", under="CslPinRows")
        story.say(client.get("label", id="words", under="CslPinRows"))
        assert client.get("sensitive", id="set_pin_button").lower() == "false"
        client.choose_pin()
        client.wait(seconds=30, type="CslSyncButton")
        client.wait(seconds=30, text="Tasks", under="CslSidebar")
        world.wait_saved(client)
        folder = client.account("dana")
        assert {"keys", "lease"} <= {path.name for path in folder.iterdir()}
    with story.step("she writes a note, and half of another one"):
        wire = world.wire("dana")
        wire.pull()
        case = wire.all("case", advisor=wire.user, status="in_progress")[0]
        person = next(each for each in wire.all("client") if each["id"] == case["client"])
        write_note(client, case["id"], CANARY)
        finish_note(client)
        world.wait_saved(client)
        write_note(client, case["id"], DRAFT)
    words = [CANARY, DRAFT, case["title"], f"{person['first_name']} {person['last_name']}", person["phone_primary"]]
    return client, network, {"words": words, "case": case}


def memory(story, client, facts):
    wanted = needles(facts["words"], {"the key of the replica": client.key(), "the PIN": PIN.encode()})
    pid = client.process.pid
    with story.step("before the lock her records and the key are in the memory of the program"):
        counts, size = count_in_memory(pid, wanted)
        story.say(f"{size >> 20} MiB: {counts}")
        assert counts["the key of the replica"] > 0, counts
        assert counts[CANARY] > 0 and counts[DRAFT] > 0, counts
    with story.step("after the lock, in the same process, there is none of it"):
        story.say(f"locked after {client.lock():.2f} s")
        assert client.process.poll() is None and client.process.pid == pid
        client.wait(id="unlock_button")
        story.shot(client, "locked")
        counts, size = count_in_memory(pid, wanted)
        story.say(f"{size >> 20} MiB: {counts}")
        assert not any(counts.values()), counts
    with story.step("what everybody can see of the process names the account and nothing else"):
        line = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        story.say(" ".join(line))
        assert "--account" in line and facts["case"]["id"] not in " ".join(line), line


def offline(story, client, network, facts):
    with story.step("without a network the PIN opens her records"):
        network.unplug()
        story.say(f"unlocked after {unlock_in(client):.3f} s")
    with story.step("the half sentence is there as a draft"):
        see_draft(client)
        network.plug_in()
    with story.step(f"unlocking takes {LIMIT_S} s at most, and leads to where she was"):
        client.action("win.open-record", f"('case', '{facts['case']['id']}')")
        client.wait(type="CslCasePage")
        times = []
        for _ in range(5):
            client.lock()
            times.append((unlock_in(client), slowness()))
            client.wait(type="CslCasePage")
        check_times(story, times, LIMIT_S)
    with story.step("wrong PINs: a message, then a wait that grows"):
        client.lock()
        for _ in range(3):
            client.unlock("not the PIN")
            client.wait(id="problem", under="CslUnlockPage")
            client.wait(gone=True, text="Unlocking…")
        said = client.wait(has="Please wait", under="CslUnlockPage")["text"]
        story.say(said)
        story.shot(client, "wait")
        assert client.get("sensitive", id="unlock_button").lower() == "false"
        wait_until(lambda: not client.find(has="Please wait", under="CslUnlockPage"), 15, "the wait is over")
        unlock_in(client)


def desktop(story, client):
    reasons = (
        ("the session locks", "/org/freedesktop/login1/session/_31", "org.freedesktop.login1.Session.Lock", ()),
        ("the screen saver starts", "/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver.ActiveChanged", ("true",)),
        ("a sandbox is told of the screen saver", "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Inhibit.StateChanged",
         ("objectpath '/org/freedesktop/portal/desktop/session/1_1/caseload'", "{'screensaver-active': <true>, 'session-state': <uint32 1>}")),
        ("the computer goes to sleep", "/org/freedesktop/login1", "org.freedesktop.login1.Manager.PrepareForSleep", ("true",)),
    )
    times = []
    for what, path, name, arguments in reasons:
        with story.step(f"{what}: locked"):
            client.wait(type="CslSyncButton")
            wait_until(lambda name=name: client.listens(name), what=f"the program listens to {name}")
            began = time.monotonic()
            client.signal(path, name, *arguments)
            client.wait_locked()
            took = time.monotonic() - began
            times.append((took, slowness()))
            unlock_in(client)
    with story.step("that takes a second at most"):
        check_times(story, times, 1.0)


def two_workers(world, story, client, network):
    with story.step("Maria signs in on the same laptop, with a PIN of her own"):
        client.lock()
        client.click(id="someone_else_button")
        client.click(id="add_button")
        client.type("maria", id="username")
        client.type(world.accounts["maria"].password, id="password")
        client.click(id="sign_in_button")
        client.choose_pin(OTHER_PIN)
        client.wait(seconds=30, text="Tasks", under="CslSidebar")
        world.wait_saved(client)
        assert client.account("maria") != client.account("dana")
    with story.step("they change places without a network; nobody's PIN opens the other's records"):
        network.unplug()
        client.lock()
        client.unlock(PIN)
        client.wait(has="PIN is not right", under="CslUnlockPage")
        client.click(id="someone_else_button")
        client.wait(id="accounts")
        story.shot(client, "who-is-working")
        client.click(type="AdwActionRow", under="accounts", text="Dana Whitfield")
        client.wait(id="unlock_button")
        unlock_in(client)
        see_draft(client)
        network.plug_in()


def wrong_keyring(story, client, keyring):
    folder = client.account("dana")
    with story.step("with a wrong keyring password nothing opens, and no key is made"):
        client.quit()
        before = sums(folder)
        keyring.stop()
        keyring.start("not the login of this computer")
        client.start("--account", "dana")
        client.unlock()
        client.wait(seconds=100, id="retry_button")
        story.say(client.get("title", id="trouble") + ": " + client.get("description", id="trouble"))
        story.shot(client, "keyring-locked")
        assert sums(folder) == before, "something was changed"
    with story.step("with the right one everything is there"):
        keyring.stop()
        keyring.start(KEYRING_PASSWORD)
        client.click(id="retry_button")
        client.wait(id="unlock_button")
        unlock_in(client)
        client.quit()
        assert sums(folder)["keys"] == before["keys"]


def fake_clock(offset):
    found = subprocess.run(["find", "/usr/lib", "-name", "libfaketime.so.1"], capture_output=True, text=True, check=True)
    library = found.stdout.split()
    assert library, "libfaketime is missing; build-aux/setup installs it"
    return {"LD_PRELOAD": library[0], "FAKETIME": offset, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def lease(world, story, client, network, facts):
    folder = client.account("dana")
    with story.step("eight days later without a network: a connection is needed, and nothing is deleted"):
        network.unplug()
        before = sums(folder)
        client.extra = fake_clock("+8d")
        client.start("--account", "dana")
        client.unlock()
        client.wait(id="password", under="CslUnlockPage")
        story.say(client.wait(id="explanation", under="CslUnlockPage")["text"])
        story.shot(client, "lease-over")
        assert sums(folder) == before and not (folder / "lease").exists()
        client.quit()
    with story.step("turning the clock back does not help"):
        client.extra = {}
        client.start("--account", "dana")
        client.unlock()
        client.wait(id="password", under="CslUnlockPage")
        client.quit()
    with story.step("with the network, her password and the PIN she works again, though her old session has ended"):
        network.plug_in()
        for change in ("disable", "enable"):
            world.command("user", change, "--name", "dana")
        client.start("--account", "dana")
        client.unlock()
        client.type(world.accounts["dana"].password, id="password", under="CslUnlockPage")
        client.click(id="unlock_button")
        client.wait(seconds=30, type="CslSyncButton")
        assert (folder / "lease").exists()
        world.wait_saved(client)
        write_note(client, facts["case"]["id"], "After the lease.")
        finish_note(client)
        world.wait_saved(client)


def forgotten(world, story, client, network):
    with story.step("a forgotten PIN: password and network give a new one; the old one opens nothing any more"):
        client.lock()
        client.click(id="forgotten_button")
        client.type(world.accounts["dana"].password, id="password", under="CslUnlockPage")
        client.type(NEW_PIN, id="first", under="CslPinRows")
        client.type(NEW_PIN, id="second", under="CslPinRows")
        story.shot(client, "forgotten")
        client.click(id="unlock_button")
        client.wait(seconds=30, type="CslSyncButton")
        client.lock()
        client.unlock(PIN)
        client.wait(has="PIN is not right", under="CslUnlockPage")
        unlock_in(client, NEW_PIN)
    with story.step("she changes it as she likes"):
        client.action("win.change-pin")
        client.wait(id="set_pin_button")
        client.type(NEW_PIN, id="old_pin")
        story.shot(client, "change-pin")
        client.choose_pin()
        client.wait(gone=True, id="set_pin_button")
        client.lock()
        unlock_in(client)
    with story.step("where the organisation allows no recovery a forgotten PIN stays one, and she is told so"):
        world.lock_policy("--no-recovery")
        client.lock()
        client.click(id="forgotten_button")
        client.type(world.accounts["dana"].password, id="password", under="CslUnlockPage")
        client.type(NEW_PIN, id="first", under="CslPinRows")
        client.type(NEW_PIN, id="second", under="CslPinRows")
        client.click(id="unlock_button")
        client.wait(has="does not let a password", under="CslUnlockPage")
        story.shot(client, "no-recovery")
        client.click(id="back_button", under="CslUnlockPage")
        unlock_in(client)


if __name__ == "__main__":
    sys.exit(Story("lock").run(tell))
