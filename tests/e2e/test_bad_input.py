#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong on a real computer: each with a clear message, nothing lost or made anew, the server alive."""

import hashlib
import http.client
import os
import pathlib
import shutil
import ssl
import subprocess
import sys
import time

from caseload_casework import write_note
from caseload_story import Story, wait_until
from caseload_wire import WireError, new_id
from caseload_world import World

CANARY = "Canary-Zwergpinscher: the blue folder is under the stairs."


def file_sums(folder):
    """Every file of an account with its content's sum."""
    return {
        path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("lock",)
    }


def account_folder(client):
    return next(client.home.glob("data/caseload/*/replica.db")).parent


def trouble(story, client, words):
    """The window says what is wrong, in words of its own; the words."""
    client.wait(has=words)
    said = client.get("description", id="trouble")
    story.say(f"{client.get('title', id='trouble')}: {said}")
    return said


def tell(story):
    with World() as world:
        signing_in(world, story)
        requests(world, story)
        client, case = worker(world, story)
        clock(world, story, client, case)
        disk(world, story, client, case)
        files(world, story, client)


def assert_button_seen(client):
    """However long the advice is, in the narrowest window too."""
    width, height = 360, 600
    client.size(width, height)
    client.wait(type="CslWindow", **{"class": "narrow"})

    def end():
        (button,) = client.find(id="sign_in_button")
        return button["y"] + button["height"]

    wait_until(lambda: end() <= height, what="the button is in sight")


def signing_in(world, story):
    client = world.client("stranger", start=False)
    with story.step("a certificate nobody vouches for: nothing is sent"):
        client.start("--server", world.url)
        client.type("dana", id="username")
        client.type("a secret for nobody", id="password")
        client.click(id="sign_in_button")
        client.wait(seconds=20, has="could not prove who it is")
        assert_button_seen(client)
        assert not list(client.home.glob("data/caseload/*/replica.db"))
        client.stop()
    with story.step("a wrong password"):
        client.start("--server", world.url, "--ca-file", world.ca_file)
        client.type("dana", id="username")
        client.type("not her password", id="password")
        client.click(id="sign_in_button")
        client.wait(has="The user name or the password is not right")
        assert_button_seen(client)
        assert not list(client.home.glob("data/caseload/*/replica.db"))
        client.stop()
    with story.step("a server that is not there"):
        client.start("--server", "https://localhost:9", "--ca-file", world.ca_file)
        client.type("dana", id="username")
        client.type("whatever it is", id="password")
        client.click(id="sign_in_button")
        client.wait(seconds=20, has="Check the address and the network")
        assert_button_seen(client)
        client.stop()


def post_raw(world, token, path, pieces, length=None):
    """A body sent piece by piece, however large; status or the way the connection ended."""
    context = ssl.create_default_context(cafile=world.ca_file)
    connection = http.client.HTTPSConnection("localhost", world.port, context=context, timeout=60)
    try:
        connection.putrequest("POST", path)
        connection.putheader("Authorization", "Bearer " + token)
        connection.putheader("Content-Type", "application/x-ndjson")
        connection.putheader("Caseload-Protocol", "1")
        if length is None:
            connection.putheader("Transfer-Encoding", "chunked")
        else:
            connection.putheader("Content-Length", str(length))
        connection.endheaders()
        try:
            for piece in pieces:
                connection.send(b"%x\r\n%s\r\n" % (len(piece), piece) if length is None else piece)
            if length is None:
                connection.send(b"0\r\n\r\n")
        except OSError:
            # Refused before everything was sent, as it should be.
            pass
        try:
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return "cut"
    finally:
        connection.close()


def alive(world):
    wire = world.wire("helen")
    assert wire.hello()["head"] > 0


