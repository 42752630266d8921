# SPDX-License-Identifier: GPL-3.0-or-later
"""Driving the real client from a test: start it with a home of its own, look at it, press and type, photograph it."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import time


class DriverError(AssertionError):
    """The window does not look as the story says."""


class Client:
    """One running client; one worker on one computer (= one home folder)."""

    def __init__(self, program, module, home, name, environment=None):
        self.program = str(program)
        self.module = pathlib.Path(module)
        self.home = pathlib.Path(home)
        self.name = name
        self.extra = dict(environment or {})
        self.process = None
        self.socket = None
        self.reader = None

    def environment(self):
        """Folders of its own, nothing of whoever runs the test."""
        config = self.home / "config" / "gtk-4.0"
        config.mkdir(parents=True, exist_ok=True)
        (config / "settings.ini").write_text(
            "[Settings]\ngtk-font-name=Cantarell 11\ngtk-enable-animations=0\ngtk-decoration-layout=appmenu:close\n"
            "gtk-xft-hinting=1\ngtk-xft-hintstyle=hintslight\ngtk-xft-rgba=none\ngtk-hint-font-metrics=1\n"
        )
        return dict(
            os.environ,
            HOME=str(self.home),
            XDG_DATA_HOME=str(self.home / "data"),
            XDG_CONFIG_HOME=str(self.home / "config"),
            XDG_CACHE_HOME=str(self.home / "cache"),
            XDG_STATE_HOME=str(self.home / "state"),
            XDG_RUNTIME_DIR=str(self.home / "run"),
            DBUS_SESSION_BUS_ADDRESS="disabled:",
            SECRET_BACKEND="file",
            SECRET_FILE_TEST_PATH=str(self.home / "secrets.keyring"),
            SECRET_FILE_TEST_PASSWORD="for this test only",
            GSK_RENDERER="cairo",
            GDK_BACKEND="x11",
            GTK_A11Y="none",
            G_DEBUG="fatal-criticals",
        )

    def start(self, *arguments, wait=True):
        """Starts the program; with wait, returns when its window answers."""
        self.home.mkdir(parents=True, exist_ok=True)
        path = self.home / "run" / "driver.sock"
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.unlink(missing_ok=True)
        environment = self.environment()
        environment.update(GIO_EXTRA_MODULES=str(self.module.parent), CASELOAD_TEST_SOCKET=str(path))
        environment.update(self.extra)
        log = open(self.home / f"{self.name}.log", "ab")
        self.process = subprocess.Popen([self.program, *arguments], env=environment, stdout=log, stderr=log)
        log.close()
        if wait:
            self.connect(path)
        return self

    def connect(self, path, seconds=20):
        """Waits until the program answers, also one that somebody else started."""
        deadline = time.monotonic() + seconds
        while True:
            if self.process is not None and self.process.poll() is not None:
                raise DriverError(f"{self.name} ended with {self.process.returncode}:\n{self.log()}")
            try:
                self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                self.socket.connect(str(path))
                break
            except OSError:
                self.socket.close()
                if time.monotonic() > deadline:
                    raise DriverError(f"{self.name} does not answer:\n{self.log()}") from None
                time.sleep(0.05)
        self.socket.settimeout(30)
        self.reader = self.socket.makefile("r", encoding="utf-8")

    def log(self):
        path = self.home / f"{self.name}.log"
        return path.read_text(errors="replace")[-4000:] if path.exists() else ""

    def ask(self, do, **arguments):
        """One request; the answer, or DriverError with what was wrong."""
        answer = self.try_ask(do, **arguments)
        if not answer.get("ok"):
            raise DriverError(f"{self.name}: {do} {arguments}: {answer.get('error')}\n{self.outline()}")
        return answer

    def try_ask(self, do, **arguments):
        line = json.dumps({"do": do, **arguments}) + "\n"
        try:
            self.socket.sendall(line.encode())
            text = self.reader.readline()
        except OSError as error:
            text = ""
            reason = str(error)
        else:
            reason = "the window is gone"
        if not text:
            raise DriverError(f"{self.name}: {do}: {reason}\n{self.log()}")
        return json.loads(text)

    def find(self, **selector):
        return self.ask("find", **selector)["widgets"]

    def outline(self):
        """What can be read on the window, for failure messages."""
        widgets = self.try_ask("tree").get("widgets", [])
        seen = []
        for widget in widgets:
            if widget["text"] and (not seen or seen[-1] != widget["text"]):
                seen.append(widget["text"])
        return "on the screen: " + " | ".join(text.replace("\n", " ")[:60] for text in seen)

    def wait(self, seconds=15, gone=False, **selector):
        """Waits until a widget fits (or none does any more)."""
        deadline = time.monotonic() + seconds
        while True:
            widgets = self.find(**selector)
            if bool(widgets) != gone:
                return widgets[0] if widgets else None
            if time.monotonic() > deadline:
                what = "still there" if gone else "not seen"
                raise DriverError(f"{self.name}: {selector} {what}\n{self.outline()}")
            time.sleep(0.05)

    def click(self, seconds=15, **selector):
        self.wait(seconds, **{key: value for key, value in selector.items() if key != "nth"})
        return self.ask("click", **selector)

    def type(self, text, seconds=15, **selector):
        self.wait(seconds, **{key: value for key, value in selector.items() if key != "nth"})
        return self.ask("type", text=text, **selector)

    def action(self, action, target=None, **selector):
        extra = {"target": target} if target is not None else {}
        return self.ask("action", name=action, **extra, **selector)

    def get(self, property, **selector):
        return self.ask("get", property=property, **selector)["value"]

    def choose_file(self, path, seconds=15):
        """Chooses a file in the file chooser that opens."""
        deadline = time.monotonic() + seconds
        while True:
            answer = self.try_ask("file", path=str(path))
            if answer.get("ok"):
                return
            if time.monotonic() > deadline:
                raise DriverError(f"{self.name}: {path} is not chosen: {answer.get('error')}\n{self.outline()}")
            time.sleep(0.1)

    def shot(self, path, seen_as=None, wait=0.25):
        """A PNG of the window, after it has been drawn; @seen_as is the name that the program has for the path."""
        time.sleep(wait)
        pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)
        deadline = time.monotonic() + 5
        while True:
            answer = self.try_ask("shot", path=str(seen_as or path))
            if answer.get("ok"):
                return
            # In the middle of a new layout there is nothing to photograph.
            if time.monotonic() > deadline:
                raise DriverError(f"{self.name}: no picture: {answer.get('error')}\n{self.outline()}")
            time.sleep(0.1)

    def size(self, width, height):
        self.ask("size", width=width, height=height)
        time.sleep(0.2)

    def kill(self):
        """kill -9: as if the battery had died for this program."""
        self._end(signal.SIGKILL)

    def stop(self):
        self._end(signal.SIGTERM)

    def _end(self, how):
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.hang_up()
        self.process = None

    def hang_up(self):
        """Lets go of the connection, not of the program."""
        if self.reader is not None:
            self.reader.close()
            self.socket.close()
        self.reader = self.socket = None
