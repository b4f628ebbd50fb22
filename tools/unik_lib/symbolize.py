# SPDX-License-Identifier: BSD-2-Clause
"""Panic backtraces: names and source lines behind addresses, and lines that are no frames dropped.

The guest cannot unwind: it has neither frame pointers nor unwind tables. It prints where it stood,

      rip image+0x12f40  sp 0xffff800000123f00

and then each word of the stack that may be a return address, youngest first:

      [sp+0x58] image+0x10a32

Before them comes, where calls leave the return address in a register, what that held:

      [lr] image+0x10a32

Addresses count from the image's base, which is link address 0. Here, where the debug information
is, the frames are followed properly (DWARF 4, 6.4): a candidate below the next return address is
left over from an earlier call and goes; where the way is lost, candidates are shown with a "?".
"""

import bisect
import os
import platform
import re
import subprocess

from . import elf

START = re.compile(rb"\b(?:rip|pc) image\+0x([0-9a-f]+)\s+sp 0x[0-9a-f]+")
CANDIDATE = re.compile(rb"\[sp\+0x([0-9a-f]+)\]\s+image\+0x([0-9a-f]+)")
PANIC = b"unik: panic:"
LINK = re.compile(rb"\[lr\]\s+image\+0x([0-9a-f]+)")


class BacktraceFilter:
    """A stream of console bytes; feed() gives back what may be shown now."""

    def __init__(self, image):
        self.image = image
        self.tail = b""
        self.panicking = False
        self.trace = None

    def feed(self, data):
        if self.panicking:
            return self._whole_lines(data)
        self.tail += data
        at = self.tail.find(PANIC)
        if at < 0:
            # Keep what a panic line could have begun with; it was shown already.
            self.tail = self.tail[-len(PANIC):]
            return data
        self.panicking = True
        rest = self.tail[at + len(PANIC):]
        self.tail = b""
        return data[:len(data) - len(rest)] + self._whole_lines(rest)

    def end(self):
        """What was held back; the stream is over."""
        rest, self.tail = self.tail, b""
        return self._line(rest) if self.panicking and rest else b""

    def _whole_lines(self, data):
        *lines, self.tail = (self.tail + data).split(b"\n")
        return b"".join(self._line(line + b"\n") for line in lines)

    def _line(self, line):
        start = START.search(line)
        if start:
            self.trace = Trace(Names(self.image), Frames.load(self.image))
            return _append(line, self.trace.start(int(start[1], 16)))
        link = LINK.search(line)
        if link and self.trace:
            text = self.trace.link(int(link[1], 16))
            return _append(line, text) if text is not None else b""
        candidate = CANDIDATE.search(line)
        if not candidate or not self.trace:
            return line
        text = self.trace.candidate(int(candidate[1], 16), int(candidate[2], 16))
        return _append(line, text) if text is not None else b""


def _append(line, text):
    body = line.rstrip(b"\r\n")
    return body + (b" " + text.encode() if text else b"") + line[len(body):]


class Trace:
    """One walk up the stack. Offsets are from the stack pointer at the start."""

    def __init__(self, names, frames):
        self.names = names
        self.frames = frames
        self.link_cfa = None          # where the frame ends whose way back is in the register
        self.ra_at = self.cfa = None  # of the frame being left: where it returns to; None: lost

    def start(self, pc):
        self.pc = pc
        name = self.names.describe(pc)
        if name:
            self._enter(pc, 0)
            row = self.frames.find(pc)
            self.link_cfa = row.keeps_link(0) if row else None
        else:
            self.link_cfa = 0
            # A jump to nowhere has no frame of its own yet: the caller's address is on top.
            self.ra_at, self.cfa = 0, 8
        return name

    def link(self, address):
        """Text for the return address in the register, or None if it is of an earlier call."""
        if self.link_cfa is None:
            return None
        self._enter(address - 1, self.link_cfa)
        return self.names.describe(address - 1)

    def candidate(self, at, address):
        """Text for a candidate, or None if it is none."""
        if at == 0 and address == self.pc:
            # The trace begins in a function that was called to print it, with its return address.
            self._enter(address - 1, 8)
            return None
        if self.ra_at is not None and at < self.ra_at:
            return None
        sure = self.ra_at == at
        # A return address may belong to the next function already: the call is one byte before.
        self._enter(address - 1, self.cfa if sure else at + 8)
        text = self.names.describe(address - 1)
        return text if sure or self.frames.empty else f"? {text}".rstrip()

    def _enter(self, pc, sp):
        row = self.frames.find(pc)
        self.ra_at, self.cfa = row.leave(sp) if row else (None, None)


