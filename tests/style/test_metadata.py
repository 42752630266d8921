#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the desktop and software centres read: identity, metainfo, desktop file, schema, icons."""

import datetime
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

ROOT = pathlib.Path(os.environ['CSL_TEST_SOURCE_ROOT'])
BUILD = pathlib.Path(os.environ['CSL_TEST_BUILD_ROOT'])
ID = 'org.caseload.Caseload'
# What appstreamcli of Debian 12 says of things that are right: the id was chosen like most ids of
# GNOME programs, and <developer> is newer than it.
EXPECTED_HINTS = {('cid-contains-uppercase-letter', ID), ('unknown-tag', 'developer')}


def run(*command):
    """Output and errors of a command that must succeed."""
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f'{command[0]}: {done.returncode}\n{done.stdout}')
    return done.stdout


class Identity(unittest.TestCase):
    """One id everywhere."""

    def test_files_carry_it(self):
        for name in (f'data/{ID}.desktop.in', f'data/{ID}.metainfo.xml.in', f'data/{ID}.gschema.xml',
                     f'data/{ID}.service.in', f'data/icons/hicolor/scalable/apps/{ID}.svg',
                     f'data/icons/hicolor/symbolic/apps/{ID}-symbolic.svg'):
            self.assertTrue((ROOT / name).is_file(), name)

    def test_one_value_in_every_file(self):
        """Whatever looks like the id is the id, or a path or an interface below it."""
        loose = re.compile(r'\b[a-z]+\.caseload\.[A-Za-z]\w*', re.I)
        texts = ('.c', '.h', '.in', '.json', '.ui', '.xml', '.yml', '.build', '.md', '.css')
        for folder in ('data', 'src', 'flatpak', 'docs', 'po'):
            for path in (ROOT / folder).rglob('*'):
                if path.name.endswith(texts):
                    for found in loose.findall(path.read_text(encoding='utf-8')):
                        self.assertEqual(found, ID, path)

    def test_meson_names_it(self):
        self.assertIn(f"application_id = '{ID}'", (ROOT / 'meson.build').read_text())

    def test_paths_follow_it(self):
        path = '/' + ID.replace('.', '/')
        schema = (ROOT / 'data' / f'{ID}.gschema.xml').read_text()
        self.assertIn(f'path="{path}/"', schema)
        application = (ROOT / 'src/client/ui/shell/csl-application.c').read_text()
        self.assertIn(f'"{path}"', application)


class Metainfo(unittest.TestCase):
    """The page in a software centre."""

    def setUp(self):
        self.path = BUILD / 'data' / f'{ID}.metainfo.xml'
        self.root = xml.etree.ElementTree.parse(self.path).getroot()

    def test_validator(self):
        output = run('appstreamcli', 'validate', '--no-net', '--pedantic', '--no-color', self.path)
        hints = re.findall(r'^[EWIP]: \S+ (\S+) (\S+)$', output, re.M)
        self.assertEqual(set(hints) - EXPECTED_HINTS, set(), output)
        self.assertEqual(len(hints), len(re.findall(r'^[EWIP]: ', output, re.M)), output)

    def test_screenshots(self):
        """Three to six, no larger than a software centre shows, of one version, each with a sentence."""
        shots = self.root.findall('screenshots/screenshot')
        self.assertIn(len(shots), range(3, 7))
        self.assertEqual([shot.get('type') for shot in shots], ['default'] + [None] * (len(shots) - 1))
        for shot in shots:
            self.assertFalse(shot.findtext('caption').endswith('.'))
            image = shot.find('image')
            self.assertRegex(image.text, r'^https://\S+/v\d+\.\d+\.\d+/data/screenshots/[a-z-]+\.png$')
            head = (ROOT / 'data' / 'screenshots' / image.text.rpartition('/')[2]).read_bytes()[:24]
            size = struct.unpack('>II', head[16:])
            self.assertEqual(size, (int(image.get('width')), int(image.get('height'))))
            self.assertTrue(size[0] <= 1000 and size[1] <= 700, size)

    def test_name_and_summary(self):
        self.assertEqual(self.root.findtext('id'), ID)
        self.assertLessEqual(len(self.root.findtext('name')), 15)
        summary = self.root.findtext('summary')
        self.assertGreaterEqual(len(summary), 10)
        self.assertLessEqual(len(summary), 35)
        self.assertFalse(summary.endswith('.'))
        self.assertFalse(re.match(r'(A|An|The) ', summary))

    def test_description(self):
        """Three to six lines as software centres set them, about ninety characters each."""
        text = ' '.join(' '.join(self.root.find('description').itertext()).split())
        self.assertGreaterEqual(len(text), 3 * 80)
        self.assertLessEqual(len(text), 6 * 90)

    def test_what_must_be_there(self):
        for path in ('metadata_license', 'project_license', 'developer[@id]/name', 'content_rating[@type="oars-1.1"]',
                     'launchable[@type="desktop-id"]', 'translation[@type="gettext"]', 'url[@type="homepage"]',
                     'url[@type="bugtracker"]', 'url[@type="vcs-browser"]', 'requires/display_length',
                     'supports/control', 'branding/color[@scheme_preference="light"]',
                     'branding/color[@scheme_preference="dark"]'):
            self.assertIsNotNone(self.root.find(path), path)
        self.assertEqual(self.root.findtext('launchable'), f'{ID}.desktop')
        self.assertGreaterEqual(int(self.root.findtext('requires/display_length')), 360)
        controls = {control.text for control in self.root.findall('supports/control')}
        self.assertEqual(controls, {'keyboard', 'pointing', 'touch'})

    def test_release_of_this_version(self):
        version = re.search(r"version: '([^']+)'", (ROOT / 'meson.build').read_text())[1]
        releases = {release.get('version'): release for release in self.root.findall('releases/release')}
        self.assertIn(version, releases)
        tomorrow = datetime.date.today() + datetime.timedelta(days=1)
        for release in releases.values():
            self.assertLess(datetime.date.fromisoformat(release.get('date')), tomorrow)
            notes = ' '.join(release.find('description').itertext()).lower()
            self.assertGreater(len(notes), 60)
            self.assertNotIn('bug fixes and improvements', notes)