def requests(world, story):
    wire = world.wire("dana")
    mega = b"x" * (1 << 20)
    memory = server_memory(world)
    head = b'{"t":"push","device":"%s","inc":"%s","epoch":""}\n' % (wire.device.encode(), wire.inc.encode())
    bodies = {
        "200 MB with their length": ([mega] * 200, 200 << 20),
        "200 MB in chunks": ([mega] * 200, None),
    }
    for name, (pieces, length) in bodies.items():
        with story.step(name):
            status = post_raw(world, wire.token, "/v1/sync/push", pieces, length)
            story.say(f"answer: {status}")
            assert status in (413, "cut"), status
            alive(world)
    lines = {
        "100,000 brackets": b"[" * 100_000,
        "100,000 nested objects": b'{"a":' * 100_000,
        "cut JSON": b'{"op":"01',
        "not UTF-8": b'{"op":"\xff\xfe"}',
        "a member twice": b'{"op":"1","op":"2"}',
        "an empty line": b"",
        "a NUL": b'{"op":"\0"}',
    }
    for name, line in lines.items():
        with story.step(f"a push with {name}"):
            status, _, body = wire.request("POST", "/v1/sync/push", head + line + b"\n", "application/x-ndjson")
            story.say(f"answer: {status} {body[:120].decode(errors='replace').strip()}")
            assert status in (200, 400, 413), status
            assert b'"ok"' not in body, body
            status, _, body = wire.request("POST", "/v1/sync/pull", line)
            assert 400 <= status < 500, (status, body)
            alive(world)
    with story.step("an operation with a wrong value is refused alone"):
        wire.pull()
        case = wire.all("case", advisor=wire.user)[0]
        task = {"title": "x" * 5000, "case": case["id"], "client": case["client"]}
        answer = wire.push(wire.create("task", task))[0]
        assert answer["r"] == "rejected" and answer["msg"], answer
        story.say(answer["msg"])
    with story.step("somebody without a token"):
        wire.token = None
        try:
            wire.hello()
            raise AssertionError("hello without a token was answered")
        except WireError as error:
            assert error.status == 401, error
        status, _, _ = wire.request("POST", "/v1/sync/pull", b"{}", headers={"Authorization": "Bearer " + "A" * 7000})
        assert status in (400, 401), status
    with story.step("the server has not grown by what was thrown at it"):
        grown = server_memory(world) - memory
        story.say(f"{grown >> 10} MiB more than before")
        assert grown < 64 << 10, grown


def server_memory(world):
    """Resident KiB of the server behind nginx."""
    for path in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(path.name)) != world.server.pid or "caseload-server" not in os.readlink(path / "exe"):
                continue
            status = (path / "status").read_text()
        except OSError:
            continue
        return int(status.split("VmRSS:")[1].split()[0])
    raise AssertionError("the server is not running")


def worker(world, story):
    with story.step("Dana signs in and writes a note"):
        # Her clock will be years ahead: the end of leases is another story's matter.
        world.lock_policy("--lease-days=0")
        client = world.client("dana")
        world.sign_in(client, "dana")
        world.wait_saved(client)
        wire = world.wire("dana")
        wire.pull()
        case = wire.all("case", advisor=wire.user, status="in_progress")[0]["id"]
        write_note(client, case, CANARY)
        world.wait_saved(client)
        client.stop()
    return client, case


