#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Count what Meson's testlog.json reports; the last line is "N passed, N failed".

A TAP test counts each of its cases, any other test counts once. A test that ended badly
without naming a failed case (a crash, a timeout) is one failure more. Skipped cases are
counted neither way and named.
"""

import json
import pathlib
import re
import sys

GOOD = ('OK', 'EXPECTEDFAIL')
CASE = re.compile(r'^(not ok|ok)\b[ \t]*\d*[ \t]*-?[ \t]*([^#\n]*)(?:#[ \t]*(\w+))?', re.M)


def count_test(test):
    """(passed, failed, names of skipped) of one entry of the log."""
    if test['result'] == 'SKIP':
        return 0, 0, [test['name']]
    passed, failed, skipped = 0, 0, []
    for state, name, directive in CASE.findall(test.get('stdout', '')):
        if directive.lower().startswith('skip'):
            skipped.append(f'{test["name"]}: {name.strip()}')
        elif state == 'ok':
            passed += 1
        elif directive.lower() != 'todo':
            failed += 1
    good = test['result'] in GOOD
    if good and passed == 0 and not skipped:
        passed = 1
    if not good and failed == 0:
        failed = 1
    return passed, failed, skipped


def main():
    path = pathlib.Path(sys.argv[1])
    passed, failed, skipped, bad = 0, 0, [], []
    lines = path.read_text(encoding='utf-8').splitlines() if path.exists() else []
    for line in lines:
        test = json.loads(line)
        counts = count_test(test)
        passed += counts[0]
        failed += counts[1]
        skipped += counts[2]
        if counts[1]:
            bad.append(f'{test["name"]} ({test["result"].lower()})')
    if not lines:
        print('no test was run')
        failed = 1
    for title, names in (('failed', bad), ('skipped', skipped)):
        for name in names:
            print(f'{title}: {name}')
    print(f'{passed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
