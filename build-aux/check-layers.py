#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that every file below src/ includes only what its layer may know.

The table is the one in docs/architecture.md. A layer may always include its own folder and
config.h. Quoted includes name the file from src/ ("core/value/csl-value.h"), system headers
of other libraries are refused by layer too.
"""

import argparse
import pathlib
import re
import subprocess
import sys

CORE = ('core/base', 'core/value', 'core/schema', 'core/wire', 'core/merge', 'core/outbox',
        'core/sync', 'core/domain')
LOW = ('core/base', 'core/value', 'core/schema')

# layer -> layers it may include. The longest matching folder name decides.
LAYERS = {
    'core/base': (),
    'core/value': ('core/base',),
    'core/schema': ('core/base', 'core/value'),
    'core/wire': LOW,
    'core/merge': LOW + ('core/wire',),  # docs/adr/0006-merge-reads-operations.md
    'core/domain': LOW,
    'core/outbox': CORE,
    'core/sync': CORE,
    'store': CORE,
    'client/net': ('core/base', 'core/wire'),
    'client/app': CORE + ('store', 'client/net'),
    'client/ui': LOW + ('core/domain', 'client/app'),
    'client': LOW + ('core/domain', 'client/app', 'client/ui'),
    'server/http': ('core/base', 'core/wire'),
    'server': CORE + ('store', 'server/http'),
}

# What must not be reached through the headers of a permitted layer either.
UNREACHABLE = {
    'client/ui': ('store', 'client/net'),
}

# Name of a library -> what its headers look like between the angle brackets.
LIBRARIES = {
    'GTK': r'(gtk|gdk|gsk)/|adwaita\.h|pango/|cairo',
    'libsoup': r'libsoup/',
    'SQLite': r'sqlite3',
    'libsecret': r'libsecret/',
    'libsodium': r'sodium',
    'json-glib': r'json-glib/',
    'sockets': r'sys/socket\.h|netinet/|arpa/|netdb\.h|gio/gunixsocketaddress\.h',
    'threads': r'pthread\.h|threads\.h',
}

# layer -> libraries it must not see. The longest matching folder name decides.
REFUSED = {
    'core': ('GTK', 'libsoup', 'SQLite', 'libsecret', 'sockets', 'threads'),
    'core/outbox': ('GTK', 'libsoup', 'SQLite', 'libsecret', 'sockets', 'threads', 'libsodium'),
    'core/sync': ('GTK', 'libsoup', 'SQLite', 'libsecret', 'sockets', 'threads', 'libsodium'),
    'store': ('GTK', 'libsoup', 'libsecret', 'sockets'),
    'client/net': ('GTK', 'SQLite', 'libsecret'),
    'client/app': ('GTK', 'SQLite', 'libsoup'),
    'client/ui': ('SQLite', 'libsoup', 'libsecret', 'libsodium', 'json-glib', 'sockets'),
    'client': ('SQLite', 'libsoup', 'libsecret', 'json-glib', 'sockets'),
    'server': ('GTK', 'SQLite', 'libsoup', 'libsecret'),
    'server/http': ('GTK', 'SQLite', 'libsecret'),
    'server/store': ('GTK', 'libsoup', 'libsecret'),
}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*(?:include|import)[ \t]*(?:"([^"]+)"|<([^>]+)>)', re.M)


def longest_match(table, folder):
    """The key of the table that is folder or its nearest parent, or None."""
    while folder:
        if folder in table:
            return folder
        folder = folder.rpartition('/')[0]
    return None


class Checker:
    """Collects what is wrong below one src/ folder."""

    def __init__(self, root):
        self.src = root / 'src'
        self.problems = []
        self.includes = {}

    def complain(self, name, line, text):
        self.problems.append(f'src/{name}:{line}: {text}')

    def read_includes(self, name):
        """[(line, quoted name or None, system name or None)] of one file, cached."""
        if name not in self.includes:
            text = (self.src / name).read_text(encoding='utf-8')
            self.includes[name] = [
                (text.count('\n', 0, match.start(1 if match[1] else 2)) + 1, match[1], match[2])
                for match in INCLUDE.finditer(text)]
        return self.includes[name]

    def check_file(self, name):
        folder = name.rpartition('/')[0]
        layer = longest_match(LAYERS, folder)
        if layer is None:
            self.complain(name, 1, f'the folder {folder or "src"} is not in the table of layers')
            return
        for line, quoted, system in self.read_includes(name):
            if quoted is not None:
                self.check_quoted(name, line, layer, quoted)
            else:
                self.check_system(name, line, folder, system)
        self.check_reach(name, layer)

    def check_quoted(self, name, line, layer, quoted):
        if quoted == 'config.h':
            return
        if '/' not in quoted or quoted.startswith('.'):
            self.complain(name, line, f'"{quoted}": write the path from src/')
            return
        target = longest_match(LAYERS, quoted.rpartition('/')[0])
        if target is None or not (self.src / quoted).is_file():
            self.complain(name, line, f'"{quoted}" is no file below src/')
        elif target != layer and target not in LAYERS[layer]:
            self.complain(name, line, f'"{quoted}": {layer} must not include {target}')

    def check_system(self, name, line, folder, system):
        rule = longest_match(REFUSED, folder)
        for library in REFUSED.get(rule, ()):
            if re.match(LIBRARIES[library], system):
                self.complain(name, line, f'<{system}>: {rule} must not use {library}')

    def check_reach(self, name, layer):
        """Follow the headers: what is hidden must stay hidden behind the next layer too."""
        hidden = UNREACHABLE.get(layer, ())
        paths = {name: ()}
        waiting = [name]
        while waiting and hidden:
            here = waiting.pop()
            for _, quoted, _ in self.read_includes(here):
                if quoted is None or quoted in paths or not (self.src / quoted).is_file():
                    continue
                paths[quoted] = paths[here] + (quoted,)
                waiting.append(quoted)
                target = longest_match(LAYERS, quoted.rpartition('/')[0])
                if target in hidden and len(paths[quoted]) > 1:
                    self.complain(name, 1, f'{layer} must not reach {target}, but does through '
                                  + ' -> '.join(paths[quoted]))

    def run(self):
        names = sorted(path.relative_to(self.src).as_posix()
                       for path in self.src.rglob('*') if path.suffix in ('.c', '.h'))
        for name in names:
            self.check_file(name)
        return len(names)


# What the core may not call: clock, randomness, threads, sockets.
FORBIDDEN_SYMBOL = re.compile(
    r'g_get_(real|monotonic)_time$|g_date_time_new_now|g_get_current_time$'
    r'|time$|gettimeofday$|clock(_gettime)?$|localtime|ftime$'
    r'|g_rand(om)?_|g_uuid_string_random$|s?rand(om)?(_r)?$|[dlm]rand48$|getrandom$|getentropy$'
    r'|arc4random|randombytes'
    r'|pthread_|thrd_|g_thread_|g_task_run_in_thread|g_usleep$|u?sleep$|nanosleep$'
    r'|socket(pair)?$|connect$|bind$|listen$|accept4?$|send(to|msg)?$|recv(from|msg)?$'
    r'|getaddrinfo$|g_socket_|g_resolver_|g_network_')


def check_archive(archive):
    """Complaints about symbols that the archive wants from outside."""
    listing = subprocess.run(['nm', '--undefined-only', '--print-file-name', str(archive)],
                             check=True, capture_output=True, text=True).stdout
    problems = []
    for line in listing.splitlines():
        where, _, rest = line.rpartition(': ')
        symbol = rest.split()[-1].partition('@')[0] if rest.split() else ''
        if FORBIDDEN_SYMBOL.match(symbol):
            problems.append(f'{where}: the core must not call {symbol}; use CslEnv')
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--root', type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parent.parent)
    parser.add_argument('--archive', type=pathlib.Path,
                        help='check the symbols of this core archive instead of the includes')
    args = parser.parse_args()

    if args.archive:
        problems = check_archive(args.archive)
        checked = args.archive.name
    else:
        checker = Checker(args.root.resolve())
        checked = f'{checker.run()} files'
        problems = checker.problems
    for problem in problems:
        print(problem)
    print(f'check-layers: {checked}, {len(problems)} problems')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
