# SPDX-License-Identifier: GPL-3.0-or-later
"""The program as a screen reader has it: objects with role, name and state, actions, texts and spoken changes, over the
accessibility bus. Nothing is remembered between two questions, so no answer is older than its question."""

import os
import time

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

ACCESSIBLE = "org.a11y.atspi.Accessible"
STATES = {"invalid": 0, "checked": 4, "enabled": 8, "expanded": 10, "focusable": 11, "focused": 12, "pressed": 20, "selected": 23,
          "sensitive": 24, "showing": 25, "visible": 30}  # fmt: skip
RELATIONS = {"label-for": 1, "labelled-by": 2, "controller-for": 3, "controlled-by": 4, "described-by": 18, "details": 19, "error-message": 21}  # fmt: skip


class AccessError(AssertionError):
    """What a person would look for is not there to be found."""


def environment():
    """What a client needs so that a screen reader can meet it; one such client at a time on one session bus."""
    return {"GTK_A11Y": "atspi", "DBUS_SESSION_BUS_ADDRESS": os.environ["DBUS_SESSION_BUS_ADDRESS"]}


class Screen:
    """All programs on the accessibility bus. Made before the client starts, so that the registry is awake by then."""

    def __init__(self):
        session = Gio.bus_get_sync(Gio.BusType.SESSION)
        answer = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None,
                                   GLib.VariantType("(s)"), Gio.DBusCallFlags.NONE, 20000, None)  # fmt: skip
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        self.bus = Gio.DBusConnection.new_for_address_sync(answer.unpack()[0], flags, None, None)
        self.root = Node(self, "org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
        self._wake()
        self.heard = []

    def _wake(self):
        """The registry is started by the first question; without a display it ends at once, and is started again."""
        deadline = time.monotonic() + 20
        while True:
            try:
                self.root.children()
                return
            except Gone:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def call(self, name, path, interface, method, arguments=None):
        try:
            answer = self.bus.call_sync(name, path, interface, method, arguments, None, Gio.DBusCallFlags.NONE, 20000, None)
        except GLib.Error as error:
            raise Gone(f"{method} of {path}: {error.message}") from None
        return answer.unpack()

    def windows(self):
        """The windows of the program, the newest last."""
        return [window for program in self.root.children() for window in program.children()]

    def listen(self):
        """From now on what changes in texts is kept in heard, as a screen reader would get it."""
        self.call("org.a11y.atspi.Registry", "/org/a11y/atspi/registry", "org.a11y.atspi.Registry", "RegisterEvent",
                  GLib.Variant("(sass)", ("object:", [], "")))  # fmt: skip
        self.bus.signal_subscribe(None, "org.a11y.atspi.Event.Object", None, None, None, Gio.DBusSignalFlags.NONE, self._heard)

    def _heard(self, _bus, sender, path, _interface, signal, arguments):
        detail, first, second, value = arguments.unpack()[:4]
        self.heard.append((signal, detail, first, second, value, sender, path))

    def dispatch(self):
        """Takes in what was sent meanwhile."""
        context = GLib.MainContext.default()
        while context.iteration(False):
            pass

    def find_all(self, role=None, name=None, has=None, under=None):
        """The objects that fit, of the window in front unless said otherwise."""
        start = [under] if under is not None else self.windows()[-1:]
        return [node for top in start for node in top.walk() if node.fits(role, name, has)]

    def focused(self):
        """What has the focus, or None when that is not told."""
        try:
            return next((node for node in self.find_all() if "focused" in node.states()), None)
        except Gone:
            return None

    def wait(self, role=None, name=None, has=None, under=None, seconds=20, gone=False):
        """The first object that fits, as soon as there is one; with gone: until there is none."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                found = self.find_all(role, name, has, under)
            except Gone:
                found = None
            if found is not None and bool(found) != gone:
                return found[0] if found else None
            if time.monotonic() > deadline:
                raise AccessError(f"{'still' if gone else 'no'} {role or 'object'} {name or has!r}\n{self.outline()}")
            time.sleep(0.1)

    def forget(self):
        """What was said so far is over."""
        self.dispatch()
        self.heard.clear()

    def wait_heard(self, words, seconds=20):
        """Until a place that readers speak by themselves (a status or an alert) has said these words: all it said."""
        deadline = time.monotonic() + seconds
        while True:
            self.dispatch()
            for signal, detail, _, _, value, sender, path in self.heard:
                if (signal, detail) == ("PropertyChange", "accessible-name") and words in value and self.is_live(sender, path):
                    return value
            if time.monotonic() > deadline:
                said = [one[4] for one in self.heard if one[:2] == ("PropertyChange", "accessible-name")]
                raise AccessError(f"nobody said {words!r}, only {said}")
            time.sleep(0.05)

    def is_live(self, sender, path):
        try:
            return Node(self, sender, path).role() in ("alert", "status")
        except Gone:
            return False

    def press(self, name, role="button", **more):
        self.wait(role, name, **more).press()

    def write(self, name, text, role=None, **more):
        self.wait(role, name, **more).write(text)

    def outline(self):
        lines = []
        for window in self.windows():
            for node in window.walk():
                name = node.name()
                if name:
                    lines.append(f"{node.role()} {name!r}")
        return "to be heard: " + " | ".join(lines)


class Gone(AccessError):
    """The object was there a moment ago."""


class Node:
    """One accessible object."""

    def __init__(self, screen, bus_name, path, depth=0):
        self.screen, self.bus_name, self.path, self.depth = screen, bus_name, path, depth

    def __eq__(self, other):
        return isinstance(other, Node) and (self.bus_name, self.path) == (other.bus_name, other.path)

    def __hash__(self):
        return hash((self.bus_name, self.path))

    def ask(self, interface, method, arguments=None):
        return self.screen.call(self.bus_name, self.path, interface, method, arguments)

    def property(self, interface, name):
        return self.ask("org.freedesktop.DBus.Properties", "Get", GLib.Variant("(ss)", (interface, name)))[0]

    def children(self):
        return [Node(self.screen, name, path, self.depth + 1) for name, path in self.ask(ACCESSIBLE, "GetChildren")[0]]

    def walk(self):
        """This object and all below it, in reading order."""
        yield self
        for child in self.children():
            yield from child.walk()

    def role(self):
        return self.ask(ACCESSIBLE, "GetRoleName")[0]

    def name(self):
        return self.property(ACCESSIBLE, "Name")

    def description(self):
        return self.property(ACCESSIBLE, "Description")

    def states(self):
        low, high = self.ask(ACCESSIBLE, "GetState")[0]
        bits = low | high << 32
        return {name for name, bit in STATES.items() if bits >> bit & 1}

    def relations(self):
        """Kind → objects."""
        return {
            kind: [Node(self.screen, *target) for number, targets in self.ask(ACCESSIBLE, "GetRelationSet")[0]
                   if number == code for target in targets]
            for kind, code in RELATIONS.items()
        }  # fmt: skip

    def summary(self):
        """Name, description and number of children, asked for at once."""
        found = self.ask("org.freedesktop.DBus.Properties", "GetAll", GLib.Variant("(s)", (ACCESSIBLE,)))[0]
        return found["Name"], found["Description"], found["ChildCount"]

    def interfaces(self):
        return {name.rsplit(".", 1)[1] for name in self.ask(ACCESSIBLE, "GetInterfaces")[0]}

    def extents(self):
        """x, y, width, height in the window."""
        return self.ask("org.a11y.atspi.Component", "GetExtents", GLib.Variant("(u)", (1,)))[0]

    def fits(self, role, name, has):
        return (
            (role is None or self.role() == role)
            and (name is None or self.name() == name)
            and (has is None or has in self.name())
        )

    def actions(self):
        return [name for name, _, _ in self.ask("org.a11y.atspi.Action", "GetActions")[0]]

    def press(self, action=None):
        """What the object does when it is chosen, or the action of that name."""
        names = self.actions()
        number = names.index(action) if action is not None else 0
        if not names or not self.ask("org.a11y.atspi.Action", "DoAction", GLib.Variant("(i)", (number,)))[0]:
            raise AccessError(f"{self.role()} {self.name()!r} cannot be pressed: {names}")

    def write(self, text):
        """Replaces the text, as dictation software would."""
        if not self.ask("org.a11y.atspi.EditableText", "SetTextContents", GLib.Variant("(s)", (text,)))[0]:
            raise AccessError(f"{self.role()} {self.name()!r} takes no text")

    def text(self):
        count = self.property("org.a11y.atspi.Text", "CharacterCount")
        return self.ask("org.a11y.atspi.Text", "GetText", GLib.Variant("(ii)", (0, count)))[0]