def clock(world, story, client, case):
    for name, offset in (("ten years ahead", "+10y"), ("ten years behind", "-10y"), ("a year ahead", "+1y")):
        with story.step(f"a clock {name}: she can work, and is told"):
            library = subprocess.run(
                ["find", "/usr/lib", "-name", "libfaketime.so.1"], capture_output=True, text=True, check=True
            ).stdout.split()
            assert library, "libfaketime is missing; build-aux/setup installs it"
            client.extra = {"LD_PRELOAD": library[0], "FAKETIME": offset, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
            client.open_again()
            wait_until(lambda: client.sentence(), what="a sentence about sync")
            time.sleep(1.5)
            said = client.sentence()
            client.action("win.show-section", "'unsent'")
            client.wait(id="sentence", under="CslSyncPanel")
            detail = client.get("label", id="detail", under="CslSyncPanel")
            story.say(f"{said} / {detail}")
            assert "clock" in detail, (said, detail)
            # The certificate of the demo is good for two years, and began today.
            assert ("prove" in said) == (offset != "+1y"), said
            write_note(client, case, f"Written with the clock {name}.")
            client.stop()
            client.extra = {}
            client.open_again()
            world.wait_saved(client)
            client.stop()
            wire = world.wire("dana")
            wire.pull()
            assert len(wire.all("note", content=f"Written with the clock {name}.")) == 1
    client.extra = {}


def mount(*arguments):
    """Only root may mount, and in many containers not even root."""
    return subprocess.run(["mount", *arguments], check=False, stderr=subprocess.DEVNULL).returncode == 0


def disk(world, story, client, case):
    folder = account_folder(client)
    what = "a full disk: what is typed stays on the screen, and the message says what to do"
    small = client.home / "small"
    small.mkdir()
    if not mount("-t", "tmpfs", "-o", "size=24m", "tmpfs", small):
        story.skip(what, "a small disk cannot be mounted here; the store's test of a full disk runs everywhere")
        return
    with story.step(what):
        try:
            place = small / "caseload"
            shutil.copytree(folder.parent, place)
            client.extra = {"XDG_DATA_HOME": str(small)}
            client.open_again()
            world.wait_saved(client)
            fill(small)
            texts = write_until_full(client, case)
            story.say(client.get("label", id="problem", under="CslNotePage"))
            assert client.wait(id="content", under="CslNotePage")["text"] == texts[-1]
            (small / "filler").unlink()
            client.click(id="finish", under="CslNotePage")
            client.wait(gone=True, type="CslNotePage")
            world.wait_saved(client)
            wire = world.wire("dana")
            wire.pull()
            for text in texts:
                assert len(wire.all("note", content=text)) == 1, text[:40]
            story.say(f"all {len(texts)} notes are on the server once")
            client.quit()
            # It was this replica that went on; the one it was copied from is history.
            shutil.rmtree(folder.parent)
            shutil.copytree(place, folder.parent)
        finally:
            client.stop()
            client.extra = {}
            subprocess.run(["umount", small], check=True)


def write_until_full(client, case):
    """Long notes until one cannot be saved; files have room inside, so the first ones may fit. All texts."""
    texts = []
    while len(texts) < 60:
        client.action("win.open-record", f"('case', '{case}')")
        client.wait(type="CslCasePage")
        client.action("win.new-note")
        texts.append(f"Typed on a full disk, {len(texts)}. " + "The landlord called twice. " * 3000 + "End.")
        client.type(texts[-1], id="content", under="CslNotePage")
        client.click(id="finish", under="CslNotePage")
        ends = lambda: client.find(id="problem", under="CslNotePage") or not client.find(type="CslNotePage")
        wait_until(ends, what="the note is saved or refused")
        if client.find(id="problem", under="CslNotePage", has="disk"):
            return texts
    raise AssertionError("the disk never became full")


def fill(folder):
    with open(folder / "filler", "wb", buffering=0) as file:
        size = 1 << 20
        while size >= 1:
            try:
                file.write(b"\0" * size)
            except OSError:
                size //= 2


def files(world, story, client):
    folder = account_folder(client)
    # At rest: a page that is in the log as well would hide the damage.
    client.open_again()
    client.quit()
    what = "a data folder that cannot be written"
    if mount("--bind", folder, folder):
        with story.step(what):
            before = file_sums(folder)
            try:
                subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)
                client.start()
                client.unlock()
                trouble(story, client, "could not write to the disk")
                client.stop()
            finally:
                client.stop()
                subprocess.run(["umount", folder], check=True)
            assert file_sums(folder) == before, "something was changed"
    else:
        story.skip(what, "a folder cannot be mounted read-only here")
    replica = folder / "replica.db"
    saved = replica.read_bytes()
    with story.step("a keyring that has lost the key"):
        keyring = client.home / "secrets.keyring"
        keyring.rename(client.home / "elsewhere")
        before = file_sums(folder)
        client.start()
        client.unlock()
        trouble(story, client, "their key is not in the keyring")
        client.stop()
        assert file_sums(folder) == before, "something was changed"
        keyring.unlink(missing_ok=True)
        (client.home / "elsewhere").rename(keyring)
    for name, place in (("in its first page", 40), ("in the middle", len(saved) // 2 // 4096 * 4096 + 100)):
        with story.step(f"a replica damaged {name}"):
            broken = bytearray(saved)
            for at in range(place, place + 64):
                broken[at] ^= 0xFF
            replica.write_bytes(broken)
            before = file_sums(folder)[pathlib.Path("replica.db")]
            client.start()
            client.unlock()
            check_damage(story, client, place)
            client.quit()
            if place < 4096:
                assert file_sums(folder)[pathlib.Path("replica.db")] == before, "the damaged file was changed"
            for path in folder.glob("replica.db-*"):
                path.unlink()
            replica.write_bytes(saved)
    with story.step("the file as it was: everything is there again, and no byte of it can be read"):
        client.open_again()
        client.action("win.search")
        client.type("Zwergpinscher", id="entry", under="CslSearchPage")
        client.wait(id="title", under="CslSearchPage", has="ote")
        found = world.search_home(client, ["Zwergpinscher", "blue folder"])
        assert not found, found
        client.stop()
        found = world.search_home(client, ["Zwergpinscher", "blue folder"])
        assert not found, found


def check_damage(story, client, place):
    """The first page: it does not open. Further in: it says so when it is met, or the part is fetched anew."""
    if place < 4096:
        client.wait(id="trouble")
        said = client.get("description", id="trouble")
        story.say(said)
        assert "Nothing was changed" in said or "left exactly as it is" in said, said
        return
    wait_until(
        lambda: client.find(id="trouble") or client.find(type="CslSyncButton"), what="an answer of the window"
    )
    if client.find(id="trouble"):
        story.say(client.get("description", id="trouble"))
    else:
        time.sleep(2)
        story.say(f"opened; {client.sentence()}")


if __name__ == "__main__":
    sys.exit(Story("bad-input").run(tell))
