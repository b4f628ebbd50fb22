# SPDX-License-Identifier: BSD-2-Clause
"""Good inputs for the fuzz targets to start from: one function a target, each gives bytes."""

import os
import struct


def fuzz_http():
    yield b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"
    yield b"HEAD /a/../b%20c?q=1 HTTP/1.0\r\nConnection: keep-alive\r\nIf-None-Match: \"x\"\r\n\r\n"
    yield b"POST http://h/x HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello"
    yield (b"PUT /x HTTP/1.1\r\nHost: [::1]:80\r\nTransfer-Encoding: chunked\r\n\r\n"
           b"5;e=1\r\nhello\r\n0\r\nT: x\r\n\r\n")


def fuzz_cmdline():
    yield b"one unik.ip=10.0.0.2/24 env.HOME=/ 'two three' -- unik.y"
    yield b"a\\ b \"c d\" 'e' virtio_mmio.device=4K@0xfeb00000:5"


def _cpio(name, mode, data):
    fields = (1, mode, 0, 0, 1, 1234, len(data), 0, 0, 0, 0, len(name) + 1, 0)
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + name + b"\0"
    head += b"\0" * (-len(head) % 4)
    return head + data + b"\0" * (-len(data) % 4)


def fuzz_archive():
    end = _cpio(b"TRAILER!!!", 0, b"")
    yield end
    yield (_cpio(b"dir", 0o40755, b"") + _cpio(b"dir/file", 0o100644, b"text") +
           _cpio(b"./a/b/c", 0o100600, b"x" * 9) + _cpio(b"link", 0o120777, b"dir/file") + end)


    yield _tar(b"file", b"0", b"text") + _tar(b"d/", b"5") + _tar(b"l", b"2", link=b"file") + b"\0" * 1024
    yield _tar(b"x", b"x", b"17 path=long/name\n") + _tar(b"short", b"0", b"data") + b"\0" * 1024


def _tar(name, kind, data=b"", link=b""):
    head = bytearray(512)
    head[0:len(name)] = name
    head[100:108], head[124:136], head[136:148] = b"0000644\0", b"%011o\0" % len(data), b"%011o\0" % 1234
    head[156:157], head[157:157 + len(link)], head[257:265] = kind, link, b"ustar\x0000"
    head[148:156] = b"%06o\0 " % (sum(head) + 8 * 32)
    return bytes(head) + data + b"\0" * (-len(data) % 512)


def fuzz_acpi():
    def table(kind, body):
        return bytes([kind]) + struct.pack("<H", len(body)) + body

    s5 = b"\x08_S5_\x12\x08\x04\x0a\x05\x01\x00\x00"
    virtio = (b"\x5b\x82\x44\x05VR00\x08_HID\x0dLNRO0005\x00\x08_UID\x00\x08_CRS\x11\x1a\x0a\x17"
              b"\x86\x09\x00\x01" + struct.pack("<II", 0xFEB00000, 512) +
              b"\x89\x06\x00\x01\x01\x18\x00\x00\x00\x79\x00")
    dsdt = table(3, s5 + virtio)
    fadt = table(0, b"\0" * 28 + struct.pack("<I", 0x604) + b"\0" * 40 +
                 struct.pack("<I", 1 << 20 | 1 << 10) + b"\x01\x08\x00\x00" +
                 struct.pack("<Q", 0xCF9) + b"\x0f" + b"\0" * 160)
    madt = table(1, struct.pack("<II", 0xFEE00000, 1) + bytes([0, 8, 0, 0, 1, 0, 0, 0]) +
                 bytes([2, 10, 0, 0, 2, 0, 0, 0, 0, 0]) + bytes([1, 12, 0, 0, 0, 0, 0xC0, 0xFE, 0, 0, 0, 0]))
    for how in (b"\0", b"\1"):
        yield how + dsdt + fadt + madt


