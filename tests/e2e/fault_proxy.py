# SPDX-License-Identifier: GPL-3.0-or-later
"""A TCP relay that behaves like a bad network: it cuts, loses answers, delays, stalls; seeded, so that a run can be repeated."""

import asyncio
import random
import threading


class FaultProxy:
    """Relays 127.0.0.1:port to a target in a thread of its own. It sees ciphertext only, as a network does."""

    def __init__(self, target_port, seed):
        self.target_port = target_port
        self.random = random.Random(seed)
        self.cut_chance = 0.0  # of a connection, at a random byte of either direction
        self.lose_chance = 0.0  # of a connection: requests arrive, from some byte on answers do not
        self.delay = 0.0  # at most, seconds for a piece
        self.closed = False  # nothing gets through
        self.quota = None  # bytes of answers that still come; then they wait
        self.counts = {"connections": 0, "cut": 0, "lost": 0}
        self.port = None
        self._writers = set()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self):
        self._thread.start()
        self._ready.wait()
        return self

    def stop(self):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def quiet(self):
        """No faults from now on; connections that are open go on."""
        self.cut_chance = self.lose_chance = self.delay = 0.0
        self.closed = False
        self.quota = None

    def stall_after(self, count):
        """So many bytes of answers come; the others wait for quiet(), and no connection is cut."""
        self.quota = count

    def drop_all(self):
        """Cuts every open connection."""
        self._loop.call_soon_threadsafe(self._drop_all)

    def _drop_all(self):
        for writer in list(self._writers):
            writer.transport.abort()

    def _run(self):
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        self._drop_all()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    def _plan(self):
        """Bytes after which the connection is cut or the answers vanish; None: never."""
        cut = lose = None
        if self.random.random() < self.cut_chance:
            cut = int(2 ** self.random.uniform(6, 17))
        elif self.random.random() < self.lose_chance:
            # Beyond a TLS handshake, so that a request gets through.
            lose = 2500 + int(2 ** self.random.uniform(4, 13))
        return cut, lose

    async def _serve(self, reader, writer):
        self.counts["connections"] += 1
        if self.closed:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target_port)
        except OSError:
            writer.transport.abort()
            return
        pair = {writer, far_writer}
        self._writers |= pair
        cut, lose = self._plan()
        state = {"left": cut, "pair": pair}
        pumps = asyncio.gather(
            self._pump(reader, far_writer, state, None), self._pump(far_reader, writer, state, lose, self._stall)
        )
        try:
            await pumps
        except (OSError, asyncio.CancelledError):
            pumps.cancel()
        finally:
            self._writers -= pair
            for end in pair:
                end.transport.abort()

    async def _stall(self, count):
        """Until that many bytes more may pass."""
        while self.quota is not None and self.quota <= 0:
            await asyncio.sleep(0.02)
        if self.quota is not None:
            self.quota -= count

    async def _pump(self, reader, writer, state, lose, stall=None):
        passed = 0
        while data := await reader.read(16384):
            if stall is not None:
                await stall(len(data))
            if self.delay:
                await asyncio.sleep(self.random.uniform(0, self.delay))
            if state["left"] is not None:
                if len(data) >= state["left"]:
                    writer.write(data[: state["left"]])
                    self._cut("cut")
                state["left"] -= len(data)
            passed += len(data)
            if lose is not None and passed > lose:
                # The other side has done the work by now, and nobody here will hear of it.
                await asyncio.sleep(0.05)
                self._cut("lost")
            writer.write(data)
            await writer.drain()
        writer.write_eof() if writer.can_write_eof() else None

    def _cut(self, what):
        self.counts[what] += 1
        raise ConnectionAbortedError
