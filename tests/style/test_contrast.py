#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The own colours of the client: readable in light, dark and high contrast, never alone, and nothing of ours moves.

The named colours are those of libadwaita 1.2, the oldest version that is supported."""

import functools
import json
import os
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(os.environ['CSL_TEST_SOURCE_ROOT'])
CLIENT = ROOT / 'src' / 'client'
UI = CLIENT / 'ui'
TEXT, MARK = 4.5, 3.0

LIGHT = {
    'accent_color': '#1c71d8', 'accent_bg_color': '#3584e4', 'success_color': '#1b8553', 'warning_color': '#9c6e03',
    'error_color': '#c01c28', 'window_bg_color': '#fafafa', 'window_fg_color': 'rgba(0, 0, 0, 0.8)',
    'view_bg_color': '#ffffff', 'card_bg_color': '#ffffff', 'popover_bg_color': '#ffffff',
}
DARK = {
    'accent_color': '#78aeed', 'accent_bg_color': '#3584e4', 'success_color': '#8ff0a4', 'warning_color': '#f8e45c',
    'error_color': '#ff7b63', 'window_bg_color': '#242424', 'window_fg_color': '#ffffff',
    'view_bg_color': '#1e1e1e', 'card_bg_color': 'rgba(255, 255, 255, 0.08)', 'popover_bg_color': '#383838',
}
# High contrast has the same colours with stronger borders.
LOOKS = {
    'light': dict(LIGHT, borders='alpha(currentColor, 0.15)'),
    'dark': dict(DARK, borders='alpha(currentColor, 0.15)'),
    'high contrast': dict(LIGHT, borders='alpha(currentColor, 0.5)'),
    'high contrast, dark': dict(DARK, borders='alpha(currentColor, 0.5)'),
}
# What anything of ours can lie on.
GROUNDS = ('window_bg_color', 'view_bg_color', 'card_bg_color', 'popover_bg_color')
COLOURED = {'color', 'background', 'background-color', 'opacity', 'outline'}
# Lines that only separate, in the library's own colour.
SEPARATORS = re.compile(r'border(-top|-bottom|-left|-right)?')


class Sheet:
    """Our style sheet: the colours it defines, and its rules as (selector, declarations) in their order."""

    def __init__(self, text):
        text = re.sub(r'/\*.*?\*/', '', text, flags=re.S)
        self.defined = dict(re.findall(r'@define-color\s+(\w+)\s+([^;]+);', text))
        text = re.sub(r'@define-color[^;]*;', '', text)
        self.rules = []
        for selectors, body in re.findall(r'([^{}]+)\{([^{}]*)\}', text):
            pairs = [line.partition(':')[::2] for line in body.split(';') if line.strip()]
            declarations = {name.strip(): value.strip() for name, value in pairs}
            self.rules += [(selector.strip(), declarations) for selector in selectors.split(',')]

    def resolve(self, selector):
        """What applies where the selector does: a rule for some of its classes also applies."""
        wanted, found = parts_of(selector), {}
        for other, declarations in self.rules:
            if parts_of(other) <= wanted:
                found.update(declarations)
        return found


def parts_of(selector):
    """What the last part of a selector asks for, and, as one word, what is around it."""
    around, _, last = selector.rpartition(' ')
    return frozenset(re.findall(r'[.:]?[\w-]+', last) + ([around] if around else []))


class Look:
    """The colours of one look, as (red, green, blue, alpha) between 0 and 1."""

    def __init__(self, named, defined):
        self.named = dict(named, **defined)

    def read(self, text, current):
        text = text.strip()
        if text == 'currentColor':
            return current
        if text in ('none', 'transparent'):
            return 0, 0, 0, 0
        if re.fullmatch(r'#[0-9a-f]{6}', text):
            return tuple(int(text[at:at + 2], 16) / 255 for at in (1, 3, 5)) + (1,)
        if text.startswith('@') and text[1:] in self.named:
            return self.read(self.named[text[1:]], current)
        name, _, inside = text.partition('(')
        return self.call(text, name, split(inside.removesuffix(')')), current)

    def call(self, text, name, arguments, current):
        if name == 'rgba' and len(arguments) == 4:
            return tuple(float(one) / 255 for one in arguments[:3]) + (float(arguments[3]),)
        if name == 'alpha' and len(arguments) == 2:
            *colour, alpha = self.read(arguments[0], current)
            return (*colour, alpha * float(arguments[1]))
        if name == 'mix' and len(arguments) == 3:
            share = float(arguments[2])
            both = zip(self.read(arguments[0], current), self.read(arguments[1], current))
            return tuple(one * (1 - share) + other * share for one, other in both)
        raise AssertionError(f'unknown colour: {text}')


def split(text):
    """Arguments at the commas outside brackets."""
    return [one.strip() for one in re.split(r',(?![^(]*\))', text) if one.strip()]


def over(above, below):
    alpha = above[3]
    return tuple(one * alpha + other * (1 - alpha) for one, other in zip(above[:3], below[:3])) + (1,)


def luminance(colour):
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in colour[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@functools.cache
def sheet():
    return Sheet((UI / 'style.css').read_text(encoding='utf-8'))


def measure(look, declarations, ground):
    """(what, ratio, least) of the text, and of the outline when there is one, on that ground."""
    fore = look.read(declarations.get('color', '@window_fg_color'), None)
    window = look.read('@window_bg_color', None)
    base = over(look.read('@' + ground, None), window)
    painted = declarations.get('background', declarations.get('background-color', 'none'))
    back = over(look.read(painted, fore), base)
    opacity = float(declarations.get('opacity', 1))
    seen = over((*fore[:3], fore[3]), back)
    seen, back = (over((*one[:3], opacity), base) for one in (seen, back))
    found = [('text', contrast(seen, back), TEXT)]
    if 'outline' in declarations:
        line = declarations['outline'].split(maxsplit=2)[2]
        found.append(('outline', contrast(over(look.read(line, fore), back), base), MARK))
    return found


def check(sheet_, complain):
    """Calls complain() with each colour that cannot be seen well enough; how many were looked at."""
    n_measured = 0
    for selector, own in sheet_.rules:
        if not COLOURED & own.keys():
            continue
        declarations = sheet_.resolve(selector)
        for name, named in LOOKS.items():
            for ground in GROUNDS:
                for what, ratio, least in measure(Look(named, sheet_.defined), declarations, ground):
                    n_measured += 1
                    if ratio < least:
                        complain(f'{selector}: {what} has {ratio:.2f} : 1 on {ground}, {name}; {least} is needed')
    return n_measured


class Contrast(unittest.TestCase):
    def test_own_colours(self):
        complaints = []
        self.assertGreater(check(sheet(), complaints.append), 200)
        self.assertEqual(complaints, [])

    def test_separators_are_the_library_s(self):
        for selector, declarations in sheet().rules:
            for name, value in declarations.items():
                if SEPARATORS.fullmatch(name):
                    self.assertRegex(value, r'^(none|1px solid @borders)$', selector)

    def test_no_other_property_paints(self):
        """A colour in a property that nobody measures would not be seen here."""
        for selector, declarations in sheet().rules:
            for name, value in declarations.items():
                if re.search(r'@|#[0-9a-f]{3}|rgb|alpha\(|mix\(|currentColor', value):
                    self.assertTrue(name in COLOURED or SEPARATORS.fullmatch(name), f'{selector}: {name}')

    def test_colours_only_in_the_sheet(self):
        sheets = [path for path in CLIENT.rglob('*.css')]
        self.assertEqual(sheets, [UI / 'style.css'])
        for path in [*CLIENT.rglob('*.c'), *CLIENT.rglob('*.ui')]:
            found = re.search(r'gdk_rgba_parse|(fore|back)ground=|css_provider|pango_attr_(fore|back)ground_new',
                              path.read_text(encoding='utf-8'))
            self.assertIsNone(found, path)

    def test_finds_what_is_wrong(self):
        for css in ('.a { color: @warning_color; background: alpha(@warning_color, 0.3); }', '.a { opacity: 0.4; }',
                    '.a { color: #ffffff; } .a.b { background: @view_bg_color; }',
                    '.a { outline: 2px solid alpha(@accent_color, 0.2); }'):
            complaints = []
            check(Sheet(css), complaints.append)
            self.assertTrue(complaints, css)

    def test_unknown_forms_fail(self):
        for colour in ('hsl(1, 2, 3)', 'red', '@no_such_color', 'shade(@accent_color, 1.2)', 'var(--accent)'):
            with self.assertRaises(AssertionError):
                check(Sheet(f'.a {{ color: {colour}; }}'), print)

    def test_known_ratios(self):
        look = Look({}, {})
        white, black = look.read('#ffffff', None), look.read('#000000', None)
        self.assertAlmostEqual(contrast(white, black), 21)
        self.assertAlmostEqual(contrast(look.read('#767676', None), white), 4.54, places=2)


class NeverAlone(unittest.TestCase):
    """A state is a word and an icon; colour only underlines."""

    def rows(self, path, name):
        text = (UI / path).read_text(encoding='utf-8')
        table = re.search(r'\} ' + name + r'\[\] = \{\n(.*?)\n\};', text, re.S).group(1)
        return re.findall(r'\{ (.*?) \}(?=,)', table, re.S)

    def test_pills(self):
        states, styles = self.rows('shell/csl-pill.c', 'states'), self.rows('shell/csl-pill.c', 'styles')
        self.assertGreater(len(states), 3)
        for row in [*states[1:], *styles]:
            self.assertRegex(row, r'"[a-z-]+-symbolic"')
        for row in states[1:]:
            self.assertRegex(row, r'N_ \("\w')
        self.assertNotIn('"', states[0])

    def test_styles_of_records_have_icons(self):
        known = {re.match(r'"(\w+)"', row).group(1) for row in self.rows('shell/csl-pill.c', 'styles')}
        used = set()
        for path in (ROOT / 'data').rglob('*.json'):
            used.update(find_styles(json.loads(path.read_text(encoding='utf-8'))))
        self.assertTrue(used)
        self.assertEqual(used - known, set())

    def test_unsent_lines(self):
        rows = self.rows('sync/csl-outbox-row.c', 'states')
        self.assertGreater(len(rows), 5)
        for row in rows:
            self.assertRegex(row, r'(?s)^"[a-z-]+-symbolic", "[a-z-]+",\s+N_ \("\w')


def find_styles(value):
    """The styles of enum values, wherever they stand."""
    if isinstance(value, dict):
        if 'value' in value and isinstance(value.get('style'), str):
            yield value['style']
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from find_styles(one)


class Motion(unittest.TestCase):
    """The library stops its own transitions when the desktop asks for less motion; we have none that could go on."""

    def test_nothing_of_ours_moves(self):
        own = re.compile(r'Adw(Timed|Spring)?Animation\b|adw_(timed|spring)_animation|add_tick_callback'
                         r'|gdk_frame_clock_begin_updating|@keyframes')
        for path in [*CLIENT.rglob('*.c'), *CLIENT.rglob('*.ui'), *CLIENT.rglob('*.css')]:
            self.assertIsNone(own.search(path.read_text(encoding='utf-8')), path)

    def test_the_sheet_does_not_animate(self):
        for selector, declarations in sheet().rules:
            for name in declarations:
                self.assertFalse(name.startswith(('animation', 'transition')), f'{selector}: {name}')

    def test_nobody_switches_motion_on(self):
        for path in [*CLIENT.rglob('*.c'), *CLIENT.rglob('*.ui')]:
            self.assertNotIn('enable-animations', path.read_text(encoding='utf-8'), path)


if __name__ == '__main__':
    sys.exit(unittest.main())
