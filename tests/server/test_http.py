#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real program behind nginx with TLS: limits, hostile input, the live channel, the command line. Prints TAP."""

import base64
import http.client
import json
import os
import pathlib
import select
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import traceback
import uuid
import warnings

ROOT = pathlib.Path(os.environ['CSL_TEST_SOURCE_ROOT'])
BINARY = pathlib.Path(os.environ['CSL_TEST_BUILD_ROOT']) / 'src/server/caseload-server'
PASSWORD = 'correct horse battery'
MIB = 1024 * 1024


def run(*arguments, text=None):
    """One call of the program: (exit code, standard output, standard error)."""
    done = subprocess.run([BINARY, *map(str, arguments)], input=text, capture_output=True,
                          text=True, timeout=120)
    return done.returncode, done.stdout, done.stderr


class Server:
    """caseload-server and nginx on a free port, over a folder with one organisation."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.data = self.folder / 'data'
        self.prefix = self.folder / 'prefix'
        (self.folder / 'password').write_text(PASSWORD + '\n', encoding='utf-8')
        code, _, errors = run('init', self.data, '--organisation', 'Riverside Advice',
                              '--admin', 'root', '--password-file', self.folder / 'password')
        assert code == 0, errors
        for name, role in (('amina', 'caseworker'), ('omar', 'manager')):
            code, _, errors = run('user', 'add', '--data', self.data, '--organisation',
                                  'riverside-advice', '--name', name, '--role', role,
                                  '--password-file', self.folder / 'password')
            assert code == 0, errors
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [ROOT / 'build-aux/demo-server', '--data', self.data, '--prefix', self.prefix,
             '--port', '0', '--binary', BINARY], stdout=subprocess.PIPE, text=True,
            # Memory that is watched is kept after it was freed; its size is tested here.
            env=dict(os.environ, ASAN_OPTIONS='quarantine_size_mb=0:'
                     'thread_local_quarantine_size_kb=0'))
        first, second = self.process.stdout.readline(), self.process.stdout.readline()
        assert first.startswith('URL='), first
        self.port = int(first.rsplit(':', 1)[1])
        self.context = ssl.create_default_context(cafile=second.strip().split('=', 1)[1])

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
        self.process.stdout.close()

    def pid(self):
        listing = subprocess.run(['pgrep', '-f', f'serve --data {self.data} '], check=True,
                                 capture_output=True, text=True).stdout
        return int(listing.split()[0])

    def resident(self):
        text = pathlib.Path(f'/proc/{self.pid()}/status').read_text(encoding='utf-8')
        line = next(line for line in text.splitlines() if line.startswith('VmRSS'))
        return int(line.split()[1]) * 1024

    def connect(self):
        return self.context.wrap_socket(socket.create_connection(('127.0.0.1', self.port), 30),
                                        server_hostname='localhost')

    def request(self, method, path, body=None, token=None, **headers):
        connection = http.client.HTTPSConnection('localhost', self.port, timeout=60,
                                                 context=self.context)
        headers = {name.replace('_', '-'): value for name, value in headers.items()}
        if token:
            headers['Authorization'] = 'Bearer ' + token
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.headers
        finally:
            connection.close()

    def raw(self, text):
        """Status of the answer to bytes sent as they are; 0 when the connection was closed."""
        with self.connect() as stream:
            stream.sendall(text)
            stream.settimeout(20)
            try:
                answer = stream.recv(65536)
            except OSError:
                return 0
        return int(answer.split()[1]) if answer.startswith(b'HTTP/') else 0

    def sign_in(self, name, password=PASSWORD):
        device = str(uuid.uuid4())
        device = device[:14] + '7' + device[15:]
        body = json.dumps({'organisation': 'riverside-advice', 'username': name,
                           'password': password, 'device': device, 'device_name': 'test',
                           'public_key': base64.b64encode(os.urandom(32)).decode()})
        status, text, _ = self.request('POST', '/v1/auth/sign-in', body)
        return status, json.loads(text) | {'device': device}


def client_push(server, who, first_n, *operations):
    """Pushes creates of (type, set); returns the answers."""
    inc = who.setdefault('inc', str(uuid.uuid4()))
    lines = [json.dumps({'t': 'push', 'device': who['device'], 'inc': inc})]
    for n, (kind, content) in enumerate(operations, first_n):
        op = str(uuid.uuid4())
        record = str(uuid.uuid4())
        lines.append(json.dumps({
            'op': op[:14] + '7' + op[15:], 'n': n, 'g': op[:14] + '7' + op[15:], 'gn': [1, 1],
            'k': kind, 'id': record[:14] + '7' + record[15:], 'act': 'create', 'base': 0,
            'set': content, 'was': {}, 'schema': 1, 'by': who['user']}))
    status, text, _ = server.request('POST', '/v1/sync/push', '\n'.join(lines) + '\n',
                                     who['access_token'])
    assert status == 200, (status, text)
    return [json.loads(line) for line in text.decode().splitlines()]


class Live:
    """A WebSocket, spoken by hand."""

    def __init__(self, server, token):
        self.stream = server.connect()
        self.stream.settimeout(20)
        request = ('GET /v1/sync/live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n'
                   'Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n'
                   'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n')
        if token:
            request += f'Authorization: Bearer {token}\r\n'
        self.stream.sendall((request + '\r\n').encode())
        head = b''
        while b'\r\n\r\n' not in head:
            piece = self.stream.recv(1)
            if not piece:
                break
            head += piece
        self.status = int(head.split()[1])

    def send(self, text):
        data = text.encode()
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))
        self.stream.sendall(bytes([0x81, 0x80 | len(data)]) + mask + masked)

    def take(self, size):
        data = b''
        while len(data) < size:
            piece = self.stream.recv(size - len(data))
            assert piece, 'the channel was closed'
            data += piece
        return data

    def receive(self):
        """(opcode, payload) of the next frame."""
        first, size = self.take(2)
        if size == 126:
            size = int.from_bytes(self.take(2), 'big')
        return first & 15, self.take(size)

    def receive_json(self):
        opcode, data = self.receive()
        assert opcode == 1, (opcode, data)
        return json.loads(data)

    def close(self):
        self.stream.close()


def direct(server, path, body, address):
    """A request straight at the socket, on its way: the stream its answer will come from."""
    stream = socket.socket(socket.AF_UNIX)
    stream.settimeout(60)
    stream.connect(str(server.prefix / 'run/http'))
    stream.sendall((f'POST {path} HTTP/1.1\r\nHost: x\r\nX-Real-IP: {address}\r\n'
                    f'Content-Length: {len(body)}\r\n\r\n{body}').encode())
    return stream


def alive(pid):
    try:
        state = pathlib.Path(f'/proc/{pid}/stat').read_text(encoding='utf-8')
    except FileNotFoundError:
        return False
    return state.rpartition(')')[2].split()[0] != 'Z'


def test_sign_in(server):
    status, answer = server.sign_in('amina')
    assert status == 200 and answer['organisation_name'] == 'Riverside Advice', answer
    status, text, headers = server.request('GET', '/v1/sync/hello', token=answer['access_token'])
    assert status == 200 and json.loads(text)['protocol_max'] == 1
    assert headers['Date'] and 'max-age' in headers['Strict-Transport-Security']
    assert server.sign_in('amina', 'wrong')[0] == 401


def test_large_bodies(server):
    server.sign_in('amina')
    before = server.resident()
    piece = b'x' * MIB

    def pour():
        for _ in range(200):
            yield piece
    for headers in ({}, {'Content_Length': str(200 * MIB)}):
        try:
            status, text, _ = server.request('POST', '/v1/sync/push', pour(), 'none', **headers)
            assert status == 413 and json.loads(text)['code'] == 'too_large', (status, text)
        except (BrokenPipeError, ConnectionError, ssl.SSLError):
            pass  # nginx may close before everything was sent
    assert server.resident() - before < 20 * MIB
    status, text, _ = server.request('POST', '/v1/auth/sign-in', b'y' * 100000)
    assert status == 413
    assert server.sign_in('amina')[0] == 200


def test_large_body_without_proxy(server):
    """The server's own limit, should a proxy be wrongly set up."""
    _, who = server.sign_in('amina')
    before = server.resident()
    with socket.socket(socket.AF_UNIX) as stream:
        stream.settimeout(60)
        stream.connect(str(server.prefix / 'run/http'))
        stream.sendall((f'POST /v1/sync/push HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n'
                        f'Authorization: Bearer {who["access_token"]}\r\n\r\n').encode())
        for _ in range(50):
            stream.sendall(b'100000\r\n' + b'z' * MIB + b'\r\n')
        stream.sendall(b'0\r\n\r\n')
        answer = stream.recv(4096)
    assert answer.split()[1] == b'413', answer
    assert server.resident() - before < 30 * MIB


