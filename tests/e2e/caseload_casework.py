# SPDX-License-Identifier: GPL-3.0-or-later
"""What a worker writes while the network is bad, and what must be found on the server afterwards."""


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
