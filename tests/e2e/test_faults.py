#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real programs over a bad network: connections cut at any byte, answers lost after the commit, pieces delayed, the server
restarted, the client killed. At the end nothing is there twice and nothing is lost."""

import random
import signal
import sys
import time

from caseload_casework import change_phone, pushed_twice, write_note
from caseload_story import Story
from caseload_world import World

SEED = 20261121
ROUNDS = 36
# Of each fault, before the network becomes good again; how often one strikes also depends on the machine's speed.
FAULTS = 3


def rounds(counts):
    """Numbers of the rounds: ROUNDS of them, and more until the network did enough harm."""
    number = 0
    while number < ROUNDS or (min(counts["cut"], counts["lost"]) < FAULTS and number < 4 * ROUNDS):
        yield number
        number += 1


def tell(story):
    chance = random.Random(SEED)
    story.say(f"seed {SEED}")
    with World() as world:
        network = world.network(SEED)
        with story.step("Dana signs in over a good network"):
            client = world.client("dana", network=network)
            world.sign_in(client, "dana")
            world.wait_saved(client)
            wire = world.wire("dana")
            wire.pull()
            mine = wire.all("case", advisor=wire.user, status="in_progress")[:4]
            cases = [case["id"] for case in mine]
            person = mine[0]["client"]

        typed = {case: [] for case in cases}
        phones = []
        with story.step(f"{ROUNDS} rounds of writing over a bad one"):
            network.proxy.cut_chance, network.proxy.lose_chance = 0.5, 0.6
            network.proxy.delay = 0.02
            counts = network.proxy.counts
            for number in rounds(counts):
                case = chance.choice(cases)
                text = f"Round {number}: {chance.choice(('Rang twice.', 'Letter came.', 'Nobody at home.'))}"
                write_note(client, case, text)
                typed[case].append(text)
                if number % 4 == 0:
                    phones.append(f"07700 9{number:05}")
                    change_phone(client, person, phones[-1])
                if number % 3 == 2:
                    network.proxy.drop_all()
                if number == ROUNDS // 3:
                    restart_server(world, story)
                if number == ROUNDS // 2:
                    client.kill()
                    story.say("the client was killed")
                    client.open_again()
                client.action("win.sync-now")
                time.sleep(chance.uniform(0, 0.15))
            story.say(f"{counts['connections']} connections, {counts['cut']} cut, {counts['lost']} answers lost")
            assert min(counts["cut"], counts["lost"]) >= FAULTS, counts

        with story.step("the network is good again: all of it arrives"):
            network.proxy.quiet()
            began = time.monotonic()
            client.action("win.sync-now")
            world.wait_saved(client, 60)
            story.say(f"everything was sent {time.monotonic() - began:.1f} s after the last fault")

        with story.step("nothing is lost, nothing is there twice, everything in its order"):
            wire.pull()
            for case, texts in typed.items():
                notes = [note for note in wire.all("note", case=case) if note["content"].startswith("Round ")]
                found = sorted((note["created_at"], note["content"]) for note in notes)
                assert sorted(text for _, text in found) == sorted(texts), (texts, found)
                made = {note["content"]: wire.history("note", note["id"])[-1]["seq"] for note in notes}
                assert [made[text] for text in texts] == sorted(made.values()), made
            history = [
                field.get("now")
                for entry in reversed(wire.history("client", person))
                for field in entry["fields"]
                if field["f"] == "phone_secondary" and field.get("now") in phones
            ]
            # A number that was not sent yet when the same person wrote the next one may be folded into it.
            rest = iter(phones)
            assert all(number in rest for number in history), (history, phones)
            assert history[-1] == phones[-1], (history, phones)
            assert not pushed_twice(wire, cases)
            story.say(f"{sum(map(len, typed.values()))} notes and {len(phones)} telephone numbers, each once")

        with story.step("no difference was invented, and both sides hold the same"):
            assert not [conflict for conflict in wire.all("sync_conflict") if conflict["author"] == wire.user]
            fresh = world.wire("dana")
            assert {key: record["rev"] for key, record in fresh.pull().items()} == {
                key: record["rev"] for key, record in wire.records.items()
            }
            client.quit()


def restart_server(world, story):
    """The server dies without a word, and is started again on the same port."""
    world.stop_server(signal.SIGKILL)
    time.sleep(0.3)
    world.start()
    story.say("the server was killed and started again")


if __name__ == "__main__":
    sys.exit(Story("faults").run(tell))