def test_malformed(server):
    _, who = server.sign_in('amina')
    token = who['access_token']
    for body in ('{', '[' * 60000, '{"device":1}', '\0', '{"a":1,"a":2}', '"\ud7ff'):
        status, text, _ = server.request('POST', '/v1/sync/pull', body.encode('utf-8'), token)
        assert status == 400 and json.loads(text)['code'] == 'bad_request', (body[:20], status)
    deep = json.dumps({'t': 'push', 'device': who['device'], 'inc': 'x'}) + '\n' + '[' * 100000
    assert server.request('POST', '/v1/sync/push', deep, token)[0] == 400
    assert server.request('GET', '/v1/sync/push', token=token)[0] == 405
    assert server.request('DELETE', '/v1/sync/hello', token=token)[0] == 405
    assert server.request('GET', '/v1/nothing', token=token)[0] == 404
    assert server.request('GET', '/healthz')[0] == 404
    assert server.request('GET', '/../etc/passwd')[0] in (400, 404)
    assert server.request('POST', '/v1/sync/pull', b'\x1f\x8b', token,
                          Content_Encoding='gzip')[0] == 415
    for wrong in (None, 'x', token[:-2] + 'AA', 'a' * 4000):
        assert server.request('GET', '/v1/sync/hello', token=wrong)[0] == 401


