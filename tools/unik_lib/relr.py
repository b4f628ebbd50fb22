# SPDX-License-Identifier: BSD-2-Clause
"""Relative relocations in their compact form.

A table of 64-bit words: an even one is the address of a word to relocate, an odd one says by its
upper bits which of the 63 words that follow are too. Ref: generic ABI, "Relative Relocation Table".
"""

import struct

from .errors import UserError

BITS = 63
SPAN = 8 * BITS


def pack(addresses):
    """The words for these addresses, which are even."""
    words, left, at = [], sorted(set(addresses)), 0
    if any(address % 2 for address in left):
        raise UserError("a pointer lies at an odd address, where it cannot be relocated")
    while at < len(left):
        words.append(left[at])
        base = left[at] + 8
        at += 1
        while True:
            bits = 0
            while at < len(left) and left[at] - base < SPAN and (left[at] - base) % 8 == 0 \
                    and left[at] >= base:
                bits |= 1 << (left[at] - base) // 8
                at += 1
            if not bits:
                break
            words.append(bits << 1 | 1)
            base += SPAN
    return words


def unpack(table):
    """The addresses that a table stands for."""
    at = 0
    for (word,) in struct.iter_unpack("<Q", table):
        if not word & 1:
            yield word
            at = word + 8
            continue
        for bit in range(BITS):
            if word >> (bit + 1) & 1:
                yield at + 8 * bit
        at += SPAN


def table(addresses, room):
    """The table in `room` bytes; what is left of these are bitmaps without a bit."""
    words = pack(addresses)
    if 8 * len(words) > room:
        raise UserError(f"{len(words)} words of packed relocations do not fit into {room} bytes: "
                        "there are pointers outside of the image's data")
    return struct.pack(f"<{room // 8}Q", *words, *[1] * (room // 8 - len(words)))
