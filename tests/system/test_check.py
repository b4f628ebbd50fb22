# SPDX-License-Identifier: BSD-2-Clause
"""`unik check`: what it says of images as they are, and of ones that lack a protection."""

import os
import struct
import sys

import pytest

from guest import ARCH, ROOT, image
from machines import only_aarch64

sys.path.insert(0, os.path.join(ROOT, "tools"))

from unik_lib.check import PADS, Image

pytestmark = pytest.mark.skipif(ARCH == "host", reason="is about images for machines")

NAMES = ["W^X", "position", "text", "function pointers", "stack canary", "landing pads"]
PT_LOAD, PF_X, PF_W = 1, 1, 2
NOP = b"\x1f\x20\x03\xd5"  # of AArch64


@pytest.fixture
def findings(unik):
    """What `unik check` says: name -> (mark, text); its status agrees with the marks."""
    def call(path):
        done = unik("check", path)
        found = {}
        for line in done.stdout.splitlines():
            found[line[4:22].strip()] = (line[:3].strip(), line[23:])
        marks = {mark for mark, _ in found.values()}
        assert marks <= {"ok", "no", "NO"}, done.stdout
        assert done.returncode == (1 if "NO" in marks else 0), done.stdout + done.stderr
        return found

    return call


@pytest.fixture
def spoilt(tmp_path):
    """A copy of hello with bytes written over: spoilt(offset, bytes) -> path."""
    def make(offset, data):
        with open(image("hello"), "rb") as file:
            content = bytearray(file.read())
        content[offset:offset + len(data)] = data
        path = tmp_path / "spoilt.elf"
        path.write_bytes(content)
        return str(path)

    return make


@pytest.mark.parametrize("name", ["hello", "httpd"])
def test_of_the_programs_here(findings, name):
    found = findings(image(name))
    assert list(found) == NAMES
    bad = {name for name, (mark, _) in found.items() if mark != "ok"}
    assert bad == (set() if ARCH == "aarch64" else {"landing pads"}), found
    for name in {"function pointers", "landing pads"} - bad:
        good, _, total = found[name][1].split()[:3]
        assert good == total and int(total) > 10, found


def segment_flags(path):
    """File offset and value of the flags of the first part that is loaded: the text."""
    with open(path, "rb") as file:
        data = file.read(4096)
    at, = struct.unpack_from("<Q", data, 32)
    kind, flags = struct.unpack_from("<II", data, at)
    assert kind == PT_LOAD and flags & PF_X
    return at + 4, flags


def test_text_that_can_be_written(findings, spoilt):
    offset, flags = segment_flags(image("hello"))
    found = findings(spoilt(offset, struct.pack("<I", flags | PF_W)))
    assert found["W^X"][0] == "NO"


def test_table_that_can_be_written(findings, spoilt):
    """One that is told to be data: its relocation points to code."""
    good = Image(image("hello"))
    where = next(w for w, to in good.pointers.items() if good.is_code(to))
    index = next(n for n, s in enumerate(good.elf.segments) if s is good.segment(where))
    with open(image("hello"), "rb") as file:
        table, = struct.unpack_from("<Q", file.read(64), 32)
    found = findings(spoilt(table + index * 56 + 4, struct.pack("<I", 4 | PF_W)))
    assert found["function pointers"][0] == "NO"


def test_image_at_a_fixed_place(findings, spoilt):
    found = findings(spoilt(16, struct.pack("<H", 2)))  # ET_EXEC
    assert found["position"][0] == "NO"


@only_aarch64
def test_function_without_a_pad(findings, spoilt):
    good = Image(image("hello"))
    target = next(to for to in sorted(good.pointers.values()) if good.is_code(to)
                  and struct.unpack("<I", good.elf.read(to, 4))[0] in PADS[ARCH])
    segment = good.segment(target)
    found = findings(spoilt(segment.offset + target - segment.vaddr, NOP))
    mark, text = found["landing pads"]
    padded, _, total = text.split()[:3]
    assert mark == "NO" and int(padded) == int(total) - 1


def test_no_image(unik, tmp_path):
    path = tmp_path / "text"
    path.write_text("no image")
    assert unik("check", path).returncode == 2
