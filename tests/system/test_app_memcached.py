# SPDX-License-Identifier: BSD-2-Clause
"""memcached, unmodified, as an image, spoken to in its text and its binary protocol."""

import os
import struct
import subprocess
import threading
import time

import pytest

import app
from guest import ROOT
from netns import GUEST

ADDRESS = (GUEST, 11211)
ITEM_BYTES_MAX = 1 << 20
HEADER = struct.Struct(">BBHBBHIIQ")
REQUEST, REPLY = 0x80, 0x81
GET, SET, ADD, REPLACE, DELETE, INCREMENT, DECREMENT, QUIT, FLUSH, GETQ, NOOP, VERSION = range(12)
OK, NOT_FOUND, EXISTS, TOO_LARGE, NOT_STORED, NOT_NUMBER, UNKNOWN = 0, 1, 2, 3, 5, 6, 0x81


@pytest.fixture(scope="module", autouse=True)
def built():
    app.build("memcached")


class Text:
    """One connection, lines. Ref: memcached's doc/protocol.txt."""

    def __init__(self, sock):
        self.sock = sock
        self.stream = sock.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_exc):
        self.stream.close()
        self.sock.close()

    def ask(self, line, data=None):
        """Send a command, with a block of data where it has one; returns the first line back."""
        text = line.encode() + b"\r\n" + (b"" if data is None else data + b"\r\n")
        self.sock.sendall(text)
        return self.line()

    def line(self):
        return self.stream.readline().decode().rstrip("\r\n")

    def store(self, verb, key, data, flags=0, expires_s=0, extra=""):
        return self.ask(f"{verb} {key} {flags} {expires_s} {len(data)}{extra}", data)

    def get(self, *keys, verb="get"):
        """{key: (flags, data)}, or (flags, data, unique) with the verb gets."""
        line, found = self.ask(f"{verb} {' '.join(keys)}"), {}
        while line != "END":
            word, key, flags, size, *unique = line.split()
            assert word == "VALUE", line
            data = self.stream.read(int(size) + 2)
            assert data.endswith(b"\r\n")
            found[key] = (int(flags), data[:-2], *map(int, unique))
            line = self.line()
        return found

    def stats(self):
        line, found = self.ask("stats"), {}
        while line != "END":
            _, name, value = line.split(" ", 2)
            found[name] = value
            line = self.line()
        return found


class Binary:
    """One connection, packets. Ref: memcached's doc/protocol-binary.txt."""

    def __init__(self, sock):
        self.sock = sock
        self.stream = sock.makefile("rb")

    __enter__, __exit__ = Text.__enter__, Text.__exit__

    @staticmethod
    def packet(code, key=b"", value=b"", extras=b"", unique=0, opaque=0):
        body = extras + key + value
        return HEADER.pack(REQUEST, code, len(key), len(extras), 0, 0, len(body), opaque,
                           unique) + body

    def reply(self):
        """(code, status, extras, value, opaque, unique)"""
        magic, code, key_len, extras_len, _, status, body_len, opaque, unique = \
            HEADER.unpack(self.stream.read(HEADER.size))
        body = self.stream.read(body_len)
        assert magic == REPLY and len(body) == body_len
        return code, status, body[:extras_len], body[extras_len + key_len:], opaque, unique

    def ask(self, code, *args, **more):
        self.sock.sendall(self.packet(code, *args, opaque=0xC0FFEE00 + code, **more))
        reply = self.reply()
        assert (reply[0], reply[4]) == (code, 0xC0FFEE00 + code)
        return reply

    def set(self, key, value, flags=0, unique=0, code=SET):
        return self.ask(code, key, value, struct.pack(">II", flags, 0), unique)

    def count(self, code, key, by, first, expires_s=0):
        _, status, _, value, _, _ = self.ask(code, key,
                                             extras=struct.pack(">QQI", by, first, expires_s))
        return status, struct.unpack(">Q", value)[0] if status == OK else None


class Server:
    def __init__(self, guest, namespace):
        self.guest = guest
        self.namespace = namespace

    def text(self):
        return Text(self.namespace.connect(ADDRESS, 20))

    def binary(self):
        return Binary(self.namespace.connect(ADDRESS, 20))


@pytest.fixture
def memcached(boot_on_tap, namespace):
    def start(*args, mem="128M"):
        guest = boot_on_tap("memcached", args=["-u", "root", "-m", "48", *args], mem=mem)
        app.connect_when_up(guest, namespace, ADDRESS).close()
        return Server(guest, namespace)

    return start


