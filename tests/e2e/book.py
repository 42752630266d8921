#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The screenshot book: every page and dialog in every variant, in one folder with an index, and a check of each picture.

book.py OUT [--variants NAME,…] [PAGE…]; build-aux/book starts it."""

import argparse
import collections
import concurrent.futures
import contextlib
import fnmatch
import os
import pathlib
import shutil
import subprocess
import sys
import time
import traceback

from book_camera import COLUMNS, PSEUDO, VARIANTS, Camera
from book_index import write_index
from book_tour import CHAPTERS
from caseload_locale import pseudo_environment
from caseload_world import World

Job = collections.namedtuple("Job", "chapter variants")


@contextlib.contextmanager
def screen():
    """An X server for one client: on a common one the popover of one would close that of another. So large that the pointer, which
    is in the middle, is beside the windows."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "2400x2000x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as answer:
            yield f":{answer.readline().strip()}"
    finally:
        server.terminate()
        server.wait(10)


class Book:
    """All chapters, a few at a time."""

    def __init__(self, folder, variants, pages):
        self.folder = pathlib.Path(folder)
        self.variants, self.patterns = variants, pages
        self.pages, self.findings, self.failures = [], [], []
        self.pseudo = None

    def wants(self, name):
        return not self.patterns or any(fnmatch.fnmatch(name, pattern) for pattern in self.patterns)

    def jobs(self):
        """What can change in an open window is one job; the language needs a window of its own."""
        open_ones = [variant for variant in self.variants if variant is not PSEUDO]
        jobs = [Job(chapter, open_ones) for chapter in CHAPTERS if open_ones]
        return jobs + [Job(chapter, [PSEUDO]) for chapter in CHAPTERS if PSEUDO in self.variants]

    def make(self, workers):
        for variant in self.variants:
            shutil.rmtree(self.folder / variant.name, ignore_errors=True)
            (self.folder / variant.name).mkdir(parents=True)
        if PSEUDO in self.variants:
            self.pseudo = pseudo_environment(self.folder / "locale")
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            for _ in pool.map(self.work, self.jobs()):
                pass
        write_index(self.folder, [column for column in COLUMNS if column in self.variants], self.pages, self.findings)

    def work(self, job):
        camera = None
        began = time.monotonic()
        try:
            with screen() as display, World() as world:
                network = world.network()
                language = self.pseudo if job.variants == [PSEUDO] else {}
                client = world.client("dana", network=network, environment={"DISPLAY": display, **language})
                camera = Camera(client, self.folder, job.variants, self.wants)
                CHAPTERS[job.chapter](world, network, camera).tell()
        except Exception:
            self.failures.append((job.chapter, job.variants[0].name, traceback.format_exc()))
        if camera is not None:
            self.pages += [page for page in camera.pages if page not in self.pages]
            self.findings += camera.findings
            names = ", ".join(variant.name for variant in job.variants)
            print(f"# {job.chapter}: {len(camera.pages)} pages, {names}, {time.monotonic() - began:.0f} s", flush=True)


def describe(finding):
    return f"{finding.page} [{finding.variant}] {finding.rule}: {finding.where} “{finding.text[:60]}” {finding.box}"


def parse(arguments):
    names = [variant.name for variant in COLUMNS]
    parser = argparse.ArgumentParser(prog="book", description="Photographs and checks every page of the client.")
    parser.add_argument("out", help="folder for the pictures and index.html")
    parser.add_argument("--variants", default=",".join(names), help=f"some of {','.join(names)}")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), help="windows at a time")
    parser.add_argument("pages", nargs="*", help="names of pages, with * and ?; all when there is none")
    options = parser.parse_intermixed_args(arguments)
    wanted = options.variants.split(",")
    if unknown := set(wanted) - set(names):
        parser.error(f"no variant {', '.join(sorted(unknown))}")
    options.variants = [variant for variant in COLUMNS if variant.name in wanted]
    return options


def main():
    options = parse(sys.argv[1:])
    began = time.monotonic()
    book = Book(options.out, options.variants, options.pages)
    book.make(options.jobs)
    for chapter, variant, trace in book.failures:
        print(f"FAILED: {chapter} [{variant}]\n{trace}", file=sys.stderr)
    for finding in book.findings:
        print(describe(finding))
    print(
        f"{len(book.pages)} pages × {len(options.variants)} variants in {time.monotonic() - began:.0f} s, "
        f"{len(book.findings)} findings, {len(book.failures)} chapters failed: {book.folder / 'index.html'}"
    )
    return 1 if book.findings or book.failures or not book.pages else 0


if __name__ == "__main__":
    sys.exit(main())
