#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checkers are checked: a bad sample must be refused, a good one must pass."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(os.environ.get('CSL_TEST_SOURCE_ROOT',
                                   pathlib.Path(__file__).resolve().parents[2]))
SPDX = '/* SPDX-License-Identifier: GPL-3.0-or-later */\n'


class CheckerCase(unittest.TestCase):
    """Builds a small tree and runs one tool over it."""

    checker = None

    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)

    def write(self, name, text, spdx=True):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((SPDX if spdx else '') + text, encoding='utf-8')

    def run_checker(self, *arguments):
        return subprocess.run([sys.executable, str(ROOT / 'build-aux' / self.checker), *arguments],
                              capture_output=True, text=True, check=False)

    def check(self):
        return self.run_checker('--root', str(self.root), *self.extra)

    extra = ()

    def assert_passes(self):
        result = self.check()
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def assert_refused(self, *words):
        result = self.check()
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        for word in words:
            self.assertIn(word, result.stdout)


class LayersTest(CheckerCase):
    checker = 'check-layers.py'

    def setUp(self):
        super().setUp()
        for name in ('core/base/b.h', 'core/value/v.h', 'core/wire/w.h', 'core/sync/s.h',
                     'core/domain/d.h', 'store/st.h', 'client/net/n.h', 'client/app/a.h',
                     'client/ui/rows/u.h', 'server/http/h.h', 'server/auth/au.h'):
            self.write('src/' + name, '#include "config.h"\n#include <glib.h>\n')

    def test_permitted_includes_pass(self):
        for name, include in (('core/value/x.c', 'core/base/b.h'),
                              ('core/sync/x.c', 'core/wire/w.h'),
                              ('store/x.c', 'core/sync/s.h'),
                              ('client/app/x.c', 'client/net/n.h'),
                              ('client/ui/x.c', 'client/ui/rows/u.h'),
                              ('client/ui/y.c', 'core/domain/d.h'),
                              ('client/main.c', 'client/ui/rows/u.h'),
                              ('server/http/x.c', 'core/wire/w.h'),
                              ('server/jobs/x.c', 'server/auth/au.h'),
                              ('server/jobs/y.c', 'store/st.h')):
            self.write('src/' + name, f'#include "{include}"\n')
        self.assert_passes()

    def test_each_crossing_is_refused(self):
        for name, include in (('core/base/x.c', 'core/value/v.h'),
                              ('core/value/x.c', 'core/wire/w.h'),
                              ('core/domain/x.c', 'core/wire/w.h'),
                              ('core/sync/x.c', 'store/st.h'),
                              ('store/x.c', 'client/app/a.h'),
                              ('client/net/x.c', 'store/st.h'),
                              ('client/net/x.c', 'core/domain/d.h'),
                              ('client/ui/x.c', 'store/st.h'),
                              ('client/ui/x.c', 'core/wire/w.h'),
                              ('client/ui/x.c', 'client/net/n.h'),
                              ('server/http/x.c', 'server/auth/au.h'),
                              ('server/auth/x.c', 'client/app/a.h')):
            with self.subTest(name=name, include=include):
                self.write('src/' + name, f'#include "{include}"\n')
                self.assert_refused(f'src/{name}:2:', 'must not include')
                (self.root / 'src' / name).unlink()

    def test_hidden_layer_behind_a_header_is_refused(self):
        self.write('src/client/app/a.h', '#include "store/st.h"\n')
        self.write('src/client/ui/x.c', '#include "client/app/a.h"\n')
        self.assert_refused('src/client/ui/x.c:1:', 'client/app/a.h -> store/st.h')

    def test_unqualified_include_is_refused(self):
        self.write('src/core/base/x.c', '#include "b.h"\n')
        self.assert_refused('write the path from src/')

    def test_missing_file_is_refused(self):
        self.write('src/core/base/x.c', '#include "core/base/none.h"\n')
        self.assert_refused('is no file below src/')

    def test_unknown_folder_is_refused(self):
        self.write('src/core/odd/x.c', '')
        self.assert_refused('not in the table')

    def test_libraries_are_refused_by_layer(self):
        for name, header in (('core/sync/x.c', 'sqlite3.h'), ('core/outbox/x.c', 'sqlite3.h'),
                             ('core/outbox/x.c', 'libsoup/soup.h'), ('core/base/x.c', 'pthread.h'),
                             ('store/x.c', 'gtk/gtk.h'), ('client/app/x.c', 'adwaita.h'),
                             ('client/ui/x.c', 'libsoup/soup.h'),
                             ('server/jobs/x.c', 'sqlite3.h')):
            with self.subTest(name=name, header=header):
                self.write('src/' + name, f'#include <{header}>\n')
                self.assert_refused('must not use')
                (self.root / 'src' / name).unlink()

    def test_archive_with_a_clock_is_refused(self):
        bodies = {'good': 'int f (int);\nint f (int a) { return a; }\n',
                  'clock': '#include <time.h>\nlong f (void);\nlong f (void) { return time (0); }\n',
                  'random': '#include <stdlib.h>\nint f (void);\nint f (void) { return rand (); }\n',
                  'glib': 'long g_get_real_time (void);\nlong f (void);\n'
                          'long f (void) { return g_get_real_time (); }\n',
                  'thread': 'void g_thread_new (void);\nvoid f (void);\n'
                            'void f (void) { g_thread_new (); }\n',
                  'socket': '#include <sys/socket.h>\nint f (void);\n'
                            'int f (void) { return socket (1, 1, 0); }\n'}
        for name, body in bodies.items():
            with self.subTest(name=name):
                self.write('x.c', body)
                subprocess.run(['cc', '-c', 'x.c', '-o', 'x.o'], cwd=self.root, check=True)
                subprocess.run(['ar', 'rcs', f'{name}.a', 'x.o'], cwd=self.root, check=True)
                result = self.run_checker('--archive', str(self.root / f'{name}.a'))
                self.assertEqual(result.returncode, 0 if name == 'good' else 1, result.stdout)


