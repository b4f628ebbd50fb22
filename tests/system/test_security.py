# SPDX-License-Identifier: BSD-2-Clause
"""Attacks on a running image: what becomes of each is what docs/security.md says."""

import os
import re

import pytest

import attack_table
from guest import ARCH, BUILD, ROOT, image

BOOTS = 5
HERE = [name for name in attack_table.ATTACKS if name not in attack_table.ABSENT.get(ARCH, ())]
AS_LATE_CPU = {"jump-middle", "return-elsewhere"}

pytestmark = pytest.mark.skipif(BUILD.endswith("-san"), reason="the sanitizers are first")


@pytest.fixture
def saw():
    """Keep a result; it is the one that the page has."""
    def call(name, result):
        attack_table.record(name, result)
        said = attack_table.documented()[ARCH].get(name)
        assert said == result, f"docs/security.md says {said!r}; make attack-table ARCH={ARCH}"

    return call


@pytest.mark.parametrize("attack", HERE)
def test_attack(boot, saw, attack):
    guest = boot(image("tests/system/attacks"), args=[attack],
                 cpu="max" if attack in AS_LATE_CPU else None)
    status = guest.wait(30)
    result = attack_table.outcome(guest.text)
    assert status == (0 if result == attack_table.NOT_CAUGHT else 134), guest.text
    saw(attack, result)


def over_boots(boot, program, args, pattern):
    """What lines of the form `name number` say in several boots: name -> numbers."""
    seen = {}
    for _ in range(BOOTS):
        guest = boot(image(program), args=args)
        assert guest.wait(30) == 0, guest.text
        for name, number in re.findall(pattern, guest.text, re.MULTILINE):
            seen.setdefault(name, []).append(int(number, 16))
    return seen


@pytest.mark.skipif(ARCH == "host", reason="the process is laid out by its host")
def test_canary_differs_from_boot_to_boot(boot, saw):
    seen = over_boots(boot, "tests/system/attacks", ["canary"], r"^(canary) ([0-9a-f]+)\r?$")
    words = seen["canary"]
    assert len(words) == BOOTS and all(word & 0xff == 0 and word for word in words)
    saw("canary", f"{len(set(words))} different ones")


@pytest.mark.skipif(ARCH == "host", reason="the process is laid out by its host")
def test_bases_differ_from_boot_to_boot(boot, saw):
    """Whoever knows the addresses of one boot knows nothing of the next."""
    seen = over_boots(boot, "tests/system/bases", [], r"^(\w+) (?:0x)?([0-9a-f]+)\r?$")
    assert set(seen) == {"image", "heap", "map", "stack", "thread"}, seen
    for name, addresses in seen.items():
        assert len(addresses) == BOOTS, name
    saw("bases", f"{min(len(set(a)) for a in seen.values())} different ones each")


@pytest.mark.skipif(ARCH != "x86_64", reason="once is enough")
def test_nothing_was_missed():
    """Each row of the table is an attack of attacks.c, and the pages' other tests are there."""
    with open(os.path.join(ROOT, "tests", "system", "attacks.c"), encoding="utf-8") as file:
        known = set(re.findall(r'\{ "([a-z-]+)", \w+ \}', file.read()))
    assert known - {"canary"} == set(attack_table.ATTACKS)
    with open(attack_table.PAGE, encoding="utf-8") as file:
        named = re.findall(r"`(tests/[^`]*)`", file.read())
    assert len(named) >= 8
    for name in named:
        path, _, function = name.partition("::")
        with open(os.path.join(ROOT, path), encoding="utf-8") as file:
            assert not function or f"def {function}(" in file.read(), name


@pytest.mark.parametrize("text,result", [
    ("unik: panic: write to read-only memory at 0xff8 [thread main]\r\n", "write to read-only memory"),
    ("unik: panic: heap: 0xff was freed twice [thread t]\n", "heap: … was freed twice"),
    ("not caught\r\n", "not caught"), ("", "ended")])
def test_outcome(text, result):
    assert attack_table.outcome(text) == result
