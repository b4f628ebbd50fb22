# SPDX-License-Identifier: BSD-2-Clause
"""The subset of ELF (64-bit, little-endian) and of ar archives that the other parts read.

Ref: System V ABI, chapter 4 (object files); the ar format as GNU ar writes it.
"""

import struct
from dataclasses import dataclass

from . import relr
from .errors import UserError

SHT_SYMTAB, SHT_RELA, SHT_NOBITS, SHT_GROUP = 2, 4, 8, 17
SHF_ALLOC = 2
SHN_UNDEF, SHN_LORESERVE, SHN_COMMON, SHN_XINDEX = 0, 0xFF00, 0xFFF2, 0xFFFF
SHT_SYMTAB_SHNDX = 18
PACKED_RELOCATIONS = ".packed_relocations"
STB_LOCAL, STB_WEAK = 0, 2
STT_FUNC, STT_SECTION, STT_FILE = 2, 3, 4
PT_LOAD = 1
R_RELATIVE = {"x86_64": 8, "aarch64": 1027}
MACHINES = {62: "x86_64", 183: "aarch64"}


@dataclass
class Section:
    index: int
    name: str
    type: int
    flags: int
    addr: int
    offset: int
    size: int
    link: int
    info: int
    entsize: int

    @property
    def allocated(self):
        return bool(self.flags & SHF_ALLOC)


@dataclass
class Symbol:
    name: str
    value: int
    size: int
    type: int
    bind: int
    section: int  # index, or None: undefined, absolute or common


@dataclass
class Segment:
    type: int
    flags: int
    offset: int
    vaddr: int
    filesz: int
    memsz: int