def test_hostile_http(server):
    head = b'POST /v1/sync/pull HTTP/1.1\r\nHost: localhost\r\n'
    cases = (
        head + b'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n',
        head + b'Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde',
        head + b'Host: other\r\n\r\n',
        head + b'Content-Length: -1\r\n\r\n',
        head + b'Content-Length : 5\r\n\r\nabcde',
        head + b'Transfer-Encoding: chunked\r\n\r\nzz\r\n',
        b'GET / HTTP/9.9\r\n\r\n',
        b'GET /v1/sync/hello HTTP/1.1\r\nHost: localhost\r\nX: ' + b'a' * 20000 + b'\r\n\r\n',
        b'\0' * 100 + b'\r\n\r\n',
    )
    for case in cases:
        assert server.raw(case) in (0, 400, 413, 414, 431, 494, 505), case[:80]


def test_old_tls(server):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    try:
        context.set_ciphers('ALL:@SECLEVEL=0')
        with socket.create_connection(('127.0.0.1', server.port), 10) as plain:
            context.wrap_socket(plain)
    except (ssl.SSLError, OSError):
        return
    raise AssertionError('TLS 1.1 was spoken')


def test_compression(server):
    _, who = server.sign_in('amina')
    body = json.dumps({'device': who['device'], 'inc': 'x', 'since': 0, 'schema': 1})
    status, _, headers = server.request('POST', '/v1/sync/pull', body, who['access_token'],
                                        Accept_Encoding='gzip')
    assert status == 200 and headers['Content-Encoding'] == 'gzip', dict(headers)


