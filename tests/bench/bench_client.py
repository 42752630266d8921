# SPDX-License-Identifier: GPL-3.0-or-later
"""The real client with 100,000 notes beside an empty AdwApplicationWindow: start to the first frame, memory, and how
smoothly the list of cases scrolls, and what a letter in the search costs. Runs below Xvfb with the cairo renderer.

bench_client.py [start] [memory] [scroll] [palette]: the parts to run; none: all. CSL_BENCH_NOTES sets another number of notes."""

import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(os.environ.get("CSL_TEST_SOURCE_ROOT") or pathlib.Path(__file__).resolve().parents[2])
sys.path.insert(0, str(SOURCE / "tests" / "e2e"))

from caseload_world import BUILD, CLIENT, DRIVER, Worker, end_group, start_server  # noqa: E402

BENCH = BUILD / "tests" / "bench"
PROBE = BENCH / "probe" / "libcaseload-bench-probe.so"
NOTES = int(os.environ.get("CSL_BENCH_NOTES", "100000"))
CASES = 1000
STARTS = 12
SETTLE_S = 3
# Of the demo's stories, a name, a command and part of a phone number.
PALETTE_WORDS = ("letter", "landlord", "amina", "new note", "sync", "077009")


class Report:
    """Figures as TAP, each beside its limit."""

    def __init__(self):
        self.n = 0

    def figure(self, name, figure, limit, unit, least=False):
        self.n += 1
        good = figure >= limit if least else figure <= limit
        ratio = f" (ratio {figure / limit:.2f})"
        print(f"{'ok' if good else 'not ok'} {self.n} - {name}: {figure:.1f} {unit} beside {limit:.1f} {unit}{ratio}", flush=True)

    def note(self, text):
        print(f"# {text}", flush=True)

    def finish(self):
        print(f"1..{self.n}")


def resident_mib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no memory")


def busy_s(pid):
    """Processor seconds so far."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def thread_ms(pid):
    """Processor time of the main thread so far, in milliseconds."""
    return int(pathlib.Path(f"/proc/{pid}/task/{pid}/schedstat").read_text().split()[0]) / 1e6


def wait_quiet(pid):
    """Until the program has had nothing to do for a second."""
    before = busy_s(pid)
    while True:
        time.sleep(1)
        now = busy_s(pid)
        if now - before < 0.05:
            return
        before = now


class Run:
    """One run of a program with the probe in it."""

    def __init__(self, program, environment, report, *arguments):
        self.report = report
        report.unlink(missing_ok=True)
        environment = dict(environment, GIO_EXTRA_MODULES=str(PROBE.parent), CASELOAD_BENCH_REPORT=str(report))
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [program, *arguments], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def moment_ms(self, name, seconds=30):
        """Milliseconds from the start until the probe wrote that line."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.report.exists():
                for line in self.report.read_text().splitlines():
                    words = line.split()
                    if len(words) > 1 and words[0] == name:
                        return int(words[1]) / 1000 - self.started * 1000
            time.sleep(0.01)
        raise RuntimeError(f"no {name} after {seconds} s")

    def end(self):
        self.process.terminate()
        self.process.wait()


