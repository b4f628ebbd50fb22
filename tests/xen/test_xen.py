# SPDX-License-Identifier: BSD-2-Clause
"""Images as guests of a real Xen, started by xl from what `unik xl` writes."""

import glob
import os
import re
import subprocess
import sys

import pytest

import rig
from job import BUILD, Job, image

sys.path.insert(0, os.path.join(rig.ROOT, "tests", "system"))

from test_guest import check_end, judge, make_archives, said  # noqa: E402

from unik_lib import elf  # noqa: E402  (job.py has made it visible)

LOAD_ADDRESS = 0x100000
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
    assert "unik: panic: null pointer" in null.console and "image+0x" in null.console


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


def test_time_that_others_had():
    """Two guests compute at once on the one CPU: each has been given about half of the time, says so,
    and counts the other half as stolen, not as its own."""
    job = Job("stolen")
    for name in ("one", "two"):
        job.guest(name, image("tests/system/stolen"), args=["8000"], memory="8M")
    result = job.run("start one & start two & wait; finish one 60; finish two 60")
    assert result.status == 0, result.log
    for name in ("one", "two"):
        words = re.search(r"clock (\d+) cpu (\d+) usage (\d+) user (\d+) idle (\d+) steal (\d+)",
                          result[name].console)
        assert words, result.log
        clock, cpu, usage, user, idle, steal = map(int, words.groups())
        assert steal > clock / 8, words[0]
        assert cpu < clock * 5 / 8 and abs(cpu - usage) < clock / 20, words[0]
        assert abs(cpu - user) < clock / 20, words[0]
        # The four ways in which time goes are all; the looks themselves take some, too.
        assert abs(user + idle + steal - clock) < clock / 20, words[0]
        assert idle < clock / 2, words[0]


def wants_more(path):
    """Is this guest test about what is not here: a network, two modules (xl hands over one), QEMU's
    devices, a CPU that is not the one of the machine?"""
    options = said(path, "run")
    if rig.CHOSEN is rig.ARM64 and "--cpu" in options:
        return True
    return "--net" in options or "--qemu-arg" in options or len(said(path, "archives").split()) > 1


def batches():
    paths = [path for path in sorted(glob.glob(os.path.join(BUILD, "tests", "guest", "*.elf")))
             if not wants_more(path)]
    return [paths[at:at + BATCH] for at in range(0, len(paths), BATCH)]


# This one waits for signals by the clock. The one CPU is dom0's, too, and all of it is emulated on a
# machine that may be busy: it may try again.
TIMED = ("test_signals",)
TRIES = 4


def add_guest(job, name, path, folder):
    memory = re.search(r"-m (\d+M)", said(path, "run"))
    archives = make_archives(path, folder)
    job.guest(name, path, memory=memory[1] if memory else "64M",
              module=archives[0] if archives else None)


def wrong_with(result, name, path):
    """What is wrong with how a guest ended; "" if nothing is."""
    if name not in result:
        return "did not run"
    ended, expect = result[name], said(path, "expect")
    try:
        if expect:
            check_end(expect, ended.status, ended.console)
        else:
            assert judge(ended.console) == [] and ended.status == 0, ended.console
    except AssertionError as why:
        return str(why)
    return ""


def passes_again(name, path, folder):
    names = [f"{name}-{n}" for n in range(1, TRIES)]
    job = Job(f"again-{name}")
    for each in names:
        add_guest(job, each, path, folder)
    result = job.run(f"run_guests 60 {' '.join(names)}")
    return any(not wrong_with(result, each, path) for each in names)


@pytest.mark.parametrize("paths", batches(), ids=lambda paths: os.path.basename(paths[0])[:-4] + "...")
def test_guests_pass_as_under_qemu(paths, tmp_path):
    job = Job("guests-" + os.path.basename(paths[0])[:-4])
    names = [os.path.basename(path)[:-len(".elf")].replace("_", "-") for path in paths]
    for name, path in zip(names, paths):
        add_guest(job, name, path, str(tmp_path))
    result = job.run(f"run_guests 60 {' '.join(names)}")
    wrong = {}
    for name, path in zip(names, paths):
        why = wrong_with(result, name, path)
        timed = os.path.basename(path)[:-len(".elf")] in TIMED
        if why and not (timed and name in result and passes_again(name, path, str(tmp_path))):
            wrong[name] = why
    assert not wrong, "\n".join(f"{name}: {why}" for name, why in wrong.items())
    assert result.status == 0, result.log


def counting(folder, entry):
    """Words for QEMU that count hello's instructions from an entry to main(), and where to."""
    plugin, out = os.path.join(folder, "guestcount.so"), os.path.join(folder, "counts")
    subprocess.run(["gcc", "-O2", "-shared", "-fPIC", f"-I{rig.ROOT}", "-o", plugin,
                    os.path.join(rig.ROOT, "tests", "xen", "guestcount.c")], check=True)
    hello = elf.Elf.open(image("hello"))
    main = hello.find_symbol("main")
    code = hello.read(main.value, min(main.size, 32)).hex()
    address = hello.find_symbol(entry).value + LOAD_ADDRESS
    return ["-plugin", f"{plugin},entry={address:x},main={main.value & 0xfff:x}:{code},out={out}"], out


def first_count(path):
    with open(path, encoding="ascii") as file:
        return int(file.readline())


@pytest.mark.skipif(rig.CHOSEN is not rig.AMD64, reason="knows where a PVH guest is loaded")
def test_path_to_main_is_as_short(tmp_path):
    """The image's own instructions from its entry to main(), under Xen and under QEMU alone."""
    words, out = counting(str(tmp_path), "multiboot_entry")
    subprocess.run([sys.executable, os.path.join(rig.ROOT, "tools", "unik"), "run", image("hello"),
                    *(f"--qemu-arg={word}" for word in words)], check=True)
    alone = first_count(out)
    os.unlink(out)
    words, out = counting(str(tmp_path), "pvh_entry")
    job = Job("path")
    job.guest("hello", image("hello"), memory="64M")
    result = job.run("run_guests 60 hello", qemu_args=words)
    assert result.status == 0, result.log
    under_xen = first_count(out)
    print(f"instructions from entry to main(): {alone} under QEMU, {under_xen} under Xen")
    assert under_xen <= 1.5 * alone
