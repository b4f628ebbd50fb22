# SPDX-License-Identifier: BSD-2-Clause
"""Images that Xen itself starts on ARM, without a dom0: the device tree says which."""

import os
import re

import pytest

import rig
import rig_arm
from job import BUILD, LOGS, Ended, image
from test_xen import TIMED, TRIES, batches, make_archives, wrong_with

pytestmark = pytest.mark.skipif(rig.CHOSEN is not rig.ARM64, reason="for ARCH=aarch64")


@pytest.fixture(scope="module", autouse=True)
def built():
    try:
        rig.build()
    except rig.Unavailable as why:
        pytest.skip(f"no Xen to test with: {why}")


def run(path, until="unik: exit status", **options):
    os.makedirs(LOGS, exist_ok=True)
    name = os.path.splitext(os.path.basename(path))[0]
    return rig_arm.run_alone(os.path.splitext(path)[0] + ".img",
                             os.path.join(LOGS, f"xen-alone-{name}.log"), until, **options)


@pytest.mark.parametrize("gic", (2, 3))
def test_console_and_arguments(gic):
    text = run(image("hello"), args='one "two words"', memory_mib=8, gic=gic)
    assert 'argv[2] = "two words"' in text and "unik: exit status 0" in text


def test_statuses():
    assert "unik: exit status 3\n" in run(image("tests/system/probe"), args="status 3")
    text = run(image("tests/system/probe"), args="null")
    assert "unik: panic: null pointer" in text and "unik: exit status 134" in text


# Nobody tells such a domain the date.
DATED = ("test_time",)


def names():
    paths = [path for batch in batches() for path in batch]
    return [name for name in (os.path.basename(path)[:-len(".elf")] for path in paths)
            if name not in DATED]


@pytest.mark.parametrize("name", names())
def test_guests_pass_as_under_qemu(name, tmp_path):
    path = os.path.join(BUILD, "tests", "guest", name + ".elf")
    archives = make_archives(path, str(tmp_path))
    wrong = ""
    for _ in range(TRIES if name in TIMED else 1):
        text = run(path, module=archives[0] if archives else None)
        status = re.search(r"unik: exit status (\d+)$", text, re.MULTILINE)
        ended = Ended(int(status[1]) if status else None, None, text)
        wrong = wrong_with({name: ended}, name, path)
        if not wrong:
            break
    assert not wrong, wrong
