# SPDX-License-Identifier: BSD-2-Clause
"""Bootable CD images: GRUB 2 for BIOS and UEFI, the image, its modules and its command line.

The same input gives the same bytes, as far as the tools allow: all times are those of
SOURCE_DATE_EPOCH, or of the image file where that is not set.
"""

import os
import re
import shutil
import subprocess
import tempfile
import time

from . import run
from .errors import UserError

NEEDED = {
    "grub-mkrescue": "grub-common grub-pc-bin grub-efi-amd64-bin",
    "xorriso": "xorriso",
    "mformat": "mtools",
}
GRUB_FOLDERS = {"i386-pc": "grub-pc-bin", "x86_64-efi": "grub-efi-amd64-bin"}
PROTOCOLS = ("multiboot", "multiboot2")


def make(image, output, modules, args, protocol):
    """Write the CD image; `protocol` multiboot, multiboot2 or both (multiboot2 is the default)."""
    _check(image, modules)
    epoch = os.environ.get("SOURCE_DATE_EPOCH") or str(int(os.stat(image).st_mtime))
    with tempfile.TemporaryDirectory(prefix="unik-iso-") as tmp:
        tree = os.path.join(tmp, "tree")
        _fill(tree, image, modules, args, protocol, int(epoch))
        _pack(tree, output, int(epoch), _fixed_serial(os.path.join(tmp, "tools")))


def _check(image, modules):
    missing = [pack for tool, pack in NEEDED.items() if not shutil.which(tool)]
    missing += [pack for folder, pack in GRUB_FOLDERS.items()
                if not os.path.isdir(os.path.join("/usr/lib/grub", folder))]
    if missing:
        packs = sorted({name for words in missing for name in words.split()})
        raise UserError(f"tools are missing: apt-get install {' '.join(packs)}")
    run.check_files([image] + modules)
    if run.arch_of(image) != "x86_64":
        raise UserError(f"{image}: CD images are for x86_64")


def _fill(tree, image, modules, args, protocol, epoch):
    boot = os.path.join(tree, "boot")
    os.makedirs(os.path.join(boot, "grub"))
    kernel = _take(boot, image)
    names = [_take(boot, path) for path in modules]
    wanted = PROTOCOLS if protocol == "both" else (protocol,)
    with open(os.path.join(boot, "grub", "grub.cfg"), "w", encoding="utf-8") as file:
        file.write(config(kernel, names, args, wanted))
    for folder, _, files in os.walk(tree):
        for name in files + ["."]:
            os.utime(os.path.join(folder, name), (epoch, epoch))


def _take(boot, path):
    """Copy a file in under a name that GRUB's shell leaves alone."""
    name = re.sub(r"[^A-Za-z0-9._-]", "_", os.path.basename(path))
    target = os.path.join(boot, name)
    if os.path.exists(target):
        raise UserError(f"two files would be called {name} on the CD image")
    shutil.copyfile(path, target)
    return name


def config(kernel, modules, args, protocols):
    """The text of grub.cfg. UEFI knows only multiboot2: `multiboot` jumps to 32-bit BIOS code."""
    lines = ["serial --unit=0 --speed=115200",
             "terminal_input serial console", "terminal_output serial console",
             "set timeout=0", f"set default={protocols[-1]}"]
    for protocol in protocols:
        module = "module" if protocol == "multiboot" else "module2"
        words = " ".join([f"/boot/{kernel}"] + [_quote(arg) for arg in args])
        lines += [f"menuentry '{kernel} ({protocol})' --id {protocol} {{",
                  f"\tinsmod {protocol}", f"\t{protocol} {words}"]
        # GRUB hands over what stands behind the file's name, and not that name.
        lines += [f"\t{module} /boot/{name} {name}" for name in modules]
        lines += ["}"]
    return "\n".join(lines) + "\n"


def _quote(word):
    """For GRUB's shell: everything literal inside '...'. It quotes anew for the guest."""
    return "'" + word.replace("'", "'\\''") + "'"


def _fixed_serial(folder):
    """A folder for PATH with an mformat that does not number the UEFI file system by the clock."""
    os.mkdir(folder)
    wrapper = os.path.join(folder, "mformat")
    with open(wrapper, "w", encoding="ascii") as file:
        file.write(f'#!/bin/sh\nexec {shutil.which("mformat")} -N 554e494b "$@"\n')
    os.chmod(wrapper, 0o755)
    return folder


def _pack(tree, output, epoch, tools):
    stamp = time.strftime("%Y%m%d%H%M%S00", time.gmtime(epoch))
    env = dict(os.environ, SOURCE_DATE_EPOCH=str(epoch), TZ="UTC",
               PATH=tools + os.pathsep + os.environ["PATH"])
    line = ["grub-mkrescue", "--compress=no", "--fonts=", "--locales=", "--themes=",
            "-o", output, tree, "--",
            "-volume_date", "all_file_dates", stamp, "-volume_date", "uuid", stamp,
            "-volid", "UNIK"]
    done = subprocess.run(line, env=env, capture_output=True, text=True, check=False)
    if done.returncode or not os.path.exists(output):
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise UserError(f"grub-mkrescue failed: {last}")