def fuzz_boot():
    at = 0x10000
    mmap = struct.pack("<IQQI", 20, 0, 0x9FC00, 1) + struct.pack("<IQQI", 20, 1 << 20, 31 << 20, 1)
    text = b"file.elf one two\0"
    head = 116
    yield b"\0" + struct.pack(
        "<29I", 1 << 2 | 1 << 3 | 1 << 6, 640, 31744, 0, at + head + len(mmap) + 16, 1,
        at + head + len(mmap), 0, 0, 0, 0, len(mmap), at + head, *[0] * 16) + mmap + struct.pack(
            "<4I", 2 << 20, (2 << 20) + 5, at + head + len(mmap) + 16, 0) + text

    def tag(kind, body):
        return struct.pack("<II", kind, 8 + len(body)) + body + b"\0" * (-len(body) % 8)

    tags = (tag(1, text) + tag(3, struct.pack("<II", 2 << 20, (2 << 20) + 9) + b"mod\0") +
            tag(6, struct.pack("<II", 24, 0) + struct.pack("<QQII", 1 << 20, 31 << 20, 1, 0)) +
            tag(14, b"RSD PTR " + b"\0" * 12) + tag(0, b""))
    yield b"\1" + struct.pack("<II", 8 + len(tags), 0) + tags
    yield b"\2" + struct.pack("<IIIIQQQQII", 0x336EC578, 1, 0, 1, at + 56, at + 88, 0, at + 120, 1,
                              0) + struct.pack("<QQQQ", 2 << 20, 5, at + 88, 0) + \
        text.ljust(32, b"\0") + struct.pack("<QQII", 1 << 20, 31 << 20, 1, 0)


def fuzz_virtio_net():
    yield struct.pack("<I", 0x21FFFF) + bytes([0, 1, 0x81, 1, 60, 0, 1, 5, 1, 7, 64] * 20)
    yield struct.pack("<I", 0x0) + bytes([1, 1, 1, 80, 0, 1] + [7, 9, 6, 5, 3] * 10)


def fuzz_xen_netfront():
    # What the back end offers; then steps: 0 send (how), 1 answer that (how, id), 2 a piece of a
    # frame (how, flags, bytes), 4 scribble, 5 a state, 6 an event, 7 poll.
    send, sent = b"\0\x5a", b"\1\5\0" * 4
    frame = b"\2\4\1" + struct.pack("<H", 1514)
    large = b"\2\0\x0c" + struct.pack("<H", 4096) + b"\2\0\0\0\0" + \
        (b"\2\0\4" + struct.pack("<H", 4096)) * 3 + frame
    yield b"\xbf\0" + (send + frame + b"\xff" + sent + b"\xff\6") * 5
    yield b"\xbf\0" + large + b"\xff" + send + b"\x65\x25\x45\xff" + frame + b"\xff"
    yield b"\x88\0" + send * 30 + b"\6" + sent * 9 + b"\xff" + send


def fuzz_xen_blkfront():
    # The disk's figures; then steps: 0 a request (which and how, size), 2 an answer (how), 4
    # scribble, 5 a state, 6 an event, 7 poll.
    read, write, good = b"\0\0\x20", b"\0\x61\xff", b"\2\x68"
    for figures in (0x1C, 0x05):
        yield bytes([figures]) + (read + write + b"\0\x82\0" + b"\0\xc3\x10" + b"\6" + good * 4 + b"\7") * 4
    yield b"\x1c" + read + write + b"\6\x55\x65\x85" + good * 2 + b"\7"


def fuzz_xenstore():
    # Features, the rings' indices; then what the client does (its low three bits) and, for each
    # request, what the store does: 128 and how it answers, with which word or bytes.
    begin = b"\1" + struct.pack("<II", 0xFFFFFFF0, 7)
    ok, number, names, path, enoent = (bytes([128, 0, which]) for which in (0, 3, 4, 5, 1))
    yield begin + b"\0\x40\0" + number + b"\2" + number + b"\3" + ok + b"\1\0\1" + names + \
        b"\6" + enoent
    yield begin + b"\4" + number + ok + b"\x0c" + number + ok + b"\5\0" + names + path + number
    yield begin + b"\7" + ok + b"\xc8\x10\0\1" + ok + b"\x0f" + ok + b"\7" + ok
    yield begin + b"\0\x40\0\x80\1" + struct.pack("<H", 1500) + b"x" * 1500 + \
        b"\0\x40\0\x80\x08\0\1\xff\xff\xff\xff"
    yield begin + b"\7" + ok + b"\0\x40\0\x80\x20\0" + b"\0\x40\0\1\3\x40\0\0\0\x40"


