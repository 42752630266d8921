# SPDX-License-Identifier: GPL-3.0-or-later
"""What a worker writes while the network is bad, and what must be found on the server afterwards."""


def begin(world, name, network=None):
    """Dana signs in on the computer @name; it, what the server says to her, and the id of a case of hers."""
    client = world.client(name, network=network)
    world.sign_in(client, "dana")
    world.wait_saved(client)
    wire = world.wire("dana")
    wire.pull()
    return client, wire, wire.all("case", advisor=wire.user, status="in_progress")[0]["id"]


def tasks_of(wire, case):
    """Those that `tool tasks` wrote and the server has."""
    wire.pull()
    return [task for task in wire.all("task", case=case) if task["title"].startswith("Task number")]


def write_note(client, case, text):
    client.action("win.open-record", f"('case', '{case}')")
    client.wait(type="CslCasePage")
    client.action("win.new-note")
    client.type(text, id="content", under="CslNotePage")
    client.click(id="finish", under="CslNotePage")
    client.wait(gone=True, type="CslNotePage")


def change_phone(client, person, phone):
    client.action("win.open-record", f"('client', '{person}')")
    client.wait(type="CslClientPage")
    client.action("client.edit", type="CslClientPage")
    client.type(phone, name="field-phone_secondary", under="CslEditPage")
    client.click(id="save", under="CslEditPage")
    client.wait(gone=True, type="CslEditPage")


def pushed_twice(wire, cases):
    """Operations that appear more than once in the history of the notes of @cases."""
    seen, twice = set(), []
    for note in wire.all("note"):
        if note.get("case") not in cases:
            continue
        for entry in wire.history("note", note["id"]):
            key = entry.get("op"), entry["act"]
            if entry.get("op") and key in seen:
                twice.append((note["content"][:40], key))
            seen.add(key)
    return twice
