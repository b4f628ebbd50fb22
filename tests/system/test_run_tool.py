# SPDX-License-Identifier: BSD-2-Clause
"""The command line of tools/unik."""

import signal
import socket
import subprocess
import sys
import time

import pytest

from guest import ARCH, UNIK, free_port, image
from machines import only_aarch64, only_x86_64

PROBE = "tests/system/probe"


def test_help(unik):
    assert "run" in unik("--help").stdout
    for command in ("run", "size", "why", "iso", "disk", "symbolize"):
        done = unik(command, "--help")
        assert done.returncode == 0 and "IMAGE" in done.stdout


@pytest.mark.parametrize("words", [
    [], ["nosuchcommand"], ["size"], ["iso", "x"], ["size", "x", "--", "y"]])
def test_bad_usage(unik, words):
    done = unik(*words)
    assert done.returncode == 2 and "usage" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [
    ["/no/such/image"], ["IMAGE", "-p", "80"], ["IMAGE", "-p", "0:80"], ["IMAGE", "--net", "x"],
    ["IMAGE", "-p", "1:2", "--net", "none"], ["IMAGE", "--module", "/no/such"],
    ["IMAGE", "--machine", "vax"], ["IMAGE", "--qemu-arg=-nosuch"],
    ["IMAGE", "--cpu", "6502"]])
def test_what_cannot_run(unik, words):
    """Status 125 and a line that says why; nothing that looks like the program's own status."""
    words = [image("hello") if word == "IMAGE" else word for word in words]
    done = unik("run", *words)
    assert done.returncode == 125, done.stderr
    assert "unik" in done.stderr and "Traceback" not in done.stderr


@only_x86_64
def test_uefi_wants_a_cd(unik):
    assert unik("run", image("hello"), "--uefi").returncode == 125


def test_not_an_image(unik):
    done = unik("run", "/etc/passwd")
    assert done.returncode == 125 and "could not start" in done.stderr


def test_verbose_prints_the_line(unik):
    port = free_port()
    done = unik("run", image("hello"), "-v", "-m", "32M", "-p", f"{port}:80", "--", "a b")
    assert done.returncode == 0, done.stderr
    assert f"qemu-system-{ARCH}" in done.stderr and "-m 32M" in done.stderr
    assert f"hostfwd=tcp:127.0.0.1:{port}-:80" in done.stderr


def test_timeout(unik):
    started = time.monotonic()
    done = unik("run", image(PROBE), "--timeout", "1.5", "--", "spin")
    assert done.returncode == 124 and "spinning" in done.stdout
    assert time.monotonic() - started < 6


def test_keyboard(unik):
    done = unik("run", image(PROBE), "--", "echo", stdin=b"one\nquit\n")
    assert "<one" in done.stdout and "<quit" in done.stdout
    assert done.returncode == 0


@pytest.mark.parametrize("number,status", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupt(number, status):
    with subprocess.Popen([sys.executable, UNIK, "run", image(PROBE), "--", "spin"],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        while b"spinning" not in child.stdout.readline():
            pass
        child.send_signal(number)
        assert child.wait(10) == status


def test_qemu_ends_with_its_parent():
    """Whoever kills `unik` leaves nothing behind: the gdb port is free again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with subprocess.Popen([sys.executable, UNIK, "run", image(PROBE), "--gdb", str(port)],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        assert _listens(port, True)
        child.kill()
    assert _listens(port, False)


def _listens(port, wanted):
    for _ in range(100):
        with socket.socket() as client:
            if (client.connect_ex(("127.0.0.1", port)) == 0) == wanted:
                return True
        time.sleep(0.05)
    return False


@only_aarch64
def test_disk_is_reproducible(unik, tmp_path):
    for name in ("a.disk", "b.disk"):
        done = unik("disk", image("hello"), "-o", tmp_path / name, "--module", __file__, "--", "x")
        assert done.returncode == 0, done.stderr
        time.sleep(2.1)  # FAT counts two seconds
    assert (tmp_path / "a.disk").read_bytes() == (tmp_path / "b.disk").read_bytes()


@only_aarch64
@pytest.mark.parametrize("words", [["initrd=x"], ["a initrd=x"], ["\N{GREEK SMALL LETTER ALPHA}"],
                                   ["a\nb"]])
def test_words_that_uefi_would_change(unik, tmp_path, words):
    done = unik("disk", image("hello"), "-o", tmp_path / "x", "--", *words)
    assert done.returncode == 1 and "under UEFI" in done.stderr
    assert unik("run", image("hello"), "--uefi", "--", *words).returncode == 125


@only_aarch64
def test_uefi_wants_ram(unik):
    done = unik("run", image("hello"), "--uefi", "-m", "64M")
    assert done.returncode == 125 and "128M" in done.stderr


@only_x86_64
def test_iso_is_reproducible(unik, tmp_path):
    for name in ("a.iso", "b.iso"):
        done = unik("iso", image("hello"), "-o", tmp_path / name, "--", "x")
        assert done.returncode == 0, done.stderr
        time.sleep(1.1)
    assert (tmp_path / "a.iso").read_bytes() == (tmp_path / "b.iso").read_bytes()


def test_size_adds_up(unik):
    """Folders add up to the total, and the total is what the file loads."""
    done = unik("size", image("hello"), "--json")
    assert done.returncode == 0, done.stderr
    import json
    size = json.loads(done.stdout)
    for figure in ("file_bytes", "bss_bytes"):
        assert sum(row[figure] for row in size["objects"]) == size["total"][figure]
    assert 0 < size["total"]["file_bytes"] < 1 << 20


def test_why(unik):
    done = unik("why", image("hello"), "main")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") >= 2
    assert unik("why", image("hello"), "no_such_thing").returncode == 1
