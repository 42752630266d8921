# SPDX-License-Identifier: GPL-3.0-or-later
"""A real keyboard for the stories: keys that travel through the X server and a window manager, as a worker's do."""

import os
import subprocess
import time

from caseload_story import wait_until


class Keyboard:
    """with Keyboard() as keys: … Brings the window manager without which no window gets the focus."""

    def __init__(self):
        self.manager = None
        self.pressed = 0

    def __enter__(self):
        self._start()
        wait_until(self._has_manager, what="the window manager is there")
        return self

    def __exit__(self, *_):
        self.manager.terminate()
        self.manager.wait()

    def _start(self):
        # What makes our own programs die of a careless use of memory is not meant for it.
        strict = ("G_DEBUG", "MALLOC_CHECK_", "MALLOC_PERTURB_")
        environment = {name: value for name, value in os.environ.items() if name not in strict}
        self.manager = subprocess.Popen(
            ["openbox", "--sm-disable"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def _has_manager(self):
        if self.manager.poll() is not None:
            print(f"# the window manager ended with {self.manager.returncode} and is started again", flush=True)
            self._start()
        done = subprocess.run(["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"], capture_output=True, text=True, check=False)
        return "window id" in done.stdout

    def press(self, *keys):
        """Presses keys one after the other, each as xdotool names it: "Tab", "ctrl+k"."""
        self.pressed += len(keys)
        # What is still held down from a test before would turn Tab into Shift+Tab.
        subprocess.run(["xdotool", "key", "--clearmodifiers", "--delay", "20", *keys], check=True)

    def type(self, text):
        subprocess.run(["xdotool", "type", "--delay", "15", text], check=True)

    @staticmethod
    def take_focus(client):
        """Waits until the window of the client has the keyboard; gives it to it, if nobody has."""

        def is_active():
            if client.ask("focus").get("active"):
                return True
            found = subprocess.run(
                ["xdotool", "search", "--onlyvisible", "--pid", str(client.process.pid)], capture_output=True, text=True, check=False
            )
            for window in found.stdout.split():
                subprocess.run(["xdotool", "windowactivate", window], capture_output=True, check=False)
            return False

        wait_until(is_active, what="the window has the keyboard")


def focus(client):
    """What has the focus, or None."""
    return client.ask("focus").get("focus")


def wait_focus(client, fits, what, seconds=10):
    """Waits until what has the focus fits; returns it."""
    return wait_until(lambda: (lambda one: one if one and fits(one) else None)(focus(client)), seconds, what)


def step(keys, client, key, before, seconds=3.0):
    """Presses a key and waits until the focus is elsewhere; what has it then (maybe still the same)."""
    keys.press(key)
    deadline = time.monotonic() + seconds
    while True:
        now = focus(client)
        if now is None or before is None or now["at"] != before["at"] or time.monotonic() > deadline:
            return now
        time.sleep(0.02)

