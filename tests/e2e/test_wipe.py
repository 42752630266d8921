#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A laptop is lost while it is offline with notes that were never sent. The organisation removes it; when it comes back it seals the
notes, destroys its copy, and hands them in. Forged orders are ignored, and a program killed in the middle goes on."""

import json
import subprocess
import sys
import time

from caseload_casework import begin
from caseload_story import Story, wait_until
from caseload_world import SERVER, World

CANARIES = ["The heron stands in the blue kitchen", "Seven pears on the upstairs landing", "A green door in Mill Lane"]
DRAFT = "Half a sentence about the orchard"
G26_S = 2


def status(world, username, device):
    return next(line["status"] for line in world.devices(username) if line["device"] == device)


def write_note(client, case, text, finish=True):
    client.action("win.open-record", f"('case', '{case}')")
    client.wait(type="CslCasePage")
    client.action("win.new-note")
    client.type(text, id="content", under="CslNotePage")
    if finish:
        client.click(id="finish", under="CslNotePage")
        client.wait(gone=True, type="CslNotePage")


def said(client):
    """What the page says in place of the records."""
    return client.get("description", type="AdwStatusPage", under="CslRemovalPage")


def folders(client):
    """What is left of accounts on this computer."""
    return [path for path in (client.home / "data" / "caseload").glob("*") if path.is_dir()]


def recovered(world):
    return [json.loads(line) for line in world.command("recovered", "list", "--json").splitlines()]


def lose(world, story, secret):
    network = world.network()
    with story.step("Dana signs in, and goes out of reach"):
        client, wire, case = begin(world, "laptop", network)
        name = next(row for row in wire.all("client") if row["id"] == wire.all("case", id=case)[0]["client"])
        network.unplug()

    with story.step("she writes three notes and half of a fourth"):
        for text in CANARIES:
            write_note(client, case, text)
        write_note(client, case, DRAFT, finish=False)
        device = [line for line in world.devices("dana") if line["status"] == "enrolled"][0]["device"]

    with story.step("the administrator removes the laptop; nothing can reach it yet"):
        world.command("device", "revoke", "--device", device)
        assert status(world, "dana", device) == "wipe_pending"
        assert folders(client)

    with story.step(f"back online it wipes itself within {G26_S} s"):
        network.plug_in()
        client.action("win.sync-now")
        began = time.monotonic()
        wait_until(lambda: not any((path / "replica.db").exists() for path in folders(client)), 30, "the copy is gone")
        seconds = time.monotonic() - began
        story.say(f"{seconds:.2f} s after contact")
        wait_until(lambda: status(world, "dana", device) == "wiped", 30, "the server knows")
        assert seconds <= G26_S, seconds
        client.wait(type="CslRemovalPage")
        wait_until(lambda: "(4 entries) was kept safe" in said(client), 20, "the page says what became of it")
        story.say(said(client))
        story.shot(client, "removed")

    with story.step("not a byte of it is left on the laptop"):
        client.quit()
        assert not folders(client), folders(client)
        words = CANARIES + [DRAFT, name["last_name"]]
        found = world.search_home(client, words)
        assert not found, found

    with story.step("the administrator opens the sealed work, with the passphrase only"):
        boxes = recovered(world)
        assert [box["state"] for box in boxes] == ["complete"] * 2, boxes
        opened = [world.command("recovered", "open", box["id"], "--passphrase-file", secret) for box in boxes]
        assert all(text in opened[0] for text in CANARIES)
        assert DRAFT in opened[1]
        wrong = world.root / "wrong"
        wrong.write_text("another passphrase\n")
        failed = subprocess.run(
            [SERVER, "recovered", "open", boxes[0]["id"], "--passphrase-file", wrong, "--data", world.root / "server" / "data"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        assert failed.returncode == 1 and not failed.stdout, failed

    with story.step("the notes are taken in, exactly once"):
        for _ in range(2):
            story.say(world.command("recovered", "open", boxes[0]["id"], "--passphrase-file", secret, "--import"))
        wire.pull()
        notes = [note["content"] for note in wire.all("note", case=case)]
        assert [notes.count(text) for text in CANARIES] == [1, 1, 1], notes


def catch(check, what, seconds=30):
    """Until something that lasts milliseconds is there."""
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, what
        time.sleep(0.0005)


def kill_in_the_middle(world, story):
    network = world.network(2)
    with story.step("a second laptop is killed in the middle of it, and goes on"):
        client, wire, case = begin(world, "second", network)
        network.unplug()
        write_note(client, case, "Killed: the note under the stairs")
        enrolled = [line for line in world.devices("dana") if line["status"] == "enrolled"]
        device = max(line["device"] for line in enrolled if line["app"])
        world.command("device", "revoke", "--device", device)
        network.plug_in()
        client.action("win.sync-now")
        catch(lambda: list((client.home / "data" / "caseload").glob("*/removal.ini")), "it has begun")
        client.kill()
        client.start()
        wait_until(lambda: status(world, "dana", device) == "wiped", 60, "the server knows")
        client.wait(type="CslRemovalPage")
        client.quit()
        assert not folders(client), folders(client)
        assert not world.search_home(client, ["Killed: the note under the stairs"])
        assert sum(box["entries"] for box in recovered(world) if box["device"] == device) == 1


def remove_here(world, story):
    with story.step("a worker removes a computer from the list"):
        client = world.client("fourth")
        world.sign_in(client, "dana")
        world.wait_saved(client)
        enrolled = [line for line in world.devices("dana") if line["status"] == "enrolled" and line["app"]]
        device = max(line["device"] for line in enrolled)
        client.action("win.show-computers")
        client.wait(name=f"remove-{device}", under="CslDevicesWindow")
        story.shot(client, "computers")
        client.click(name=f"remove-{device}", under="CslDevicesWindow")
        client.click(text="_Remove")
        client.wait(seconds=30, type="CslRemovalPage")
        wait_until(lambda: status(world, "dana", device) == "wiped", 30, "the server knows")
        wait_until(lambda: "was sent before" in said(client), 20, "the page says that nothing was left to send")
        client.quit()
        assert not folders(client), folders(client)


def forge(world, story):
    network = world.network(3)
    with story.step("an order that another key has signed is ignored, and nothing is lost"):
        client = world.client("third", network=network)
        world.sign_in(client, "dana")
        world.wait_saved(client)
        enrolled = [line for line in world.devices("dana") if line["status"] == "enrolled" and line["app"]]
        device = max(line["device"] for line in enrolled)
        world.stop_server()
        secrets = world.root / "server" / "data" / "secrets"
        kept = secrets.read_bytes()
        secrets.write_bytes(kept[:64] + bytes(byte ^ 0x55 for byte in kept[64:]))
        world.command("device", "revoke", "--device", device)
        world.start()
        client.action("win.sync-now")
        wait_until(lambda: "false order" in client.sentence(), 60, "it is reported")
        story.say(client.sentence())
        story.shot(client, "forged")
        assert any((path / "replica.db").exists() for path in folders(client))
        assert status(world, "dana", device) == "wipe_pending"
        world.stop_server()
        secrets.write_bytes(kept)
        world.start()


def tell(story):
    with World() as world:
        secret = world.make_recovery_key("dana")
        lose(world, story, secret)
        kill_in_the_middle(world, story)
        remove_here(world, story)
        forge(world, story)


if __name__ == "__main__":
    sys.exit(Story("wipe").run(tell))
