#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""demo_session.py FOLDER [--reset]: the demo server and Caseload signed in as Dana, on the display of whoever calls.

All data stays below FOLDER: the server with its passwords' hashes, the demo authority, Dana's replica and its key. The
passwords are printed when they are made, and never again."""

import os
import pathlib
import secrets
import shutil
import subprocess
import sys
import time
import urllib.parse

from caseload_driver import Client, DriverError
from caseload_world import CLIENT, DRIVER, SERVER, Account, end_group, start_server

WORKER = "dana"
PIN = "harbour 27"
OLD_DAYS = 3


class DemoClient(Client):
    """Dana's computer: the display, the bus and the fonts of whoever runs the demo, but folders of its own."""

    def environment(self):
        key = self.home / "keyring-password"
        if not key.exists():
            with open(os.open(key, os.O_CREAT | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
                file.write(secrets.token_hex(16))
        return dict(
            os.environ,
            XDG_DATA_HOME=str(self.home / "data"),
            XDG_CACHE_HOME=str(self.home / "cache"),
            XDG_STATE_HOME=str(self.home / "state"),
            # The key of the demo must not end up among the keys of whoever runs it.
            SECRET_BACKEND="file",
            SECRET_FILE_TEST_PATH=str(self.home / "secrets.keyring"),
            SECRET_FILE_TEST_PASSWORD=key.read_text(),
        )

    def run(self):
        """An ordinary start, without the test module; returns when the window was closed."""
        return subprocess.run([self.program], env=self.environment(), check=False).returncode


def make(folder):
    """A new server with both agencies; accounts by user name, and printed."""
    print("Making two demo agencies …", flush=True)
    made = subprocess.run([SERVER, "demo", folder / "data"], check=True, stdout=subprocess.PIPE, text=True)
    accounts = [Account(*line.split("\t")) for line in made.stdout.splitlines()]
    print("\nWho can sign in; the passwords are shown this once:\n")
    for account in accounts:
        print(f"  {account.organisation:<4} {account.username:<8} {account.role:<16} {account.password:<24} {account.centre}")
    print(flush=True)
    return {account.username: account for account in accounts}


def read_port(folder):
    try:
        return int((folder / "port").read_text())
    except (OSError, ValueError):
        return 0


def sign_in(client, url, ca_file, password):
    """The first start: the sign-in page is filled in like Dana would. Returns when the window was closed."""
    client.start("--server", url, "--ca-file", ca_file)
    client.type(WORKER, id="username")
    client.type(password, id="password")
    client.click(id="sign_in_button")
    client.wait(seconds=60, id="set_pin_button")
    for row in ("first", "second"):
        client.type(PIN, id=row, under="CslPinRows")
    client.click(id="set_pin_button")
    client.wait(seconds=60, type="CslSyncButton")
    print(f"Caseload is open, signed in as {WORKER}; the PIN of this computer is {PIN}. Close its window to end the demo.", flush=True)
    return client.process.wait()


def work(folder, client, accounts):
    server, url, ca_file = start_server(folder / "data", folder / "front", read_port(folder))
    try:
        (folder / "port").write_text(str(urllib.parse.urlsplit(url).port))
        print(f"The server answers on {url} (its authority: {ca_file}).", flush=True)
        if accounts is not None:
            return sign_in(client, url, ca_file, accounts[WORKER].password)
        print(f"Opening Caseload as {WORKER}; the PIN is {PIN}. Close its window to end the demo.", flush=True)
        return client.run()
    finally:
        client.stop()
        end_group(server)
        print("The server has stopped.", flush=True)


def main():
    folder = pathlib.Path(sys.argv[1])
    client = DemoClient(CLIENT, DRIVER, folder / "home", WORKER)
    signed_in = list(client.home.glob("data/caseload/*/replica.db"))
    if "--reset" in sys.argv[2:] or not signed_in:
        # Without Dana's replica nobody has the passwords any more.
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700, parents=True)
        client.home.mkdir(mode=0o700)
        accounts = make(folder)
    else:
        accounts = None
        if time.time() - (folder / "data" / "secrets").stat().st_mtime > OLD_DAYS * 86400:
            print("The appointments of this demo are some days old; --reset makes new ones.", flush=True)
    try:
        return work(folder, client, accounts)
    except DriverError as error:
        print(f"run: Caseload could not be opened: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
