# SPDX-License-Identifier: BSD-2-Clause
"""What an image was linked from: its objects, the source file of each section, and who refers to
whom.

libunik.a holds a single object, linked from all of ours with --unique, so that each section of it
comes from one object; the map of that link (next to the archive, OBJECT.map) tells from which.
"""

import collections
import os
import re

from . import elf, linkmap
from .errors import UserError

TREE = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))


def find(path, image="."):
    """The linker was run in the tree's root, beside the image or in a folder above it (a program
    with a build folder of its own may have several images there); we may be elsewhere."""
    folder = os.path.dirname(os.path.realpath(image))
    folders = ["", TREE, folder]
    while folder not in (TREE, os.path.dirname(folder)):
        folder = os.path.dirname(folder)
        folders.append(folder)
    for candidate in (os.path.join(folder, path) for folder in folders):
        if os.path.exists(candidate):
            return candidate
    raise UserError(f"{path} is missing: was the image linked from other files than there are now?")


def source_name(file):
    """Linker's name of an object -> name for people: the source where it is ours."""
    archive, member = linkmap.split_member(file)
    if member:
        library = re.sub(r"^lib|\.a$", "", os.path.basename(archive))
        library = {"c": "newlib", "m": "newlib", "gcc": "libgcc"}.get(library, library)
        return f"{library}/{re.sub(r'^lib_[am]-|[.]o$', '', member)}"
    name = re.sub(r"\.o$", "", file)
    third_party = re.search(r"(?:^|/)(lwip|newlib)[^/]*/(?:src/)?(.*)", name)
    if third_party and "build/" in name:
        return f"{third_party[1]}/{third_party[2]}"
    return re.sub(r"^.*?build/[^/]+/(?:obj/|app/)?", "", name)


class Inputs:
    """All objects of one link. A node is (file, section index)."""

    def __init__(self, image):
        self.image = image
        self.map = linkmap.read(image + ".map")
        self.objects = {}      # file -> Elf, in the linker's order
        self.parts = {}        # file of a prelinked object -> {section index: [(bytes, source)]}
        self.by_symbol = {}    # global name -> node
        self.archives = {}
        used = dict.fromkeys(piece.file for piece in self.map.pieces)
        for file in dict.fromkeys([f for f in self.map.files if f.endswith(".o")] + list(used)):
            self._load(file)

    def _load(self, file):
        archive, member = linkmap.split_member(file)
        if member is None:
            if not file.endswith(".o"):
                return
            data = elf.Elf.open(find(file, self.image))
        else:
            if archive not in self.archives:
                self.archives[archive] = dict(elf.read_archive(find(archive, self.image)))
            data = elf.Elf(self.archives[archive][member], file)
        self.objects[file] = data
        self._index(file, data)
        if member and os.path.exists(sub := os.path.join(os.path.dirname(find(archive, self.image)),
                                                         member + ".map")):
            self.parts[file] = _part_sources(linkmap.read(sub), data)

    def _index(self, file, data):
        for symbol in data.symbols():
            if symbol.bind == elf.STB_LOCAL or symbol.section is None:
                continue
            known = self.by_symbol.get(symbol.name)
            if known is None or (known[1] and symbol.bind != elf.STB_WEAK):
                self.by_symbol[symbol.name] = ((file, symbol.section),
                                               symbol.bind == elf.STB_WEAK)

    def define(self, name):
        """The section that defines a global symbol, or None (the linker script may)."""
        found = self.by_symbol.get(name)
        return found[0] if found else None

    def source(self, node):
        return " + ".join(dict.fromkeys(name for _, name in self._shares(node)))

    def _shares(self, node):
        """[(bytes, source)] of a section: several where the prelink melted plain .text together."""
        file, index = node
        return self.parts.get(file, {}).get(index) or [(0, source_name(file))]

    def shares_of_piece(self, piece, seen):
        """[(bytes, source)] that add up to the piece; `seen` counts the equal names before it."""
        indices = self._indices(piece.file).get(piece.name)
        if not indices:
            return [(piece.size, source_name(piece.file))]
        # Of sections with one name some may have been dropped: those left keep their order.
        own_size = piece.merged_from or piece.size
        same = [i for i in indices
                if self.objects[piece.file].sections[i].size == own_size] or indices
        key = (piece.file, piece.name, own_size)
        shares = self._shares((piece.file, same[min(seen[key], len(same) - 1)]))
        seen[key] += 1
        rest = piece.size - sum(size for size, _ in shares[1:])
        return [(rest, shares[0][1])] + shares[1:]

    def _indices(self, file):
        data = self.objects.get(file)
        if data is None:
            return {}
        if not hasattr(data, "by_name"):
            data.by_name = collections.defaultdict(list)
            for section in data.sections:
                data.by_name[section.name].append(section.index)
        return data.by_name

    def references(self):
        """node -> nodes that it refers to; debug information does not count."""
        edges = collections.defaultdict(dict)
        for file, data in self.objects.items():
            symbols = data.symbols()
            for section, symbol_index, _ in data.relocations():
                symbol = symbols[symbol_index]
                if symbol.bind != elf.STB_LOCAL and symbol.name:
                    target = self.define(symbol.name)
                elif symbol.section is not None:
                    target = (file, symbol.section)
                else:
                    target = None
                if target:
                    edges[file, section][target] = None
        return edges

    def label(self, node):
        """A function's name, from the name of its section."""
        file, index = node
        data = self.objects[file]
        name = data.sections[index].name
        short = re.sub(r"^\.(text|rodata|data\.rel\.ro(\.local)?|data|bss|tdata|tbss)"
                       r"(\.unlikely|\.startup)?\.", "", name)
        if short != name:
            return short
        symbol = next((s for s in data.symbols() if s.section == index and s.type == elf.STT_FUNC
                       or s.section == index and s.bind != elf.STB_LOCAL), None)
        return symbol.name if symbol else name


def _part_sources(part_map, data):
    """Section index of a prelinked object -> [(bytes, source)]; the map has the object's order."""
    outputs = collections.defaultdict(list)
    for piece in part_map.pieces:
        share = (piece.size, source_name(piece.file))
        # --unique leaves one input in an output, except for .text: there, offsets go on.
        if piece.size and piece.addr and outputs[piece.output]:
            outputs[piece.output][-1].append(share)
        elif piece.size:
            outputs[piece.output].append([share])
    found = {}
    for section in data.sections:
        if section.size and outputs[section.name]:
            found[section.index] = outputs[section.name].pop(0)
    return found
