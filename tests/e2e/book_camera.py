# SPDX-License-Identifier: GPL-3.0-or-later
"""One window, photographed and checked in every variant while it stays open."""

import collections
import time

from caseload_driver import DriverError

Variant = collections.namedtuple("Variant", "name title width height look", defaults=({},))

# What can be changed while the program runs, and the language, which cannot.
VARIANTS = (
    Variant("light", "Light", 1100, 700),
    Variant("dark", "Dark", 1100, 700, {"dark": True}),
    Variant("contrast", "High contrast", 1100, 700, {"contrast": True}),
    Variant("narrow", "360 × 600", 360, 600),
    Variant("large", "1.5 × text", 1100, 700, {"scale": 1.5}),
    # Turned on the spot: texts that are there already were not made for that direction, so a number of several groups is
    # seen the wrong way round. In a program that starts in such a language it is not, which test_languages proves.
    Variant("rtl", "Right to left, layout only", 1100, 700, {"rtl": True}),
)
# How the window is while the tour walks on.
HOME = VARIANTS[0]
PSEUDO = Variant("pseudo", "Pseudo-locale", 1100, 700)
COLUMNS = (*VARIANTS, PSEUDO)

Finding = collections.namedtuple("Finding", "page variant rule where text box")

# A letter or two may be all there is to read on a page.
FEWEST_TEXTS = 3
LARGEST_FRAME = 30
TOAST = "AdwToastWidget"

# Windows that may need more than the screen of a variant, and why.
LARGER = {
    "GtkShortcutsWindow": "GTK arranges its columns by itself, and a screen of that size comes without these keys",
}


class Camera:
    """Takes the pictures of one client into a folder, and keeps what was found on them."""

    def __init__(self, client, folder, variants, wanted=None):
        self.client, self.folder, self.variants = client, folder, variants
        self.wanted = wanted or (lambda name: True)
        self.pages, self.findings = [], []
        self.frame, self.own_size = 0, None

    def settle(self, seconds=5):
        """Until no frame is drawn any more."""
        deadline = time.monotonic() + seconds
        last, still = None, 0
        while still < 2 and time.monotonic() < deadline:
            answer = self.client.ask("frames")
            still = still + 1 if answer["frames"] == last and not answer["busy"] else 0
            last = answer["frames"]
            time.sleep(0.03)

    def show(self, variant):
        """A dialog keeps its own size, as far as the screen is large enough."""
        self.client.ask("look", **variant.look)
        width, height = variant.width, variant.height
        if self.own_size is not None:
            width, height = min(width, self.own_size[0]), min(height, self.own_size[1])
        # Without a compositor the frame is part of the size; and what is hidden on a narrow window goes only once it is narrow.
        for _ in range(3):
            screen = variant.width + self.frame, variant.height + self.frame
            self.client.ask("size", width=width + self.frame, height=height + self.frame, screen=screen)
            self.settle()
            seen = self.client.ask("layout")
            if (seen["width"], seen["height"]) == (width, height):
                return
            if 0 < width - seen["width"] <= LARGEST_FRAME:
                self.frame += width - seen["width"]

    def take(self, name, **selector):
        """Waits for what the page must show, then takes it in every variant."""
        if selector:
            self.client.wait(**selector)
        if not self.wanted(name):
            return
        if selector.get("type") != TOAST:
            # On its way out a message is nowhere in particular.
            self.client.wait(gone=True, type=TOAST)
        if name in self.pages:
            raise DriverError(f"two pages are called {name}")
        self.settle()
        front = self.client.ask("layout")
        if front["texts"] < FEWEST_TEXTS:
            raise DriverError(f"{name} is empty\n{self.client.outline()}")
        self.own_size = None if front["window"] == "CslWindow" else (front["width"], front["height"])
        for variant in self.variants:
            self.show(variant)
            self.check(name, variant)
            path = self.folder / variant.name / f"{name}.png"
            self.client.shot(path, wait=0)
        if self.variants[-1].look or self.variants[-1].width < HOME.width:
            self.show(HOME)
        self.pages.append(name)

    def check(self, name, variant):
        seen = self.client.ask("layout")
        for one in seen["findings"]:
            box = one["x"], one["y"], one["width"], one["height"]
            self.findings.append(Finding(name, variant.name, one["rule"], one["where"], one["text"], box))
        if seen["window"] in LARGER:
            return
        if seen["width"] > variant.width or seen["height"] > variant.height:
            size = f"{seen['width']} × {seen['height']}"
            rule = f"the window needs more than {variant.width} × {variant.height}"
            self.findings.append(Finding(name, variant.name, rule, seen["window"], size, (0, 0, 0, 0)))