def test_text(memcached):
    with memcached().text() as client:
        assert client.ask("version") == "VERSION 1.6.18"
        assert client.store("set", "a", b"one", flags=7) == "STORED"
        assert client.store("add", "a", b"two") == "NOT_STORED"
        assert client.store("replace", "b", b"two") == "NOT_STORED"
        assert client.store("append", "a", b"!") == "STORED"
        assert client.store("prepend", "a", b"?") == "STORED"
        assert client.store("set", "b", b"") == "STORED"
        assert client.get("a", "none", "b") == {"a": (7, b"?one!"), "b": (0, b"")}
        unique = client.get("a", verb="gets")["a"][2]
        assert client.store("cas", "a", b"10", extra=f" {unique}") == "STORED"
        assert client.store("cas", "a", b"11", extra=f" {unique}") == "EXISTS"
        assert client.ask("incr a 5") == "15" and client.ask("decr a 20") == "0"
        assert client.ask("incr none 1") == "NOT_FOUND"
        assert client.ask("incr b 1").startswith("CLIENT_ERROR")
        assert client.ask("delete a") == "DELETED" and client.ask("delete a") == "NOT_FOUND"
        assert client.ask("mn") == "MN" and client.ask("mg b s v") == "VA 0 s0"
        assert client.line() == ""
        assert client.ask("flush_all") == "OK" and client.get("b") == {}
        assert client.ask("no such thing") == "ERROR"


def test_binary(memcached):
    server = memcached()
    with server.binary() as client:
        assert client.ask(VERSION)[3] == b"1.6.18"
        unique = client.set(b"a", b"one", flags=7)[5]
        assert client.ask(GET, b"a")[1:4] == (OK, struct.pack(">I", 7), b"one")
        assert client.set(b"a", b"two", code=ADD)[1] == EXISTS
        assert client.set(b"b", b"two", code=REPLACE)[1] == NOT_FOUND
        assert client.set(b"a", b"three", unique=unique)[1] == OK
        assert client.set(b"a", b"four", unique=unique)[1] == EXISTS
        assert client.count(INCREMENT, b"n", 5, 100) == (OK, 100)
        assert client.count(INCREMENT, b"n", 5, 100) == (OK, 105)
        assert client.count(DECREMENT, b"n", 200, 0) == (OK, 0)
        assert client.count(INCREMENT, b"a", 1, 0)[0] == NOT_NUMBER
        assert client.count(INCREMENT, b"m", 1, 0, 0xFFFFFFFF)[0] == NOT_FOUND
        assert client.ask(DELETE, b"a")[1] == OK and client.ask(GET, b"a")[1] == NOT_FOUND
        assert client.ask(0x7F)[1] == UNKNOWN
    # What one protocol stored the other finds; quiet misses stay quiet.
    with server.binary() as client, server.text() as other:
        assert other.store("set", "b", b"text", flags=3) == "STORED"
        client.sock.sendall(client.packet(GETQ, b"none", opaque=1) +
                            client.packet(GETQ, b"b", opaque=2) + client.packet(NOOP, opaque=3))
        assert client.reply()[:5] == (GETQ, OK, struct.pack(">I", 3), b"text", 2)
        assert client.reply()[:5] == (NOOP, OK, b"", b"", 3)
        assert client.ask(QUIT)[1] == OK and client.stream.read() == b""