class StyleTest(CheckerCase):
    checker = 'check-style.py'
    extra = ('--no-format',)

    def test_good_file_passes(self):
        self.write('src/core/base/x.c',
                   '/* time (0) and rand () may be mentioned in a comment. */\n'
                   'const char *text = "g_get_real_time";\n'
                   'int uptime (void);\n')
        self.write('src/client/ui/x.c', '/* The button is ours. */\n'
                   'g_signal_connect (button, "clicked", G_CALLBACK (button_clicked_cb), self);\n'
                   'g_signal_connect_object (b, "x", G_CALLBACK (gtk_widget_hide), self, 0);\n')
        self.assert_passes()

    def test_licence_line(self):
        self.write('src/core/base/x.c', 'int a;\n', spdx=False)
        self.assert_refused('src/core/base/x.c:1: licence')

    def test_licence_line_follows_the_interpreter(self):
        self.write('build-aux/tool', '#!/bin/bash\n# SPDX-License-Identifier: GPL-3.0-or-later\n',
                   spdx=False)
        self.assert_passes()
        self.write('build-aux/tool', '#!/bin/bash\necho\n', spdx=False)
        self.assert_refused('build-aux/tool:2: licence')

    def test_forbidden_text(self):
        for rule, name, text in (
                ('clock', 'src/core/base/x.c', 'a = g_get_real_time ();'),
                ('clock', 'src/server/jobs/x.c', 'a = time (NULL);'),
                ('clock', 'src/client/ui/x.c', 'a = g_date_time_new_now_utc ();'),
                ('random', 'src/store/x.c', 'a = g_random_int ();'),
                ('random', 'src/store/x.c', 'a = rand ();'),
                ('unsafe-string', 'src/store/x.c', 'strcpy (a, b);'),
                ('sleep', 'src/client/app/x.c', 'g_usleep (5);'),
                ('library-output', 'src/core/base/x.c', 'g_print ("x");'),
                ('exec-literal', 'src/store/x.c', 'sqlite3_exec (db, sql, NULL, NULL, NULL);'),
                ('exec-literal', 'src/store/x.c', 'sqlite3_exec (get (db), sql, 0, 0, 0);'),
                ('printf-sql', 'src/store/x.c',
                 'a = g_strdup_printf ("SELECT * FROM t WHERE a = \'%s\'", b);'),
                ('printf-sql', 'src/store/x.c', 'g_string_append_printf (s,\n  "delete from %s", t);'
                 .replace('delete from', 'DELETE FROM')),
                ('accept-certificate', 'src/client/net/x.c',
                 'g_signal_connect (m, "accept-certificate", cb, NULL);'),
                ('callback-name', 'src/client/ui/x.c', 'G_CALLBACK (on_click)'),
                ('deprecated', 'src/client/ui/x.c', 'adw_message_dialog_new (a, b, c);'),
                ('deprecated', 'src/client/ui/x.c', '#define ADW_DISABLE_DEPRECATION_WARNINGS'),
                ('definition-text', 'src/client/ui/x.c', 'gtk_label_new (field->label);'),
                ('definition-text', 'src/client/ui/x.c', 'show (get_field (binding)->help);'),
                ('signal', 'src/client/ui/x.c', '/* Far. */\na ();\nb ();\ng_signal_connect (a, "b", c, d);'),
                ('leftover', 'src/core/base/x.c', '/* TO' 'DO later */'),
                ('leftover', 'src/core/base/x.c', '/* FIX' 'ME */'),
                ('merge-marker', 'src/core/base/x.c', '<<<<<' '<< HEAD'),
                ('merge-marker', 'README.md', '>>>>>' '>> theirs')):
            with self.subTest(rule=rule, text=text):
                self.write(name, text + '\n')
                self.assert_refused(f': {rule}: ')
                (self.root / name).unlink()

    def test_literal_exec_passes(self):
        self.write('src/store/x.c', 'sqlite3_exec (db, "BEGIN IMMEDIATE", NULL, NULL, NULL);\n')
        self.assert_passes()

    def test_environment_may_read_the_clock(self):
        self.write('src/store/csl-env-system.c', 'a = g_get_real_time ();\n')
        self.write('tests/core/test-x.c', 'a = g_random_int ();\n')
        self.assert_passes()

    def test_allowance_needs_a_reason(self):
        self.write('src/store/x.c', '/* lint: allow sleep: the disk wants a rest */\n'
                   'g_usleep (5);\n')
        self.assert_passes()
        self.write('src/store/x.c', '/* lint: allow sleep: */\ng_usleep (5);\n')
        self.assert_refused(': sleep: ')

    def test_potfiles(self):
        self.write('src/client/ui/x.c', 'a = _ ("Text");\n')
        self.write('po/POTFILES', '', spdx=False)
        self.assert_refused('src/client/ui/x.c is missing')
        self.write('src/client/ui/x.c', 'a = { N_("Text") };\n')
        self.assert_refused('src/client/ui/x.c is missing')
        self.write('po/POTFILES', 'src/client/ui/x.c\nsrc/client/ui/gone.c\n', spdx=False)
        self.assert_refused('src/client/ui/gone.c has no text')
        self.write('po/POTFILES', 'src/client/ui/x.c\n', spdx=False)
        self.assert_passes()


