# SPDX-License-Identifier: BSD-2-Clause
"""What docs/security.md says of attacks: that there is a test for each, and what needs many boots."""

import os
import re

import pytest

from guest import ARCH, ROOT, image

BOOTS = 5


def test_bases_differ_from_boot_to_boot(boot):
    """Whoever knows the addresses of one boot knows nothing of the next."""
    seen = {}
    for _ in range(BOOTS):
        guest = boot(image("tests/system/bases"))
        assert guest.wait(30) == 0, guest.text
        found = dict(re.findall(r"^(\w+) (?:0x)?([0-9a-f]+)\r?$", guest.text, re.MULTILINE))
        assert set(found) == {"image", "heap", "map", "stack", "thread"}, guest.text
        for name, address in found.items():
            seen.setdefault(name, []).append(int(address, 16))
    for name, addresses in seen.items():
        assert len(set(addresses)) == BOOTS, (name, [hex(a) for a in addresses])


def rows():
    with open(os.path.join(ROOT, "docs", "security.md"), encoding="utf-8") as file:
        return [line.strip("|\n ").split(" | ") for line in file
                if line.startswith("| ") and ".py" in line or ".c`" in line]


@pytest.mark.skipif(ARCH != "x86_64", reason="once is enough")
def test_the_table_names_tests_that_are_there():
    assert len(rows()) >= 12
    for row in rows():
        for name in re.findall(r"`((?:tests/)[^`]*)`", row[-1]):
            path, _, function = name.partition("::")
            with open(os.path.join(ROOT, path), encoding="utf-8") as file:
                assert not function or f"def {function}(" in file.read(), name
