# SPDX-License-Identifier: GPL-3.0-or-later
"""A second client of the sync protocol, written from docs/protocol.md alone: what the server holds, as seen by one worker."""

import base64
import datetime
import http.client
import json
import os
import secrets
import ssl
import time
import urllib.parse


class WireError(AssertionError):
    """The server refused a request as a whole."""

    def __init__(self, status, body):
        super().__init__(f"{status}: {body[:300]!r}")
        self.status = status
        try:
            self.code = json.loads(body).get("code")
        except (ValueError, AttributeError):
            self.code = None


def new_id():
    """A UUIDv7."""
    number = (time.time_ns() // 1_000_000) << 80 | 7 << 76 | 2 << 62
    number |= secrets.randbits(12) << 64 | secrets.randbits(62)
    text = f"{number:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


class WireClient:
    """One worker on one device, holding what a pull gave in memory."""

    def __init__(self, url, ca_file):
        parts = urllib.parse.urlsplit(url)
        self.host, self.port = parts.hostname, parts.port
        self.context = ssl.create_default_context(cafile=ca_file)
        self.device, self.inc = new_id(), new_id()
        self.token = self.user = self.organisation = self.name = None
        self.epoch, self.since, self.last_n = "", 0, 0
        self.records, self.buckets = {}, {}

    # -- transport --

    def request(self, method, path, body=b"", kind="application/json", headers=None):
        """Status, headers and body of one request on a connection of its own."""
        connection = http.client.HTTPSConnection(self.host, self.port, context=self.context, timeout=60)
        send = {
            "Caseload-Protocol": "1",
            "Caseload-Schema": "1",
            "Content-Type": kind,
        }
        if self.token:
            send["Authorization"] = "Bearer " + self.token
        send.update(headers or {})
        try:
            connection.request(method, path, body=body, headers=send)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def call(self, path, message, method="POST"):
        body = b"" if message is None else json.dumps(message).encode()
        status, _, answer = self.request(method, path, body)
        if status >= 300:
            raise WireError(status, answer)
        return answer

    def call_lines(self, path, message):
        return [json.loads(line) for line in self.call(path, message).splitlines()]

    # -- protocol --

    def sign_in(self, username, password, organisation=None):
        message = {
            "username": username,
            "password": password,
            "device": self.device,
            "device_name": "Test",
            "public_key": base64.b64encode(os.urandom(32)).decode(),
        }
        if organisation:
            message["organisation"] = organisation
        self.token = None
        answer = json.loads(self.call("/v1/auth/sign-in", message))
        self.token = answer["access_token"]
        self.user, self.organisation = answer["user"], answer["organisation"]
        self.name = answer["display_name"]
        return self

    def hello(self):
        return json.loads(self.call("/v1/sync/hello", None, "GET"))

    def pull(self):
        """Follows the server up to its head; the records held afterwards."""
        resume = None
        while True:
            message = {"device": self.device, "inc": self.inc, "epoch": self.epoch, "since": self.since, "schema": 1}
            if resume is not None:
                message["resume"] = resume
            lines = self.call_lines("/v1/sync/pull", message)
            for line in lines:
                self._take(line)
            last = lines[-1]
            if last["t"] == "done":
                self.since = last["seq"]
                return self.records
            assert last["t"] == "page", last
            resume = last["resume"]

    def _take(self, line):
        if line["t"] == "head":
            self.epoch = line["epoch"]
        elif line["t"] == "put":
            key = line["k"], line["id"]
            self.records[key] = dict(line["d"], id=line["id"], rev=line["rev"])
            self.buckets[key] = line["b"]
        elif line["t"] == "gone" and self.buckets.get((line["k"], line["id"])) == line["b"]:
            self._forget((line["k"], line["id"]))
        elif line["t"] == "drop":
            for key in [key for key, bucket in self.buckets.items() if bucket == line["b"]]:
                self._forget(key)

    def _forget(self, key):
        del self.records[key]
        del self.buckets[key]

    def all(self, kind, **fields):
        """The records of one type whose fields have these values."""
        return [
            record
            for (name, _), record in self.records.items()
            if name == kind and all(record.get(field) == value for field, value in fields.items())
        ]

    def one(self, kind, **fields):
        found = self.all(kind, **fields)
        assert len(found) == 1, f"{len(found)} records of {kind} with {fields}"
        return found[0]

    def fetch(self, kind, record):
        """The record as the server holds it now, or None when this worker may not see it."""
        for line in self.call_lines("/v1/sync/fetch", {"ids": [[kind, record]]}):
            if line["t"] == "put":
                return dict(line["d"], id=line["id"], rev=line["rev"])
        return None

    def history(self, kind, record):
        """Every change of a record, newest first."""
        lines = self.call_lines("/v1/sync/history", {"k": kind, "id": record, "limit": 1000})
        return [line for line in lines if line["t"] == "hist"]

    def push(self, *operations):
        """Sends operations (as made by create and update) as one group; their answers."""
        head = {"t": "push", "device": self.device, "inc": self.inc, "epoch": self.epoch}
        group = new_id()
        for place, operation in enumerate(operations, 1):
            self.last_n += 1
            operation.update(n=self.last_n, g=group, gn=[place, len(operations)], schema=1, by=self.user)
            wall = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
            operation["at"] = {"wall": wall.replace("+00:00", "Z[UTC]"), "mono": time.monotonic_ns() // 1_000_000}
        return self.push_lines([head, *operations])

    def push_lines(self, lines):
        body = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines).encode()
        status, _, answer = self.request("POST", "/v1/sync/push", body, "application/x-ndjson")
        if status >= 300:
            raise WireError(status, answer)
        return [json.loads(line) for line in answer.splitlines()]

    @staticmethod
    def create(kind, values, record=None):
        return {
            "op": new_id(), "k": kind, "id": record or new_id(), "act": "create", "base": 0, "set": values, "was": {},
        }  # fmt: skip

    @staticmethod
    def update(kind, record, values):
        """A change of a record as it was last pulled or fetched."""
        return {
            "op": new_id(), "k": kind, "id": record["id"], "act": "update", "base": record["rev"],
            "set": values, "was": {field: record.get(field) for field in values},
        }  # fmt: skip