class Bench:
    def __init__(self):
        self.out = Report()
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="csl-bench.", dir="/tmp"))
        self.server = None

    def close(self):
        if self.server is not None:
            end_group(self.server, signal.SIGTERM)
        shutil.rmtree(self.root, ignore_errors=True)

    def set_up(self):
        """A signed-in worker whose computer has everything."""
        subprocess.run([BENCH / "bench-make-world", self.root, str(CASES), str(NOTES)], check=True)
        self.server, url, ca_file = start_server(self.root / "server", self.root / "front")
        modules = f"{DRIVER.parent}:{PROBE.parent}"
        self.worker = Worker(
            CLIENT, DRIVER, self.root / "home", "amina", {"GIO_EXTRA_MODULES": modules, "CASELOAD_BENCH_REPORT": str(self.root / "report")}
        )
        self.worker.start("--server", url, "--ca-file", ca_file)
        self.worker.wait(id="sign_in_button")
        self.worker.type("amina", id="username")
        self.worker.type("correct horse battery", id="password")
        self.worker.click(id="sign_in_button")
        self.worker.choose_pin()
        started = time.monotonic()
        self.worker.wait(seconds=30, type="CslSyncButton")
        while "aved on the server" not in self.worker.sentence():
            time.sleep(0.2)
        self.out.note(f"signed in, and {NOTES} notes here, after {time.monotonic() - started:.1f} s")
        wait_quiet(self.worker.process.pid)
        self.out.note(f"memory right after the first sync: {resident_mib(self.worker.process.pid):.1f} MiB")
        self.worker.stop()

    def empty(self):
        return Run(BENCH / "bench-empty", self.worker.environment(), self.root / "report")

    def client(self):
        """As it starts where somebody has worked before: it asks for the PIN."""
        environment = dict(self.worker.environment(), CASELOAD_BENCH_CONTENT="CslUnlockPage")
        return Run(CLIENT, environment, self.root / "report")

    def start(self):
        empty, first, content = [], [], []
        for _ in range(STARTS):
            run = self.empty()
            empty.append(run.moment_ms("frame"))
            run.end()
            run = self.client()
            first.append(run.moment_ms("frame"))
            content.append(run.moment_ms("content"))
            run.end()
        self.out.note(f"empty window: median {statistics.median(empty):.0f} ms, best {min(empty):.0f} ms")
        self.out.note(f"client, first frame: median {statistics.median(first):.0f} ms, best {min(first):.0f} ms")
        self.out.note(f"client, frame that asks for the PIN: median {statistics.median(content):.0f} ms, best {min(content):.0f} ms")
        self.out.figure("start to first frame, median beside twice the empty window", statistics.median(first), 2 * statistics.median(empty), "ms")
        self.out.figure("start to first frame, best beside twice the best", min(first), 2 * min(empty), "ms")

    def memory(self):
        empty = self.empty()
        empty.moment_ms("frame")
        self.worker.open_again()
        time.sleep(SETTLE_S)
        wait_quiet(self.worker.process.pid)
        limit = 1.6 * resident_mib(empty.process.pid)
        self.out.figure("resident memory beside 1.6 times the empty window", resident_mib(self.worker.process.pid), limit, "MiB")
        self.worker.stop()
        empty.end()

    def scroll(self):
        self.worker.open_again()
        self.worker.wait(text="My Cases", under="CslSidebar")
        self.worker.action("win.show-section", "'cases'")
        self.worker.wait(type="CslCaseRow")
        wait_quiet(self.worker.process.pid)
        report = self.root / "report"
        report.unlink(missing_ok=True)
        self.worker.process.send_signal(signal.SIGUSR1)
        while not report.exists() or "scroll" not in report.read_text():
            time.sleep(0.2)
        words = [line for line in report.read_text().splitlines() if line.startswith("scroll")][0].split()
        frames, elapsed_us = int(words[1]), int(words[2])
        costs = sorted(int(word) / 1000 for word in words[3:])
        self.out.note(f"cost of a frame: median {costs[len(costs) // 2]:.1f} ms, 95 of 100 within {costs[len(costs) * 95 // 100]:.1f} ms")
        self.out.figure("scrolling the list of cases", frames * 1e6 / elapsed_us, 50, "frames a second", least=True)
        self.worker.stop()


    def palette(self):
        """Words typed letter by letter into the search: what each costs the main thread until the new lines are there.
        Drawing them comes with the next frame; the blinking of the cursor alone would hide it in a longer measurement."""
        self.worker.open_again()
        self.worker.wait(text="My Cases", under="CslSidebar")
        self.worker.action("win.search")
        entry = {"id": "entry", "under": "CslSearchPage"}
        self.worker.wait(**entry)
        pid, costs, lines = self.worker.process.pid, [], []
        for word in PALETTE_WORDS:
            self.worker.type("", **entry)
            for letter in word:
                self.worker.get("text", **entry)
                before = thread_ms(pid)
                self.worker.append(letter, **entry)
                # Answered only after the entry has told of its new text: what is due comes before what arrives.
                self.worker.get("text", **entry)
                costs.append(thread_ms(pid) - before)
                lines.append(len(self.worker.find(type="CslSearchRow")))
        costs.sort()
        self.out.note(f"{len(costs)} letters; lines found: {statistics.median(lines):.0f}; dearest letter {costs[-1]:.1f} ms")
        self.out.figure("a letter in the search, median", statistics.median(costs), 16, "ms")
        self.out.figure("a letter in the search, 95 of 100", costs[len(costs) * 95 // 100], 16, "ms")
        self.worker.stop()


def main():
    parts = sys.argv[1:] or ["start", "memory", "scroll", "palette"]
    bench = Bench()
    try:
        bench.set_up()
        for part in parts:
            getattr(bench, part)()
        bench.out.finish()
    finally:
        if getattr(bench, "worker", None) is not None:
            bench.worker.stop()
        bench.close()


if __name__ == "__main__":
    main()
