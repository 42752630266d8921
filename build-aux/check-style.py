#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the form of the source: formatter, licence line, forbidden calls, leftovers.

--fix [FOLDER…]  run the formatter over the C files and rewrite po/POTFILES
--documents      check only that links and paths in the documents lead somewhere
--report         list long files and functions; a reviewer decides, nothing fails

A rule is switched off for one line by a comment on it or on the line above it:
    /* lint: allow RULE: the reason */
"""

import argparse
import pathlib
import re
import subprocess
import sys

FORMATTER_VERSION = '14'
SPDX = 'SPDX-License-Identifier: GPL-3.0-or-later'
CODE = ('.c', '.h', '.py', '.sh', '.ui', '.css', '.sql', '.xml', '.json')

# name, where (regular expression on the path), what, message. Comments and the contents of
# strings are blanked before the search.
CODE_RULES = (
    ('clock', r'^src/(?!client/main\.c$|(.*/)?csl-env-[^/]*\.c$).*\.[ch]$',
     r'\bg_get_real_time\b|\bg_date_time_new_now\w*|\bgettimeofday\s*\(|(?<![\w.>])time\s*\(',
     'the time comes from CslEnv'),
    ('random', r'^src/(?!client/main\.c$|server/demo/csd-demo-world\.c$|(.*/)?csl-env-[^/]*\.c$).*\.[ch]$',
     r'\bg_rand(om)?_\w+|\bg_uuid_string_random\b|(?<![\w.>])s?rand(om)?\s*\(',
     'random bytes come from CslEnv (keys and salts from libsodium)'),
    ('unsafe-string', r'^(src|tests)/.*\.[ch]$',
     r'\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|atof)\s*\(',
     'use the GLib function that knows the size or reports the error'),
    ('sleep', r'^src/.*\.[ch]$', r'\b(g_usleep|usleep|sleep|nanosleep)\s*\(',
     'wait for an event, not for time to pass'),
    ('library-output', r'^src/(core|store|client/net|client/app|server/http)/.*\.c$',
     r'\b(g_print|g_printerr|g_message|printf|puts)\s*\(',
     'only the edge of a program speaks; return a GError'),
    ('exec-literal', r'^src/.*\.[ch]$', r'\bsqlite3_exec\s*\(\s*[^,()]+(\([^()]*\))?[^,()]*,\s*(?!")\S',
     'sqlite3_exec takes a literal; everything else is a prepared statement'),
    ('deprecated', r'^src/client/ui/(?!wrap/).*\.[ch]$',
     r'\b(adw_(message_dialog|leaflet|flap|show_about_window|about_window|expander_row_add_action|action_row_set_icon_name)\w*'
     r'|gtk_(file_chooser_(?!error)|style_context_|widget_get_style_context|dialog_|message_dialog_)\w*)\s*\('
     r'|\b(ADW|GDK)_DISABLE_DEPRECATION_WARNINGS\b',
     'newer toolkits have another call for it: it lives in a file of src/client/ui/wrap'),
    ('definition-text', r'^src/client/.*\.c$',
     r'(\b(\w*field|type|column|transition|section|entry->type)|\))->(label|label_plural|help|unit)\b',
     'words of definitions come from core/schema/csl-label.h, in the language of the person'),
    ('callback-name', r'^src/.*\.c$',
     r'\bG_CALLBACK\s*\(\s*(?!(g|gtk|adw|gdk)_)(?!\w+_cb\s*\))\w+\s*\)',
     'the name of a callback ends in _cb'),
)

# The same over the text as it stands.
TEXT_RULES = (
    ('printf-sql', r'^src/.*\.[ch]$',
     r'printf\w*\s*\([^;"]*"\s*(SELECT|INSERT|UPDATE|DELETE|REPLACE|CREATE|ALTER|DROP|ATTACH|WITH)\b'
     r'[^;]*?%',
     'values are bound, never printed into SQL'),
    ('accept-certificate', r'^src/.*\.[ch]$', r'accept[-_]certificate',
     'a certificate that does not verify is refused'),
    ('leftover', r'.*', r'\b(TO' r'DO|FIX' r'ME|X' r'XX|HA' r'CK)\b',
     'finish it, or write NEEDSWORK: with the reason and the issue'),
    ('merge-marker', r'.*', r'^(<{7}|>{7}|\|{7})( |$)', 'a merge was not finished'),
)

ALLOW = re.compile(r'lint: allow ([\w-]+): [^\s*]')
UI_CONNECT = re.compile(r'\bg_signal_connect(_after|_swapped)?\s*\(')
FUNCTION = re.compile(r'^([a-z_]\w*) \(.*\n(?:[^{};]*\n)?\{\n(.*?)^\}', re.M | re.S)
# [text](link), or `path` from the root
DOCUMENT_PATH = re.compile(r'\]\((?P<link>[^)\s]+)\)'
                           r'|`(?P<path>(?:src|data|tests|docs|build-aux|flatpak|subprojects|po)/[^`\s]*)`')
SKIPPED = ('COPYING', 'tests/style/test_checkers.py')


def blank_match(match):
    """The same number of characters and lines, without the content."""
    text = match[0]
    if text[0] in '"\'':
        return text[0] + re.sub(r'[^\n]', ' ', text[1:-1]) + text[-1]
    return re.sub(r'[^\n]', ' ', text)


def blank(text):
    """C text with comments and the contents of strings replaced by spaces."""
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'',
                  blank_match, text, flags=re.S)


def list_files(root):
    """Every file that is tracked or waits to be, as paths relative to root."""
    try:
        listing = subprocess.run(
            ['git', '-C', str(root), 'ls-files', '-z', '--cached', '--others',
             '--exclude-standard'], check=True, capture_output=True, text=True).stdout
        names = listing.split('\0')
    except (OSError, subprocess.CalledProcessError):
        names = [path.relative_to(root).as_posix() for path in root.rglob('*')
                 if not re.match(r'(build[^/]*|\.git|subprojects)/',
                                 path.relative_to(root).as_posix())
                 or path.relative_to(root).parts[0] == 'build-aux']
    return sorted({name for name in names if name and (root / name).is_file()})


class Checker:
    """Collects what is wrong below one folder."""

    def __init__(self, root):
        self.root = root
        self.problems = []
        self.names = list_files(root)
        self.c_names = [name for name in self.names
                        if name.endswith(('.c', '.h')) and name.startswith(('src/', 'tests/'))]

    def complain(self, name, line, rule, text):
        self.problems.append(f'{name}:{line}: {rule}: {text}')

    def read(self, name):
        """The text of a file, or None when it is not text."""
        try:
            return (self.root / name).read_text(encoding='utf-8')
        except UnicodeDecodeError:
            return None

    # -- single files -----------------------------------------------------------------

    def check_file(self, name):
        text = self.read(name)
        if text is None or name in SKIPPED:
            return
        self.check_licence(name, text)
        lines = text.splitlines()
        code = blank(text) if name.endswith(('.c', '.h')) else text
        self.apply_rules(name, code, lines, CODE_RULES)
        self.apply_rules(name, text, lines, TEXT_RULES)
        if name.startswith('src/client/ui/') and name.endswith('.c'):
            self.check_connects(name, code, lines)
        if text and not text.endswith('\n') and name.endswith(CODE + ('.md', '.build')):
            self.complain(name, len(lines), 'end-of-file', 'the last line has no end')

    def check_licence(self, name, text):
        first = text.split('\n', 3)[:3]
        wanted = (name.endswith(('.c', '.h', '.py', '.sh', '.css', '.sql', 'meson.build',
                                 'meson_options.txt'))
                  or name.endswith('.ui') or first[0].startswith('#!'))
        if not wanted or not text:
            return
        shift = 1 if first[0].startswith(('#!', '<?xml')) else 0
        if SPDX not in ''.join(first[shift:shift + 1]):
            self.complain(name, shift + 1, 'licence', f'this line must say {SPDX}')

    def is_allowed(self, rule, lines, line):
        around = ' '.join(lines[max(line - 2, 0):line])
        return any(match[1] == rule for match in ALLOW.finditer(around))

    def apply_rules(self, name, text, lines, rules):
        for rule, where, what, message in rules:
            if not re.match(where, name):
                continue
            for match in re.finditer(what, text, re.M):
                line = text.count('\n', 0, match.start()) + 1
                if not self.is_allowed(rule, lines, line):
                    self.complain(name, line, rule, message)

    def check_connects(self, name, code, lines):
        """A bare connect must say why the handler cannot outlive what it is given."""
        for match in UI_CONNECT.finditer(code):
            line = code.count('\n', 0, match.start()) + 1
            # The comment may stand above the condition of the call.
            above = [text.rstrip().endswith('*/') for text in lines[max(line - 3, 0):line - 1]]
            if not (any(above) or '/*' in lines[line - 1]):
                self.complain(name, line, 'signal',
                              'use g_signal_connect_object, or say in a comment why not')

    # -- the whole tree ---------------------------------------------------------------

    def translatable(self):
        """Every file of the client and the core with text for people."""
        found = []
        for name in self.names:
            if name.startswith(('src/client/', 'src/core/')) and name.endswith(('.c', '.ui')):
                text = self.read(name)
                if re.search(r'translatable="yes"' if name.endswith('.ui')
                             else r'(?<!\w)(_|N_|C_|NC_|ngettext) ?\(', text):
                    found.append(name)
            elif re.fullmatch(r'data/(types/[^/]+|enums|roles|workflows)/[^/]+\.json', name):
                found.append(name)
            elif re.fullmatch(r'data/[^/]*\.(desktop|metainfo\.xml|gschema\.xml)(\.in)*', name):
                found.append(name)
        return found

    def potfiles(self):
        path = self.root / 'po' / 'POTFILES'
        if not path.exists():
            return None
        return [line for line in path.read_text(encoding='utf-8').splitlines()
                if line and not line.startswith('#')]

    def check_potfiles(self):
        listed = self.potfiles()
        if listed is None:
            return
        found = self.translatable()
        for name in sorted(set(found) - set(listed)):
            self.complain('po/POTFILES', 1, 'potfiles', f'{name} is missing (run --fix)')
        for name in sorted(set(listed) - set(found)):
            self.complain('po/POTFILES', 1, 'potfiles', f'{name} has no text (run --fix)')

    def check_documents(self):
        """A link or a path in a document must lead somewhere; <x>, NAME and NNNN stand for names."""
        for name in self.names:
            if not name.endswith('.md'):
                continue
            text = self.read(name) or ''
            folder = (self.root / name).parent
            for match in DOCUMENT_PATH.finditer(text):
                target = match['link'] or match['path']
                base = folder if match['link'] else self.root
                if '://' in target or re.search(r'<|\*|…|NAME|NNNN', target):
                    continue
                found = target.partition('#')[0]
                alternatives = re.match(r'(.*)\{(.*)\}(.*)$', found)
                wanted = ([alternatives[1] + part + alternatives[3]
                           for part in alternatives[2].split(',')] if alternatives else [found])
                for path in wanted:
                    if path and not (base / path).exists():
                        line = text.count('\n', 0, match.start()) + 1
                        self.complain(name, line, 'document', f'{path} does not exist')

    def check_format(self):
        if not self.c_names:
            return
        formatter = find_formatter()
        if formatter is None:
            self.complain('.clang-format', 1, 'format', f'clang-format {FORMATTER_VERSION} is '
                          'needed and no other will do (apt-get install clang-format-14)')
            return
        result = subprocess.run([formatter, '--dry-run', '--Werror', *self.c_names],
                                cwd=self.root, capture_output=True, text=True, check=False)
        wrong = sorted({line.split(':')[0] for line in result.stderr.splitlines()
                        if re.match(r'[^ ].*: (error|warning): ', line)})
        for name in wrong:
            self.complain(name, 1, 'format', 'not formatted (run build-aux/check-style.py --fix)')
        if result.returncode != 0 and not wrong:
            self.complain('.clang-format', 1, 'format', result.stderr.strip())

    def fix(self, only):
        formatter = find_formatter()
        if formatter is None:
            sys.exit(f'clang-format {FORMATTER_VERSION} is needed')
        names = [name for name in self.c_names
                 if not only or any(name.startswith(start) for start in only)]
        if names:
            subprocess.run([formatter, '-i', *names], cwd=self.root, check=True)
        if self.potfiles() is not None:
            text = ''.join(name + '\n' for name in sorted(self.translatable()))
            (self.root / 'po' / 'POTFILES').write_text(text, encoding='utf-8')

    def run(self, with_format):
        for name in self.names:
            self.check_file(name)
        self.check_potfiles()
        if with_format:
            self.check_format()

    def report(self):
        """Long files and functions, longest first."""
        for name in self.c_names:
            text = self.read(name)
            lines = text.count('\n')
            if lines > (120 if name.endswith('.h') else 600):
                print(f'{name}: {lines} lines')
            for match in FUNCTION.finditer(text):
                length = match[2].count('\n')
                if length > 60 and not re.search(r'_class_init$', match[1]):
                    line = text.count('\n', 0, match.start()) + 1
                    print(f'{name}:{line}: {match[1]} has {length} lines')


def find_formatter():
    """The formatter of the right version, or None."""
    for name in (f'clang-format-{FORMATTER_VERSION}', 'clang-format'):
        try:
            version = subprocess.run([name, '--version'], capture_output=True, text=True,
                                     check=True).stdout
        except (OSError, subprocess.CalledProcessError):
            continue
        if re.search(rf'version {FORMATTER_VERSION}\.', version):
            return name
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--root', type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parent.parent)
    parser.add_argument('--no-format', action='store_true', help='skip the formatter')
    parser.add_argument('--fix', action='store_true')
    parser.add_argument('only', nargs='*', help='with --fix: format only below these folders')
    parser.add_argument('--documents', action='store_true')
    parser.add_argument('--report', action='store_true')
    args = parser.parse_args()

    checker = Checker(args.root.resolve())
    if args.report:
        checker.report()
        return 0
    if args.fix:
        checker.fix(args.only)
    if args.documents:
        checker.check_documents()
    else:
        checker.run(not args.no_format)
    for problem in checker.problems:
        print(problem)
    print(f'check-style: {len(checker.names)} files, {len(checker.problems)} problems')
    return 1 if checker.problems else 0


if __name__ == '__main__':
    sys.exit(main())
