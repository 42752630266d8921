#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/protocol.md against what can be checked of it: TAP.

The hash and sum vectors are computed here again from the text of the protocol alone, so that they are right for
whoever writes another client; every endpoint and every example line of the text is held against docs/openapi.yaml.
"""

import hashlib
import json
import pathlib
import re
import struct
import sys

try:
    import yaml
except ImportError:
    yaml = None

ROOT = pathlib.Path(sys.argv[1])
PROTOCOL = (ROOT / 'docs/protocol.md').read_text()
OPENAPI = (ROOT / 'docs/openapi.yaml').read_text()
WIRE = ROOT / 'tests/data/wire'


def canonical(value):
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(',', ':'))


def lp(data):
    return struct.pack('>I', len(data)) + data


def tagged(value):
    if isinstance(value, bool):
        return b'b', b'true' if value else b'false'
    if isinstance(value, int):
        return b'n', str(value).encode()
    if isinstance(value, str):
        return b's', value.encode()
    return b'j', canonical(value).encode()


def record_hash(line):
    out = lp(line['k'].encode()) + lp(line['id'].encode()) + struct.pack('>Q', line['rev'])
    for name in sorted(line['d'], key=str.encode):
        if line['d'][name] is not None:
            tag, data = tagged(line['d'][name])
            out += lp(name.encode()) + tag + lp(data)
    return hashlib.sha256(out).hexdigest()[:16]


def check_hashes():
    for vector in json.loads((WIRE / 'hashes.json').read_text()):
        line = json.loads(vector['line'])
        content = {name: value for name, value in line['d'].items() if value is not None}
        assert record_hash(line) == vector['hash'], vector['about']
        assert canonical(content) == vector['canonical'], vector['about']


def check_sums():
    for vector in json.loads((WIRE / 'sums.json').read_text()):
        lines = ''.join(f'{bucket} {count} {total}\n' for bucket, count, total in sorted(vector['buckets'])
                        if count > 0)
        assert hashlib.sha256(lines.encode()).hexdigest()[:16] == vector['sums'], vector['about']


def endpoints_of_text():
    return set(re.findall(r'`(GET|POST) (/v1/[a-z/-]+)`', PROTOCOL))


def endpoints_of_openapi():
    if yaml is None:
        found = re.findall(r'^  (/v1/\S+):\n    (get|post):', OPENAPI, re.M)
        return {(method.upper(), path) for path, method in found}
    return {(method.upper(), path) for path, methods in yaml.safe_load(OPENAPI)['paths'].items() for method in methods}


def check_endpoints():
    assert endpoints_of_text() == endpoints_of_openapi(), endpoints_of_text() ^ endpoints_of_openapi()
    assert len(endpoints_of_text()) == 15


def check_references():
    if yaml is None:
        return
    document = yaml.safe_load(OPENAPI)
    for reference in re.findall(r'\$ref: "#/([^"]+)"', OPENAPI):
        node = document
        for part in reference.split('/'):
            assert part in node, reference
            node = node[part]


def example_lines():
    for block in re.findall(r'```json\n(.*?)```', PROTOCOL, re.S):
        text = block.strip()
        try:
            yield json.loads(text)
        except json.JSONDecodeError:
            for line in text.splitlines():
                yield json.loads(line)


def schema_of(example, schemas):
    """The schema an example of the text is meant to follow, by its looks."""
    if 'r' in example:
        return schemas['Answer']['oneOf'][0]
    if 'op' in example and 'act' in example and example.get('t') != 'hist':
        return schemas['Operation']
    by_kind = {'push': 'PushHead', 'hist': 'HistoryLine', 'poke': 'LiveFrame', 'access': 'LiveFrame',
               'device': 'Device'}
    if 't' in example:
        return schemas[by_kind.get(example['t'], 'Line')]
    for name, member in (('Error', 'code'), ('SignIn', 'password'), ('Refresh', 'signature'), ('Tokens', 'access_token'),
                         ('Hello', 'protocol_min'), ('PullRequest', 'since')):
        if member in example:
            return schemas[name]
    raise AssertionError(f'what is {example}?')


def check_examples():
    examples = list(example_lines())
    assert len(examples) > 20
    if yaml is None:
        return
    schemas = yaml.safe_load(OPENAPI)['components']['schemas']
    for example in examples:
        schema = schema_of(example, schemas)
        assert set(example) <= set(schema['properties']), (example, set(example) - set(schema['properties']))
        assert set(schema['required']) <= set(example), (example, set(schema['required']) - set(example))
        kinds = schema['properties'].get('t', {}).get('enum')
        assert kinds is None or example['t'] in kinds, example


def main():
    checks = [check_hashes, check_sums, check_endpoints, check_references, check_examples]
    print(f'1..{len(checks)}')
    failed = False
    for number, check in enumerate(checks, 1):
        name = check.__name__.replace('check_', 'protocol/')
        try:
            check()
            print(f'ok {number} {name}')
        except (AssertionError, ValueError, KeyError) as error:
            failed = True
            print(f'not ok {number} {name}\n# {type(error).__name__}: {error}')
    return failed


if __name__ == '__main__':
    sys.exit(main())
