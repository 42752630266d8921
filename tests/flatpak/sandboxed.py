# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker on a computer where Caseload is installed as a Flatpak: the same words as on any other, another way to start."""

import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import sys

from caseload_world import Worker

APP = "org.caseload.Caseload"
# What the program sees of its folder in the session's XDG_RUNTIME_DIR.
SHARED = pathlib.Path(f"/run/user/{os.getuid()}/app/{APP}")
PORTAL = pathlib.Path(__file__).resolve().parent / "fake_portal.py"


class Sandboxed(Worker):
    """Its folder holds what a computer has: home/ of the person, run/ and bus of the session, the secret of the portal.

    What the test needs inside is lent read-only for this run: the module that drives the window, and the files named as
    arguments. None of it is part of the package.
    """

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.user_home = self.home / "home"
        self.runtime = self.home / "run"
        self.shared = self.runtime / "app" / APP
        self.services = []
        self.lent = [self.module.parent]

    def environment(self):
        names = ("PATH", "DISPLAY", "LANG", "LC_ALL", "FLATPAK_USER_DIR", "FLATPAK_SYSTEM_DIR")
        return {
            **{name: os.environ[name] for name in names if name in os.environ},
            "HOME": str(self.user_home),
            "XDG_RUNTIME_DIR": str(self.runtime),
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.runtime}/bus",
        }

    def inside(self):
        """What the test sets in the sandbox."""
        return {
            "GIO_EXTRA_MODULES": self.module.parent,
            "CASELOAD_TEST_SOCKET": SHARED / "driver.sock",
            "GSK_RENDERER": "cairo",
            "GTK_A11Y": "none",
            "G_DEBUG": "fatal-criticals",
            **self.extra,
        }

    def start(self, *arguments, wait=True):
        self.shared.mkdir(parents=True, exist_ok=True)
        self.runtime.chmod(0o700)
        settings = self.user_home / ".var" / "app" / APP / "config" / "gtk-4.0" / "settings.ini"
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text("[Settings]\ngtk-font-name=Cantarell 11\ngtk-enable-animations=0\n")
        (self.shared / "driver.sock").unlink(missing_ok=True)
        self.start_services()
        self.lent += [path for path in map(pathlib.Path, arguments) if path.is_file()]
        command = ["flatpak", "run"]
        command += [f"--filesystem={path}:ro" for path in self.lent]
        command += [f"--env={name}={value}" for name, value in self.inside().items()]
        with open(self.home / f"{self.name}.log", "ab") as log:
            self.process = subprocess.Popen(
                [*command, APP, *arguments], env=self.environment(), stdout=log, stderr=log
            )
        if wait:
            self.connect(self.shared / "driver.sock")
        return self

    def start_services(self):
        """The bus of the session and the portal on it."""
        if self.services:
            return
        log = open(self.home / "services.log", "ab")
        for command in (
            ["dbus-daemon", "--session", "--nofork", f"--address=unix:path={self.runtime}/bus", "--print-address"],
            [sys.executable, PORTAL, self.home / "secret"],
        ):
            service = subprocess.Popen(command, env=self.environment(), stdout=subprocess.PIPE, stderr=log, text=True)
            self.services.append(service)
            assert service.stdout.readline(), f"{command[0]} did not start: {self.log()}"
        log.close()

    def shot(self, path, seen_as=None, wait=0.25):
        super().shot(self.shared / "shot.png", seen_as or SHARED / "shot.png", wait)
        shutil.move(self.shared / "shot.png", path)

    def _end(self, how):
        """Flatpak ends the program itself; what was started here only watches it."""
        if self.process is not None and self.process.poll() is None:
            subprocess.run(["flatpak", "kill", APP], env=self.environment(), check=False)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
        super()._end(how)

    def stop(self):
        super().stop()
        for service in reversed(self.services):
            service.send_signal(signal.SIGTERM)
            service.wait(10)
            service.stdout.close()
        self.services = []

    def foreign_files(self):
        """What lies in the home of the person and not in the program's own folder."""
        own = self.user_home / ".var" / "app" / APP
        return [
            str(path.relative_to(self.user_home))
            for path in self.user_home.rglob("*")
            if path != own and own not in path.parents and path not in own.parents
        ]
