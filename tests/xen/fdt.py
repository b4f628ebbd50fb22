# SPDX-License-Identifier: BSD-2-Clause
"""Flattened device trees, read, changed and written. Ref: Devicetree Specification, Release v0.4,
chapter 5."""

import struct

MAGIC = 0xD00DFEED
BEGIN, END, PROPERTY, NOP, LAST = 1, 2, 3, 4, 9


class Node:
    """A node: properties as bytes, and children, both in their order."""

    def __init__(self):
        self.props = {}
        self.children = {}

    def child(self, name):
        """The one of that name, made if it is missing."""
        return self.children.setdefault(name, Node())

    def set(self, name, *values):
        """A property of texts, numbers of 32 bits, or nothing."""
        self.props[name] = b"".join(struct.pack(">I", v) if isinstance(v, int) else v.encode() + b"\0"
                                    for v in values)


def read(blob):
    """The root of a tree."""
    magic, _, at, strings = struct.unpack_from(">4I", blob)
    assert magic == MAGIC
    stack = [Node()]
    while True:
        token, = struct.unpack_from(">I", blob, at)
        at += 4
        if token == BEGIN:
            end = blob.index(b"\0", at)
            stack.append(stack[-1].child(blob[at:end].decode()))
            at = (end + 4) & ~3
        elif token == END:
            stack.pop()
        elif token == PROPERTY:
            length, name = struct.unpack_from(">2I", blob, at)
            name = blob[strings + name:blob.index(b"\0", strings + name)].decode()
            stack[-1].props[name] = blob[at + 8:at + 8 + length]
            at = (at + 8 + length + 3) & ~3
        elif token == LAST:
            return stack[0].children[""]


def write(root):
    """The bytes of a tree without reserved memory."""
    body, strings = bytearray(), bytearray()

    def put(name, node):
        body.extend(struct.pack(">I", BEGIN) + _padded(name.encode() + b"\0"))
        for prop, value in node.props.items():
            at = strings.find(b"\0" + prop.encode() + b"\0") + 1
            if at == 0:
                at = len(strings) + 1
                strings.extend(b"\0" + prop.encode() + b"\0")
            body.extend(struct.pack(">3I", PROPERTY, len(value), at) + _padded(value))
        for child, below in node.children.items():
            put(child, below)
        body.extend(struct.pack(">I", END))

    put("", root)
    body.extend(struct.pack(">I", LAST))
    start = 40 + 16
    head = struct.pack(">10I", MAGIC, start + len(body) + len(strings), start, start + len(body), 40,
                       17, 16, 0, len(strings), len(body))
    return head + bytes(16) + bytes(body + strings)


def _padded(data):
    return data + b"\0" * (-len(data) % 4)