def tool(name, arch):
    """The binutils that know an architecture: this machine's own, else the cross tools."""
    return name if arch == platform.machine() else f"{arch}-linux-gnu-{name}"


class Names:
    """Address -> text, by addr2line and, where there is no line table, by the nearest symbol."""

    def __init__(self, image):
        self.image = image
        self.addr2line = tool("addr2line", elf.Elf.open(image).arch)

    def describe(self, address):
        pairs = self._addr2line(address)
        if not pairs or pairs[-1][0] == "??":
            return ""
        return " inlined in ".join(self._text(function, place) for function, place in pairs)

    @staticmethod
    def _text(function, place):
        path, _, line = place.rpartition(":")
        line = line.split(" ")[0]
        if path.startswith("??") or line in ("?", "0"):
            return function
        near = os.path.relpath(path)
        return f"{function} ({near if not near.startswith('..') else path}:{line})"

    def _addr2line(self, address):
        """[(function, file:line)], the innermost inlined function first."""
        try:
            done = subprocess.run([self.addr2line, "-f", "-i", "-e", self.image, hex(address)],
                                  capture_output=True, text=True, check=False)
        except OSError:
            return []
        lines = done.stdout.splitlines()
        return list(zip(lines[::2], lines[1::2]))


class Row:
    """From one address on: CFA = register + offset, return address at CFA + ra_offset."""

    def __init__(self, register, offset, ra_offset):
        self.register = register
        self.offset = offset
        self.ra_offset = ra_offset

    def leave(self, sp):
        """(where the return address is, CFA) for a stack pointer; (None, None) if not known."""
        if self.register not in ("rsp", "sp") or self.ra_offset is None:
            return None, None
        cfa = sp + self.offset
        return cfa + self.ra_offset, cfa


    def keeps_link(self, sp):
        """The CFA for a stack pointer if the return address was not put on the stack, else None."""
        ours = self.register in ("rsp", "sp") and self.ra_offset is None
        return sp + self.offset if ours else None


class Frames:
    """The call frame table of an image, as `readelf --debug-dump=frames-interp` prints it."""

    CIE = re.compile(r"([0-9a-f]+) [0-9a-f]+ [0-9a-f]+ CIE ")
    FDE = re.compile(r"[0-9a-f]+ [0-9a-f]+ [0-9a-f]+ FDE cie=([0-9a-f]+) "
                     r"pc=([0-9a-f]+)\.\.([0-9a-f]+)")
    ROW = re.compile(r"([0-9a-f]{8,16}) (\w+)([+-]\d+)(.*)")

    def __init__(self):
        self.starts, self.rows = [], []

    @classmethod
    def load(cls, image):
        frames = cls()
        try:
            done = subprocess.run(["readelf", "--debug-dump=frames-interp", image],
                                  capture_output=True, text=True, check=False)
        except OSError:
            return frames
        frames._parse(done.stdout)
        return frames

    @property
    def empty(self):
        return not self.starts

    def find(self, address):
        i = bisect.bisect_right(self.starts, address) - 1
        return self.rows[i] if i >= 0 else None

    def _parse(self, text):
        found, cies, cie, inside, ra_column = {}, {}, None, False, None
        for line in text.splitlines():
            if new_cie := self.CIE.match(line):
                cie, inside = new_cie[1], False
            elif fde := self.FDE.match(line):
                start, end = int(fde[2], 16), int(fde[3], 16)
                cie, inside = None, start != 0  # 0: of a function that the linker dropped
                if inside:
                    # It begins as its CIE says; behind it nothing is known, unless another starts.
                    found[start] = cies.get(fde[1])
                    found.setdefault(end, None)
            elif line.strip().startswith("LOC"):
                columns = line.split()[2:]
                ra_column = columns.index("ra") if "ra" in columns else None
            elif row := self.ROW.match(line.strip()):
                if cie:
                    cies[cie] = self._row(row, ra_column)
                elif inside:
                    found[int(row[1], 16)] = self._row(row, ra_column)
        self.starts = sorted(found)
        self.rows = [found[start] for start in self.starts]

    @staticmethod
    def _row(match, ra_column):
        rules = match[4].split()
        rule = rules[ra_column] if ra_column is not None and ra_column < len(rules) else "u"
        at_cfa = re.fullmatch(r"c([+-]\d+)", rule)
        return Row(match[2], int(match[3]), int(at_cfa[1]) if at_cfa else None)
