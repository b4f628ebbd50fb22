# SPDX-License-Identifier: BSD-2-Clause
"""Images as PVH guests of a real Xen, started by xl from what `unik xl` writes."""

import glob
import os
import re
import sys

import pytest

import rig
from job import BUILD, Job, image

sys.path.insert(0, os.path.join(rig.ROOT, "tests", "system"))

from test_guest import check_end, judge, make_archives, said  # noqa: E402

POWEROFF, REBOOT, CRASH = 0, 1, 3  # xl's reason codes
BATCH = 12


@pytest.fixture(scope="session", autouse=True)
def built():
    try:
        rig.build()
    except rig.Unavailable as why:
        pytest.skip(f"no Xen to test with: {why}")


def test_statuses():
    job = Job("statuses")
    job.guest("hello", image("hello"), args=["one", "two words"], memory="8M")
    job.guest("three", image("tests/system/probe"), args=["status", "3"])
    job.guest("null", image("tests/system/probe"), args=["null"])
    result = job.run("run_guests 30 hello three null")
    assert result.status == 0, result.log
    hello, three, null = result["hello"], result["three"], result["null"]
    assert (hello.status, hello.reason) == (0, POWEROFF), result.log
    assert 'argv[2] = "two words"' in hello.console
    assert (three.status, three.reason) == (3, POWEROFF)
    assert "unik: exit status 3" in three.console
    assert (null.status, null.reason) == (134, CRASH)
    assert "unik: panic: null pointer" in null.console and "rip" in null.console


def test_tool_stack_requests():
    """xl shutdown is SIGTERM; after xl reboot the end is a reboot; suspend is refused, and said."""
    job = Job("requests")
    for name in ("off", "again", "suspend"):
        job.guest(name, image("tests/system/signals"), args=["unik.log=warn", "wait"])
    result = job.run("""
        start off again suspend
        for guest in off again suspend; do until_true 20 console_has $guest ready; done
        xl shutdown off; xl reboot again
        xenstore-write /local/domain/$(xl domid suspend)/control/shutdown suspend
        finish off 20; finish again 20
        until_true 20 console_has suspend "cannot suspend"; xl shutdown suspend
        finish suspend 20""")
    assert result.status == 0, result.log
    for name, reason in (("off", POWEROFF), ("again", REBOOT), ("suspend", POWEROFF)):
        ended = result[name]
        assert (ended.status, ended.reason) == (0, reason), result.log
        assert "caught SIGTERM" in ended.console
    assert "xen: cannot suspend" in result["suspend"].console


def test_ten_at_once_twice():
    """Created without waiting, all of them run, and all can be destroyed at any time."""
    job = Job("ten")
    names = [f"g{i}" for i in range(10)]
    for name in names:
        job.guest(name, image("tests/system/signals"), memory="8M")
    result = job.run(f"""
        names="{' '.join(names)}"
        once() {{
            for guest in $names; do start $guest & done; wait
            for guest in $names; do until_true 30 console_has $guest ready || return 1; done
            xl list
            for guest in $names; do xl destroy $guest & done; wait
            for guest in $names; do until_true 20 is_gone $guest || return 1; done
            rm -f /var/log/xen/console/*
        }}
        free() {{ xl info | sed -n 's/^free_memory *: //p'; }}
        before=$(free)
        once && once
        verdict=$?
        say "free memory before $before after $(free)"
        return $verdict""")
    assert result.status == 0, result.log
    before, after = map(int, re.search(r"before (\d+) after (\d+)", result.log).groups())
    assert after >= before - 2, "memory of destroyed guests is not back"


def wants_more(path):
    """Is this guest test about what is not here: a network, two modules (xl hands over one), QEMU's
    devices?"""
    options = said(path, "run")
    return "--net" in options or "--qemu-arg" in options or len(said(path, "archives").split()) > 1


def batches():
    paths = [path for path in sorted(glob.glob(os.path.join(BUILD, "tests", "guest", "*.elf")))
             if not wants_more(path)]
    return [paths[at:at + BATCH] for at in range(0, len(paths), BATCH)]


@pytest.mark.parametrize("paths", batches(), ids=lambda paths: os.path.basename(paths[0])[:-4] + "...")
def test_guests_pass_as_under_qemu(paths, tmp_path):
    job = Job("guests-" + os.path.basename(paths[0])[:-4])
    names = [os.path.basename(path)[:-len(".elf")].replace("_", "-") for path in paths]
    for name, path in zip(names, paths):
        memory = re.search(r"-m (\d+M)", said(path, "run"))
        archives = make_archives(path, str(tmp_path))
        job.guest(name, path, memory=memory[1] if memory else "64M",
                  module=archives[0] if archives else None)
    result = job.run(f"run_guests 60 {' '.join(names)}")
    wrong = {}
    for name, path in zip(names, paths):
        if name not in result:
            wrong[name] = "did not run"
            continue
        ended, expect = result[name], said(path, "expect")
        try:
            if expect:
                check_end(expect, ended.status, ended.console)
            else:
                assert judge(ended.console) == [] and ended.status == 0, ended.console
        except AssertionError as why:
            wrong[name] = str(why)
    assert not wrong, "\n".join(f"{name}: {why}" for name, why in wrong.items())
    assert result.status == 0, result.log
