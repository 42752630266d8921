# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole small world for a test: the server with demo agencies behind nginx with TLS, networks that can be cut, workers
with computers of their own. Everything real, everything in folders that end with it."""

import collections
import contextlib
import fcntl
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.parse

from caseload_driver import Client, DriverError
from caseload_story import wait_until
from caseload_wire import WireClient
from fault_proxy import FaultProxy

SOURCE = pathlib.Path(os.environ.get("CSL_TEST_SOURCE_ROOT") or pathlib.Path(__file__).resolve().parents[2])
BUILD = pathlib.Path(os.environ.get("CSL_TEST_BUILD_ROOT") or SOURCE / "build")
SERVER = BUILD / "src" / "server" / "caseload-server"
CLIENT = BUILD / "src" / "client" / "caseload"
TOOL = BUILD / "tests" / "e2e" / "tool" / "csl-worker-tool"
DRIVER = pathlib.Path(
    os.environ.get("CSL_TEST_DRIVER") or BUILD / "tests" / "e2e" / "driver" / "libcaseload-test-driver.so"
)

# What every worker of the tests locks the computer with.
PIN = "harbour 27"

Account = collections.namedtuple("Account", "organisation username role password centre")


class Network:
    """What connects one computer with the server; its cable can be pulled."""

    def __init__(self, proxy, url):
        self.proxy = proxy
        self.url = url

    def unplug(self):
        self.proxy.closed = True
        self.proxy.drop_all()

    def plug_in(self):
        self.proxy.closed = False


class World:
    """with World() as world: … The demo is made once per build of the server and copied for each test. @worker is the kind of
    computer that clients run on."""

    def __init__(self, worker=None):
        self.worker = worker or Worker
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="csl-world.", dir="/tmp"))
        self.clients, self.networks = [], []
        self.server = self.url = self.ca_file = None
        self.port = 0
        self.accounts = {}

    def __enter__(self):
        try:
            self._fill()
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    # -- the server --

    def _fill(self):
        """Copies the demo, or makes it when the server is newer."""
        stamp = SERVER.stat()
        name = f"world-{stamp.st_mtime_ns:x}-{stamp.st_size:x}-{time.strftime('%j')}"
        cache = BUILD / "tests" / "e2e" / "worlds"
        cache.mkdir(parents=True, exist_ok=True)
        with open(cache / "lock", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            made = cache / name
            if not made.exists():
                for old in cache.glob("world-*"):
                    shutil.rmtree(old)
                self._make(made)
            shutil.copytree(made, self.root / "server")
        for line in (self.root / "server" / "accounts").read_text().splitlines():
            account = Account(*line.split("\t"))
            self.accounts[account.username] = account

    def _make(self, folder):
        part = folder.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
        made = subprocess.run(
            [SERVER, "demo", part / "data", "--seed=1"], check=True, stdout=subprocess.PIPE, text=True
        )
        (part / "accounts").write_text(made.stdout)
        (part / "accounts").chmod(0o600)
        part.rename(folder)

    def start(self):
        """Starts server and nginx and waits until they answer."""
        folder = self.root / "server"
        self.server, self.url, self.ca_file = start_server(folder / "data", folder / "front", self.port)
        self.port = urllib.parse.urlsplit(self.url).port

    def lock_policy(self, *options, username="dana"):
        """How computers of that worker's organisation are locked from now on."""
        data = self.root / "server" / "data"
        command = [SERVER, "lock", f"--data={data}", f"--organisation={self.accounts[username].organisation}", *options]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    def stop_server(self, how=signal.SIGTERM):
        end_group(self.server, how)
        self.server = None

    def command(self, *words):
        """What a command of the server prints; the server may be running."""
        done = subprocess.run([SERVER, *words, "--data", self.root / "server" / "data"], stdout=subprocess.PIPE, text=True)
        assert done.returncode == 0, words
        return done.stdout

    def make_recovery_key(self, username):
        """Of this person's organisation; the file with its passphrase."""
        secret = self.root / "passphrase"
        secret.write_text("three small grey herons\n")
        organisation = self.accounts[username].organisation
        self.command("recovery-key", "make", "--organisation", organisation, "--passphrase-file", secret)
        return secret

    def devices(self, username):
        """The computers of a person, as the administrator sees them."""
        lines = self.command("device", "list", "--json", "--name", username).splitlines()
        return [json.loads(line) for line in lines]

    # -- workers --

    def wire(self, username, network=None):
        """A worker seen through the protocol alone, signed in."""
        account = self.accounts[username]
        client = WireClient(network.url if network else self.url, self.ca_file)
        return client.sign_in(username, account.password, account.organisation)

    def network(self, seed=1):
        proxy = FaultProxy(self.port, seed).start()
        network = Network(proxy, f"https://localhost:{proxy.port}")
        self.networks.append(network)
        return network

    def client(self, name, network=None, environment=None, start=True):
        """The real program on a computer of its own, at the sign-in page."""
        client = self.worker(CLIENT, DRIVER, self.root / name, name, environment)
        client.server_url = network.url if network else self.url
        self.clients.append(client)
        if start:
            client.start("--server", client.server_url, "--ca-file", str(self.ca_file))
        return client

    def sign_in(self, client, username, done=True):
        client.wait(id="sign_in_button")
        client.type(username, id="username")
        client.type(self.accounts[username].password, id="password")
        client.click(id="sign_in_button")
        client.choose_pin()
        if done:
            client.wait(seconds=30, type="CslSyncButton")
            # The roles have arrived, and with them the places.
            client.wait(seconds=30, text="Tasks", under="CslSidebar")

    def wait_saved(self, client, seconds=30):
        """Until everything has arrived on both sides."""
        wait_until(lambda: "aved on the server" in client.sentence(), seconds, f"{client.name}: all saved")

    def search_home(self, client, words):
        """(file, word) for every word that can be read below the worker's home; logs and keys count too."""
        found = []
        for path in client.home.rglob("*"):
            if not path.is_file():
                continue
            data = path.read_bytes()
            for word in words:
                if word.encode() in data or word.encode("utf-16-le") in data:
                    found.append((str(path.relative_to(client.home)), word))
        return found

    def close(self):
        for client in self.clients:
            client.stop()
        for network in self.networks:
            network.proxy.stop()
        if self.server is not None:
            self.stop_server()
        shutil.rmtree(self.root, ignore_errors=True)