def fuzz_fdt():
    # A tree of one node with one property: header, empty reservation block, structure, strings.
    struct_block = struct.pack(">II", 1, 0) + struct.pack(">III", 3, 4, 0) + b"abc\0" + \
        struct.pack(">II", 2, 9)
    strings = b"compatible\0"
    off = 40 + 16
    total = off + len(struct_block) + len(strings)
    yield struct.pack(">10I", 0xD00DFEED, total, off, off + len(struct_block), 40, 17, 16, 0,
                      len(strings), len(struct_block)) + b"\0" * 16 + struct_block + strings


def fuzz_frames():
    # Steps: 2 a segment (port, flags, odd, length of the data), 7 what the program does, 5 time.
    syn, ack, data = bytes([2, 0, 2, 0, 0]), bytes([2, 0, 16, 0, 0]), bytes([2, 0, 24, 0, 4]) + b"data"
    yield syn + ack + bytes([7, 0]) + data + bytes([7, 15, 7, 7, 2, 0, 17, 0, 0, 5, 64, 7, 1])
    # An echo request (ICMP), one of ARP, a datagram, a neighbour solicitation (RFC 4861, 4.3).
    yield bytes([0, 8, 28, 0]) + b"\x45\0\0\x1c\0\0\0\0\x40\x01" + b"\0" * 10 + b"\x08" + b"\0" * 7
    yield bytes([0, 5, 28, 0]) + bytes([0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1]) + \
        b"\0" * 6 + bytes([10, 0, 0, 2])
    yield bytes([0, 8, 32, 0]) + b"\x45\0\0\x20\0\0\0\0\x40\x11" + b"\0" * 10 + \
        bytes([15, 160, 0, 7, 0, 12, 0, 0]) + b"ping"
    yield bytes([0, 2, 64, 0]) + b"\x60\0\0\0\0\x18\x3a\xff" + b"\xfe\x80" + b"\0" * 13 + b"\1" + \
        b"\xfe\x80" + b"\0" * 6 + b"\0\0\0\xff\xfe\0\0\2" + b"\x87" + b"\0" * 7 + \
        b"\xfe\x80" + b"\0" * 6 + b"\0\0\0\xff\xfe\0\0\2"


def fuzz_dns():
    # Family; then for each question: how, length, the answer (RFC 1035, 4.1.3) behind the question.
    record = b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x0a\0\0\7"
    yield b"\0" + bytes([0x13, len(record), 0]) + record
    alias = b"\xc0\x0c\0\5\0\1\0\0\0\x3c\0\4\1a\xc0\x0c" + record
    yield b"\1" + bytes([0x23, len(alias), 0]) + alias


def fuzz_dns_message():
    record = b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x0a\0\0\7"
    yield b"\xc0\x0c\0\5\0\1\0\0\0\x3c\0\4\1a\xc0\x0c" + record
    yield b"www.host.example"


def fuzz_dhcp():
    options = b"\1\4\xff\xff\xff\0" b"\3\4\x0a\0\0\1" b"\6\4\x0a\0\0\1" b"\x33\4\0\0\0\x3c" b"\xff"
    offer, acknowledge = (bytes([how, len(options), 0]) + options + b"\0" for how in (0x01, 0x31))
    yield offer + acknowledge
    yield offer + bytes([0x41, 0, 0, 0])


def fuzz_tzif():
    # RFC 9636, 3.1: the counts of UT, standard, leap, times, types, letters; times; their types.
    def block(size):
        return b"TZif2" + b"\0" * 15 + struct.pack(">6I", 0, 0, 0, 2, 2, 9) + \
            b"".join(time.to_bytes(size, "big") for time in (1000000, 2000000)) + b"\1\0" + \
            struct.pack(">iBBiBB", 3600, 0, 0, 7200, 1, 4) + b"CET\0CEST\0"

    rule = b"CET-1CEST,M3.5.0,M10.5.0/3"
    yield block(4) + block(8) + b"\n" + rule + b"\n"
    yield block(4).replace(b"TZif2", b"TZif\0")
    yield rule
    yield b"<+1030>-10:30<+11>-11,J74/1:30,300/-167"


def write(target, folder):
    """The seeds of a target as files; does nothing for a target without any."""
    os.makedirs(folder, exist_ok=True)
    for i, data in enumerate(globals().get(target, tuple)()):
        with open(os.path.join(folder, f"seed-{i}"), "wb") as file:
            file.write(data)
