#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the header says about sync is true: after each kind of fault its sentence is compared with what the server has. It may say
less than the truth (an answer was lost), and never more."""

import re
import signal
import sys
import time

from caseload_casework import write_note
from caseload_story import Story, wait_until
from caseload_world import World

SEED = 20261121
# What no server takes (test_refused): one in so many tasks.
COUNT, BAD = 3, 2
PASSWORD = "another long pass phrase 71"


class Watch:
    """One worker, what was written, and the server seen by somebody else."""

    def __init__(self, story, world):
        self.story, self.world = story, world
        self.network = world.network(SEED)
        self.client = world.client("dana", network=self.network)
        world.sign_in(self.client, "dana")
        world.wait_saved(self.client)
        self.wire = world.wire("dana")
        self.wire.pull()
        self.case = self.wire.all("case", advisor=self.wire.user, status="in_progress")[0]["id"]
        self.typed = []
        self.claims = set()

    def write(self):
        text = f"Status {len(self.typed) + 1}: rang twice."
        write_note(self.client, self.case, text)
        self.typed.append(text)

    def missing(self):
        """What was written and is not on the server."""
        self.wire.pull()
        there = {note["content"] for note in self.wire.all("note", case=self.case)}
        return [text for text in self.typed if text not in there]

    def look(self):
        """The sentence, after it was compared with the server: (sentence, how many it says wait, how many are missing)."""
        sentence = self.client.sentence()
        missing = self.missing()
        waiting = re.search(r"(\d+) changes? on this computer only", sentence)
        sending = re.search(r"Sending (\d+) change", sentence)
        counted = int((waiting or sending or [0, 0])[1])
        # The server was asked later than the header, and it never has less than before.
        assert counted >= len(missing), f"“{sentence}”, but the server lacks {missing}"
        if "aved on the server" in sentence or "All is up to date" in sentence:
            assert not missing, f"“{sentence}”, but the server lacks {missing}"
        self.claims.add(re.sub(r"\d[\d:]*", "N", sentence))
        return sentence, counted, len(missing)

    def look_until(self, words, seconds=60):
        """Compares again and again until the sentence has these words."""
        end = time.monotonic() + seconds
        while True:
            sentence, counted, missing = self.look()
            if words in sentence:
                self.story.say(f"“{sentence}”; missing on the server: {missing}")
                return counted, missing
            assert time.monotonic() < end, f"never “{words}”, but “{sentence}”"
            time.sleep(0.05)

    def suffer(self, fault):
        """Writes over a network that does harm until it has done some of this kind, and then over a good one."""
        counts, before = self.network.proxy.counts, self.network.proxy.counts[fault]
        self.network.proxy.drop_all()
        for _ in range(3):
            self.write()
            self.client.action("win.sync-now")
            self.look()
        end = time.monotonic() + 60
        while counts[fault] == before and time.monotonic() < end:
            self.client.action("win.sync-now")
            self.look()
        assert counts[fault] > before, counts
        self.story.say(f"{fault}: {counts[fault] - before} connections")
        self.network.proxy.quiet()
        self.saved()

    def saved(self):
        self.client.action("win.sync-now")
        _, missing = self.look_until("aved on the server")
        assert missing == 0


def tell(story):
    with World() as world:
        with story.step("all at the office: a good network"):
            watch = Watch(story, world)
            watch.write()
            watch.saved()

        with story.step("saved here only: the cable is pulled"):
            watch.network.unplug()
            watch.write()
            assert watch.look_until("1 change on this computer only") == (1, 1)
            watch.write()
            assert watch.look_until("2 changes on this computer only") == (2, 2)

        with story.step("saved here only: the program is killed and opened again without a network"):
            watch.client.kill()
            watch.client.open_again()
            assert watch.look_until("2 changes on this computer only") == (2, 2)

        with story.step("all at the office: the cable is back"):
            watch.network.plug_in()
            watch.saved()

        with story.step("waiting: answers are lost after the server has done the work"):
            watch.network.proxy.lose_chance = 1.0
            watch.suffer("lost")

        with story.step("waiting: connections are cut at any byte"):
            watch.network.proxy.cut_chance = 1.0
            watch.suffer("cut")

        with story.step("saved here only: the server dies, and comes back while the cable is pulled"):
            world.stop_server(signal.SIGKILL)
            watch.write()
            wait_until(lambda: "1 change on this computer only" in watch.client.sentence(), 30, "it says that it waits")
            watch.network.unplug()
            world.start()
            assert watch.look_until("1 change on this computer only") == (1, 1)
            watch.network.plug_in()
            watch.saved()

        with story.step("needs you: the server refuses one of three"):
            watch.network.unplug()
            watch.client.quit()
            watch.client.tool("tasks", watch.case, COUNT, BAD)
            watch.client.open_again()
            watch.look_until(f"{COUNT} changes on this computer only")
            watch.network.plug_in()
            watch.client.action("win.sync-now")
            watch.look_until("1 needs your attention")
            wait_until(lambda: "only" not in watch.client.sentence(), 30, "the others are sent")
            sentence = watch.client.sentence()
            watch.wire.pull()
            tasks = [task for task in watch.wire.all("task", case=watch.case) if task["title"].startswith("Task number")]
            assert len(tasks) == COUNT - 1, tasks
            assert "aved on the server" not in sentence, sentence

        with story.step("needs you: it is still said after a restart, and while the network is away"):
            watch.network.unplug()
            watch.client.kill()
            watch.client.open_again()
            watch.look_until("attention")

        with story.step("needs you: the session was ended elsewhere; what is written then is saved here only"):
            watch.network.plug_in()
            password = world.accounts["dana"].password
            watch.wire.call("/v1/auth/password", {"password": password, "new_password": PASSWORD})
            watch.write()
            watch.client.action("win.sync-now")
            watch.look_until("Please sign in again")
            counted, missing = watch.look_until("1 change on this computer only")
            assert (counted, missing) == (1, 1)
            watch.client.quit()
        story.say("\n".join(sorted(watch.claims)))


if __name__ == "__main__":
    sys.exit(Story("status").run(tell))