def test_small_answer(server):
    """A pull that brings nothing is asked for every minute by everybody: it stays small."""
    _, who = server.sign_in('amina')
    token = who['access_token']
    assert len(token) < 100, token
    hello = json.loads(server.request('GET', '/v1/sync/hello', token=token)[1])
    body = json.dumps({'device': who['device'], 'epoch': hello['epoch'], 'since': hello['head'],
                       'schema': 1})
    request = (f'POST /v1/sync/pull HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n'
               f'Content-Length: {len(body)}\r\nAuthorization: Bearer {token}\r\n\r\n{body}')
    answer = b''
    with server.connect() as stream:
        stream.sendall(request.encode())
        while piece := stream.recv(65536):
            answer += piece
    lines = [json.loads(line) for line in answer.partition(b'\r\n\r\n')[2].splitlines()]
    assert [line['t'] for line in lines] == ['head', 'done'], answer
    assert len(answer) < 448, (len(answer), answer)


def wait_revoked(live):
    """The channel is closed with the code of a session that ended."""
    while True:
        opcode, data = live.receive()
        if opcode == 8:
            assert int.from_bytes(data[:2], 'big') == 4401, data
            live.close()
            return


def test_blocked_by_command(server):
    """A command beside the running server ends sessions and channels."""
    user = ('--data', server.data, '--organisation', 'riverside-advice', '--name', 'amina')
    for change, undo in (('disable', 'enable'), ('passwd', None)):
        _, amina = server.sign_in('amina')
        _, omar = server.sign_in('omar')
        live, other = Live(server, amina['access_token']), Live(server, omar['access_token'])
        assert live.status == 101 and other.status == 101
        more = ('--password-file', server.folder / 'password') if change == 'passwd' else ()
        code, _, errors = run('user', change, *user, *more)
        assert code == 0, errors
        start = time.monotonic()
        wait_revoked(live)
        assert time.monotonic() - start < 10
        assert server.request('GET', '/v1/sync/hello', token=amina['access_token'])[0] == 401
        other.send('{"t":"ping"}')
        assert other.receive_json() == {'t': 'pong'}
        other.close()
        if undo:
            code, _, errors = run('user', undo, *user)
            assert code == 0, errors


def test_new_password(server):
    """It ends the channels of the other sessions, and keeps its own."""
    _, mine = server.sign_in('amina')
    _, other = server.sign_in('amina')
    kept, ended = Live(server, mine['access_token']), Live(server, other['access_token'])
    new = PASSWORD + ' and a nail'
    for old, now in ((PASSWORD, new), (new, PASSWORD)):
        body = json.dumps({'password': old, 'new_password': now})
        assert server.request('POST', '/v1/auth/password', body, mine['access_token'])[0] == 204
    wait_revoked(ended)
    kept.send('{"t":"ping"}')
    assert kept.receive_json() == {'t': 'pong'}
    kept.close()


def test_live(server):
    _, amina = server.sign_in('amina')
    _, omar = server.sign_in('omar')
    assert Live(server, None).status == 401
    assert Live(server, 'wrong').status == 401
    live = Live(server, omar['access_token'])
    assert live.status == 101
    live.send('{"t":"ping"}')
    assert live.receive_json() == {'t': 'pong'}
    category = {'name': 'Letters', 'is_active': True}
    refused, = client_push(server, amina, 1, ('note_category', category))
    assert refused['r'] == 'rejected' and refused['code'] == 'forbidden', refused
    made, = client_push(server, omar, 1, ('note_category', category))
    assert made['r'] == 'ok', made
    poke = live.receive_json()
    while poke['t'] == 'access':
        poke = live.receive_json()
    assert poke == {'t': 'poke', 'seq': made['seq']}, (poke, made)
    server.request('POST', '/v1/auth/sign-out', b'', omar['access_token'])
    opcode, data = live.receive()
    assert opcode == 8 and int.from_bytes(data[:2], 'big') == 4401, (opcode, data)
    live.close()


def pull_lines(server, who, since, epoch):
    body = json.dumps({'device': who['device'], 'inc': who['inc'], 'since': since,
                       'epoch': epoch, 'schema': 1})
    status, text, _ = server.request('POST', '/v1/sync/pull', body, who['access_token'])
    assert status == 200, (status, text)
    return [json.loads(line) for line in text.decode().splitlines()]


