# SPDX-License-Identifier: BSD-2-Clause
"""Archives for Linux' initial file system: cpio's "newc" format. Ref: Linux kernel documentation,
driver-api/early-userspace/buffer-format."""

import os
import stat


def write(out, tree, prefix="", devices=()):
    """Append an archive of a folder to the open file `out`, names below `prefix`, owned by root.

    devices: (name, major, minor) of character devices.
    """
    entries = []
    if prefix:
        entries.append((prefix, stat.S_IFDIR | 0o755, b"", (0, 0)))
    for name, major, minor in devices:
        entries.append((name, stat.S_IFCHR | 0o600, b"", (major, minor)))
    for folder, folders, files in os.walk(tree):
        for name in sorted(folders) + sorted(files):
            path = os.path.join(folder, name)
            entries.append((os.path.normpath(os.path.join(prefix, os.path.relpath(path, tree))),
                            *_content(path), (0, 0)))
    for number, (name, mode, data, device) in enumerate(entries, 1):
        _entry(out, number, name, mode, data, device)
    _entry(out, 0, "TRAILER!!!", 0, b"", (0, 0))
    out.write(b"\0" * (-out.tell() % 512))


def _content(path):
    info = os.lstat(path)
    if stat.S_ISLNK(info.st_mode):
        return stat.S_IFLNK | 0o777, os.readlink(path).encode()
    if stat.S_ISDIR(info.st_mode):
        return stat.S_IFDIR | 0o755, b""
    with open(path, "rb") as file:
        return stat.S_IFREG | (0o755 if info.st_mode & 0o100 else 0o644), file.read()


def _entry(out, inode, name, mode, data, device):
    text = name.encode() + b"\0"
    fields = (inode, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(text), 0)
    head = b"070701" + b"".join(b"%08x" % field for field in fields) + text
    out.write(head + b"\0" * (-len(head) % 4) + data + b"\0" * (-len(data) % 4))
