#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of a desktop that a sandboxed client needs: fake_portal.py SECRET-FILE.

On a session bus of its own it hands out the master secret of the program (always the one of that
file, which is made at the first start), says that there is a network, and that no proxy is needed.
It prints one line when it can be asked.
"""

import os
import pathlib
import secrets
import sys

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

PATH = "/org/freedesktop/portal/desktop"
INTERFACES = """
<node>
  <interface name="org.freedesktop.portal.Secret">
    <property name="version" type="u" access="read"/>
    <method name="RetrieveSecret">
      <arg name="fd" type="h" direction="in"/>
      <arg name="options" type="a{sv}" direction="in"/>
      <arg name="handle" type="o" direction="out"/>
    </method>
  </interface>
  <interface name="org.freedesktop.portal.ProxyResolver">
    <property name="version" type="u" access="read"/>
    <method name="Lookup">
      <arg name="uri" type="s" direction="in"/>
      <arg name="proxies" type="as" direction="out"/>
    </method>
  </interface>
  <interface name="org.freedesktop.portal.NetworkMonitor">
    <property name="version" type="u" access="read"/>
    <method name="GetAvailable"><arg type="b" direction="out"/></method>
    <method name="GetMetered"><arg type="b" direction="out"/></method>
    <method name="GetConnectivity"><arg type="u" direction="out"/></method>
    <method name="GetStatus"><arg type="a{sv}" direction="out"/></method>
    <method name="CanReach">
      <arg type="s" direction="in"/>
      <arg type="u" direction="in"/>
      <arg type="b" direction="out"/>
    </method>
  </interface>
</node>
"""
VERSIONS = {"NetworkMonitor": 3}
FULL_CONNECTIVITY = 4
STATUS = {
    "available": GLib.Variant("b", True),
    "metered": GLib.Variant("b", False),
    "connectivity": GLib.Variant("u", FULL_CONNECTIVITY),
}
ANSWERS = {
    "Lookup": ("(as)", (["direct://"],)),
    "GetAvailable": ("(b)", (True,)),
    "GetMetered": ("(b)", (False,)),
    "GetConnectivity": ("(u)", (FULL_CONNECTIVITY,)),
    "GetStatus": ("(a{sv})", (STATUS,)),
    "CanReach": ("(b)", (True,)),
}


class Portal:
    def __init__(self, secret):
        self.secret = secret

    def register(self, connection):
        for interface in Gio.DBusNodeInfo.new_for_xml(INTERFACES).interfaces:
            connection.register_object(PATH, interface, self.called, self.asked, None)

    def asked(self, _connection, _sender, _path, interface, _name):
        """The only property is the version."""
        return GLib.Variant("u", VERSIONS.get(interface.rpartition(".")[2], 1))

    def called(self, connection, sender, _path, _interface, method, parameters, invocation):
        if method == "RetrieveSecret":
            self.retrieve(connection, sender, parameters, invocation)
        else:
            invocation.return_value(GLib.Variant(*ANSWERS[method]))

    def retrieve(self, connection, sender, parameters, invocation):
        """Writes the secret into the pipe of the program, then says so with a signal.

        A library that chooses no handle_token cannot listen before it has the answer to its call. The portals of a
        desktop ask another process first and so never overtake it; here the signal is repeated instead.
        """
        index, options = parameters.unpack()
        token = options.get("handle_token", "t")
        handle = f"{PATH}/request/{sender[1:].replace('.', '_')}/{token}"
        pipe = invocation.get_message().get_unix_fd_list().get(index)
        invocation.return_value(GLib.Variant("(o)", (handle,)))
        os.write(pipe, self.secret)
        os.close(pipe)
        self.respond(connection, sender, handle, 50)

    def respond(self, connection, sender, handle, times):
        connection.emit_signal(
            sender, handle, "org.freedesktop.portal.Request", "Response", GLib.Variant("(ua{sv})", (0, {}))
        )
        if times > 1:
            GLib.timeout_add(100, self.respond, connection, sender, handle, times - 1)
        return GLib.SOURCE_REMOVE


def read_secret(path):
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(64))
    return path.read_bytes()


def main():
    portal = Portal(read_secret(pathlib.Path(sys.argv[1])))
    loop = GLib.MainLoop()
    Gio.bus_own_name(
        Gio.BusType.SESSION,
        "org.freedesktop.portal.Desktop",
        Gio.BusNameOwnerFlags.NONE,
        lambda connection, _name: portal.register(connection),
        lambda _connection, _name: print("ready", flush=True),
        lambda _connection, _name: loop.quit(),
    )
    loop.run()


if __name__ == "__main__":
    main()
