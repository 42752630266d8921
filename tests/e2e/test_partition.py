#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Three real clients, two of them of one worker, and a real server: cables pulled while people write, and programs killed in
the middle of it. After every run all of it arrives by itself, once, and soon.

CASELOAD_RUNS="50 200" sets how many runs there are with cables pulled and with programs killed; how soon is "soon" is then
asserted, too, so it wants a machine with nothing else to do."""

import os
import random
import signal
import sys
import time

from caseload_casework import change_phone, pushed_twice, write_note
from caseload_story import Story
from caseload_world import World

SEED = 20261121
IS_LONG = "CASELOAD_RUNS" in os.environ
PARTITIONS, KILLS = map(int, os.environ.get("CASELOAD_RUNS", "5 10").split())
# Seconds from the last fault until nothing waits any more, for 99 of 100 runs, and for all of them.
SOON, LATEST = 5, 60
# Seconds, less than an access token of the demo's server.
TOKEN_LASTS = 300


class Office:
    """The three clients, and what was written on them."""

    def __init__(self, story, world):
        self.story, self.world = story, world
        self.chance = random.Random(SEED)
        self.clients, self.networks = [], []
        self.typed = []
        self.waits = {"partition": [], "kill": []}
        self.wire, self.token_ends = None, 0
        for name, username in (("dana", "dana"), ("dana-2", "dana"), ("helen", "helen")):
            network = world.network(SEED + len(self.networks))
            client = world.client(name, network)
            world.sign_in(client, username)
            self.clients.append(client)
            self.networks.append(network)
        for client in self.clients:
            world.wait_saved(client, 60)
        self.look()
        mine = self.wire.all("case", advisor=self.wire.user, status="in_progress")[:4]
        self.cases = [case["id"] for case in mine]
        self.person = mine[0]["client"]

    def look(self):
        """What the server has. A long test outlives the token of one look."""
        if time.monotonic() > self.token_ends:
            self.wire = self.world.wire("dana")
            self.token_ends = time.monotonic() + TOKEN_LASTS
        self.wire.pull()

    def write(self, client):
        """A note; or, by the manager, another telephone number."""
        text = f"Entry {len(self.typed)} of {client.name}: {self.chance.choice(('rang twice', 'letter came', 'nobody at home'))}."
        if client.name == "helen":
            # A manager writes no notes.
            change_phone(client, self.person, f"07700 8{self.chance.randrange(100000):05}")
            return
        write_note(client, self.chance.choice(self.cases), text)
        self.typed.append(text)

    def settle(self, kind):
        """Nobody presses a key: everything is sent, and every client says so."""
        began = time.monotonic()
        for client in self.clients:
            self.world.wait_saved(client, LATEST)
        self.waits[kind].append(time.monotonic() - began)

    def check(self):
        """Every note is on the server, once."""
        self.look()
        found = sorted(note["content"] for note in self.wire.all("note") if note.get("content", "").startswith("Entry "))
        assert found == sorted(self.typed), set(self.typed) ^ set(found)

    def partition(self):
        away = self.chance.sample(range(3), self.chance.randint(1, 3))
        for place in away:
            self.networks[place].unplug()
        for place in away:
            self.write(self.clients[place])
        self.write(self.chance.choice(self.clients))
        time.sleep(self.chance.uniform(0, 3))
        for place in away:
            self.networks[place].plug_in()
        self.settle("partition")

    def kill(self):
        """Somebody dies while what was just written is on its way."""
        victim = self.chance.choice([*self.clients, None])
        for client in self.clients:
            self.write(client)
        time.sleep(self.chance.uniform(0, 0.1))
        if victim is None:
            self.world.stop_server(signal.SIGKILL)
            self.world.start()
        else:
            victim.kill()
            victim.open_again()
        self.settle("kill")

    def tell_waits(self, kind):
        waits = sorted(self.waits[kind])
        if waits:
            worst = waits[min(len(waits) - 1, int(len(waits) * 0.99))]
            self.story.say(f"{kind}: {len(waits)} runs, nothing waits after {waits[len(waits) // 2]:.1f} s (median), {worst:.1f} s (p99)")
            assert worst <= SOON or not IS_LONG, waits[-5:]


def tell(story):
    with World() as world:
        with story.step("Dana signs in on two computers, Helen on one"):
            office = Office(story, world)
        for kind, count, run in (("partition", PARTITIONS, office.partition), ("kill", KILLS, office.kill)):
            with story.step(f"{count} runs: {kind}; after each all is on the server, once"):
                for _ in range(count):
                    run()
                    office.check()
                office.tell_waits(kind)
        with story.step("no operation was done twice, and what one worker sees is the same on both computers"):
            assert not pushed_twice(office.wire, office.cases)
            for client in office.clients:
                client.quit()
            first, second = (sorted(client.tool("dump").splitlines()) for client in office.clients[:2])
            assert first == second, set(first) ^ set(second)
            story.say(f"{len(office.typed)} notes, {len(first)} records on each")


if __name__ == "__main__":
    sys.exit(Story("partition").run(tell))