class DocumentsTest(CheckerCase):
    checker = 'check-style.py'
    extra = ('--documents',)

    def test_documents_lead_somewhere(self):
        self.write('src/core/base/x.c', 'int a;\n')
        self.write('README.md', '[a](src/core/base/x.c#top) `src/core/base/x.c` [w](https://x.org)\n'
                   '`src/<area>/y.c` `src/core/NAME.c` `src/core/base/x.{c,c}`\n', spdx=False)
        self.assert_passes()
        self.write('README.md', '\n[a](docs/none.md)\n', spdx=False)
        self.assert_refused('README.md:2: document: docs/none.md')
        self.write('README.md', 'See `src/core/base/x.{c,h}`.\n', spdx=False)
        self.assert_refused('README.md:1: document: src/core/base/x.h')


class FormatTest(CheckerCase):
    checker = 'check-style.py'

    def setUp(self):
        super().setUp()
        shutil.copy(ROOT / '.clang-format', self.root)
        self.write('src/core/base/x.c', 'int  f( int a ){ return a; }\n')

    def test_unformatted_file_is_refused_and_fixed(self):
        self.assert_refused('src/core/base/x.c:1: format: not formatted')
        result = self.run_checker('--root', str(self.root), '--fix')
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assert_passes()

    def test_other_formatter_is_refused(self):
        """Put a formatter of another version first on a PATH that has no other."""
        tools = self.root / 'tools'
        tools.mkdir()
        fake = tools / 'clang-format'
        fake.write_text('#!/bin/sh\n# SPDX-License-Identifier: GPL-3.0-or-later\n'
                        'echo "clang-format version 19.1.0"\n', encoding='utf-8')
        fake.chmod(0o755)
        os.symlink(shutil.which('git'), tools / 'git')
        result = subprocess.run(
            [sys.executable, str(ROOT / 'build-aux' / self.checker), '--root', str(self.root)],
            capture_output=True, text=True, check=False, env={'PATH': str(tools)})
        self.assertEqual(result.returncode, 1)
        self.assertIn('clang-format 14 is needed', result.stdout)


