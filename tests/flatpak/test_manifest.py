#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Flatpak manifest may say: no more permissions than these, no source without a hash, one id everywhere."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import yaml

ROOT = pathlib.Path(os.environ.get("CSL_TEST_SOURCE_ROOT") or pathlib.Path(__file__).resolve().parents[2])
APP = "org.caseload.Caseload"
MANIFEST = ROOT / "flatpak" / f"{APP}.yml"

FINISH_ARGS = ["--share=network", "--share=ipc", "--socket=wayland", "--socket=fallback-x11", "--device=dri"]
# The same, as `flatpak info --show-permissions` says it: fallback-x11 is x11 for as long as there is no Wayland.
PERMISSIONS = {
    ("Context", "shared"): {"network", "ipc"},
    ("Context", "sockets"): {"x11", "wayland", "fallback-x11"},
    ("Context", "devices"): {"dri"},
}
SHA256 = re.compile(r"[0-9a-f]{64}")


def load():
    return yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))


class ManifestTest(unittest.TestCase):
    def setUp(self):
        self.manifest = load()

    def sources(self):
        return [(module["name"], source) for module in self.manifest["modules"] for source in module["sources"]]

    def test_permissions_are_the_list(self):
        self.assertEqual(self.manifest["finish-args"], FINISH_ARGS)

    def test_no_module_gets_the_network(self):
        self.assertNotIn("build-options", self.manifest)
        for module in self.manifest["modules"]:
            self.assertNotIn("build-options", module)

    def test_every_source_has_a_hash(self):
        for name, source in self.sources():
            with self.subTest(module=name):
                if source["type"] == "dir":
                    self.assertEqual((name, source["path"]), ("caseload", ".."))
                elif source["type"] == "git":
                    self.assertRegex(source["commit"], r"^[0-9a-f]{40}$")
                else:
                    self.assertRegex(source["sha256"], f"^{SHA256.pattern}$")
                    self.assertTrue(("url" in source) != ("path" in source))

    def test_addresses_are_encrypted(self):
        for name, source in self.sources():
            with self.subTest(module=name):
                self.assertRegex(source.get("url", "https://"), "^https://")

    def test_sqlite_is_the_pinned_file(self):
        wrap = (ROOT / "subprojects" / "sqlite3mc.wrap").read_text(encoding="utf-8")
        fetch = (ROOT / "build-aux" / "fetch-sqlite3mc").read_text(encoding="utf-8")
        source = next(source for _name, source in self.sources() if source["type"] == "file")
        self.assertIn(f"source_hash = {source['sha256']}", wrap)
        self.assertIn(f"sha256={source['sha256']}", fetch)
        self.assertIn(pathlib.Path(source["path"]).name, wrap)

    def test_only_the_client_is_built(self):
        module = self.manifest["modules"][-1]
        self.assertEqual(module["name"], "caseload")
        self.assertIn("-Dserver=false", module["config-opts"])
        self.assertIn("-Dtests=false", module["config-opts"])

    def test_one_id_everywhere(self):
        self.assertEqual(self.manifest["id"], APP)
        self.assertEqual(self.manifest["command"], "caseload")
        self.assertIn(f"application_id = '{APP}'", (ROOT / "meson.build").read_text(encoding="utf-8"))
        metainfo = (ROOT / "data" / f"{APP}.metainfo.xml.in").read_text(encoding="utf-8")
        self.assertIn(f"<id>{APP}</id>", metainfo)
        self.assertIn(f"{APP}.desktop</launchable>", metainfo)
        schema = (ROOT / "data" / f"{APP}.gschema.xml").read_text(encoding="utf-8")
        self.assertIn(f'id="{APP}"', schema)
        desktop = (ROOT / "data" / f"{APP}.desktop.in").read_text(encoding="utf-8")
        self.assertIn(f"Icon={APP}\n", desktop)
        self.assertTrue((ROOT / "data/icons/hicolor/scalable/apps" / f"{APP}.svg").is_file())

    def test_offline_manifest_differs_only_where_it_says(self):
        """Nothing that a user gets is another in the build without network."""
        offline = self.offline(holds=["libsodium"])
        self.assertEqual(offline["runtime-version"], "suite")
        for key in self.manifest.keys() - {"runtime-version", "modules"}:
            self.assertEqual(offline[key], self.manifest[key], key)
        self.assertEqual(offline.keys() - self.manifest.keys(), {"appstream-compose"})
        self.assertEqual([module["name"] for module in offline["modules"]], ["caseload"])
        self.assertEqual(
            [(source["type"], source.get("sha256")) for source in offline["modules"][0]["sources"]],
            [(source["type"], source.get("sha256")) for source in self.manifest["modules"][-1]["sources"]],
        )

    def test_offline_manifest_builds_what_the_runtime_lacks(self):
        names = [module["name"] for module in self.offline(holds=[])["modules"]]
        self.assertEqual(names, ["libsodium", "caseload"])

    def offline(self, holds):
        with tempfile.TemporaryDirectory() as folder:
            sdk = pathlib.Path(folder)
            (sdk / "lib/any/pkgconfig").mkdir(parents=True)
            for name in holds:
                (sdk / "lib/any/pkgconfig" / f"{name}.pc").touch()
            command = ["/usr/bin/python3", ROOT / "flatpak" / "offline-manifest.py", "suite", sdk, "/source"]
            return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


if __name__ == "__main__":
    unittest.main()
