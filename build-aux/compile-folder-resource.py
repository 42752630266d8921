#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compile all files of one suffix below some folders into a GResource in C.

The folders are walked at build time, so adding a file needs no other edit. The output is
touched only when its content changes: an unchanged tree costs no compilation.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile
from xml.sax.saxutils import escape, quoteattr


def find_files(base, folders, suffix):
    """Paths relative to base, sorted, of every file with the suffix."""
    found = []
    for folder in folders:
        found += [path.relative_to(base).as_posix()
                  for path in (base / folder).rglob('*' + suffix)
                  if path.is_file() and not path.name.startswith('.')]
    return sorted(set(found))


def resource_xml(prefix, names):
    """The text of the .gresource.xml file that holds names below prefix."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<gresources>',
             f'  <gresource prefix={quoteattr(prefix)}>']
    lines += [f'    <file>{escape(name)}</file>' for name in names]
    return '\n'.join(lines + ['  </gresource>', '</gresources>', ''])


def replace_if_changed(path, content):
    """Write content unless the file already holds exactly that."""
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


def compile_source(base, xml, c_name):
    """Run glib-compile-resources and return the C source."""
    with tempfile.TemporaryDirectory() as folder:
        description = pathlib.Path(folder) / f'{c_name}.gresource.xml'
        description.write_text(xml, encoding='utf-8')
        target = pathlib.Path(folder) / f'{c_name}.c'
        subprocess.run(['glib-compile-resources', '--generate-source',
                        f'--c-name={c_name}', f'--sourcedir={base}', f'--target={target}',
                        str(description)], check=True)
        return target.read_bytes()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--base', type=pathlib.Path, required=True,
                        help='folder the resource names are relative to')
    parser.add_argument('--suffix', required=True, help='for example .json')
    parser.add_argument('--prefix', required=True, help='resource path above the names')
    parser.add_argument('--c-name', required=True,
                        help='NAME of the generated function NAME_get_resource()')
    parser.add_argument('--output', type=pathlib.Path, required=True)
    parser.add_argument('folders', nargs='+', help='folders below the base')
    args = parser.parse_args()

    base = args.base.resolve()
    names = find_files(base, args.folders, args.suffix)
    source = compile_source(base, resource_xml(args.prefix, names), args.c_name)
    replace_if_changed(args.output, source)
    return 0


if __name__ == '__main__':
    sys.exit(main())
