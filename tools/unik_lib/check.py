# SPDX-License-Identifier: BSD-2-Clause
"""Which protections an image carries: what can be read from the file itself, nothing believed.

Ref: System V ABI, chapter 5 (segments); the RELR proposal for packed relative relocations as GNU
ld writes it; Intel SDM 1, 18.3 (ENDBR64); Arm ARM, D5.4.4 (BTI).
"""

import struct
from dataclasses import dataclass

from . import elf, relr
from .errors import UserError

PF_X, PF_W = 1, 2
ET_DYN = 3
SHT_RELR = 19

# What an indirect jump may land on. AArch64: BTI c/j/jc, and PACIASP, which is a BTI c as well; the
# image is mapped so that the CPU looks for them.
PADS = {"x86_64": {0xFA1E0FF3},
        "aarch64": {0xD503245F, 0xD503249F, 0xD50324DF, 0xD503233F, 0xD503237F}}
PADS_WANTED = {"aarch64"}
GUARD_FAILED = "__stack_chk_fail"
FOREIGN = "image_foreign_start"  # linker.ld: from here on is code that need not have any


@dataclass
class Finding:
    name: str
    good: bool
    text: str
    details: tuple = ()
    wanted: bool = True  # whether an image without it fails the check


class Image:
    """An image with its relative relocations: where pointers are and what they point to."""

    def __init__(self, path):
        self.elf = elf.Elf.open(path)
        self.arch = self.elf.arch
        self.loads = [s for s in self.elf.segments if s.type == elf.PT_LOAD]
        if not self.loads:
            raise UserError(f"{path}: no image: it has nothing to load")
        self.pointers = dict(self._pointers())  # where -> to what

    def segment(self, addr):
        return next((s for s in self.loads if s.vaddr <= addr < s.vaddr + s.memsz), None)

    def is_code(self, addr):
        segment = self.segment(addr)
        return bool(segment and segment.flags & PF_X)

    def is_writable(self, addr):
        segment = self.segment(addr)
        return bool(segment and segment.flags & PF_W)

    def _pointers(self):
        for section in self.elf.sections:
            if section.type == SHT_RELR:
                for where in relr.unpack(self.elf.content(section)):
                    yield where, self._u64(where)
            elif section.name == ".rela.dyn":
                for where, info, addend in struct.iter_unpack("<QQq", self.elf.content(section)):
                    if info & 0xFFFFFFFF == elf.R_RELATIVE[self.arch]:
                        yield where, addend

    def _u64(self, addr):
        data = self.elf.read(addr, 8)
        return struct.unpack("<Q", data)[0] if len(data) == 8 else 0

    def name(self, addr):
        """symbol+offset, or the address in a stripped image."""
        best = max((s for s in self.elf.symbols()
                    if s.section is not None and s.value <= addr < s.value + max(s.size, 1)
                    and not s.name.startswith("$")), key=lambda s: s.value, default=None)
        if not best:
            return f"{addr:#x}"
        offset = addr - best.value
        return best.name + (f"+{offset:#x}" if offset else "")


def w_xor_x(image):
    bad = [s for s in image.loads if s.flags & PF_W and s.flags & PF_X]
    return Finding("W^X", not bad, "no part is writable and executable" if not bad else
                   f"{len(bad)} segments can be written and executed")


def position(image):
    kind = struct.unpack_from("<H", image.elf.data, 16)[0]
    return Finding("position", kind == ET_DYN,
                   "independent: runs at a random base" if kind == ET_DYN else "fixed")


def text(image):
    """A relocation in code would have to be written there."""
    bad = [where for where in image.pointers if image.is_code(where)]
    return Finding("text", not bad, "no relocations in code" if not bad else
                   f"{len(bad)} relocations in code", tuple(image.name(a) for a in bad))


def code_pointers(image):
    """Pointers to code that have their values from the start belong where nobody can write."""
    ours = [a for a, to in image.pointers.items() if image.is_code(to)]
    bad = [a for a in ours if image.is_writable(a)]
    return Finding("function pointers", not bad, f"{len(ours) - len(bad)} of {len(ours)} in data "
                   "that is read-only after boot", tuple(image.name(a) for a in bad))


def canary(image):
    if not image.elf.symbols():
        return Finding("stack canary", True, "cannot be told of a stripped image", wanted=False)
    found = image.elf.find_symbol(GUARD_FAILED)
    return Finding("stack canary", bool(found), "checked on return" if found else "none")


def landing_pads(image):
    """Of every function that a table points to, the first instruction. What of a stripped image
    needs none cannot be told."""
    foreign = image.elf.find_symbol(FOREIGN)
    targets = {to for to in image.pointers.values() if image.is_code(to)
               and not (foreign and to >= foreign.value)}
    bad = sorted(to for to in targets if _word(image, to) not in PADS[image.arch])
    return Finding("landing pads", not bad, f"{len(targets) - len(bad)} of {len(targets)} "
                   "functions in tables begin with one", tuple(image.name(a) for a in bad),
                   wanted=bool(foreign) and image.arch in PADS_WANTED)


def _word(image, addr):
    data = image.elf.read(addr, 4)
    return struct.unpack("<I", data)[0] if len(data) == 4 else 0


CHECKS = (w_xor_x, position, text, code_pointers, canary, landing_pads)


def show(path, details):
    """Print a line for each protection; returns the exit status."""
    image = Image(path)
    findings = [check(image) for check in CHECKS]
    for found in findings:
        mark = "ok" if found.good else "NO" if found.wanted else "no"
        print(f"{mark:3} {found.name:18} {found.text}")
        for line in found.details if details else ():
            print(f"{'':22} {line}")
    return 1 if any(f.wanted and not f.good for f in findings) else 0
