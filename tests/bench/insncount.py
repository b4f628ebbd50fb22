# SPDX-License-Identifier: BSD-2-Clause
"""The instruction counter from Python: build the plugin, point it at an image, read its figures."""

import json
import os
import socket
import struct
import subprocess
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.realpath(os.path.join(HERE, "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "tools"))

from unik_lib import elf  # noqa: E402

MULTIBOOT1_MAGIC = 0x1BADB002
POINT_BYTES = 48
VIRT_IMAGE = 0x40080000


def plugin():
    """Path of the plugin; built first where its sources are newer."""
    output = os.path.join(ROOT, "build", "insncount.so")
    inputs = [os.path.join(HERE, name) for name in ("insncount.c", "qemu_plugin.h")]
    if not os.path.exists(output) or any(os.path.getmtime(output) < os.path.getmtime(path)
                                         for path in inputs):
        os.makedirs(os.path.dirname(output), exist_ok=True)
        subprocess.run([os.environ.get("HOSTCC", "gcc"), "-O2", "-shared", "-fPIC", inputs[0],
                        "-o", output, "-lpthread"], check=True)
    return output


def entry_address(image):
    """Where QEMU's loader enters the image. Ref: Multiboot Specification 0.6.96, 3.1; the Linux
    kernel's booting.rst for AArch64, section 4: text_offset above a multiple of 2 MiB."""
    if image.arch == "aarch64":
        return VIRT_IMAGE
    for at in range(0, 8192 - 32, 4):
        words = struct.unpack_from("<8I", image.data, at)
        if words[0] == MULTIBOOT1_MAGIC and sum(words[:3]) & 0xFFFFFFFF == 0:
            return words[7]
    raise ValueError(f"{image.name} has no Multiboot header")


def point(image, symbol, name=None):
    """The plugin's option that watches for a function; None if the image has not got it."""
    found = image.find_symbol(symbol)
    if not found:
        return None
    code = image.read(found.value, min(found.size or POINT_BYTES, POINT_BYTES))
    return f"at={name or symbol}:{found.value & 0xFFF:x}:{code.hex()}"


class Counter:
    """Figures of one guest at a time; `folder` gets its socket and its last report."""

    def __init__(self, folder):
        self.ctl = os.path.join(folder, "insncount.sock")
        self.out = os.path.join(folder, "insncount.json")

    def options(self, path, symbols=(), mmio=False, pcs=None):
        """Options for `unik run`; functions in `symbols` become points of that name; `pcs` is a
        file for executions by address."""
        image = elf.Elf.open(path)
        words = [plugin(), f"entry={entry_address(image):x}", f"ctl={self.ctl}",
                 f"out={self.out}", "mmio=" + ("on" if mmio else "off")]
        words += [f"pcs={pcs}"] if pcs else []
        words += [text for text in (point(image, symbol) for symbol in symbols) if text]
        return ["--qemu-arg=-plugin", "--qemu-arg=" + ",".join(words)]

    def read(self):
        """The figures just now."""
        with socket.socket(socket.AF_UNIX) as ctl:
            ctl.connect(self.ctl)
            with ctl.makefile("r") as stream:
                return json.load(stream)

    def insns(self):
        return self.read()["now"]["insns"]

    def report(self):
        """The figures at the guest's end, once it has ended."""
        with open(self.out, encoding="ascii") as file:
            return json.load(file)
