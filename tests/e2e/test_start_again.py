#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A way on when the records on a computer cannot be opened any more: unsent work that can be read goes into a sealed copy, the old
files are kept to the byte, and signing in again brings the rest. When the organisation removes the computer's copy, the old one goes,
too, and no unsent work is lost with it."""

import hashlib
import sys
import time

from caseload_casework import begin, tasks_of
from caseload_story import Story, wait_until
from caseload_world import World
from test_sealed_copy import COUNT, answer, save_copy, take_in
from test_wipe import folders, recovered, said, status

DIALOG = "AdwMessageDialog"


def accounts(client):
    return client.home / "data" / "caseload"


def sums(folder):
    """What is kept; the lock says only who is there now, the lease what the clock said last, and aside.ini whose the folder is."""
    return {
        path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.name not in ("lock", "lease", "aside.ini")
    }


def assert_same(folder, before):
    after = sums(folder)
    assert after == before, {str(name) for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def folder_of(client):
    (found,) = (path.parent for path in accounts(client).glob("*/account.ini") if ".set-aside-" not in path.parent.name)
    return found


def shown_path(client):
    return client.find(name="folder-path")[0]["text"].replace("~", str(client.home), 1)


def ask(client, says):
    """Presses "Start Again…" on the page that says what is wrong; what the question says."""
    client.click(id="again_button", under="CslAccountPage")
    sentence = client.wait(seconds=30, has=says, under=DIALOG)["text"]
    return sentence, shown_path(client)


def sign_in_again(story, world, client, username):
    """The form knows server and name already."""
    client.wait(id="sign_in_button")
    assert client.get("text", id="username") == username, client.get("text", id="username")
    client.type(world.accounts[username].password, id="password")
    client.click(id="sign_in_button")
    client.choose_pin()
    client.wait(seconds=30, type="CslSyncButton")
    client.wait(text="Tasks", under="CslSidebar")
    world.wait_saved(client)


def tell(story):
    with World() as world:
        damaged(story, world)
        without_key(story, world)
        removed(story, world)


def spoil(client, network, case, count):
    """Work without a network, and then a disk that spoils a page of the records; the page that says so."""
    client.quit()
    network.unplug()
    client.tool("tasks", case, count, -1)
    client.tool("damage")
    folder = folder_of(client)
    before = sums(folder)
    client.start()
    client.unlock()
    client.wait(seconds=20, has="is damaged", under="trouble")
    return folder, before


def damaged(story, world):
    network = world.network()
    with story.step("Dana works without a network; then her disk spoils a page of the records"):
        client, wire, case = begin(world, "dana", network)
        folder, before = spoil(client, network, case, COUNT)
        story.shot(client, "trouble")
        client.size(360, 600)
        story.shot(client, "trouble-narrow")
        client.size(1100, 700)

    with story.step("starting again says how much was not sent, and where the old copy is kept"):
        sentence, path = ask(client, f"still readable: {COUNT} changes.")
        story.say(sentence)
        assert path == f"{folder}.set-aside-{time.strftime('%Y-%m-%d')}", path
        story.shot(client, "question")
        answer(client, "_Cancel")
        client.wait(gone=True, type=DIALOG)
        assert_same(folder, before)

    copy = world.root / "rescued.caseload"
    with story.step("the sealed copy is proposed first; then it asks once more"):
        ask(client, f"still readable: {COUNT} changes.")
        answer(client, "_Save a Sealed Copy…")
        save_copy(client, copy)
        answer(client, "_Close")
        client.wait(seconds=30, has="is in the sealed copy", under=DIALOG)
        assert_same(folder, before)
        answer(client, "_Start Again")
        client.wait(id="sign_in_button")
        story.shot(client, "sign-in")

    with story.step("the old files are there under the new name, to the byte, and it is no account any more"):
        assert not folder.exists(), folder
        assert_same(accounts(client) / path.rpartition("/")[2], before)

    with story.step("signing in brings the records, and the sealed copy the rest"):
        network.plug_in()
        sign_in_again(story, world, client, "dana")
        assert len(tasks_of(wire, case)) == 0
        take_in(client, copy)
        client.wait(seconds=30, has=f"{COUNT} changes wait", under=DIALOG)
        answer(client, "_Close")
        client.wait(gone=True, type=DIALOG)
        wait_until(lambda: len(tasks_of(wire, case)) == COUNT, 30, "all arrive")

    with story.step("signing out says that the old copy, of which nothing is missing, goes too"):
        client.action("win.sign-out")
        client.wait(seconds=30, has="1 old copy that you had set aside is removed, too.", under=DIALOG)
        answer(client, "_Cancel")
        client.wait(gone=True, type=DIALOG)
        client.quit()

    with story.step("the next start knows one worker only"):
        client.open_again()
        client.quit()


def without_key(story, world):
    with story.step("a keyring without the key: what was not sent cannot be read, and that is said"):
        client = world.client("maria")
        world.sign_in(client, "maria")
        world.wait_saved(client)
        client.quit()
        (client.home / "secrets.keyring").unlink()
        folder = folder_of(client)
        before = sums(folder)
        client.start()
        client.unlock()
        client.wait(seconds=20, has="key is not in the keyring", under="trouble")
        sentence, path = ask(client, "cannot be read, not even how much")
        story.shot(client, "without-key")
        story.say(sentence)

    with story.step("she starts again all the same; the old copy is kept"):
        answer(client, "_Start Again")
        sign_in_again(story, world, client, "maria")
        assert_same(accounts(client) / path.rpartition("/")[2], before)

    with story.step("signing out says that the old copy stays, and where"):
        client.action("win.sign-out")
        client.wait(has="An old copy that you had set aside stays", under=DIALOG)
        assert shown_path(client) == path
        story.shot(client, "sign-out-old-copy-stays")
        answer(client, "_Cancel")
        client.wait(gone=True, type=DIALOG)
        client.quit()


def removed(story, world):
    secret, network = world.make_recovery_key("dana"), world.network(2)
    with story.step("on a laptop Dana starts again without the work that was not sent"):
        client, wire, case = begin(world, "laptop", network)
        known = len(tasks_of(wire, case))
        folder, _ = spoil(client, network, case, COUNT)
        _, path = ask(client, f"still readable: {COUNT} changes.")
        answer(client, "Start Again _without It")
        client.wait(seconds=30, id="sign_in_button")
        network.plug_in()
        sign_in_again(story, world, client, "dana")
        world.wait_saved(client)
        assert len(folders(client)) == 2, folders(client)
        assert (accounts(client) / path.rpartition("/")[2] / "unsent.sealed").exists(), path

    with story.step("the organisation removes the laptop's copy: nothing is left of the old one, either"):
        device = max(line["device"] for line in world.devices("dana") if line["status"] == "enrolled" and line["app"])
        world.command("device", "revoke", "--device", device)
        client.action("win.sync-now")
        wait_until(lambda: status(world, "dana", device) == "wiped", 60, "the server knows")
        wait_until(lambda: f"({COUNT} entries) was kept safe" in said(client), 20, "the page says what became of it")
        client.quit()
        assert not folders(client), folders(client)

    with story.step("what was not sent of the old copy was sealed, and is taken in"):
        (box,) = recovered(world)
        assert (box["state"], box["entries"]) == ("complete", COUNT), box
        story.say(world.command("recovered", "open", box["id"], "--passphrase-file", secret, "--import"))
        assert len(tasks_of(wire, case)) == known + COUNT


if __name__ == "__main__":
    sys.exit(Story("start-again").run(tell))
