#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Print the manifest for a build without network: offline-manifest.py BRANCH SDK SOURCE.

It is org.caseload.Caseload.yml with these changes and no others, so that the two cannot drift:
the runtime is the stand-in of that BRANCH; a module is left out when the folder SDK (the files of
the stand-in) holds its .pc file; no catalogue entry is composed, for which a stand-in has no tool; the tree itself comes from the folder SOURCE; warnings are errors,
and the unit tests are built and run, inside, with a display and without a network.
"""

import json
import pathlib
import sys

import yaml

HERE = pathlib.Path(__file__).resolve().parent
MANIFEST = HERE / "org.caseload.Caseload.yml"

TESTS = [
    # A network would show as a second device.
    "test \"$(sed -n 's/^ *\\([^:]*\\):.*/\\1/p' /proc/net/dev)\" = lo",
    "meson test --no-rebuild --print-errorlogs --timeout-multiplier 3 --suite core --suite store --suite client",
]


def is_in(sdk, module):
    """Does the runtime hold that library, to be linked with?"""
    return any(sdk.glob(f"lib/**/pkgconfig/{module['name']}.pc")) or (sdk / f"share/pkgconfig/{module['name']}.pc").exists()


def put_right_paths(module, source):
    """Paths in a manifest are relative to its folder, and this one lies elsewhere."""
    for entry in module["sources"]:
        if entry["type"] == "dir":
            entry["path"] = str(source)
        elif "path" in entry:
            entry["path"] = str((HERE / entry["path"]).resolve())


def with_tests(module):
    options = [option for option in module["config-opts"] if not option.startswith("-Dtests=")]
    module["config-opts"] = [*options, "-Dtests=true", "-Dwerror=true"]
    module["run-tests"] = True
    module["test-rule"] = ""
    module["test-commands"] = TESTS
    module["build-options"] = {
        "test-args": ["--socket=x11", "--share=ipc", "--env=CSL_TEST_DISPLAY=given"],
    }


def main():
    branch, sdk, source = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    manifest["runtime-version"] = branch
    manifest["appstream-compose"] = False
    manifest["modules"] = [module for module in manifest["modules"] if not is_in(sdk, module)]
    for module in manifest["modules"]:
        put_right_paths(module, source)
    with_tests(manifest["modules"][-1])
    json.dump(manifest, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
