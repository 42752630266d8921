#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way out of a laptop that cannot send: a sealed copy, taken in by the administrator and by another laptop, each change
exactly once; and leaving a computer is refused while anything on it is unsent."""

import pathlib
import shutil
import subprocess
import sys

from caseload_casework import begin, tasks_of
from caseload_story import Story, wait_until
from caseload_world import SERVER, World

PASSPHRASE = "three small grey herons"
COUNT = 3
WORD = "Task number"
DIALOG = "AdwMessageDialog"
HALF = "She rang about the"


def answer(client, text):
    """Presses a button of the dialog in front."""
    client.click(text=text, type="GtkButton", under=DIALOG)


def save_copy(client, path):
    """From the button to the file; the dialog with the result is left open."""
    client.type(PASSPHRASE, name="passphrase", under=DIALOG)
    client.type(PASSPHRASE, name="passphrase-again", under=DIALOG)
    answer(client, "Choose a _Place…")
    client.choose_file(path)
    client.wait(seconds=30, has="opens with your passphrase", under=DIALOG)


def leave_draft(client, case):
    """Half a note, never finished."""
    client.action("win.open-record", f"('case', '{case}')")
    client.wait(type="CslCasePage")
    client.action("win.new-note")
    client.type(HALF, id="content", under="CslNotePage")
    client.action("win.back")
    client.wait(gone=True, type="CslNotePage")


def take_in(client, path, passphrase=PASSPHRASE):
    client.action("win.show-section", "'unsent'")
    client.click(id="take_in", under="CslUnsentPage")
    client.choose_file(path)
    client.type(passphrase, name="passphrase", under=DIALOG)
    answer(client, "_Take In")


def import_work(world, path, passphrase=PASSPHRASE):
    """The administrator's command: exit status and what it said."""
    done = subprocess.run(
        [SERVER, "import-work", world.root / "server" / "data", path],
        input=passphrase + "\n",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode, done.stdout


def tell(story):
    with World() as world:
        network = world.network()
        with story.step("Dana signs in on a laptop, loses the network, and writes"):
            laptop, wire, case = begin(world, "dana", network)
            laptop.quit()
            network.unplug()
            # The certificate she chose is not needed any more: the account has its own.
            (folder,) = (laptop.home / "data" / "caseload").glob("*/account.ini")
            assert "ca_file=ca.pem\n" in folder.read_text(), folder.read_text()
            assert folder.with_name("ca.pem").read_bytes() == pathlib.Path(world.ca_file).read_bytes()
            laptop.tool("tasks", case, COUNT, -1)
            laptop.open_again()
            wait_until(lambda: f"{COUNT} changes" in laptop.sentence(), what="they wait")

        copy = world.root / "stick" / "copy.caseload"
        copy.parent.mkdir()
        with story.step("a passphrase that is too short, or typed differently, does not go on"):
            laptop.action("win.show-section", "'unsent'")
            laptop.click(id="save_copy", under="CslUnsentPage")
            laptop.type("short", name="passphrase", under=DIALOG)
            laptop.wait(has="At least 12", name="passphrase-hint")
            laptop.type(PASSPHRASE, name="passphrase", under=DIALOG)
            laptop.type("three small gray herons", name="passphrase-again", under=DIALOG)
            laptop.wait(has="not the same", name="passphrase-hint")
            story.shot(laptop, "passphrase")

        with story.step("she saves a sealed copy; it says what it contains and that all stays queued"):
            save_copy(laptop, copy)
            said = laptop.wait(has="opens with your passphrase", under=DIALOG)["text"]
            story.say(said)
            assert f"{COUNT} changes" in said and "stays here, too" in said, said
            story.shot(laptop, "saved")
            answer(laptop, "_Close")
            assert f"{COUNT} changes" in laptop.sentence(), laptop.sentence()

        with story.step("nothing can be read in the file, and nothing points to it"):
            data = copy.read_bytes()
            assert data.startswith(b"CSLSEAL\n"), data[:12]
            for word in (WORD, "task", "dana", case):
                assert word.encode() not in data, word
            assert copy.stat().st_mode & 0o077 == 0, oct(copy.stat().st_mode)
            laptop.quit()
            recent = list(laptop.home.rglob("recently-used*"))
            assert all(b"copy.caseload" not in path.read_bytes() for path in recent), recent

        with story.step("the laptop is destroyed"):
            shutil.move(laptop.home, world.root / "wreck")

        with story.step("the administrator's command refuses what is not right, and changes nothing"):
            status, said = import_work(world, copy, "another passphrase")
            assert status == 1 and "passphrase" in said, (status, said)
            cut = copy.with_name("cut.caseload")
            cut.write_bytes(data[:-100])
            status, said = import_work(world, cut)
            assert status == 1 and "damaged" in said, (status, said)
            newer = copy.with_name("newer.caseload")
            newer.write_bytes(data[:8] + b"\x02" + data[9:])
            status, said = import_work(world, newer)
            assert status == 1 and "newer" in said, (status, said)
            assert len(tasks_of(wire, case)) == 0

        with story.step("with the passphrase each change is taken in, in her name"):
            status, said = import_work(world, copy)
            story.say(said)
            assert status == 0 and said.count("taken in\n") == COUNT, (status, said)
            tasks = tasks_of(wire, case)
            assert len(tasks) == COUNT, tasks
            assert all(task["created_by"] == wire.user for task in tasks), tasks

        with story.step("a second time changes nothing"):
            status, said = import_work(world, copy)
            assert status == 0 and f"{COUNT} here before" in said, (status, said)
            assert len(tasks_of(wire, case)) == COUNT

        second = world.network()
        with story.step("on her new laptop the same copy does no harm"):
            other = world.client("new", network=second)
            world.sign_in(other, "dana")
            world.wait_saved(other)
            take_in(other, copy, "not the passphrase")
            other.wait(seconds=30, has="does not open the copy", under="passphrase-problem")
            story.shot(other, "wrong-passphrase")
            other.type(PASSPHRASE, name="passphrase", under=DIALOG)
            answer(other, "_Take In")
            other.wait(seconds=30, has=f"{COUNT} changes wait", under=DIALOG)
            story.shot(other, "taken-in")
            answer(other, "_Close")
            other.wait(gone=True, type=DIALOG)
            world.wait_saved(other)
            assert len(tasks_of(wire, case)) == COUNT

        with story.step("damaged and somebody else's copies are refused in plain words"):
            take_in(other, cut)
            other.wait(seconds=30, has="The Copy Is Damaged", under=DIALOG)
            answer(other, "_Close")
            other.wait(gone=True, type=DIALOG)
            stranger = world.client("maria", network=second)
            world.sign_in(stranger, "maria")
            world.wait_saved(stranger)
            take_in(stranger, copy)
            stranger.wait(seconds=30, has="Somebody Else’s Work", under=DIALOG)
            story.shot(stranger, "somebody-else")
            answer(stranger, "_Close")
            stranger.quit()

        with story.step("the first laptop was only thought to be destroyed: what it sends is known already"):
            shutil.move(world.root / "wreck", laptop.home)
            network.plug_in()
            laptop.open_again()
            world.wait_saved(laptop)
            assert len(tasks_of(wire, case)) == COUNT


        leaving(story, world, laptop, case, network)


def leaving(story, world, laptop, case, network):
    """Switching and signing out with unsent work on the computer."""
    copy = world.root / "stick" / "leaving.caseload"
    with story.step("with unsent work, signing out and switching are refused, saying how much"):
        laptop.quit()
        network.unplug()
        laptop.tool("tasks", case, 2, -1)
        laptop.open_again()
        wait_until(lambda: "2 changes" in laptop.sentence(), what="they wait")
        leave_draft(laptop, case)
        for action in ("win.switch-account", "win.sign-out"):
            laptop.action(action)
            laptop.wait(has="2 Changes Are Not Sent Yet", under=DIALOG)
            story.shot(laptop, action.partition(".")[2])
            answer(laptop, "_Cancel")
            laptop.wait(gone=True, type=DIALOG)
            laptop.wait(type="CslSyncButton")

    with story.step("after a sealed copy it asks a second time, and may be called off"):
        laptop.action("win.sign-out")
        answer(laptop, "_Save a Sealed Copy…")
        save_copy(laptop, copy)
        said = laptop.wait(has="opens with your passphrase", under=DIALOG)["text"]
        assert "2 changes and 1 draft" in said, said
        answer(laptop, "_Close")
        laptop.wait(seconds=30, has="Leave 2 Changes Unsent?", under=DIALOG)
        assert not laptop.find(has="in no copy", under=DIALOG), laptop.outline()
        story.shot(laptop, "second-question")
        answer(laptop, "_Cancel")
        laptop.wait(gone=True, type=DIALOG)
        assert "2 changes" in laptop.sentence(), laptop.sentence()

    with story.step("she signs out: nothing of hers is left on the computer"):
        (folder,) = (path.parent for path in (laptop.home / "data" / "caseload").glob("*/account.ini"))
        laptop.action("win.sign-out")
        laptop.wait(seconds=30, has="Leave 2 Changes Unsent?", under=DIALOG)
        answer(laptop, "Sign _Out")
        laptop.wait(seconds=30, id="sign_in_button")
        wait_until(lambda: not folder.exists(), 20, "the folder is gone")

    with story.step("she signs in again, and takes the copy in: nothing was lost"):
        network.plug_in()
        laptop.quit()
        laptop.start("--server", laptop.server_url, "--ca-file", str(world.ca_file))
        world.sign_in(laptop, "dana")
        world.wait_saved(laptop)
        wire = world.wire("dana")
        before = len(tasks_of(wire, case))
        take_in(laptop, copy)
        laptop.wait(seconds=30, has="2 changes wait", under=DIALOG)
        laptop.wait(has="1 draft is under “Drafts”", under=DIALOG)
        story.shot(laptop, "taken-in-with-draft")
        answer(laptop, "_Close")
        laptop.wait(gone=True, type=DIALOG)
        wait_until(lambda: len(tasks_of(wire, case)) == before + 2, 30, "both arrive")
        world.wait_saved(laptop)

    with story.step("the draft is there again, with what was typed"):
        laptop.action("win.show-section", "'drafts'")
        laptop.click(type="AdwActionRow", under="CslDraftsPage")
        laptop.wait(has=HALF, id="content", under="CslNotePage")
        laptop.action("win.back")
        laptop.wait(gone=True, type="CslNotePage")

    with story.step("with a draft that is in no copy, signing out says so, and offers one"):
        laptop.action("win.sign-out")
        laptop.wait(seconds=30, has="1 draft is in no copy", under=DIALOG)
        story.shot(laptop, "sign-out-with-draft")
        answer(laptop, "_Save a Sealed Copy…")
        laptop.wait(has="Not sent yet: 1 draft.", under=DIALOG)
        answer(laptop, "_Cancel")
        laptop.wait(gone=True, type=DIALOG)

    with story.step("with everything sent, switching is not in the way"):
        laptop.action("win.switch-account")
        laptop.wait(id="add_button")


if __name__ == "__main__":
    sys.exit(Story("sealed-copy").run(tell))
