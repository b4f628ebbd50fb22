# SPDX-License-Identifier: BSD-2-Clause
"""gcov's counters of an image: where they lie in its memory, and .gcda files made of them.

An image writes no files, and many end by a panic or are killed. So nothing in it writes anything:
its counters are looked up in a copy of its memory. What the compiler put beside them says which
function of which file each belongs to. -fprofile-info-section leaves a pointer to a struct
gcov_info for each file in the section .gcov_info; the structures are those of GCC 12
(libgcc/libgcov.h), the files those of its gcc/gcov-io.h.

Counts are kept beside the image as IMAGE.counts: memory from the first counter to the last, the
sum of all runs. Only whether a counter is 0 matters in the end.
"""

import os
import struct
import sys
from array import array
from dataclasses import dataclass

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "tools"))
from unik_lib.elf import SHT_RELA, Elf  # noqa: E402

GCC_12 = b"B2"  # the version of the structures, without what tells releases apart
MERGES = 8      # kinds of counters; --coverage has the first only
RELATIVE = (8, 1027)  # R_X86_64_RELATIVE, R_AARCH64_RELATIVE
TAG_FUNCTION, TAG_COUNTERS, TAG_SUMMARY = 0x01000000, 0x01A10000, 0xA1000000
MAGIC = 0x67636461  # "gcda"
MASK = (1 << 64) - 1


@dataclass
class Function:
    checks: tuple  # its number and two checksums, as in the .gcno file
    addr: int      # of the first counter [link address]
    ncounters: int


@dataclass
class Unit:
    """One object file."""

    path: str      # of its .gcda
    header: tuple  # version, stamp, checksum
    functions: list


class Layout:
    """What an ELF file says about its counters; `units` is empty if it was not made to count."""

    def __init__(self, path):
        self.elf = Elf.open(path)
        self.units = []
        section = next((s for s in self.elf.sections if s.name == ".gcov_info"), None)
        if section is None:
            return
        self.info_addr = section.addr
        self.pointers = self._relocated()
        self.units = [self._unit(self.pointer(at))
                      for at in range(section.addr, section.addr + section.size, 8)]
        functions = [f for unit in self.units for f in unit.functions]
        mapped = next((s for s in self.elf.sections if s.name == "gcov_counters"), None)
        self.start = mapped.addr if mapped else min(f.addr for f in functions)
        self.end = max(f.addr + 8 * f.ncounters for f in functions)

    def _relocated(self):
        """Pointers whose value is not in place."""
        found = {}
        for section in self.elf.sections:
            if section.type == SHT_RELA and section.allocated:
                for at, info, addend in struct.iter_unpack("<QQq", self.elf.content(section)):
                    if info & 0xFFFFFFFF in RELATIVE:
                        found[at] = addend
        return found

    def pointer(self, at):
        return self.pointers.get(at) or self.field("<Q", at)[0]

    def field(self, form, at):
        return struct.unpack(form, self.elf.read(at, struct.calcsize(form)))

    def _string(self, at):
        return self.elf.read(at, 4096).split(b"\0", 1)[0].decode()

    def _unit(self, at):
        version, stamp, checksum = self.field("<I12xII", at)
        if version.to_bytes(4, "big")[:2] != GCC_12:
            raise SystemExit(f"{self.elf.name}: not compiled by GCC 12: {version:#x}")
        merges = at + 32
        nfunctions, = self.field("<I", merges + 8 * MERGES)
        table = self.pointer(merges + 8 * MERGES + 8)
        entries = (self.pointer(table + 8 * i) for i in range(nfunctions))
        return Unit(self._string(self.pointer(at + 24)), (version, stamp, checksum),
                    [self._function(entry) for entry in entries if entry])

    def _function(self, at):
        *checks, ncounters = self.field("<8xIII4xI", at)
        return Function(tuple(checks), self.pointer(at + 32), ncounters)


def add(path, memory):
    """Add a run's counters (bytes) to the file of counts; the caller has locked it."""
    new = array("Q", memory)
    if os.path.exists(path):
        with open(path, "rb") as file:
            old = array("Q", file.read())
        new = array("Q", ((a + b) & MASK for a, b in zip(old, new, strict=True)))
    with open(path, "wb") as file:
        file.write(new.tobytes())


class Sums:
    """Counts of all images that have an object file in common: unit -> its functions' counters."""

    def __init__(self):
        self.units = {}

    def add_image(self, path):
        """The counts that IMAGE.counts holds; memory begins where the layout says."""
        layout = Layout(path)
        with open(path + ".counts", "rb") as file:
            memory = file.read()
        for unit in layout.units:
            known, functions = self.units.setdefault(unit.path, (unit.header, {}))
            if known != unit.header:
                raise SystemExit(f"{path}: older or newer than {unit.path}: "
                                 "sources changed meanwhile, make coverage again")
            for function in unit.functions:
                at = function.addr - layout.start
                values = struct.unpack_from(f"<{function.ncounters}Q", memory, at)
                before = functions.get(function.checks, (0,) * len(values))
                functions[function.checks] = tuple(
                    (a + b) & MASK for a, b in zip(before, values, strict=True))

    def write(self):
        """All .gcda files."""
        for path, (header, functions) in self.units.items():
            with open(path, "wb") as file:
                file.write(struct.pack("<IIII", MAGIC, *header))
                file.write(struct.pack("<IIII", TAG_SUMMARY, 8, 1, 1))
                for checks, values in functions.items():
                    file.write(struct.pack("<II3I", TAG_FUNCTION, 12, *checks))
                    file.write(struct.pack(f"<II{len(values)}Q", TAG_COUNTERS, 8 * len(values),
                                           *values))
