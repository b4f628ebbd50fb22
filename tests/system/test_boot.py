# SPDX-License-Identifier: BSD-2-Clause
"""One image boots on every path, machine and CPU, and gets its words and modules on each."""

import os
import re
import subprocess
import sys

import pytest

from guest import ROOT, image
from machines import HERE, every_path_and_board, only_aarch64, only_x86_64

sys.path.insert(0, os.path.join(ROOT, "tools"))

from unik_lib import elf, qemu  # noqa: E402


@every_path_and_board
@pytest.mark.parametrize("cpu", HERE.cpus)
def test_hello(boot, how, machine, cpu):
    guest = boot("hello", how=how, machine=machine, cpu=cpu)
    guest.expect("[Hh]ello")
    assert guest.wait() == 0


@every_path_and_board
def test_words_arrive(boot, how, machine):
    words = ["plain", "two words", 'q"uote', "it's", "back\\slash", "unik.log=info",
             "env.COLOUR=blue", "last"]
    guest = boot("tests/system/probe", how=how, machine=machine, args=["args", *words])
    assert guest.wait() == 0, guest.text
    text = re.sub(r"\x1b\[[0-9;=]*[A-Za-z]", "", guest.text)  # firmware moves the cursor
    seen = [line.strip() for line in text.splitlines()]
    for i, word in enumerate(["args"] + words[:5] + ["last"]):
        assert f"argv[{i + 1}]=<{word}>" in seen
    assert not any("unik.log" in line and line.startswith(("argv", "env <")) for line in seen)
    assert "env <COLOUR=blue>" in seen


@pytest.mark.limit(180)
@pytest.mark.parametrize("machine", HERE.large_machines)
def test_ram_above_4_gib(boot, machine):
    """These machines have at most 3.5 GiB below 4 GiB: so much memory lies above in part."""
    guest = boot("tests/system/probe", machine=machine, mem="6G", args=["ram", "4500"])
    guest.expect("4500 MiB, 0 bad", timeout_s=150)
    assert guest.wait() == 0


@pytest.mark.parametrize("cpu", [HERE.old_cpu, "max"])
def test_little_ram_is_said_so(boot, cpu):
    """More than there is: malloc says no, nothing else happens."""
    guest = boot("tests/system/probe", cpu=cpu, mem="16M", args=["ram", "100"])
    guest.expect("no memory")
    assert guest.wait() == 1


@only_x86_64
@pytest.mark.parametrize("machine", ["pc", "q35", "microvm"])
def test_pvh(boot, machine, tmp_path):
    """QEMU takes the Multiboot header first; in a copy without it the PVH note counts, as under
    Xen and Firecracker."""
    with open(image("tests/system/probe"), "rb") as file:
        elf = file.read()
    magic = (0x1BADB002).to_bytes(4, "little")
    assert elf.count(magic, 0, 8192) == 1
    copy = tmp_path / "pvh.elf"
    copy.write_bytes(elf.replace(magic, bytes(4), 1))
    guest = boot(str(copy), machine=machine, args=["args", "by pvh"])
    assert guest.wait() == 0, guest.text
    assert "argv[2]=<by pvh>" in guest.text


@only_aarch64
def test_board_with_a_device_tree(boot, tmp_path):
    """As the firmware of a Raspberry Pi does it: here it passes the tree that the image brings for
    loaders that have none, to which QEMU adds RAM and words."""
    path = image("tests/system/probe")
    program = elf.Elf.open(path)
    at = program.find_symbol("board_tree").value
    size = int.from_bytes(program.read(at + 4, 4), "big")
    tree = tmp_path / "board.dtb"
    tree.write_bytes(program.read(at, size))
    guest = boot("tests/system/probe", machine="raspi3b", args=["args", "by tree"],
                 options=["--qemu-arg=-dtb", f"--qemu-arg={tree}"])
    assert guest.wait() == 0, guest.text
    assert "argv[2]=<by tree>" in guest.text


@only_aarch64
def test_board_stays_off(tmp_path):
    """Without anybody who takes the status it is said, and the firmware is asked to stop."""
    flat = tmp_path / "hello.img"
    flat.write_bytes(elf.Elf.open(image("hello")).flat())
    line = [qemu.find_qemu("aarch64"), "-M", "raspi3b", "-accel", "tcg,thread=single", "-kernel",
            str(flat), "-no-reboot", "-display", "none", "-monitor", "none", "-serial", "stdio"]
    done = subprocess.run(line, stdin=subprocess.DEVNULL, capture_output=True, timeout=40, check=True)
    assert b"Hello" in done.stdout
    assert done.stdout.rstrip().endswith(b"unik: exit status 0")
