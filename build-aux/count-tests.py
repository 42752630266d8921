#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Count what Meson's testlog.json and files of TAP report; the last line is "N passed, N failed".

A TAP test counts each of its cases, any other test counts once. A test that ended badly
without naming a failed case (a crash, a timeout) is one failure more. Skipped cases are
counted neither way and named. What a failed test said last is shown, because Meson keeps
the standard output of a TAP test in its log.
"""

import json
import pathlib
import re
import sys

GOOD = ('OK', 'EXPECTEDFAIL')
LAST_LINES = 60
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


def read_tests(path):
    """The entries of a log, or the one test of a file of TAP: without its plan it ended early."""
    text = path.read_text(encoding='utf-8') if path.exists() else ''
    if path.suffix == '.json':
        return [json.loads(line) for line in text.splitlines()]
    good = re.search(r'^1\.\.\d+$', text, re.M) and not re.search(r'^not ok', text, re.M)
    return [{'name': path.stem, 'stdout': text, 'result': 'OK' if good else 'FAIL'}]


def show_end(test):
    """The last lines of a failed test, of both of its outputs."""
    for title in ('stdout', 'stderr'):
        lines = test.get(title, '').splitlines()
        if lines:
            print(f'--- {test["name"]}: {title}, last {min(len(lines), LAST_LINES)} of {len(lines)} lines')
            print('\n'.join(lines[-LAST_LINES:]))


def main():
    passed, failed, skipped, bad = 0, 0, [], []
    tests = [test for name in sys.argv[1:] for test in read_tests(pathlib.Path(name))]
    for test in tests:
        counts = count_test(test)
        passed += counts[0]
        failed += counts[1]
        skipped += counts[2]
        if counts[1]:
            show_end(test)
            bad.append(f'{test["name"]} ({test["result"].lower()})')
    if not tests:
        print('no test was run')
        failed = 1
    for title, names in (('failed', bad), ('skipped', skipped)):
        for name in names:
            print(f'{title}: {name}')
    print(f'{passed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
