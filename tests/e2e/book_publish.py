#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures for the README and the software centre: real windows with their shadow and round corners, on a Wayland desktop.

book_publish.py FOLDER; build-aux/book --publish starts it. Weston draws nowhere; its picture of the whole screen is cut to the
window, and what is not window becomes transparent: the background is a colour that no page uses."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from book_camera import Camera, Variant
from caseload_driver import DriverError
from caseload_story import wait_until
from caseload_world import World

WINDOW = Variant("light", "Light", 900, 600)
DARK = WINDOW._replace(name="dark", look={"dark": True})
PHONE = Variant("phone", "Phone", 360, 600)
LARGEST = 1000, 700
VISIT = (
    "She showed me the letter: the hearing is on Wednesday at ten. She has not slept since it came.\n\n"
    "We went through the rent statements together. Two payments of October are missing on the landlord's side; "
    "she has the receipts.\n\nAgreed: I write to the court today, she brings the receipts on Monday."
)
# Pure magenta: green is 0, red and blue are equal, and shadow only darkens both.
CONFIGURATION = """[core]
idle-time=0
[shell]
background-color=0xffff00ff
panel-position=none
animation=none
startup-animation=none
"""


@contextlib.contextmanager
def desktop():
    """A Wayland desktop on no screen; what a client needs to find it."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="csl-weston.", dir="/tmp"))
    folder.chmod(0o700)
    (folder / "weston.ini").write_text(CONFIGURATION)
    environment = {"XDG_RUNTIME_DIR": str(folder), "WAYLAND_DISPLAY": "caseload", "GDK_BACKEND": "wayland"}
    weston = subprocess.Popen(
        ["weston", "--backend=headless-backend.so", "--use-pixman", "--width=1280", "--height=800", "--socket=caseload"]
        + ["--debug", f"--config={folder / 'weston.ini'}", f"--log={folder / 'weston.log'}"],
        env=dict(os.environ, **environment),
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 10
        while not (folder / "caseload").exists():
            if weston.poll() is not None or time.monotonic() > deadline:
                raise DriverError(f"weston did not start: {(folder / 'weston.log').read_text()[-500:]}")
            time.sleep(0.05)
        yield environment
    finally:
        weston.terminate()
        weston.wait(10)
        shutil.rmtree(folder)


def photograph(environment, path):
    """The whole screen, cut to the window."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["weston-screenshooter"], env=dict(os.environ, **environment), cwd=folder, check=True)
        shot = next(pathlib.Path(folder).glob("*.png"))
        head, _, pixels = read_ppm(shot)
        clear = unmix(pixels)
        path.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["convert", "-size", f"{head[0]}x{head[1]}", "-depth", "8", "rgba:-", "-trim", "+repage", "-strip", path],
            input=clear, check=True,
        )  # fmt: skip
    width, height = size_of(path)
    if width > LARGEST[0] or height > LARGEST[1]:
        raise DriverError(f"{path.name} is {width} × {height}, more than {LARGEST[0]} × {LARGEST[1]}")


def size_of(path):
    said = subprocess.run(["identify", "-format", "%w %h", path], check=True, stdout=subprocess.PIPE, text=True).stdout
    return tuple(map(int, said.split()))


def read_ppm(path):
    made = subprocess.run(["convert", path, "-depth", "8", "ppm:-"], check=True, stdout=subprocess.PIPE).stdout
    _, size, most, pixels = made.split(b"\n", 3)
    return tuple(map(int, size.split())), int(most), pixels