class DesktopFile(unittest.TestCase):
    """The entry in the overview."""

    def setUp(self):
        self.path = BUILD / 'data' / f'{ID}.desktop'
        self.text = self.path.read_text(encoding='utf-8')

    def test_validator(self):
        self.assertEqual(run('desktop-file-validate', self.path), '')

    def test_entries(self):
        for line in ('DBusActivatable=true', f'Icon={ID}', 'X-GNOME-UsesNotifications=true', 'Terminal=false'):
            self.assertIn(line + '\n', self.text)
        self.assertRegex(self.text, r'\nCategories=([^\n]*;)?Office;')
        self.assertRegex(self.text, r'\nKeywords=([^;\n]+;){3,}\n')

    def test_actions(self):
        """Each has a group of its own, a name and a command for desktops that do not use D-Bus."""
        names = [name for name in re.search(r'\nActions=(.*)\n', self.text)[1].split(';') if name]
        for name in names:
            group = re.search(rf'\[Desktop Action {name}\]\n(.*?)(\n\[|\Z)', self.text, re.S)
            self.assertIsNotNone(group, name)
            self.assertRegex(group[1], r'(?m)^Name=.')
            self.assertRegex(group[1], rf'(?m)^Exec=.*{ID} {name}$|^Exec=caseload')

    def test_activation(self):
        service = (ROOT / 'data' / f'{ID}.service.in').read_text()
        self.assertIn(f'Name={ID}\n', service)
        self.assertRegex(service, r'Exec=@bindir@/caseload --gapplication-service')


class Schema(unittest.TestCase):
    """The settings."""

    def test_compiler(self):
        self.assertEqual(run('glib-compile-schemas', '--strict', '--dry-run', ROOT / 'data'), '')


class CommandLine(unittest.TestCase):
    """What the program says of itself in a terminal, without a screen."""

    def test_version(self):
        version = re.search(r"version: '([^']+)'", (ROOT / 'meson.build').read_text())[1]
        self.assertEqual(run(BUILD / 'src/client/caseload', '--version'), f'caseload {version}\n')

    def test_help(self):
        text = run(BUILD / 'src/client/caseload', '--help')
        self.assertIn('Casework notes that work offline', text)
        for option in ('--version', '--account', '--server', '--ca-file', '--offline'):
            self.assertRegex(text, option + r'(=[A-Z]+)? +[A-Z]')


class Icons(unittest.TestCase):
    """They draw something at every size, within the picture."""

    def draw(self, path, size):
        """How much of each pixel is covered, 0…255, line by line."""
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            run('rsvg-convert', '-w', size, '-h', size, path, '-o', folder / 'icon.png')
            run('convert', folder / 'icon.png', '-alpha', 'extract', '-depth', '8', f'gray:{folder}/ink')
            return (folder / 'ink').read_bytes()

    def test_sizes(self):
        for name in (f'scalable/apps/{ID}.svg', f'symbolic/apps/{ID}-symbolic.svg'):
            for size in (16, 32, 48, 128, 256):
                with self.subTest(name=name, size=size):
                    ink = self.draw(ROOT / 'data/icons/hicolor' / name, size)
                    self.assertEqual(len(ink), size * size)
                    filled = sum(ink) / 255 / len(ink)
                    self.assertGreater(filled, 0.3)
                    self.assertLess(filled, 0.9)
                    # A shape, not a square: the corners are empty.
                    for corner in (0, size - 1, size * (size - 1), size * size - 1):
                        self.assertEqual(ink[corner], 0)

    def test_symbolic_has_one_colour(self):
        text = (ROOT / f'data/icons/hicolor/symbolic/apps/{ID}-symbolic.svg').read_text()
        self.assertEqual(len(set(re.findall(r'fill="(#\w+)"', text))), 1)

    def test_nothing_from_outside(self):
        for path in (ROOT / 'data/icons').rglob('*.svg'):
            text = path.read_text()
            self.assertNotRegex(text, r'href=|<image|<script|filter=', path.name)


if __name__ == '__main__':
    sys.exit(unittest.main())
