#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the manifest to a home visit in the sandbox, without a network: test_sandbox.py SUITE.

build-aux/flatpak calls it for each Debian suite that runtimes are made of. FLATPAK_SYSTEM_DIR is
the folder of the runtimes; CSL_TEST_FLATPAK the folder to build in.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(os.environ["CSL_TEST_SOURCE_ROOT"])
WORK = pathlib.Path(os.environ["CSL_TEST_FLATPAK"])
BUILT = WORK / "state" / "build" / "caseload-1" / "_flatpak_build"
os.environ["CSL_TEST_DRIVER"] = str(WORK / "driver" / "libcaseload-test-driver.so")
sys.path.insert(0, str(SOURCE / "tests" / "e2e"))

import test_visit_story  # noqa: E402
from caseload_story import Story  # noqa: E402
from caseload_world import World  # noqa: E402
from sandboxed import APP, Sandboxed  # noqa: E402
from test_manifest import PERMISSIONS  # noqa: E402

# Nothing of it may be in the package.
NOT_SHIPPED = ("test-driver", "giomodule", "caseload-server", "csl-worker-tool", "/tests/", "nginx")


def run(*command, **options):
    """What a command says; when it fails, the end of all it said is the message."""
    done = subprocess.run(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options
    )
    if done.returncode != 0:
        raise AssertionError(f"{command[0]} ended with {done.returncode}:\n{done.stdout[-6000:]}")
    return done.stdout