def unmix(pixels):
    """RGBA of RGB on magenta. Outside of the window only black shadow lies on it; on the rim a little window as well."""
    out = bytearray()
    for place in range(0, len(pixels), 3):
        red, green, blue = pixels[place : place + 3]
        if abs(red - blue) > 3 or red < 60 or green >= red - 8:
            out += bytes((red, green, blue, 255))
        elif green < 3:
            out += bytes((0, 0, 0, 255 - red))
        else:
            # Light windows end light, dark ones dark: green tells how much of the window is in the pixel.
            share = min(255, 255 - (red - green))
            out += bytes((min(255, green * 255 // max(share, 1)),) * 3 + (share,))
    return bytes(out)


class Publisher:
    """The pages worth showing to somebody who does not know the program."""

    def __init__(self, world, network, client, environment, folder):
        self.world, self.network, self.client = world, network, client
        self.environment, self.folder = environment, folder
        self.camera = Camera(client, folder, [WINDOW])

    def picture(self, name, variant=WINDOW, **selector):
        self.client.wait(**selector)
        self.camera.show(variant)
        photograph(self.environment, self.folder / f"{name}.png")

    def tell(self):
        client, world = self.client, self.world
        world.sign_in(client, "dana")
        world.wait_saved(client)
        wire = world.wire("dana")
        wire.pull()
        self.picture("today", type="CslAppointmentRow")
        self.choose_case(wire)
        self.picture("case", type="CslTimelineRow")
        self.picture("case-dark", DARK, type="CslTimelineRow")
        self.picture("case-phone", PHONE, type="CslTimelineRow")
        self.camera.show(WINDOW)
        self.visit()
        self.difference(wire)

    def choose_case(self, wire):
        """In the list: an urgent one that is under way, with something to know about the person."""
        client = self.client
        flagged = {flag["client"] for flag in wire.all("client_flag")}
        wanted = [one for one in wire.all("case", advisor=wire.user, status="in_progress", priority="urgent")
                  if one["client"] in flagged and one.get("summary")]  # fmt: skip
        names = {f"{one['first_name']} {one['last_name']}" for one in
                 (wire.records["client", case["client"]] for case in wanted)}  # fmt: skip
        client.action("win.show-section", "'cases'")
        client.wait(id="name", under="CslCaseRow")
        lines = sorted(client.find(id="name", under="CslCaseRow"), key=lambda one: one["y"])
        place = next(place for place, line in enumerate(lines) if line["text"] in names)
        client.ask("select", id="list", under="CslListPage", position=place)
        client.wait(type="CslCasePage")

    def visit(self):
        """Without a network, as at most kitchen tables."""
        client = self.client
        self.network.unplug()
        wait_until(lambda: "offline" in client.sentence(), what="no network")
        client.action("win.show-section", "'today'")
        client.click(id="visit_button")
        client.click(id="check_in")
        client.type(VISIT, id="content", under="CslVisitPage")
        client.wait(under="saved", has="aved on this computer")
        self.picture("visit", id="content", under="CslVisitPage")
        client.action("win.back")

    def difference(self, wire):
        """Dana and Helen give one person two phone numbers."""
        client = self.client
        case = next(one for one in wire.all("case", advisor=wire.user, status="in_progress"))
        person = case["client"]
        manager = self.world.wire("helen")
        client.action("win.open-record", f"('client', '{person}')")
        client.action("client.edit", type="CslClientPage")
        client.type("07700 900 123", name="field-phone_primary", under="CslEditPage")
        client.click(id="save", under="CslEditPage")
        client.wait(gone=True, type="CslEditPage")
        answer = manager.push(manager.update("client", manager.fetch("client", person), {"phone_primary": "0117 496 0199"}))
        assert answer[0]["r"] == "ok", answer
        self.network.plug_in()
        client.action("win.sync-now")
        client.action("win.show-section", "'differences'")
        client.wait(seconds=30, id="title", under="CslListPage")
        client.ask("select", id="list", under="CslListPage", position=0)
        client.wait(type="CslDifferencePage")
        client.click(name="choose-mine")
        client.wait(gone=True, type="AdwToastWidget")
        self.picture("difference", type="CslDifferencePage")


def main():
    folder = pathlib.Path(sys.argv[1])
    with World() as world, desktop() as environment:
        network = world.network()
        client = world.client("dana", network=network, environment=environment)
        Publisher(world, network, client, environment, folder).tell()
    for path in sorted(folder.glob("*.png")):
        print(f"{path}: {size_of(path)[0]} × {size_of(path)[1]}")


if __name__ == "__main__":
    main()
