#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One change among 200 is refused: the others arrive, it is listed with a reason in plain words, is corrected and sent."""

import sys

from caseload_casework import begin, tasks_of
from caseload_story import Story, wait_until
from caseload_world import World

COUNT, BAD = 200, 77
TITLE = "Task number 77, shorter"


def tell(story):
    with World() as world:
        network = world.network()
        with story.step("Dana signs in, and loses the network"):
            client, wire, case = begin(world, "dana", network)
            client.quit()
            network.unplug()

        with story.step(f"she saves {COUNT} tasks; one of them will not please the server"):
            client.tool("tasks", case, COUNT, BAD)
            client.open_again()
            wait_until(lambda: f"{COUNT} changes" in client.sentence(), what="all wait")
            story.say(client.sentence())
            client.action("win.show-section", "'unsent'")
            client.wait(id="list_place")
            story.shot(client, "queue")

        with story.step("the network is back: all but one arrive"):
            network.plug_in()
            client.action("win.sync-now")
            wait_until(lambda: "attention" in client.sentence() and "only" not in client.sentence(), 30, "one is left")
            tasks = tasks_of(wire, case)
            story.say(f"{len(tasks)} of {COUNT} are on the server; here: {client.sentence()}")
            assert len(tasks) == COUNT - 1, len(tasks)
            assert len({task["title"] for task in tasks}) == COUNT - 1

        with story.step("the refused one is listed, with a reason and a way to correct it"):
            client.wait(id="fix", under="CslOutboxRow")
            state = client.wait(id="state", under="CslOutboxRow")["text"]
            story.say(client.wait(id="title", under="CslOutboxRow")["text"])
            story.say(state)
            assert "too long" in state, state
            assert len(client.find(id="fix", under="CslOutboxRow")) == 1
            story.shot(client, "refused")

        with story.step("it survives a restart"):
            client.quit()
            client.open_again()
            wait_until(lambda: "attention" in client.sentence(), what="it still needs her")

        with story.step("she corrects it, and it is sent"):
            client.action("win.show-section", "'unsent'")
            client.click(id="fix", under="CslOutboxRow")
            client.wait(type="CslEditPage")
            story.shot(client, "correct")
            client.type(TITLE, name="field-title", under="CslEditPage")
            client.click(id="save", under="CslEditPage")
            client.wait(gone=True, type="CslEditPage")
            world.wait_saved(client)
            made = tasks_of(wire, case)
            assert len(wire.all("task", case=case, title=TITLE)) == 1
            assert len(made) == COUNT, len(made)
            client.action("win.show-section", "'unsent'")
            client.wait(gone=True, type="CslOutboxRow")
            story.say(client.sentence())


if __name__ == "__main__":
    sys.exit(Story("refused").run(tell))