class Check:
    def __init__(self, story, suite):
        self.story = story
        self.suite = suite
        self.sdk = pathlib.Path(os.environ["FLATPAK_SYSTEM_DIR"]) / "runtime" / "org.gnome.Sdk"
        self.gpg = pathlib.Path(tempfile.mkdtemp(prefix="csl-gpg.", dir="/tmp"))
        self.out = WORK / "out"

    def tell(self):
        with self.story.step(f"The client builds for {self.suite} without a network; its unit tests pass inside"):
            self.build()
        with self.story.step("Repository and bundle carry the signature; another key is refused"):
            self.check_signatures()
        with self.story.step("The bundle installs for one person"):
            run("flatpak", "--user", "install", "-y", "--noninteractive", "--bundle", self.out / "Caseload.flatpak")
            self.story.say(f"bundle {(self.out / 'Caseload.flatpak').stat().st_size / 1e6:.1f} MB")
        with self.story.step("It may do what the list says and nothing else"):
            self.check_permissions()
        with self.story.step("Nothing of the tests and the server is installed"):
            self.check_files()
        with World(worker=Sandboxed) as world:
            test_visit_story.tell_in(world, self.story)
            with self.story.step("What the program wrote lies in its own folder"):
                self.check_homes(world)

    def close(self):
        subprocess.run(["gpgconf", "--homedir", self.gpg, "--kill", "all"], check=False)
        shutil.rmtree(self.gpg, ignore_errors=True)

    # -- steps --

    def make_key(self, name):
        """A key that signs for the time of this test; its name is its fingerprint."""
        gpg = ("gpg", "--homedir", self.gpg, "--batch", "--quiet")
        run(*gpg, "--pinentry-mode", "loopback", "--passphrase", "", "--quick-generate-key", name, "ed25519", "sign")
        lines = run(*gpg, "--with-colons", "--list-keys", f"={name}").splitlines()
        return next(line.split(":")[9] for line in lines if line.startswith("fpr"))

    def build(self):
        """Everything that flatpak/publish does, on the manifest for builds without a network."""
        began = time.monotonic()
        source = WORK / "source"
        copy_tree(source)
        sdk = next(self.sdk.glob("*/*/active/files"))
        manifest = WORK / f"{APP}.json"
        manifest.write_text(run(SOURCE / "flatpak" / "offline-manifest.py", self.suite, sdk, source))
        shutil.rmtree(self.out, ignore_errors=True)
        shutil.rmtree(WORK / "state" / "build", ignore_errors=True)
        key = self.make_key("Signs for a test")
        said = run(
            SOURCE / "flatpak" / "publish", "--key", key, "--gpg-home", self.gpg,
            "--url", f"file://{self.out}/repo", "--manifest", manifest, self.out, "--",
            "--disable-rofiles-fuse", "--disable-download", "--ccache", "--keep-build-dirs", f"--state-dir={WORK}/state",
        )  # fmt: skip
        (WORK / "build.log").write_text(said)
        assert "Unknown property" not in said, said[:2000]
        counts = run(SOURCE / "build-aux" / "count-tests.py", BUILT / "meson-logs" / "testlog.json").splitlines()[-1]
        assert counts.endswith(" 0 failed") and not counts.startswith("0 "), counts
        self.story.say(f"inside: {counts}; all of it {time.monotonic() - began:.0f} s")
        module = pathlib.Path(os.environ["CSL_TEST_DRIVER"])
        module.parent.mkdir(exist_ok=True)
        shutil.copy(BUILT / "tests" / "e2e" / "driver" / module.name, module)

    def check_signatures(self):
        """Subscribing by the .flatpakrepo works, and does not when it names another key."""
        card = self.out / "caseload.flatpakrepo"
        run("flatpak", "--user", "remote-add", "signed", card)
        assert APP in run("flatpak", "--user", "remote-ls", "--columns=application", "signed")
        run("flatpak", "--user", "install", "-y", "--noninteractive", "signed", APP)
        run("flatpak", "--user", "uninstall", "-y", "--noninteractive", APP)
        run("flatpak", "--user", "remote-delete", "--force", "signed")
        other = self.gpg / "other.gpg"
        run("gpg", "--homedir", self.gpg, "--batch", "--export", "--output", other, self.make_key("Somebody else"))
        try:
            run("flatpak", "--user", "remote-add", f"--gpg-import={other}", "wrong", f"file://{self.out}/repo")
        except AssertionError as refusal:
            assert "public key not found" in str(refusal), refusal
        else:
            raise AssertionError("a repository signed with another key was accepted")

    def check_permissions(self):
        said = run("flatpak", "info", "--show-permissions", APP)
        assert parse_permissions(said) == PERMISSIONS, said
        for line in said.split():
            self.story.say(line)

    def check_files(self):
        folder = pathlib.Path(run("flatpak", "info", "--show-location", APP).strip())
        names = [str(path.relative_to(folder)) for path in folder.rglob("*")]
        found = [name for name in names if any(word in f"/{name}" for word in NOT_SHIPPED)]
        assert not found, found
        assert f"files/share/licenses/{APP}/COPYING" in names, names
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
        self.story.say(f"{len(names)} files and folders, {size / 1e6:.1f} MB")

    def check_homes(self, world):
        for client in world.clients:
            assert (client.user_home / ".var" / "app" / APP / "data" / "caseload").is_dir(), client.name
            assert not client.foreign_files(), client.foreign_files()


def parse_permissions(text):
    """{(group, key): set of values} of what flatpak info prints."""
    found, group = {}, ""
    for line in text.splitlines():
        if line.startswith("["):
            group = line.strip("[]")
        elif "=" in line:
            key, _, values = line.partition("=")
            found[group, key] = set(filter(None, values.split(";")))
    return found


def copy_tree(target):
    """What is tracked, or would be, without build folders."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    names = run("git", "-c", f"safe.directory={SOURCE}", "-C", SOURCE, "ls-files", "-co", "--exclude-standard")
    for name in names.splitlines():
        if (SOURCE / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(SOURCE / name, target / name)


def main():
    story = Story(f"flatpak-{sys.argv[1]}")
    check = Check(story, sys.argv[1])
    try:
        return story.run(lambda _story: check.tell())
    finally:
        check.close()


if __name__ == "__main__":
    sys.exit(main())
