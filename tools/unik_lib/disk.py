# SPDX-License-Identifier: BSD-2-Clause
"""Bootable disk images for UEFI firmware on AArch64: one FAT partition, made with mtools.

UEFI 2.10, 3.5.1.1: firmware starts EFI/BOOT/BOOTAA64.EFI of a partition of type EFh (5.2.2). That
is the image; it reads its command line from unik.cfg beside it, where words initrd=PATH name its
modules (arch/aarch64/efi.c).

The same input gives the same bytes: all times are those of SOURCE_DATE_EPOCH, or of the image file
where that is not set.
"""

import os
import re
import shutil
import struct
import subprocess
import tempfile

from . import elf, qemu, run
from .errors import UserError

SECTOR = 512
FIRST_SECTOR = 2048
# FAT16 wants 4085 clusters at least; firmware need not take FAT12 on a disk that cannot be removed.
MIN_SECTORS = 16384
FAT32_SECTORS = 1 << 20
EFI_PARTITION = 0xEF
# Of the disk and of the volume.
SERIAL = "554e494b"


def make(image, output, modules, args):
    """Write the disk image."""
    if not shutil.which("mformat"):
        raise UserError("tools are missing: apt-get install mtools")
    run.check_files([image] + modules)
    if run.arch_of(image) != "aarch64":
        raise UserError(f"{image}: disk images are for aarch64; 'unik iso' is for x86_64")
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH") or os.stat(image).st_mtime)
    with tempfile.TemporaryDirectory(prefix="unik-disk-") as tmp:
        tree = os.path.join(tmp, "tree")
        _fill(tree, image, modules, args)
        for folder, _, files in os.walk(tree):
            for name in files + ["."]:
                os.utime(os.path.join(folder, name), (epoch, epoch))
        draft = os.path.join(tmp, "disk")
        _pack(tree, draft, epoch)
        shutil.copyfile(draft, output)


def config(names, args):
    """The text of unik.cfg: the program's words, and the modules' names."""
    qemu.check_efi_args(args)
    words = [qemu.join_args(args)] if args else []
    return " ".join(words + [f"initrd=/{name}" for name in names]) + "\n"


def _fill(tree, image, modules, args):
    boot = os.path.join(tree, "EFI", "BOOT")
    os.makedirs(boot)
    with open(os.path.join(boot, "BOOTAA64.EFI"), "wb") as file:
        file.write(elf.Elf.open(image).flat())
    names = [_module_name(i, path) for i, path in enumerate(modules)]
    for name, path in zip(names, modules):
        os.makedirs(os.path.join(tree, "modules"), exist_ok=True)
        shutil.copyfile(path, os.path.join(tree, name))
    with open(os.path.join(tree, "unik.cfg"), "w", encoding="ascii") as file:
        file.write(config(names, args))


def _module_name(number, path):
    """Unique, and with nothing in it that is special to FAT or to the command line."""
    return f"modules/{number}-" + re.sub(r"[^A-Za-z0-9._-]", "_", os.path.basename(path))[-64:]


def _sectors(tree):
    """For the files, each to its last cluster of at most 32 KiB, and both tables."""
    total = 0
    for folder, folders, files in os.walk(tree):
        sizes = [os.path.getsize(os.path.join(folder, name)) for name in files]
        total += sum(size // 32768 + 1 for size in sizes) * 64 + 64 * len(folders)
    return max(MIN_SECTORS, (total * 17 // 16 + 4096) // 64 * 64)


def _pack(tree, path, epoch):
    sectors = _sectors(tree)
    with open(path, "wb") as file:
        file.write(_boot_record(sectors))
        file.truncate((FIRST_SECTOR + sectors) * SECTOR)
    volume = f"{path}@@{FIRST_SECTOR * SECTOR}"
    env = dict(os.environ, SOURCE_DATE_EPOCH=str(epoch), TZ="UTC", MTOOLS_SKIP_CHECK="1")
    fat32 = ["-F"] if sectors >= FAT32_SECTORS else []
    _call(["mformat", "-i", volume, "-T", str(sectors), "-h", "16", "-s", "63", "-H",
           str(FIRST_SECTOR), "-N", SERIAL, "-v", "UNIK", *fat32, "::"], env)
    _call(["mcopy", "-i", volume, "-s", "-m", "-Q",
           *(os.path.join(tree, name) for name in sorted(os.listdir(tree))), "::"], env)


def _boot_record(sectors):
    """One partition; sectors are named by number, not by cylinder (5.2.1)."""
    entry = struct.pack("<B3sB3sII", 0, b"\0\x02\0", EFI_PARTITION, b"\xff\xff\xff",
                        FIRST_SECTOR, sectors)
    return qemu.DISK_MARK.ljust(440, b"\0") + struct.pack("<I2s", int(SERIAL, 16), b"\0\0") + \
        entry.ljust(64, b"\0") + b"\x55\xaa"


def _call(line, env):
    done = subprocess.run(line, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise UserError(f"{line[0]} failed: {last}")
