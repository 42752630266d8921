#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Take Along on Today: what it says is true with a network, without one, and offline by choice."""

import sys

from caseload_story import Story, wait_until
from caseload_world import World

SENTENCE = {"id": "label", "under": "CslTakeAlong"}

def fetch(client):
    """Presses the button; what it says in the end."""
    client.click(id="fetch", under="CslTakeAlong")
    wait_until(lambda: "Fetching" not in client.wait(**SENTENCE)["text"], 40, "an answer")
    return client.wait(**SENTENCE)["text"]


def count(sentence):
    return int(sentence.split(" note")[0].rsplit(" ", 1)[1])


def tell(story):
    with World() as world:
        network = world.network()
        client = world.client("dana", network)
        world.sign_in(client, "dana")
        world.wait_saved(client)
        with story.step("the next home visit is on this computer"):
            before = client.wait(**SENTENCE)["text"]
            assert before.startswith("On this computer with") and "Today" in before, before
            assert len(client.find(type="CslTakeAlong", id="take_along")) >= 1
            assert len(client.find(id="fetch", under="CslTakeAlong")) == 1, "only the next one"
            story.say(before)
        with story.step("with a network it fetches what is new and says so"):
            after = fetch(client)
            assert after.startswith("On this computer with") and count(after) >= count(before), after
            story.shot(client, "taken-along")
        with story.step("without one it says that, and what is here"):
            network.unplug()
            said = fetch(client)
            assert "cannot be reached" in said and f"with {count(after)} note" in said, said
        with story.step("offline by choice it fetches nothing"):
            client.action("win.work-offline")
            said = fetch(client)
            assert "chosen to work offline" in said, said
        with story.step("online again it is as of now"):
            network.plug_in()
            client.action("win.work-offline")
            wait_until(lambda: "reached" not in fetch(client), 60, "the server")
            story.say(client.wait(**SENTENCE)["text"])


if __name__ == "__main__":
    sys.exit(Story("take-along").run(tell))