def test_told_of_commands(server):
    """What a command writes beside the running server is told on the open channels."""
    _, omar = server.sign_in('omar')
    made, = client_push(server, omar, 1, ('centre', {'name': 'East', 'code': 'E'}))
    assert made['r'] == 'ok', made
    lines = pull_lines(server, omar, 0, None)
    epoch = next(line['epoch'] for line in lines if line['t'] == 'head')
    centre = next(line['id'] for line in lines if line['t'] == 'put' and line['k'] == 'centre')
    made, = client_push(server, omar, 2, ('client', {'first_name': 'Jo', 'last_name': 'Ludd',
                                                     'centre': centre}))
    assert made['r'] == 'ok', made
    lines = pull_lines(server, omar, made['seq'] - 1, epoch)
    person = next(line['id'] for line in lines if line['t'] == 'put' and line['k'] == 'client')
    live, before = Live(server, omar['access_token']), made['seq']
    assert live.status == 101
    place = ('--data', server.data, '--organisation', 'riverside-advice')
    for command in (('user', 'assign', '--name', 'amina', '--role', 'manager'),
                    ('erase', person, '--yes')):
        start = time.monotonic()
        code, _, errors = run(*command, *place)
        assert code == 0, errors
        poke = live.receive_json()
        assert poke['t'] == 'poke' and poke['seq'] > before, (poke, before)
        assert time.monotonic() - start < 20
        lines = pull_lines(server, omar, before, epoch)
        assert lines[-1]['t'] == 'done' and lines[-1]['seq'] == poke['seq'], (lines, poke)
        before = poke['seq']
    # In the file, and among what concerns him because he wrote it.
    gone = [(line['b'], line['why']) for line in lines if line['t'] == 'gone' and line['id'] == person]
    assert sorted(gone) == [(f'p:{person}', 'erase'), (f"u:{omar['user']}", 'erase')], gone
    live.close()


def test_guessing(server):
    """Many sign-ins at once, straight at the socket: others are served meanwhile."""
    _, who = server.sign_in('amina')
    body = json.dumps({'organisation': 'riverside-advice', 'username': 'nobody', 'password': 'x',
                       'device': who['device'], 'device_name': '',
                       'public_key': base64.b64encode(bytes(32)).decode()})
    streams = [direct(server, '/v1/auth/sign-in', body, f'10.0.0.{number}')
               for number in range(20)]
    start = time.monotonic()
    assert server.request('GET', '/v1/sync/hello', token=who['access_token'])[0] == 200
    assert time.monotonic() - start < 1
    for stream in streams:
        assert stream.recv(4096).split()[1] == b'401'
        stream.close()


def test_refresh_meanwhile(server):
    """S21, G17: however many guess passwords, those who are signed in stay so: refreshing waits for no hash."""
    password = json.dumps({'organisation': 'riverside-advice', 'username': 'nobody', 'password': 'x',
                           'device': '01976b1e-1111-7abc-8def-000000000001', 'device_name': '',
                           'public_key': base64.b64encode(bytes(32)).decode()})
    streams = [direct(server, '/v1/auth/sign-in', password, f'10.0.1.{number}')
               for number in range(12)]
    refresh = json.dumps({'refresh_token': 'x', 'device': 'x', 'signature': 'x'})
    assert server.request('POST', '/v1/auth/refresh', refresh)[0] == 401
    assert not select.select([streams[-3]], [], [], 0)[0], 'it waited for those who came before'
    for stream in streams:
        assert stream.recv(4096).split()[1] == b'401'
        stream.close()


def test_stopped_at_work(server):
    """S37: told to stop while it works on a request, the program ends, and does not wait to be killed."""
    _, who = server.sign_in('amina')
    body = json.dumps({'organisation': 'riverside-advice', 'username': 'nobody', 'password': 'x',
                       'device': who['device'], 'device_name': '',
                       'public_key': base64.b64encode(bytes(32)).decode()})
    pid = server.pid()
    streams = [direct(server, '/v1/auth/sign-in', body, f'10.0.2.{number}') for number in range(2)]
    # They are with the workers once somebody who came later was answered.
    assert server.request('GET', '/v1/sync/hello', token=who['access_token'])[0] == 200
    os.kill(pid, signal.SIGTERM)
    for _ in range(600):
        if not alive(pid):
            break
        time.sleep(0.1)
    else:
        os.kill(pid, signal.SIGKILL)
        raise AssertionError('it did not stop')
    for stream in streams:
        stream.close()
    server.process.wait(30)
    server.process.stdout.close()
    log = (server.prefix / 'log/server.log').read_text()
    assert 'CRITICAL' not in log, log[-2000:]
    server.start()


