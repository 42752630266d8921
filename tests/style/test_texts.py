#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The texts for people: every one can be translated, and the template, the catalogues and the pseudo
language hold together."""

import importlib.machinery
import importlib.util
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(os.environ['CSL_TEST_SOURCE_ROOT'])
# A number in a text needs its plural forms; these are no counts of things.
NO_COUNTS = {
    '%s, %u',
    '%d min', '%d h', '%d h %d min',
    '%s: a line is too long; use %u characters at most.',
    '%s: the text is too long; use %u characters at most.',
    '%s: write a number with at most %u digits after the point.',
}


def load(name):
    """A script of build-aux as a module."""
    loader = importlib.machinery.SourceFileLoader(name.replace('-', '_'), str(ROOT / 'build-aux' / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    sys.dont_write_bytecode = True
    loader.exec_module(module)
    return module


PSEUDO = load('pseudo-locale')


class Template(unittest.TestCase):
    """What the target caseload-pot makes."""

    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            made = pathlib.Path(folder) / 'caseload.pot'
            done = subprocess.run([sys.executable, ROOT / 'build-aux' / 'xgettext-json', '--template', made],
                                  stderr=subprocess.PIPE, text=True, check=True)
            cls.complaints = done.stderr
            cls.text = made.read_text(encoding='utf-8')
            cls.entries = list(PSEUDO.read_template(cls.text))

    def texts(self):
        return {entry['msgid'] for entry in self.entries}

    def test_xgettext_is_content(self):
        """A macro inside a text cuts it off, for example; xgettext says so."""
        self.assertEqual(self.complaints, '')

    def test_potfiles(self):
        """Every file with a text is listed, and no other (build-aux/check-style.py --fix lists them)."""
        listed = (ROOT / 'po' / 'POTFILES').read_text().split()
        self.assertEqual(listed, sorted(set(listed)))
        mark = re.compile(r'(?<!\w)(_|N_|C_|NC_|ngettext) ?\(|translatable="(yes|true|1)"')
        marked = {path.relative_to(ROOT).as_posix()
                  for folder in ('src/client', 'src/core') for path in (ROOT / folder).rglob('*')
                  if path.suffix in ('.c', '.ui') and mark.search(path.read_text(encoding='utf-8'))}
        marked |= {path.relative_to(ROOT).as_posix()
                   for folder in ('types', 'enums', 'roles', 'workflows')
                   for path in (ROOT / 'data' / folder).rglob('*.json')}
        marked |= {path.relative_to(ROOT).as_posix()
                   for pattern in ('*.desktop.in', '*.metainfo.xml.in', '*.gschema.xml')
                   for path in (ROOT / 'data').glob(pattern)}
        self.assertEqual(set(listed), marked)

    def test_every_listed_file_gives_a_text(self):
        places = set(re.findall(r'\S+', ' '.join(re.findall(r'^#: (.*)$', self.text, re.M))))
        listed = set((ROOT / 'po' / 'POTFILES').read_text().split())
        for name in listed - places:
            # The words come from the table of another file.
            self.assertNotRegex((ROOT / name).read_text(encoding='utf-8'), r'\b(_|N_|C_|NC_|ngettext) \("', name)

    def test_interface_files(self):
        """Whatever a person reads in a template is marked."""
        named = re.compile(r'<(?:property|attribute) name="(label|title|description|subtitle|tooltip-text|'
                           r'placeholder-text|body|heading)"([^>]*)>([^<]*[A-Za-z]{2}[^<]*)<')
        for path in (ROOT / 'src/client').rglob('*.ui'):
            for name, rest, text in named.findall(path.read_text(encoding='utf-8')):
                with self.subTest(path=path.name, text=text):
                    self.assertTrue('translatable="yes"' in rest or 'bind-' in rest, f'{name}: {text}')

    def test_definitions(self):
        """Every label, heading, explanation and sentence of the JSON files."""
        wanted = {'label', 'label_plural', 'help', 'message', 'title'}
        texts = self.texts()

        def walk(node, path):
            if isinstance(node, dict):
                for key, value in node.items():
                    if key in wanted and isinstance(value, str) and value:
                        self.assertIn(value, texts, path)
                    walk(value, path)
            elif isinstance(node, list):
                for value in node:
                    walk(value, path)

        for folder in ('types', 'enums', 'roles', 'workflows'):
            for path in (ROOT / 'data' / folder).rglob('*.json'):
                walk(json.loads(path.read_text(encoding='utf-8')), path)

    def test_counts_have_plural_forms(self):
        counts = {entry['msgid'] for entry in self.entries if 'msgid_plural' not in entry
                  and re.search(r"%[-+ #0']*\d*(?:l|ll|z)?[du](?![A-Za-z]| %%)", entry['msgid'])}
        self.assertEqual(counts - NO_COUNTS, set())

    def test_nothing_starts_or_ends_with_space(self):
        """A text with a space at an end is glued to another one."""
        for entry in self.entries:
            self.assertEqual(entry['msgid'], entry['msgid'].strip(' '))

    def test_placeholders_are_explained(self):
        """Where a text is little more than placeholders, a translator is told what they are."""
        for block in self.text.split('\n\n'):
            entry = next(PSEUDO.read_template(block), None)
            if entry is not None and not re.search(r'[A-Za-z]{3}', re.sub(r'%\S+', '', entry['msgid'])) \
                    and entry['msgid'].count('%') > 0:
                self.assertTrue('#. ' in block or 'msgctxt' in entry, entry['msgid'])


class Catalogues(unittest.TestCase):
    """The translations."""

    def test_every_language_is_listed(self):
        listed = [line for line in (ROOT / 'po' / 'LINGUAS').read_text().split('\n')
                  if line and not line.startswith('#')]
        self.assertEqual(sorted(listed), sorted(path.stem for path in (ROOT / 'po').glob('*.po')))

    def test_msgfmt(self):
        for path in (ROOT / 'po').glob('*.po'):
            subprocess.run(['msgfmt', '--check', '-o', '/dev/null', path], check=True)


class PseudoLanguage(unittest.TestCase):
    """The language made for tests."""

    def test_it_is_a_catalogue(self):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([sys.executable, ROOT / 'build-aux' / 'pseudo-locale', folder],
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True)
            made = pathlib.Path(folder) / 'en_XA' / 'LC_MESSAGES' / 'caseload.mo'
            self.assertEqual(done.stdout.strip(), str(made))
            self.assertGreater(made.stat().st_size, 50000)

    def test_longer(self):
        for text in ('Go', 'Save', 'Next appointment', 'Nothing you have typed is lost, and you decide.'):
            self.assertGreaterEqual(len(PSEUDO.disguise(text)), len(text) * 1.4, text)

    def test_kept(self):
        for text, kept in (('%d of %s', ('%d', '%s')), ('_Save Note', ('_S',)), ('<b>Bold</b> &amp; more', ('<b>', '</b>', '&amp;')),
                           ('See https://caseload.org/report now', ('https://caseload.org/report',)),
                           ('%1$s by %2$s', ('%1$s', '%2$s')), ('100 %%', ('%%',)), ("%'d lines", ("%'d",))):
            disguised = PSEUDO.disguise(text)
            for part in kept:
                self.assertIn(part, disguised)

    def test_unchanged(self):
        for text in ('%H:%M', '%a %-e %b', '%s · %s', '…'):
            self.assertEqual(PSEUDO.disguise(text), text)

    def test_line_end(self):
        self.assertTrue(PSEUDO.disguise('One line\n').endswith(']\n'))


if __name__ == '__main__':
    sys.exit(unittest.main())