def test_large_items(memcached):
    with memcached().text() as client:
        data = bytes(range(256)) * ((ITEM_BYTES_MAX - 1024) // 256)
        for i in range(8):
            assert client.store("set", f"big{i}", data) == "STORED"
        assert all(client.get(f"big{i}")[f"big{i}"] == (0, data) for i in range(8))
        refusal = client.store("set", "big0", bytes(ITEM_BYTES_MAX))
        assert refusal == "SERVER_ERROR object too large for cache"
        assert client.get("big0") == {} and client.ask("version") == "VERSION 1.6.18"


def test_expiry(memcached):
    with memcached().text() as client:
        assert client.store("set", "soon", b"x", expires_s=1) == "STORED"
        assert client.store("set", "later", b"y", expires_s=1000) == "STORED"
        assert client.get("soon", "later") == {"soon": (0, b"x"), "later": (0, b"y")}
        time.sleep(3)
        assert client.get("soon", "later") == {"later": (0, b"y")}
        assert abs(int(client.stats()["time"]) - time.time()) < 5


@pytest.mark.limit(120)
def test_eviction(memcached):
    """More than its memory holds: the oldest go, nothing fails."""
    with memcached("-m", "8").text() as client:
        data = b"v" * 10000
        for i in range(2000):
            assert client.store("set", f"k{i}", data) == "STORED"
        assert client.get("k0") == {} and client.get("k1999") == {"k1999": (0, data)}
        assert int(client.stats()["evictions"]) > 500


@pytest.mark.limit(120)
def test_many_clients(memcached):
    """Connections spread over its threads, all counting at once: nothing is lost."""
    server, count, rounds = memcached(), 24, 100
    with server.text() as client:
        assert client.store("set", "n", b"0") == "STORED"
        assert client.stats()["threads"] == "4"
    clients = [server.text() for _ in range(count)]

    def work(client, index):
        for i in range(rounds):
            assert client.store("set", f"k{index}-{i}", b"x" * i) == "STORED"
            client.ask("incr n 1")

    threads = [threading.Thread(target=work, args=(c, i)) for i, c in enumerate(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with server.text() as client:
        assert client.get("n")["n"][1] == str(count * rounds).encode()
        assert client.get("k3-99") == {"k3-99": (0, b"x" * 99)}
        assert int(client.stats()["curr_connections"]) >= count


def test_hostile_bytes(memcached):
    server = memcached()
    with server.text() as client:
        assert client.ask("get " + "k" * 300).startswith("CLIENT_ERROR")
        assert client.ask("set a 0 0 -1").startswith("CLIENT_ERROR")
    with server.binary() as client:
        client.sock.sendall(HEADER.pack(REQUEST, GET, 9, 0, 0, 0, 3, 0, 0) + b"abcdefghi")
        assert client.reply()[1] != OK
    with server.text() as client:
        client.sock.sendall(b"z" * 70000)
        client.stream.read()
    with server.text() as client:
        assert client.ask("version") == "VERSION 1.6.18"


# Its authors' own tests that can do with one server on another machine (T_MEMD_USE_DAEMON), and how
# they want it. The others start several, look at processes, files and signals, or set the clock
# of a server that is built for debugging.
AUTHORS_TESTS = {
    (): """binary-get bogus-commands cas flags getandtouch incrdecr issue_104 issue_108 issue_14
           issue_152 issue_192 issue_29 issue_3 issue_41 issue_68 issue_70
           malicious-commands multiversioning noreply quit stats-detail strtol-testing touch
           metaget""",
    ("-c", "1000"): "issue_163",  # it counts what is reclaimed, also of tests before it
    ("-m", "3"): "evictions issue_22",
    ("-m", "3", "-o", "modern,slab_automove_window=3"): "dyn-maxbytes",
    ("-o", "no_modern"): "issue_42",
    ("-o", "no_modern", "-c", "100"): "issue_183",
    ("-B", "binary"): "issue_50",
    ("-R", "1"): "issue_61",
    ("-M", "-m", "2"): "dash-M",
    ("-o", "slab_reassign", "-m", "4"): "slabs_reassign",
    ("-I", "1024", "-o", "slab_chunk_max=1024,no_lru_crawler,no_lru_maintainer"): "stats",
}
if os.environ.get("UNIK_SOAK"):
    AUTHORS_TESTS["-o", "no_modern", "-m", "64"] = "binary"


@pytest.mark.limit(200)
@pytest.mark.parametrize("args", AUTHORS_TESTS, ids=lambda args: "".join(args) or "plain")
def test_of_the_authors(memcached, namespace, tmp_path, args):
    os.symlink(os.path.join(ROOT, "build", "src", "memcached", "t"), tmp_path / "t")
    # Asked only for its -h, of which the tests conclude what there is: nothing optional.
    (tmp_path / "memcached-debug").write_text("#!/bin/sh\n")
    (tmp_path / "memcached-debug").chmod(0o755)
    server = memcached(*args)
    for name in AUTHORS_TESTS[args].split():
        done = subprocess.run([*namespace.prefix, "env", f"T_MEMD_USE_DAEMON={GUEST}:11211",
                               "perl", "-I", "t/lib", f"t/{name}.t"], cwd=tmp_path,
                              capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0 and "ok 1" in done.stdout, \
            f"{name}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        if "-B" not in args:
            with server.text() as client:
                assert client.ask("flush_all") == "OK" and client.ask("stats reset") == "RESET"