def test_unknown_sender(server):
    """S12: nothing large is kept for somebody who has no token."""
    server.sign_in('amina')
    before = server.resident()
    streams = []
    for _ in range(16):
        stream = socket.socket(socket.AF_UNIX)
        stream.settimeout(60)
        stream.connect(str(server.prefix / 'run/http'))
        stream.sendall(b'POST /v1/sync/push HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer nonsense\r\n'
                       b'Content-Length: %d\r\n\r\n' % (8 * MIB))
        stream.sendall(b'z' * (8 * MIB - 1))
        streams.append(stream)
    grown = server.resident() - before
    for stream in streams:
        stream.sendall(b'z')
        assert stream.recv(4096).split()[1] == b'401'
        stream.close()
    assert grown < 50 * MIB, grown


def test_crowded_office(server):
    """An office behind one address: the live channels of everybody leave room for their work."""
    _, who = server.sign_in('amina')
    channels = [Live(server, who['access_token']) for _ in range(80)]
    assert all(channel.status == 101 for channel in channels)
    assert server.request('GET', '/v1/sync/hello', token=who['access_token'])[0] == 200
    for channel in channels:
        channel.close()


def test_hung_up(server):
    """People who go away in the middle harm nobody."""
    _, who = server.sign_in('amina')
    body = json.dumps({'device': who['device'], 'inc': 'x', 'since': 0, 'schema': 1})
    request = (f'POST /v1/sync/pull HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}'
               f'\r\nAuthorization: Bearer {who["access_token"]}\r\n\r\n').encode()
    for size in (0, len(body) // 2, len(body)):
        for _ in range(20):
            with socket.socket(socket.AF_UNIX) as stream:
                stream.connect(str(server.prefix / 'run/http'))
                stream.sendall(request + body[:size].encode())
    half = [server.connect() for _ in range(40)]
    for stream in half:
        stream.sendall(request[:30])
    start = time.monotonic()
    assert server.request('GET', '/v1/sync/hello', token=who['access_token'])[0] == 200
    assert time.monotonic() - start < 1
    for stream in half:
        stream.close()


def test_killed(server):
    """What was answered is there after the program was killed."""
    _, omar = server.sign_in('omar')
    made, = client_push(server, omar, 1, ('note_category', {'name': 'Calls', 'is_active': True}))
    assert made['r'] == 'ok', made
    os.kill(server.pid(), signal.SIGKILL)
    server.process.wait(30)
    server.process.stdout.close()
    server.start()
    _, omar = server.sign_in('omar')
    body = json.dumps({'device': omar['device'], 'inc': 'x', 'since': 0, 'schema': 1})
    _, text, _ = server.request('POST', '/v1/sync/pull', body, omar['access_token'])
    assert b'"name":"Calls"' in text
    code, out, errors = run('verify', server.data)
    assert code == 0 and ' 0 differences' in out, (out, errors)


def test_backup(server):
    """A backup while the server runs; putting it back makes another history."""
    _, omar = server.sign_in('omar')
    token = omar['access_token']

    def hello():
        return json.loads(server.request('GET', '/v1/sync/hello', token=token)[1])
    before = hello()
    target = server.folder / 'backup'
    code, _, errors = run('backup', server.data, target)
    assert code == 0, errors
    after = hello()
    assert after['epoch'] == before['epoch'] and after['safe_seq'] == before['head'], after
    assert run('backup', server.data, target)[0] == 1
    made, = client_push(server, omar, 1, ('note_category', {'name': 'Late', 'is_active': True}))
    assert made['r'] == 'ok', made
    server.stop()
    for path in target.iterdir():
        for rest in server.data.glob(path.name + '-*'):
            rest.unlink()
        (server.data / path.name).write_bytes(path.read_bytes())
    server.start()
    _, omar = server.sign_in('omar')
    token = omar['access_token']
    restored = hello()
    assert restored['epoch'] != before['epoch'] and restored['head'] == before['head'], restored


def test_lost_ledger(server):
    """A ledger that was lost is told of until somebody begins it anew."""
    place = ('--data', server.data)
    assert run('status', *place)[0] == 0
    (server.data / 'caseload.ledger').unlink()
    server.stop()
    server.start()
    code, out, _ = run('status', *place)
    assert code == 1 and 'accounts\t-\t-\t-\twas lost' in out, out
    code, out, errors = run('ledger', 'renew', *place)
    assert code == 0 and 'may be let in again' in out and 'Nothing was changed' in out, (out, errors)
    assert run('status', *place)[0] == 1
    code, out, errors = run('ledger', 'renew', '--yes', *place)
    assert code == 0 and 'begun anew' in out, (out, errors)
    code, out, _ = run('status', *place)
    assert code == 0 and 'lost' not in out, out
    code, out, _ = run('ledger', 'list', *place)
    assert code == 0 and out.splitlines()[1].startswith('accounts\t20'), out
    assert server.sign_in('amina')[0] == 200


def test_logs(server):
    """No names, passwords or tokens in any log."""
    for path in (server.prefix / 'log').iterdir():
        text = path.read_text(encoding='utf-8')
        for secret in ('amina', 'omar', 'Bearer', PASSWORD, 'Letters'):
            assert secret not in text, (path, secret)


def test_command_line(server):
    cases = (
        ((), 2), (('nonsense',), 2), (('serve',), 2), (('serve', '--data', server.data), 2),
        (('init', server.data, '--organisation', 'X', '--admin', 'y'), 1),
        (('init', server.data), 2), (('verify', '/nonexistent'), 1), (('user',), 2),
        (('user', 'add', '--data', server.data, '--organisation', 'riverside-advice', '--name',
          'amina', '--role', 'caseworker'), 1),
        (('user', 'add', '--data', server.data, '--organisation', 'riverside-advice', '--name',
          'x', '--role', 'wizard'), 1),
        (('user', 'disable', '--data', server.data, '--name', 'nobody'), 1),
        (('serve', '--data', server.data, '--listen', '0.0.0.0:1'), 1),
        (('serve', '--data', '/nonexistent', '--socket', '/tmp/x'), 1),
        (('ledger',), 2), (('ledger', 'renew'), 2), (('ledger', 'list', '--data', server.data), 0),
        (('ledger', 'renew', '--data', server.data), 1),
        (('--version',), 0), (('--help',), 0), (('user', 'list', '--data', server.data), 0),
    )
    for arguments, expected in cases:
        code, _, errors = run(*arguments)
        assert code == expected, (arguments, code, errors)
        assert expected == 0 or errors, arguments


TESTS = (test_sign_in, test_large_bodies, test_large_body_without_proxy, test_malformed,
         test_hostile_http, test_old_tls, test_compression,
         test_small_answer, test_live, test_blocked_by_command, test_told_of_commands,
         test_new_password, test_guessing, test_refresh_meanwhile, test_unknown_sender,
         test_crowded_office, test_stopped_at_work, test_hung_up,
         test_killed, test_backup, test_lost_ledger,
         test_logs,
         test_command_line)


def main():
    failed = 0
    print(f'1..{len(TESTS)}', flush=True)
    with tempfile.TemporaryDirectory() as folder:
        server = Server(folder)
        try:
            for number, test in enumerate(TESTS, 1):
                start = time.monotonic()
                try:
                    test(server)
                    result = 'ok'
                except Exception:  # every failure is a line of TAP
                    failed += 1
                    result = 'not ok'
                    print('# ' + traceback.format_exc().replace('\n', '\n# '))
                print(f'{result} {number} {test.__name__} # {time.monotonic() - start:.1f} s',
                      flush=True)
        finally:
            server.stop()
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
