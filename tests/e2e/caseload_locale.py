# SPDX-License-Identifier: GPL-3.0-or-later
"""Languages for tests: the pseudo language made from the texts of this source."""

import importlib.machinery
import os
import pathlib
import re
import subprocess
import sys

SOURCE = pathlib.Path(os.environ.get("CSL_TEST_SOURCE_ROOT") or pathlib.Path(__file__).resolve().parents[2])
BUILD = pathlib.Path(os.environ.get("CSL_TEST_BUILD_ROOT") or SOURCE / "build")
# How the pseudo language writes English letters.
ACCENTS = importlib.machinery.SourceFileLoader("pseudo_locale", str(SOURCE / "build-aux" / "pseudo-locale")).load_module().ACCENTS


def make_locale(source, name=None, folder=None):
    """A locale of the C library in a folder for LOCPATH: a bare machine has none but C. Fails when it cannot."""
    folder = pathlib.Path(folder or BUILD / "tests" / "e2e" / "locale")
    made = folder / f"{name or source}.UTF-8"
    if not (made / "LC_TIME").exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["localedef", "-i", source, "-f", "UTF-8", made], check=True)
    return {"LOCPATH": str(folder), "LANG": made.name, "LC_ALL": made.name}


def pseudo_environment(folder=None):
    """The environment of a client that speaks the pseudo language; its catalogue is made anew."""
    folder = pathlib.Path(folder or BUILD / "tests" / "e2e" / "locale")
    subprocess.run(
        [sys.executable, SOURCE / "build-aux" / "pseudo-locale", folder], check=True, stdout=subprocess.DEVNULL
    )
    return {
        **make_locale("en_GB", "en_XA", folder),
        "LANGUAGE": "en_XA",
        "CASELOAD_TEST_LOCALEDIR": str(folder),
    }


def plain_parts(text):
    """What of a text did not come through gettext: everything outside the brackets of the pseudo language."""
    outside = text
    while True:
        # Sentences hold translated words, which have brackets of their own.
        shorter = re.sub(r"\[[^\[\]]*\]", "\0", outside)
        if shorter == outside:
            break
        outside = shorter
    parts = re.split(r"\0|\n| · |[\u2066-\u2069]", outside)
    return [part.strip(" ,;:·") for part in parts if re.search(r"[A-Za-z]{2}", part)]
