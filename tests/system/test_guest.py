# SPDX-License-Identifier: BSD-2-Clause
"""Boots each program of tests/guest and judges the TAP that it prints.

A test that needs something of its machine says so in a comment line of its source:

    // run: -m 128M --net user
    // archives: files/first files/second       folders beside it, each made into a module

    // boards: no, they have no clock           not on models of real boards

A program that prints no TAP says how it ends, and what its output has in it:

    // expect: panic status=134 output="stack" output="name"
    // expect aarch64: status=0                 where it differs between architectures
"""

import glob
import os
import re
import shlex
import subprocess
import sys

import pytest

from guest import ARCH, BUILD, ROOT
from machines import HERE, only_aarch64
from web import MKARCHIVE

IMAGES = sorted(glob.glob(os.path.join(BUILD, "tests", "guest", "*.elf")))
RESULT = re.compile(r"(not )?ok (\d+)\b(.*)")
ESCAPE = re.compile(r"\x1b\[[0-9;=]*[A-Za-z]")  # UEFI firmware clears the screen
PLAN = re.compile(r"1\.\.(\d+)")


def said(path, key):
    """What the comment line `key:` in the source of an image says; "" without one."""
    source = os.path.join(ROOT, os.path.relpath(path, BUILD)[:-len(".elf")] + ".c")
    if not os.path.exists(source):
        return ""
    with open(source, encoding="utf-8") as file:
        found = re.findall(rf"^(?://| \*) {key}: (.*)$", file.read(), re.MULTILINE)
    return " ".join(found)


def make_archives(path, folder):
    """The modules that a test asks for."""
    made = []
    for name in said(path, "archives").split():
        made.append(os.path.join(folder, name.replace("/", "-") + ".cpio"))
        subprocess.run([sys.executable, MKARCHIVE, "-o", made[-1],
                        os.path.join(ROOT, "tests", "guest", name)], check=True)
    return made


def check_end(expect, status, text):
    want = re.search(r"status=(\d+)", expect)
    assert status == int(want[1]), text
    for part in re.findall(r'output="([^"]*)"', expect):
        assert part in text, text
    assert ("unik: panic:" in text) == expect.startswith("panic"), text


def judge(text):
    """What is wrong with a TAP report; [] if nothing is."""
    lines = [line.strip("\r") for line in ESCAPE.sub("\n", text).splitlines()]
    results = [match for match in map(RESULT.fullmatch, lines) if match]
    plans = [int(match[1]) for match in map(PLAN.fullmatch, lines) if match]
    wrong = [match[0] for match in results if match[1]]
    if [int(match[2]) for match in results] != list(range(1, len(results) + 1)):
        wrong.append("results are not numbered 1, 2, 3, …")
    if plans != [len(results)] or not results:
        wrong.append(f"plan is {plans}, results are {len(results)}")
    return wrong


def cases():
    """Each program on each of the machines, and on boards if it wants nothing of its machine; where
    there is only one, that goes without saying."""
    for path in IMAGES:
        net = "--net" in said(path, "run")
        machines = HERE.guest_net_machines if net else HERE.guest_machines
        if not any(said(path, key) for key in ("run", "archives", "boards")):
            machines += HERE.boards
        for machine in machines:
            name = os.path.basename(path)
            # A process has none of QEMU's devices and CPUs.
            special = {"--qemu-arg", "--cpu"} & {word.split("=")[0] for word in
                                                 shlex.split(said(path, "run"))}
            marks = pytest.mark.skipif(machine == "host" and bool(special),
                                       reason="wants a machine of QEMU's")
            yield pytest.param(path, machine, marks=marks,
                               id=name if len(machines) == 1 else f"{name}-{machine}")


@pytest.mark.parametrize("path,machine", cases())
def test_guest(boot, path, machine, tmp_path):
    run(boot, path, machine, tmp_path)


# Where the firmware describes the machine by ACPI tables: what has to do with its devices.
@only_aarch64
@pytest.mark.parametrize("machine", ["virt,acpi=on", "virt,acpi=on,gic-version=3",
                                     "virt,acpi=on,gic-version=3+mmio"])
@pytest.mark.parametrize("name", ["time", "timers", "threads", "sockets", "hvc", "trap_null"])
def test_guest_acpi(boot, name, machine, tmp_path):
    path = os.path.join(BUILD, "tests", "guest", f"test_{name}.elf")
    run(boot, path, machine, tmp_path, how="uefi-kernel")


def run(boot, path, machine, tmp_path, **more):
    guest = boot(path, machine=machine, options=shlex.split(said(path, "run")),
                 modules=make_archives(path, str(tmp_path)), **more)
    status = guest.wait(timeout_s=50)
    expect = said(path, f"expect {ARCH}") or said(path, "expect")
    if expect:
        check_end(expect, status, guest.text)
        return
    assert judge(guest.text) == [], guest.text
    assert status == 0, guest.text


def test_there_are_guest_tests():
    assert IMAGES, "make guest"


@pytest.mark.parametrize("text,good", [
    ("ok 1 - a\nok 2 - b # SKIP no\n1..2\n", True), ("1..1\nok 1\n", True), ("", False),
    ("ok 1\nnot ok 2\n1..2\n", False), ("ok 1\n1..2\n", False), ("ok 1\n", False),
    ("ok 1\nok 3\n1..2\n", False), ("1..0\n", False)])
def test_judge(text, good):
    assert (judge(text) == []) == good
