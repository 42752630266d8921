#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server's disk died, and the backup of yesterday was put back: five computers know what happened since. Each works on
while it is away, signs in again, and everything is on the server once more, once; who lost a case has lost it still, and a client who was erased by law does not come back."""

import subprocess
import sys
import time

from caseload_casework import change_phone, pushed_twice, write_note
from caseload_story import Story, wait_until
from caseload_world import SERVER, World
from second_client import Second

CANARY = "canarybirdxyzzy"
PEOPLE = (("dana", "dana"), ("dana-2", "dana"), ("maria", "maria"), ("samuel", "samuel"), ("helen", "helen"))


class Day:
    """What five people wrote after the backup, and what of it was already answered when the server died."""

    def __init__(self, world):
        self.world = world
        self.typed = {name: [] for name, _ in PEOPLE}
        self.phones, self.numbers = {}, 0
        self.clients, self.networks, self.cases = [], [], {}
        for name, username in PEOPLE:
            network = world.network(len(self.networks) + 1)
            client = world.client(name, network)
            world.sign_in(client, username)
            self.clients.append(client)
            self.networks.append(network)
        for client in self.clients:
            world.wait_saved(client, 60)
        taken = set()
        for name, username in PEOPLE:
            wire = world.wire(username)
            wire.pull()
            # A file of their own for each, so that nobody differs from anybody.
            self.cases[name] = next(
                one
                for one in wire.all("case", status="in_progress")
                if one["client"] not in taken and one["advisor"] == (wire.user if username != "helen" else one["advisor"])
            )
            taken.add(self.cases[name]["client"])

    def find_doomed(self):
        """A case of Dana's that nobody else works on: its client will be erased."""
        wire = self.world.wire("dana")
        wire.pull()
        taken = {case["client"] for case in self.cases.values()}
        return next(
            one
            for one in wire.all("case", status="in_progress")
            if one["client"] not in taken and one["advisor"] == wire.user
        )

    def write(self, client, what):
        """A note and a telephone number; by the manager, who writes no notes, a number only."""
        case = self.cases[client.name]
        number = f"07700 9{self.numbers:05}"
        self.numbers += 1
        if client.name != "helen":
            text = f"Entry {self.numbers} of {client.name}: {what}."
            write_note(client, case["id"], text)
            self.typed[client.name].append(text)
        change_phone(client, case["client"], number)
        self.phones[client.name] = number

    def check(self):
        """All of it is on the server, once, and nobody is asked about any of it."""
        for name, username in PEOPLE[1:]:
            wire = self.world.wire(username)
            wire.pull()
            case = self.cases[name]
            wanted = [self.typed[name]] + ([self.typed["dana"]] if username == "dana" else [])
            found = [note["content"] for note in wire.all("note") if note.get("content", "").startswith("Entry ")]
            mine = [text for text in found if any(text in texts for texts in wanted)]
            assert sorted(mine) == sorted(sum(wanted, [])), (name, mine)
            assert wire.fetch("client", case["client"])["phone_secondary"] == self.phones[name], name
            assert not wire.all("sync_conflict", state="open")
            assert not pushed_twice(wire, {case["id"]})


def now():
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z[UTC]", time.gmtime())


def put_back(world, backup):
    """The files of the backup in the place of those of the server."""
    data = world.root / "server" / "data"
    for file in backup.glob("*.db"):
        for ending in ("-wal", "-shm"):
            (data / (file.name + ending)).unlink(missing_ok=True)
        (data / file.name).write_bytes(file.read_bytes())


def files_with(folder, word):
    """Files below the folder that hold the word."""
    return [file.name for file in folder.rglob("*") if file.is_file() and word.encode() in file.read_bytes()]


def dump_all(day, word):
    """Computers whose copy holds the word; they are closed for that, and opened again."""
    found = set()
    for client in day.clients:
        client.quit()
        if word in client.tool("dump"):
            found.add(client.name)
        client.open_again()
    return found


def settle(world, client, username):
    """Until all is saved. Whether the password was asked for: the server has forgotten what it gave out since the backup."""
    asked = False

    def saved():
        nonlocal asked
        if not asked and "sign in" in client.sentence():
            client.action("win.show-section", "'unsent'")
            client.ask("focus", id="password", under="CslSyncPanel")
            client.type(world.accounts[username].password, id="password", under="CslSyncPanel")
            client.click(type="GtkButton", under="password")
            asked = True
        return "aved on the server" in client.sentence()

    wait_until(saved, 60, f"{client.name}: all saved")
    return asked


def status(world):
    """What the administrator's program says of the organisation."""
    shown = subprocess.run([SERVER, "status", "--data", world.root / "server" / "data"], check=True, stdout=subprocess.PIPE)
    lines = shown.stdout.decode().splitlines()
    return next(line for line in lines if line.lower().startswith(world.accounts["helen"].organisation.lower() + "\t"))


def sees(world, username, case):
    wire = world.wire(username)
    wire.pull()
    return ("case", case) in wire.records


