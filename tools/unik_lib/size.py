# SPDX-License-Identifier: BSD-2-Clause
"""What is in an image, and why.

Every loaded byte is booked on one object: input sections by the linker's map, tables that the
linker made and what lies between sections apart, so that the sums are those of the loaded file.
"""

import collections
import json
import os
import re

from . import elf
from .errors import UserError
from .inputs import Inputs

LINKER = "(linker)/tables"
PADDING = "(linker)/headers and padding"
# Sections that ld makes itself and books on whatever object comes first.
MADE_BY_LD = re.compile(r"\.(relr?a?\.|dyn|got|hash|gnu\.hash|plt|interp|gnu\.version|"
                        r"image_dynamic|packed_relocations)")
# What linker.ld keeps whether or not somebody refers to it.
KEPT = re.compile(r"\.(boot(\.note)?|preinit_array|init_array|fini_array)(\..*)?$")


class Sizes:
    """file_bytes (in the file and in memory) and bss_bytes (memory only) of each source."""

    def __init__(self, path):
        self.image = elf.Elf.open(path)
        self.file, self.bss = collections.Counter(), collections.Counter()
        self.sections = collections.defaultdict(list)  # source -> [(bytes, section)]
        self._book(Inputs(path))

    def _book(self, inputs):
        kinds = {section.name: section for section in self.image.sections
                 if self.image.is_loaded(section)}
        seen = collections.Counter()
        for piece in inputs.map.pieces:
            output = kinds.get(piece.output)
            if not output or not piece.size:
                continue
            made = MADE_BY_LD.match(piece.name) or MADE_BY_LD.match(piece.output)
            book = self.bss if output.type == elf.SHT_NOBITS else self.file
            # The zero part of thread-local storage is made anew for each thread.
            if piece.output == ".tbss":
                continue
            shares = [(piece.size, LINKER)] if made else inputs.shares_of_piece(piece, seen)
            for size, source in shares:
                book[source] += size
                self.sections[source].append((size, piece.name))
        self._book_rest()

    def _book_rest(self):
        loads = [s for s in self.image.segments if s.type == elf.PT_LOAD]
        self.total_file = sum(s.filesz for s in loads)
        self.total_bss = sum(s.memsz - s.filesz for s in loads)
        # A section without content in the middle of a segment has its zeros in the file.
        self.file[PADDING] += self.total_file - sum(self.file.values())
        self.bss[PADDING] += self.total_bss - sum(self.bss.values())

    def rows(self):
        """[(source, file bytes, bss bytes)], the largest first."""
        names = set(self.file) | set(self.bss)
        rows = [(name, self.file[name], self.bss[name]) for name in names]
        return sorted((row for row in rows if row[1] or row[2]),
                      key=lambda row: (-row[1] - row[2], row[0]))

    def folders(self):
        sums = collections.defaultdict(lambda: [0, 0])
        for name, file, bss in self.rows():
            entry = sums[os.path.dirname(name)]
            entry[0] += file
            entry[1] += bss
        return sorted(((name, *pair) for name, pair in sums.items()),
                      key=lambda row: (-row[1] - row[2], row[0]))


def show(path, as_json, details):
    sizes = Sizes(path)
    if as_json:
        keys = ("name", "file_bytes", "bss_bytes")
        print(json.dumps({
            "image": path,
            "total": {"file_bytes": sizes.total_file, "bss_bytes": sizes.total_bss},
            "folders": [dict(zip(keys, row)) for row in sizes.folders()],
            "objects": [dict(zip(keys, row)) for row in sizes.rows()]}, indent=1))
        return
    total = ("total", sizes.total_file, sizes.total_bss)
    print(f"{path}: bytes in the file and in memory, bytes in memory only\n")
    _table("folder", sizes.folders() + [total])
    print()
    _table("object", sizes.rows() + [total], sizes.sections if details else None)


def _table(head, rows, details=None):
    print(f"{'file':>9} {'bss':>9}  {head}")
    for name, file, bss in rows:
        print(f"{file:9} {bss:9}  {name}")
        for size, section in sorted((details or {}).get(name, ()), reverse=True):
            print(f"{'':19}  {size:7}  {section}")


# ---- why ----

class Reasons:
    """The shortest chain of references from the image's entry to each piece."""

    def __init__(self, path):
        self.inputs = Inputs(path)
        self.edges = self.inputs.references()
        self.parent = {}
        self._walk()

    def _walk(self):
        queue = collections.deque(self._roots())
        for node in queue:
            self.parent[node] = None
        while queue:
            node = queue.popleft()
            for target in self.edges.get(node, ()):
                if target not in self.parent:
                    self.parent[target] = node
                    queue.append(target)

    def _roots(self):
        for file, data in self.inputs.objects.items():
            for section in data.sections:
                if section.allocated and KEPT.match(section.name):
                    yield file, section.index

    def chain(self, node):
        steps = []
        while node is not None:
            steps.append(node)
            node = self.parent[node]
        return steps[::-1]

    def find(self, wanted):
        """Nodes that are meant by a symbol's or an object's name: in the image, and at all."""
        nodes = set()
        for file, data in self.inputs.objects.items():
            nodes |= {(file, s.section) for s in data.symbols()
                      if s.name == wanted and s.section is not None}
        if not nodes:
            nodes = {(file, section.index) for file, data in self.inputs.objects.items()
                     for section in data.sections if section.allocated and self._is_object(
                         wanted, file, section.index)}
        return [node for node in nodes if node in self.parent], nodes

    def _is_object(self, wanted, file, index):
        wanted = re.sub(r"\.o$", "", wanted)
        return any(name == wanted or name.endswith("/" + wanted)
                   for name in self.inputs.source((file, index)).split(" + "))


def why(path, wanted):
    """Print the chain; returns the exit status."""
    reasons = Reasons(path)
    present, known = reasons.find(wanted)
    if not known:
        raise UserError(f"{wanted}: no such symbol or object in what the image was linked from")
    if not present:
        print(f"{wanted} is not in the image: nothing that runs refers to it")
        return 1
    chain = min((reasons.chain(node) for node in present), key=len)
    steps = [f"{reasons.inputs.label(node)}  ({reasons.inputs.source(node)})" for node in chain]
    # A function's cold half and its strings are sections of their own, not steps.
    for depth, step in enumerate(dict.fromkeys(steps)):
        print(f"{'  ' * depth}{step}")
    return 0
