#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody copies a whole home folder to a second computer and both are used: whatever was written on either arrives once."""

import shutil
import sys

from caseload_casework import begin, tasks_of
from caseload_story import Story, wait_until
from caseload_world import World

COUNT = 3


def written(client, case, count):
    """Tasks written without a network."""
    client.tool("tasks", case, count, -1)


def sign_in_again(world, client):
    """Two computers with one token look like a thief's work: the server ends the session, and asks for the password."""
    wait_until(lambda: "assword" in client.sentence() or "ign in" in client.sentence(), 30, "it asks for the password")
    client.action("win.show-section", "'unsent'")
    client.type(world.accounts["dana"].password, id="password", under="CslUnsentPage")
    client.click(id="password", under="CslUnsentPage")
    world.wait_saved(client, 60)


def tell(story):
    with World() as world:
        network, second = world.network(1), world.network(2)
        with story.step("Dana signs in, writes without a network, and her home is copied"):
            laptop, wire, case = begin(world, "dana", network)
            laptop.quit()
            network.unplug()
            written(laptop, case, COUNT)
            copy = world.client("copy", network=second, start=False)
            shutil.copytree(laptop.home, copy.home, ignore=shutil.ignore_patterns("driver.sock"))

        with story.step("she writes different things on both"):
            written(laptop, case, COUNT + 1)
            written(copy, case, COUNT + 2)

        with story.step("both come into reach of the server, one after the other, and again"):
            network.plug_in()
            laptop.open_again()
            world.wait_saved(laptop)
            assert len(tasks_of(wire, case)) == 2 * COUNT + 1
            copy.open_again()
            sign_in_again(world, copy)
            tasks = tasks_of(wire, case)
            story.say(f"{len(tasks)} tasks on the server")
            assert len(tasks) == 3 * COUNT + 3, len(tasks)
            assert len({task["id"] for task in tasks}) == len(tasks)

        with story.step("work goes on, on both"):
            for client in (laptop, copy):
                client.quit()
                written(client, case, 1)
                client.open_again()
                wait_until(lambda: any(word in client.sentence() for word in ("aved on the server", "assword", "ign in")), 60, "sent, or asked for the password")
                if "aved on the server" not in client.sentence():
                    sign_in_again(world, client)
            wait_until(lambda: len(tasks_of(wire, case)) == 3 * COUNT + 5, 30, "all of it is there")
            for client in (laptop, copy):
                client.action("win.sync-now")
                world.wait_saved(client, 60)
                assert "attention" not in client.sentence(), client.sentence()


if __name__ == "__main__":
    sys.exit(Story("two-copies").run(tell))