class CountTest(CheckerCase):
    checker = 'count-tests.py'

    def count(self, *entries):
        log = self.root / 'testlog.json'
        log.write_text(''.join(json.dumps(entry) + '\n' for entry in entries), encoding='utf-8')
        result = self.run_checker(str(log))
        return result.returncode, result.stdout.splitlines()

    def test_cases_and_tests_are_added(self):
        tap = 'TAP version 13\n1..3\nok 1 /a\n# a note\nok 2 /b\nok 3 /c # SKIP no disk\n'
        code, lines = self.count({'name': 'tap', 'result': 'OK', 'stdout': tap},
                                 {'name': 'plain', 'result': 'OK', 'stdout': 'fine\n'})
        self.assertEqual((code, lines), (0, ['skipped: tap: /c', '3 passed, 0 failed']))

    def test_failures_are_named(self):
        code, lines = self.count({'name': 'tap', 'result': 'FAIL',
                                  'stdout': 'ok 1 /a\nnot ok 2 /b\nnot ok - /c\n'})
        self.assertEqual((code, lines[-2:]), (1, ['failed: tap (fail)', '1 passed, 2 failed']))

    def test_a_failure_shows_what_was_said_last(self):
        said = ''.join(f'# line {number}\n' for number in range(100))
        code, lines = self.count({'name': 'good', 'result': 'OK', 'stdout': '# good line\nok 1 /a\n'},
                                 {'name': 'tap', 'result': 'ERROR', 'stdout': said + 'not ok 1 /b\n',
                                  'stderr': 'why\n'})
        self.assertEqual(code, 1)
        self.assertIn('--- tap: stdout, last 60 of 101 lines', lines)
        self.assertNotIn('# line 40', lines)
        self.assertTrue({'# line 41', '# line 99', 'not ok 1 /b', 'why'} <= set(lines))
        self.assertNotIn('# good line', lines)

    def test_a_crash_is_a_failure(self):
        code, lines = self.count({'name': 'tap', 'result': 'ERROR', 'stdout': 'ok 1 /a\n'},
                                 {'name': 'slow', 'result': 'TIMEOUT', 'stdout': ''})
        self.assertEqual((code, lines[-1]), (1, '1 passed, 2 failed'))

    def test_a_file_of_tap_counts_like_a_test(self):
        path = self.root / 'suite.tap'
        for text, expected in (('ok 1 - a\nok 2 - b\n1..2\n', '2 passed, 0 failed'),
                               ('ok 1 - a\nnot ok 2 - b\n1..2\n', '1 passed, 1 failed'),
                               ('ok 1 - a\n', '1 passed, 1 failed'),
                               ('', '0 passed, 1 failed')):
            with self.subTest(text=text):
                path.write_text(text, encoding='utf-8')
                self.assertEqual(self.run_checker(str(path)).stdout.splitlines()[-1], expected)

    def test_nothing_run_is_a_failure(self):
        self.assertEqual(self.count(), (1, ['no test was run', '0 passed, 1 failed']))


if __name__ == '__main__':
    unittest.main(verbosity=2)
