# SPDX-License-Identifier: BSD-2-Clause
"""`unik flat`: the file that loaders on ARM take, with its relocations packed."""

import os
import random
import struct
import subprocess
import sys

import pytest

from guest import ROOT, image
from machines import only_aarch64

sys.path.insert(0, os.path.join(ROOT, "tools"))

from unik_lib import elf, relr  # noqa: E402
from unik_lib.errors import UserError  # noqa: E402

def _table(addresses):
    words = relr.pack(addresses)
    return struct.pack(f"<{len(words)}Q", *words)


@pytest.mark.parametrize("share", [0.001, 0.02, 0.3, 1])
def test_what_is_packed_comes_out(share):
    """In no more words than linker.ld has room for: one, and one for each 63 words in between."""
    rng = random.Random(share)
    for total in (1, 62, 63, 64, 65, 126, 127, 128, 5000):
        chosen = [0x12340 + 8 * i for i in range(total) if rng.random() < share]
        assert list(relr.unpack(_table(chosen))) == chosen
        assert len(relr.pack(chosen)) <= 1 + (total + 62) // 63


def test_pointers_that_are_not_aligned():
    chosen = [0x1000, 0x1008, 0x100C, 0x1014, 0x101E]
    assert list(relr.unpack(_table(chosen))) == chosen
    with pytest.raises(UserError, match="odd"):
        relr.pack([0x1001])


def test_room():
    """What is left over has bitmaps without a bit; what does not fit is said."""
    table = relr.table([0x1000, 0x1010], 32)
    assert len(table) == 32
    assert list(relr.unpack(table)) == [0x1000, 0x1010]
    with pytest.raises(UserError, match="do not fit"):
        relr.table([0x1000, 0x9000, 0x20000], 16)


@only_aarch64
def test_stripped_is_the_same(tmp_path):
    """Loading it needs nothing that `strip` takes away."""
    stripped = str(tmp_path / "hello.elf")
    subprocess.run(["aarch64-linux-gnu-strip", "-s", "-o", stripped, image("hello")], check=True)
    assert elf.Elf.open(stripped).flat() == elf.Elf.open(image("hello")).flat()


@only_aarch64
def test_not_packed_is_said(tmp_path):
    """A file that `objcopy -O binary` has made."""
    flat = bytearray(elf.Elf.open(image("hello")).flat())
    program = elf.Elf.open(image("hello"))
    at = program.find_symbol("image_packed_start").value - program.find_symbol(
        "boot_headers").value
    flat[at:at + 8] = bytes(8)
    path = tmp_path / "hello.flat"
    path.write_bytes(flat)
    line = ["qemu-system-aarch64", "-M", "virt", "-cpu", "max", "-m", "64", "-kernel", str(path),
            "-display", "none", "-monitor", "none", "-serial", "stdio", "-no-reboot"]
    with subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as qemu:
        try:
            assert b"unik flat" in qemu.stdout.readline()
        finally:
            qemu.kill()
