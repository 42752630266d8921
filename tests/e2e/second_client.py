# SPDX-License-Identifier: GPL-3.0-or-later
"""A second client of the sync protocol, written from docs/protocol.md alone: nothing of the programs of this repository is in
it. It needs the standard library of Python, and the openssl program for the key of the device."""

import base64
import copy
import gzip
import hashlib
import http.client
import json
import os
import pathlib
import re
import secrets
import socket
import ssl
import struct
import subprocess
import time
import urllib.parse

MOST = 2**63 - 1


class Refused(Exception):
    """An answer with a status of 4xx or 5xx."""

    def __init__(self, status, body, headers):
        super().__init__(f"{status} {body}")
        self.status = status
        self.code = body.get("code")
        self.message = body.get("message")
        self.headers = headers


class Malformed(Exception):
    """Something that the protocol does not allow."""


def new_id(at=None):
    """A UUIDv7."""
    number = int((at or time.time()) * 1000) << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62)
    text = f"{number:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


# -- JSON, part 2 and 6 --


def _members(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("a member twice")
    return found


def _integer(text):
    if not -MOST - 1 <= int(text) <= MOST:
        raise Malformed(f"{text} does not fit")
    return int(text)


def _refuse(text):
    raise Malformed(f"{text} is no integer")


def read_json(data):
    """One JSON text as the protocol takes it: UTF-8, no member twice, no NUL, integers only."""
    try:
        text = data.decode("utf-8") if isinstance(data, bytes) else data
        found = json.loads(
            text, object_pairs_hook=_members, parse_int=_integer, parse_float=_refuse, parse_constant=_refuse
        )
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise Malformed(str(error)) from error
    if "\0" in text or re.search(r"(?<!\\)(\\\\)*\\u0000", text):
        raise Malformed("a NUL")
    return found


def canonical(value):
    """Members in the order of their bytes (code points sort the same way), no white space, no escapes that can be spared."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def present(content):
    """The content without members that have no value."""
    return {name: value for name, value in content.items() if value is not None}


def _lp(text):
    data = text.encode()
    return struct.pack(">I", len(data)) + data


def _tagged(value):
    if isinstance(value, bool):
        return "b", "true" if value else "false"
    if isinstance(value, int):
        return "n", str(value)
    if isinstance(value, str):
        return "s", value
    return "j", canonical(value)


def record_hash(kind, record, rev, content):
    """h(record) of part 6, a number."""
    parts = [_lp(kind), _lp(record), struct.pack(">Q", rev)]
    for name, value in sorted(present(content).items()):
        tag, text = _tagged(value)
        parts.append(_lp(name) + tag.encode() + _lp(text))
    return int.from_bytes(hashlib.sha256(b"".join(parts)).digest()[:8], "big")


def sums_of(buckets):
    """Hash over all bucket sums (part 12); buckets: name → (count, sum)."""
    lines = [f"{name} {count} {total:016x}\n" for name, (count, total) in sorted(buckets.items()) if count]
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:16]


# -- the device, part 3 --


class Device:
    """One installation: an id and an Ed25519 key, kept by openssl in a file."""

    def __init__(self, folder, name="A second client"):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.id, self.name = new_id(), name
        self.key = self.folder / f"{self.id}.pem"
        self._openssl("genpkey", "-algorithm", "ed25519", "-out", self.key)
        # The last 32 bytes of a SubjectPublicKeyInfo of Ed25519 are the key.
        public = self._openssl("pkey", "-in", self.key, "-pubout", "-outform", "DER")[-32:]
        self.public_key = base64.b64encode(public).decode()

    @staticmethod
    def _openssl(*arguments):
        return subprocess.run(["openssl", *arguments], check=True, stdout=subprocess.PIPE).stdout

    def sign(self, data):
        text = self.folder / f"{self.id}.data"
        text.write_bytes(data)
        return base64.b64encode(self._openssl("pkeyutl", "-sign", "-rawin", "-inkey", self.key, "-in", text)).decode()


# -- transport, part 2 --


class Server:
    """HTTPS with the headers of the protocol."""

    def __init__(self, url, ca_file):
        self.host, self.port = urllib.parse.urlsplit(url).hostname, urllib.parse.urlsplit(url).port or 443
        self.tls = ssl.create_default_context(cafile=ca_file)
        self.connection = None
        self.headers = {"Caseload-Protocol": "1", "Caseload-Schema": "1", "User-Agent": "second-0.1"}
        self.last = None

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def ask(self, method, path, body=None, headers=None):
        """The body of a good answer, unpacked; else Refused."""
        for again in (True, False):
            fresh = self.connection is None
            if fresh:
                self.connection = http.client.HTTPSConnection(self.host, self.port, timeout=30, context=self.tls)
            try:
                self.connection.request(method, path, body, {**self.headers, **(headers or {})})
                return self._read(self.connection.getresponse())
            except (http.client.HTTPException, OSError):
                self.close()
                if fresh or not again:
                    raise
        raise AssertionError("not reached")

    def _read(self, answer):
        data = answer.read()
        self.last = answer
        if answer.headers.get("Content-Encoding") == "gzip":
            data = gzip.decompress(data)
        if answer.status >= 400:
            raise Refused(answer.status, read_json(data), answer.headers)
        if not answer.headers.get("Date"):
            raise Malformed("no Date")
        return answer.headers.get_content_type(), data

    def json(self, method, path, value=None, headers=None):
        kind, data = self.ask(method, path, None if value is None else json.dumps(value).encode(), headers)
        if kind != "application/json":
            raise Malformed(f"{path} answered {kind}")
        return read_json(data)

    def lines(self, path, body, headers=None):
        """The lines of a stream; each is read, and kept as it came."""
        kind, data = self.ask("POST", path, body, headers)
        if kind != "application/x-ndjson":
            raise Malformed(f"{path} answered {kind}")
        if data and not data.endswith(b"\n"):
            raise Malformed("the last line is not whole")
        return data.split(b"\n")[:-1]


# -- the replica, parts 5, 6, 8 and 12 --


class Replica:
    """Rows as the server has them, and where the next pull starts."""

    def __init__(self):
        self.rows = {}
        self.epoch, self.since, self.resume, self.safe_seq = "", 0, None, 0
        self.filling = set()

    def buckets(self):
        """name → (count, sum) of every bucket with a row."""
        found = {}
        for (kind, record), (bucket, rev, content) in self.rows.items():
            count, total = found.get(bucket, (0, 0))
            found[bucket] = count + 1, (total + record_hash(kind, record, rev, content)) % 2**64
        return found

    def get(self, kind, record):
        """The content of a row, or None."""
        row = self.rows.get((kind, record))
        return row and row[2]

    def rev(self, kind, record):
        return self.rows[kind, record][1]

    def of_kind(self, kind, **wanted):
        """id → content of every row of a type with these values."""
        return {
            record: content
            for (its, record), (_, _, content) in self.rows.items()
            if its == kind and all(content.get(name) == value for name, value in wanted.items())
        }

    def put(self, line, whatever=False):
        key = line["k"], line["id"]
        old = self.rows.get(key)
        if whatever or old is None or old[1] < line["rev"]:
            self.rows[key] = line["b"], line["rev"], present(line["d"])

    def gone(self, line):
        key = line["k"], line["id"]
        old = self.rows.get(key)
        if old is not None and old[0] == line["b"] and old[1] <= line["rev"]:
            del self.rows[key]

    def drop(self, bucket):
        self.filling.discard(bucket)
        for key in [key for key, row in self.rows.items() if row[0] == bucket]:
            del self.rows[key]


# -- operations, part 9 --


class Outbox:
    """Operations in order of n, until they have an answer."""

    def __init__(self):
        self.inc, self.next = new_id(), 1
        self.waiting, self.acknowledged, self.refused = [], [], []

    def add(self, *operations):
        """One group. Each operation becomes a line; only its n may change later."""
        group = new_id()
        for position, operation in enumerate(operations, 1):
            operation.update(op=new_id(), n=self.next, g=group, gn=[position, len(operations)])
            self.next += 1
            self.waiting.append(operation)
        return list(operations)

    def number_again(self):
        """A new incarnation: what has no final answer is numbered from 1, with its own op."""
        self.inc, self.next = new_id(), 1
        for operation in self.waiting:
            operation["n"] = self.next
            self.next += 1

    def settle(self, answer):
        operation = next((one for one in self.waiting if one["op"] == answer["op"]), None)
        if operation is None or answer["r"] == "held":
            return
        self.waiting.remove(operation)
        if answer["r"] in ("ok", "merged"):
            self.acknowledged.append((operation, answer["seq"], answer["rev"]))
        elif answer["r"] == "rejected":
            self.refused.append((operation, answer))


class Second:
    """A worker with a computer: signs in, pulls, writes, pushes."""

    def __init__(self, url, ca_file, folder):
        self.server = Server(url, ca_file)
        self.device = Device(folder)
        self.replica, self.outbox = Replica(), Outbox()
        self.tokens, self.user = None, None
        self.repairs, self.seen = [], []

    # -- signing in --

    def sign_in(self, username, password, organisation=None, **instead):
        body = {"username": username, "password": password, "device": self.device.id}
        body.update(device_name=self.device.name, public_key=self.device.public_key)
        if organisation:
            body["organisation"] = organisation
        self.server.headers.pop("Authorization", None)
        self._take(self.server.json("POST", "/v1/auth/sign-in", {**body, **instead}))
        return self

    def refresh_body(self, token=None):
        token = token or self.tokens["refresh_token"]
        data = "\n".join(("refresh", self.device.id, token)).encode()
        return {"refresh_token": token, "device": self.device.id, "signature": self.device.sign(data)}

    def refresh(self, body=None, take=True):
        """New tokens; take=False is an answer that never arrived."""
        bearer = self.server.headers.pop("Authorization", None)
        try:
            answer = self.server.json("POST", "/v1/auth/refresh", body or self.refresh_body())
        except Refused:
            self.server.headers["Authorization"] = bearer
            raise
        if take:
            self._take(answer)
        else:
            self.server.headers["Authorization"] = bearer
        return answer

    def _take(self, tokens):
        self.tokens, self.user = tokens, tokens["user"]
        self.server.headers["Authorization"] = "Bearer " + tokens["access_token"]

    def sign_out(self):
        self.server.ask("POST", "/v1/auth/sign-out")
        return self.server.last.status

    # -- hello and pull --

    def hello(self):
        return self.server.json("GET", "/v1/sync/hello")

    def pull_body(self, **more):
        replica = self.replica
        body = {"device": self.device.id, "since": replica.since, "schema": 1}
        body.update(acked=replica.since, unsent=len(self.outbox.waiting))
        if replica.epoch:
            body["epoch"] = replica.epoch
        if replica.resume is not None:
            body["resume"] = replica.resume
        elif not replica.filling:
            body["sums"] = sums_of(replica.buckets())
        return {**body, **more}

    def page(self, max_bytes=0, headers=None):
        """Reads one page, and takes it as a whole; returns its lines."""
        body = json.dumps(self.pull_body(max_bytes=max_bytes)).encode()
        lines = [read_json(line) for line in self.server.lines("/v1/sync/pull", body, headers)]
        if not lines or lines[-1].get("t") not in ("page", "done", "reconcile", "epoch"):
            raise Malformed("the page was cut")
        before = self.replica
        self.replica = copy.copy(before)
        self.replica.rows, self.replica.filling = dict(before.rows), set(before.filling)
        try:
            for line in lines:
                self._line(line)
        except BaseException:
            self.replica = before
            raise
        self.seen += lines
        self._forget_acknowledged()
        return lines

    def _line(self, line):
        """Takes one line of a page."""
        kind, replica = line.get("t"), self.replica
        if kind == "head":
            if replica.epoch and line["epoch"] != replica.epoch:
                raise Malformed("another epoch")
            replica.epoch, replica.safe_seq = line["epoch"], line["safe_seq"]
        elif kind == "drop":
            replica.drop(line["b"])
        elif kind == "open":
            replica.filling.add(line["b"])
        elif kind == "put":
            replica.put(line)
        elif kind == "gone":
            replica.gone(line)
        elif kind == "sum":
            replica.filling.discard(line["b"])
        elif kind == "page":
            replica.resume = line["resume"]
        elif kind == "done":
            replica.since, replica.resume = line["seq"], None
            replica.filling.clear()

    def pull(self, max_bytes=0):
        """Page after page until all is here; every sum is compared. Returns the number of pages."""
        self.seen = []
        for pages in range(1, 1000):
            lines = self.page(max_bytes)
            self._check_sums(lines)
            if lines[-1]["t"] != "page":
                break
        return pages

    def _check_sums(self, lines):
        held = self.replica.buckets()
        for line in lines:
            if line["t"] == "sum" and held.get(line["b"], (0, 0)) != (line["count"], int(line["sum"], 16)):
                self.repair(line["b"])

    def _forget_acknowledged(self):
        safe = self.replica.safe_seq
        self.outbox.acknowledged = [one for one in self.outbox.acknowledged if one[1] > safe]

    # -- manifest, fetch, repair, history --

    def ask_lines(self, path, **body):
        return [read_json(line) for line in self.server.lines(path, json.dumps(body).encode())]

    def manifest(self, **body):
        return self.ask_lines("/v1/sync/manifest", **body)

    def fetch(self, *pairs):
        return self.ask_lines("/v1/sync/fetch", ids=[list(pair) for pair in pairs])

    def history(self, kind, record, **more):
        return self.ask_lines("/v1/sync/history", k=kind, id=record, **more)

    def repair(self, bucket):
        """Makes a bucket what the manifest says; rows that waiting operations speak of stay."""
        self.repairs.append(bucket)
        covered = {(operation["k"], operation["id"]) for operation in self.outbox.waiting}
        lines = self.manifest(bucket=bucket)
        if lines[0]["epoch"] != self.replica.epoch:
            raise Malformed("another epoch")
        theirs = {(line["k"], line["id"]): line for line in lines if line["t"] == "row"}
        mine = {key: row for key, row in self.replica.rows.items() if row[0] == bucket}
        for key in mine.keys() - theirs.keys() - covered:
            del self.replica.rows[key]
        wanted = [key for key, line in theirs.items() if key not in mine or line["h"] != self._hash(key)]
        for start in range(0, len(wanted), 500):
            for line in self.fetch(*wanted[start : start + 500]):
                if line["t"] == "put":
                    self.replica.put(line, whatever=True)

    def reconcile(self):
        """Makes the replica what the server has, bucket by bucket (part 13)."""
        lines = self.manifest()
        theirs = {line["b"]: (line["count"], int(line["sum"], 16)) for line in lines if line["t"] == "sum"}
        mine = self.replica.buckets()
        for bucket in mine.keys() - theirs.keys():
            covered = {(operation["k"], operation["id"]) for operation in self.outbox.waiting}
            for key in [key for key, row in self.replica.rows.items() if row[0] == bucket and key not in covered]:
                del self.replica.rows[key]
        for bucket in theirs:
            if mine.get(bucket) != theirs[bucket]:
                self.repair(bucket)
        self.replica.since, self.replica.resume = lines[-1]["seq"], None

    def change_epoch(self):
        """The server was put back from a backup: offers what it may have lost (part 13)."""
        said, outbox = self.hello(), self.outbox
        point = said.get("epoch_head", 0)
        again = [operation for operation, seq, _ in outbox.acknowledged if seq > point]
        outbox.acknowledged = [one for one in outbox.acknowledged if one[1] <= point]
        outbox.waiting[:0] = again
        own = {(operation["k"], operation["id"]) for operation in outbox.waiting}
        for (kind, record), (_, rev, content) in list(self.replica.rows.items()):
            if rev > point and (kind, record) not in own:
                nothing = {name: None for name in content}
                outbox.add(self.operation("restore", kind, record, content, nothing, base=point))
        outbox.number_again()
        self.replica.epoch, self.replica.resume = said["epoch"], None
        self.reconcile()
        self.push()
        self.pull()

    def _hash(self, key):
        _, rev, content = self.replica.rows[key]
        return f"{record_hash(*key, rev, content):016x}"

    # -- writing --

    def operation(self, act, kind, record, values=None, was=None, base=None, **more):
        """A line without its place in the outbox."""
        if base is None:
            base = 0 if act == "create" else self.replica.rev(kind, record)
        wall = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
        line = {"k": kind, "id": record, "act": act, "base": base, "set": values or {}, "was": was or {}}
        line.update(schema=1, at={"wall": wall, "mono": time.monotonic_ns() // 1000000}, by=self.user, **more)
        return line

    def create(self, kind, values, record=None):
        return self.operation("create", kind, record or new_id(), values)

    def update(self, kind, record, **values):
        """An update over the row as it is here."""
        row = self.replica.get(kind, record)
        return self.operation("update", kind, record, values, {name: row.get(name) for name in values})

    def delete(self, kind, record):
        return self.operation("delete", kind, record)

    def push_body(self, operations, **head):
        first = {"t": "push", "device": self.device.id, "inc": self.outbox.inc, "epoch": self.replica.epoch}
        lines = [{**first, **head}, *operations]
        return b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)

    def push_raw(self, body, headers=None):
        return self.server.lines("/v1/sync/push", body, headers)

    def push(self, headers=None):
        """Sends all that waits; returns the answers, in order."""
        raw = self.push_raw(self.push_body(self.outbox.waiting), headers)
        answers = [read_json(line) for line in raw]
        for answer in answers:
            if "op" in answer:
                self.outbox.settle(answer)
        return answers

    def send(self, *operations):
        """One group, pushed at once."""
        self.outbox.add(*operations)
        return self.push()

    def view(self, kind, record):
        """What a person sees: the row with the waiting operations over it; None when it is not there."""
        row = self.replica.rows.get((kind, record))
        rev, seen = (row[1], dict(row[2])) if row else (0, None)
        for operation, _, shown in [*self.outbox.acknowledged, *((one, MOST, MOST) for one in self.outbox.waiting)]:
            if (operation["k"], operation["id"]) != (kind, record) or rev >= shown:
                continue
            seen = None if operation["act"] == "delete" else present({**(seen or {}), **operation["set"]})
        return seen

    def live(self):
        return Live(self.server)


# -- the live channel, part 15: as much of RFC 6455 as it needs --


class Live:
    """A WebSocket for text frames."""

    MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    def __init__(self, server):
        self.socket = server.tls.wrap_socket(
            socket.create_connection((server.host, server.port), 10), server_hostname=server.host
        )
        self.data, self.code = b"", None
        self._shake_hands(server)

    def _shake_hands(self, server):
        key = base64.b64encode(os.urandom(16)).decode()
        headers = {"Host": f"{server.host}:{server.port}", "Upgrade": "websocket", "Connection": "Upgrade"}
        headers.update({"Sec-WebSocket-Key": key, "Sec-WebSocket-Version": "13"}, **server.headers)
        lines = ["GET /v1/sync/live HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())
        while b"\r\n\r\n" not in self.data:
            self._more()
        head, self.data = self.data.split(b"\r\n\r\n", 1)
        status, *rest = head.decode("latin-1").split("\r\n")
        said = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
        if status.split()[1] != "101":
            self._refused(int(status.split()[1]), said)
        accept = base64.b64encode(hashlib.sha1((key + self.MAGIC).encode()).digest()).decode()
        if said.get("sec-websocket-accept") != accept:
            raise Malformed("not the answer to this handshake")

    def _refused(self, status, headers):
        while len(self.data) < int(headers.get("content-length", 0)):
            self._more()
        self.socket.close()
        raise Refused(status, read_json(self.data), headers)

    def _more(self):
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("the channel was closed")
        self.data += data

    def _take(self, count):
        while len(self.data) < count:
            self._more()
        taken, self.data = self.data[:count], self.data[count:]
        return taken

    def _send(self, opcode, data):
        mask = os.urandom(4)
        length = struct.pack("!B", 0x80 | len(data)) if len(data) < 126 else struct.pack("!BH", 0xFE, len(data))
        masked = bytes(byte ^ mask[place % 4] for place, byte in enumerate(data))
        self.socket.sendall(bytes([0x80 | opcode]) + length + mask + masked)

    def send(self, **frame):
        self._send(1, json.dumps(frame).encode())

    def read(self, seconds=10):
        """The next text frame; None when the server closed the channel, with its reason in `code`."""
        self.socket.settimeout(seconds)
        while True:
            first, second = self._take(2)
            length = second & 0x7F
            if length >= 126:
                length = int.from_bytes(self._take(2 if length == 126 else 8), "big")
            data = self._take(length)
            if first != 0x81 and first < 0x88 or second & 0x80:
                raise Malformed("not a whole text frame without a mask")
            if first == 0x81:
                return read_json(data)
            if first == 0x88:
                self.code = int.from_bytes(data[:2], "big") if data else None
                self._send(8, data[:2])
                return None
            if first == 0x89:
                self._send(10, data)

    def wait_for(self, kind, seconds=10):
        """Reads until a frame of this kind comes."""
        end = time.monotonic() + seconds
        while True:
            frame = self.read(max(0.1, end - time.monotonic()))
            if frame is None or frame["t"] == kind:
                return frame

    def close(self):
        try:
            self._send(8, struct.pack("!H", 1000))
            self.socket.close()
        except OSError:
            pass
