# SPDX-License-Identifier: GPL-3.0-or-later
"""Telling a test as a story: numbered steps as TAP, or as plain sentences for a person who watches."""

import contextlib
import os
import pathlib
import sys
import time
import traceback


def slowness():
    """How many times longer than alone a program takes here just now, because others want the processors too; 1 at least."""
    began, used = time.monotonic(), time.process_time()
    while time.process_time() - used < 0.05:
        sum(range(1000))
    return max(1.0, (time.monotonic() - began) / (time.process_time() - used))


class Story:
    """Steps in order; the first one that fails ends the story, because the next ones build on it."""

    def __init__(self, name):
        self.name = name
        self.plain = "CASELOAD_STORY" in os.environ
        build = pathlib.Path(os.environ["CSL_TEST_BUILD_ROOT"])
        self.folder = pathlib.Path(os.environ.get("CASELOAD_STORY") or build / "tests" / "e2e" / "shots" / name)
        self.folder.mkdir(parents=True, exist_ok=True)
        for picture in self.folder.glob("*.png"):
            picture.unlink()
        self.number = 0
        self.pictures = 0
        self.failed = False
        self.began = time.monotonic()

    @contextlib.contextmanager
    def step(self, what):
        """One step: what should now happen, in words."""
        self.number += 1
        if self.plain:
            print(f"\n{self.number}. {what}", flush=True)
        try:
            yield
        except BaseException as error:
            self.failed = True
            if self.plain:
                print(f"   FAILED: {error}", flush=True)
            else:
                print(f"not ok {self.number} - {what}")
                for line in traceback.format_exc().splitlines():
                    print(f"# {line}")
            raise
        if not self.plain:
            print(f"ok {self.number} - {what}", flush=True)

    def skip(self, what, why):
        """A step that this computer does not allow; it is counted as skipped, and named."""
        self.number += 1
        print(f"\n{self.number}. {what}\n   SKIPPED: {why}" if self.plain else f"ok {self.number} - {what} # SKIP {why}", flush=True)

    def say(self, text):
        """A detail of the step, for whoever reads along."""
        for line in str(text).splitlines():
            print(f"   {line}" if self.plain else f"# {line}", flush=True)

    def shot(self, client, what):
        """A picture of what the worker sees now."""
        self.pictures += 1
        path = self.folder / f"{self.pictures:02}-{client.name}-{what}.png"
        client.shot(path)
        return path

    def run(self, tell):
        """Tells the whole story; the exit status."""
        try:
            tell(self)
        except BaseException as error:
            if not self.failed:
                # Before the first or after the last step.
                self.number += 1
                print(f"not ok {self.number} - {self.name}")
                for line in traceback.format_exc().splitlines():
                    print(f"# {line}")
            self.failed = True
            if isinstance(error, KeyboardInterrupt):
                sys.stdout.flush()
        seconds = time.monotonic() - self.began
        if self.plain:
            end = "FAILED" if self.failed else "done"
            print(f"\n{self.name}: {end} after {seconds:.0f} s; {self.pictures} pictures in {self.folder}", flush=True)
        else:
            print(f"# {seconds:.1f} s\n1..{self.number}", flush=True)
        return 1 if self.failed else 0


def wait_until(check, seconds=20, what="it"):
    """The first true value of check(), asked again and again."""
    deadline = time.monotonic() + seconds
    while True:
        value = check()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not happen within {seconds} s (last: {value!r})")
        time.sleep(0.1)
