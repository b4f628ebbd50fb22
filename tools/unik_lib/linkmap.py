# SPDX-License-Identifier: BSD-2-Clause
"""The map file that GNU ld writes: which input section went where."""

import re
from dataclasses import dataclass

from .errors import UserError

# A long name stands on a line of its own; "^ " is an input section, "^\." an output section.
PIECE = re.compile(r"^ (\S+)(?:\n)?[ ]+0x([0-9a-f]+)[ ]+0x([0-9a-f]+)(?: (\S.*))?"
                   r"(?:\n[ ]+0x([0-9a-f]+) \(size before relaxing\))?$", re.MULTILINE)
OUTPUT = re.compile(r"^([^\s*/]\S*)(?:\n)?[ ]+0x([0-9a-f]+)[ ]+0x([0-9a-f]+)", re.MULTILINE)
HEAD = "\nLinker script and memory map\n"


@dataclass
class Piece:
    """One input section in its place; `file` as the linker names it: PATH or ARCHIVE(MEMBER)."""

    output: str
    name: str
    addr: int
    size: int
    file: str
    merged_from: int | None  # its own size, where equal strings were merged


@dataclass
class LinkMap:
    outputs: dict  # name -> size
    pieces: list
    files: list    # every input file, in the linker's order


def read(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read()
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}; link with -Wl,-Map,{path}") from error
    if HEAD not in text:
        raise UserError(f"{path}: not a map file of GNU ld")
    body = text[text.index(HEAD) + len(HEAD):]
    result = LinkMap({}, [], re.findall(r"^LOAD (\S.*)$", body, re.MULTILINE))
    starts = list(OUTPUT.finditer(body))
    for match, following in zip(starts, starts[1:] + [None]):
        end = following.start() if following else len(body)
        result.outputs[match[1]] = int(match[3], 16)
        result.pieces += _pieces(match[1], body[match.end():end])
    return result


def _pieces(output, text):
    found = []
    for match in PIECE.finditer(text):
        name, addr, size, file, before = match.groups()
        if name == "*fill*" or not file:
            continue
        found.append(Piece(output, name, int(addr, 16), int(size, 16), file,
                           int(before, 16) if before else None))
    _share_merged([piece for piece in found if piece.merged_from is not None])
    return found


def _share_merged(pieces):
    """ld books all merged strings on the first section: give each its share by its own size."""
    total, own = sum(p.size for p in pieces), sum(p.merged_from for p in pieces)
    if not own:
        return
    left = total
    for piece in pieces:
        piece.size = total * piece.merged_from // own
        left -= piece.size
    pieces[0].size += left


def split_member(file):
    """ARCHIVE(MEMBER) -> (archive, member); PATH -> (path, None)."""
    match = re.fullmatch(r"(.*\.a)\((.*)\)", file)
    return (match[1], match[2]) if match else (file, None)