def has_lost(client, case):
    client.quit()
    lost = case not in client.tool("dump")
    if not lost:
        client.open_again()
        client.action("win.sync-now")
        time.sleep(1)
    return lost


def tell(story):
    with World() as world:
        backup = world.root / "backup"
        with story.step("five computers of four people, and Helen's own; Maria helps on a case of Dana's; a backup at night"):
            day = Day(world)
            shared = day.cases["dana-2"]["id"]
            account = world.accounts["helen"]
            manager = Second(world.url, world.ca_file, world.root / "second")
            manager.sign_in("helen", account.password, account.organisation)
            manager.pull()
            maria = world.wire("maria").user
            part = manager.create("case_assignment", {"case": shared, "user": maria, "duty": "cover", "from_at": now()})
            assert manager.send(part)[0]["r"] == "ok"
            assert sees(world, "maria", shared)
            doomed = day.find_doomed()
            write_note(day.clients[0], doomed["id"], f"Told me about the {CANARY}.")
            world.wait_saved(day.clients[0], 60)
            data = world.root / "server" / "data"
            subprocess.run([SERVER, "backup", data, backup], check=True, stdout=subprocess.PIPE)

        with story.step("a day's work reaches the server, and Maria's part in that case ends"):
            for client in day.clients:
                client.quit()
                client.open_again()
                day.write(client, "written after the backup")
            for client in day.clients:
                world.wait_saved(client, 60)
            manager.pull()
            assert manager.send(manager.update("case_assignment", part["id"], to_at=now()))[0]["r"] == "ok"
            assert not sees(world, "maria", shared)

        with story.step("a client is erased by law; no file of the server knows them any more"):
            holders = dump_all(day, CANARY)
            assert {"dana", "dana-2"} <= holders, holders
            code = world.accounts["helen"].organisation
            assert "Nothing was erased" in world.command("erase", "--organisation", code, doomed["client"])
            assert files_with(data, CANARY)
            story.say(world.command("erase", "--organisation", code, "--yes", doomed["client"]).replace("\n", ", "))
            assert not files_with(data, CANARY), files_with(data, CANARY)
            assert files_with(backup, CANARY)

        with story.step("the server dies; everybody goes on writing, and goes home"):
            for network in day.networks:
                network.unplug()
            for client in day.clients:
                day.write(client, "written while the server was away")
                client.quit()
            world.stop_server()

        with story.step("the backup is put back: it knows nothing of that day"):
            put_back(world, backup)
            world.start()
            wire = world.wire("helen")
            wire.pull()
            assert not [note for note in wire.all("note") if note.get("content", "").startswith("Entry ")]
            assert wire.fetch("case_assignment", part["id"]).get("to_at") is None

        with story.step("only the client who was erased is not in it any more, before any computer is back"):
            assert wire.fetch("client", doomed["client"]) is None
            assert wire.fetch("case", doomed["id"]) is None
            assert not files_with(data, CANARY), files_with(data, CANARY)

        with story.step("Maria has lost that case still, and on her computer too, before anybody else is back"):
            assert not sees(world, "maria", shared)
            story.say(status(world))
            at = [name for name, _ in PEOPLE].index("maria")
            day.networks[at].plug_in()
            day.clients[at].open_again()
            asked = settle(world, day.clients[at], "maria")
            wait_until(lambda: has_lost(day.clients[at], shared), 60, "the file is gone")
            day.clients[at].open_again()

        with story.step("the computers come back one after the other"):
            others = [i for i in range(len(PEOPLE)) if i != at]
            for i in others:
                day.networks[i].plug_in()
                day.clients[i].open_again()
            again = [asked] + [settle(world, day.clients[i], PEOPLE[i][1]) for i in others]
            story.say(f"{sum(again)} of {len(again)} were asked for their password")
            manager.sign_in("helen", account.password, account.organisation)
            manager.change_epoch()

        with story.step("nothing is lost, nothing is there twice, and nobody is asked about it"):
            day.check()
            story.say(f"{sum(map(len, day.typed.values()))} notes, {day.numbers} telephone numbers, each once")

        with story.step("the records say now what was in force all the time; given anew, she has the case again"):
            assert not sees(world, "maria", shared)
            wait_until(lambda: has_lost(day.clients[at], shared), 60, "the file is gone")
            day.clients[at].open_again()
            assert status(world).split("\t")[3] == "0", status(world)
            manager.pull()
            again = manager.create("case_assignment", {"case": shared, "user": maria, "duty": "cover", "from_at": now()})
            assert manager.send(again)[0]["r"] == "ok"
            assert sees(world, "maria", shared)

        with story.step("the erased client is on no computer, and on the server nowhere"):
            wait_until(lambda: not dump_all(day, CANARY), 60, "no computer has the words")
            assert not files_with(data, CANARY), files_with(data, CANARY)
            assert not [file for client in day.clients for file in files_with(client.home, CANARY)]
            lines = world.command("erased", "--organisation", code).splitlines()
            assert lines[1].startswith(doomed["client"]), lines
            story.say(lines[1])


if __name__ == "__main__":
    sys.exit(Story("restore").run(tell))