class Elf:
    """One ELF file in memory, tables read when asked for."""

    def __init__(self, data, name):
        self.data = data
        self.name = name
        if data[:6] != b"\x7fELF\x02\x01":
            raise UserError(f"{name}: not a 64-bit little-endian ELF file")
        try:
            self._read_header()
        except (struct.error, ValueError) as error:
            raise UserError(f"{name}: damaged ELF file ({error})") from error

    @classmethod
    def open(cls, path):
        try:
            with open(path, "rb") as file:
                return cls(file.read(), path)
        except OSError as error:
            raise UserError(f"{path}: {error.strerror}") from error

    def _read_header(self):
        (self.machine, self.entry, phoff, shoff, phentsize, phnum, shentsize, shnum,
         shstrndx) = struct.unpack_from("<2xH4xQQQ6xHHHHH", self.data, 16)
        self.segments = [self._segment(phoff + i * phentsize) for i in range(phnum)]
        self.sections = []
        if not shoff:
            return
        # More than 65279 sections: the counts are in section 0 (System V ABI, "e_shnum").
        if shnum == 0:
            shnum = struct.unpack_from("<Q", self.data, shoff + 32)[0]
        if shstrndx == SHN_XINDEX:
            shstrndx = struct.unpack_from("<I", self.data, shoff + 40)[0]
        raw = [struct.unpack_from("<IIQQQQIIQQ", self.data, shoff + i * shentsize)
               for i in range(shnum)]
        names = raw[shstrndx][4]
        for i, (name, kind, flags, addr, offset, size, link, info, _, entsize) in enumerate(raw):
            self.sections.append(Section(i, self._string(names + name), kind, flags, addr, offset,
                                         size, link, info, entsize))

    @property
    def arch(self):
        if self.machine not in MACHINES:
            raise UserError(f"{self.name}: for a CPU that is none of ours ({self.machine})")
        return MACHINES[self.machine]

    def flat(self):
        """The loaded content from its lowest section on, as loaders want it that know no ELF; with
        relocations packed into the room that linker.ld keeps for them."""
        loaded = [s for s in self.sections if s.type != SHT_NOBITS and s.size and s.addr
                  and self.is_loaded(s)]
        base = min(s.addr for s in loaded)
        out = bytearray(max(s.addr + s.size for s in loaded) - base)
        for section in loaded:
            at = section.addr - base
            packed = section.name == PACKED_RELOCATIONS
            out[at:at + section.size] = relr.table(self._relative(), section.size) if packed \
                else self.content(section)
        return bytes(out)

    def is_loaded(self, section):
        """Whether an allocated section lies in a segment; one that is only for tools does not."""
        return section.allocated and any(
            s.type == PT_LOAD and s.vaddr <= section.addr < s.vaddr + s.memsz
            for s in self.segments)

    def _relative(self):
        """Addresses of the words that have an address in the image. ld has put these there too
        (--apply-dynamic-relocs, its default), so that an addend need not be kept."""
        for section in self.sections:
            if section.type != SHT_RELA or section.name != ".rela.dyn":
                continue
            for where, info, addend in struct.iter_unpack("<QQq", self.content(section)):
                if info != R_RELATIVE[self.arch]:
                    raise UserError(f"{self.name}: a relocation of type {info} at {where:#x}")
                if struct.pack("<q", addend) != self.read(where, 8):
                    raise UserError(f"{self.name}: the word at {where:#x} is not its addend")
                yield where

    def _segment(self, at):
        kind, flags, offset, vaddr, _, filesz, memsz = struct.unpack_from("<IIQQQQQ", self.data, at)
        return Segment(kind, flags, offset, vaddr, filesz, memsz)

    def _string(self, at):
        return self.data[at:self.data.index(b"\0", at)].decode("utf-8", "replace")

    def content(self, section):
        return self.data[section.offset:section.offset + section.size]

    def read(self, vaddr, length):
        """Bytes of the loaded image at a link address; short at the end of a segment."""
        for seg in self.segments:
            if seg.type == PT_LOAD and seg.vaddr <= vaddr < seg.vaddr + seg.filesz:
                at = seg.offset + vaddr - seg.vaddr
                return self.data[at:min(at + length, seg.offset + seg.filesz)]
        return b""

    def symbols(self):
        """The symbol table in file order (relocations count in it); [] if stripped."""
        if not hasattr(self, "_symbols"):
            table = next((s for s in self.sections if s.type == SHT_SYMTAB), None)
            self._symbols = self._read_symbols(table) if table else []
        return self._symbols

    def _read_symbols(self, table):
        extended = next((s for s in self.sections
                         if s.type == SHT_SYMTAB_SHNDX and s.link == table.index), None)
        wide = struct.unpack(f"<{table.size // 24}I", self.content(extended)) if extended else ()
        strings = self.sections[table.link].offset
        found = []
        for i, (name, info, _, shndx, value, size) in enumerate(
                struct.iter_unpack("<IBBHQQ", self.content(table))):
            if shndx == SHN_XINDEX:
                shndx = wide[i]
            elif shndx == SHN_UNDEF or shndx >= SHN_LORESERVE:
                shndx = None
            found.append(Symbol(self._string(strings + name), value, size, info & 15, info >> 4,
                                shndx))
        return found

    def relocations(self):
        """(index of the section that refers, symbol index, addend) of all loaded sections."""
        for section in self.sections:
            if section.type != SHT_RELA or not self.sections[section.info].allocated:
                continue
            for _, info, addend in struct.iter_unpack("<QQq", self.content(section)):
                yield section.info, info >> 32, addend

    def find_symbol(self, name):
        return next((s for s in self.symbols() if s.name == name and s.section is not None), None)


def read_archive(path):
    """Yield (member name, bytes) of an ar archive."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:8] != b"!<arch>\n":
        raise UserError(f"{path}: not an archive")
    at, long_names = 8, b""
    while at + 60 <= len(data):
        name = data[at:at + 16].decode("ascii", "replace").rstrip()
        size = int(data[at + 48:at + 58])
        body = data[at + 60:at + 60 + size]
        if name == "//":
            long_names = body
        elif name not in ("/", "/SYM64/"):
            if name[0] == "/":
                start = int(name[1:])
                name = long_names[start:long_names.index(b"\n", start)].decode()
            yield name.rstrip("/"), body
        at += 60 + size + (size & 1)
