#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page and dialog of the screenshot book, in the variants that are hardest on a layout: nothing cut, covered, too small."""

import os
import pathlib
import sys

from book import Book, describe
from book_camera import VARIANTS

HARD = ("narrow", "large")


def main():
    folder = pathlib.Path(os.environ["CSL_TEST_BUILD_ROOT"]) / "tests" / "e2e" / "shots" / "pages"
    book = Book(folder, [variant for variant in VARIANTS if variant.name in HARD], [])
    book.make(2)
    for chapter, variant, trace in book.failures:
        print(f"not ok - {chapter}, {variant}")
        for line in trace.splitlines():
            print(f"# {line}")
    bad = {}
    for finding in book.findings:
        bad.setdefault(finding.page, []).append(finding)
    for page in book.pages:
        print(f"not ok - {page}" if page in bad else f"ok - {page}")
        for finding in bad.get(page, []):
            print(f"# {describe(finding)}")
    print(f"1..{len(book.pages) + len(book.failures)}", flush=True)
    return 1 if book.failures or book.findings else 0


if __name__ == "__main__":
    sys.exit(main())