class Worker(Client):
    """A client with the words of this program."""

    server_url = None

    def choose_pin(self, pin=PIN):
        """After the first sign-in on this computer."""
        self.wait(seconds=30, id="set_pin_button")
        self.type(pin, id="first", under="CslPinRows")
        self.type(pin, id="second", under="CslPinRows")
        self.click(id="set_pin_button")

    def unlock(self, pin=PIN):
        """On the unlock page; what comes of it is the caller's matter."""
        self.type(pin, id="pin", under="CslUnlockPage")
        self.click(id="unlock_button")

    def wait_locked(self, seconds=10):
        """Until the program has replaced itself by one that shows the unlock page; seconds that it took."""
        began = time.monotonic()
        while True:
            self.hang_up()
            with contextlib.suppress(DriverError, OSError):
                self.connect(self.home / "run" / "driver.sock", seconds)
                if self.find(type="CslUnlockPage"):
                    return time.monotonic() - began
            if time.monotonic() > began + seconds:
                raise DriverError(f"{self.name} is not locked\n{self.log()}")
            time.sleep(0.02)

    def lock(self):
        with contextlib.suppress(DriverError, OSError):
            # The answer may be lost with the process.
            self.action("win.lock")
        return self.wait_locked()

    def open_again(self):
        """Starts the program where somebody has worked before; returns when the places are there."""
        self.start()
        self.unlock()
        self.wait(type="CslSyncButton")
        self.wait(text="Tasks", under="CslSidebar")

    def sentence(self):
        """What the header says about sync."""
        return self.get("tooltip-text", id="button", under="CslSyncButton")

    def text(self, **selector):
        """The text of an editor, as typed so far."""
        return self.wait(**selector)["text"]

    def tool(self, *words):
        """What csl-worker-tool prints, working on this computer while the program is closed."""
        folder = self.home / "data" / "caseload"
        done = subprocess.run(
            [TOOL, folder, PIN, *map(str, words)], env=self.environment(), stdout=subprocess.PIPE, text=True, check=True
        )
        return done.stdout

    def quit(self):
        """Closes the program as a worker does; its files are at rest afterwards."""
        with contextlib.suppress(DriverError):
            # It may be gone before it has answered.
            self.action("app.quit")
        self.process.wait(20)
        self.stop()

    def append(self, text, **selector):
        return self.ask("append", text=text, **selector)


# -- processes --


def start_server(data, front, port=0):
    """The demo server of build-aux with nginx in front: process, address, certificate authority."""
    command = [SOURCE / "build-aux" / "demo-server", "--data", data, "--prefix", front]
    command += ["--port", str(port), "--binary", SERVER]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    said = {}
    for line in process.stdout:
        name, _, value = line.strip().partition("=")
        said[name] = value
        if name == "CA":
            return process, said["URL"], value
    raise AssertionError(f"the demo server did not start: exit status {process.wait()}")


def end_group(process, how=signal.SIGTERM):
    """Ends a process with all it started."""
    try:
        os.killpg(process.pid, how)
        process.wait(10)
    except ProcessLookupError:
        process.wait()
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
