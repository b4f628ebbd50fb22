# SPDX-License-Identifier: BSD-2-Clause
"""Redis, memcached, SQLite and Lua, measured: image, smallest RAM, instructions per request.

Clients are sockets of this program; those of redis-benchmark would meet QEMU's user networking,
which loses connections of a burst.
"""

import contextlib
import os
import select
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "system"))

import web  # noqa: E402
from apps import built  # noqa: E402
from guest import LOGS, ROOT, Guest, GuestError  # noqa: E402
from measure import FIXED_ADDRESS, image_bytes, smallest_ram  # noqa: E402

REDIS_ARCHIVE = os.path.join(ROOT, "build", "redis.cpio")
IN_SEQUENCE = 2000
CLIENTS, PIPELINED = 50, 16
IN_PARALLEL = 16000
INSERTS = 60000
HIGHEST_KIB = 64 << 10
MEMCACHED_ARGS = ["-u", "root", "-m", "2"]


def archive_of(folder, name, files):
    """A boot archive with {path: text}."""
    root = os.path.join(folder, name)
    os.makedirs(root)
    for path, text in files.items():
        with open(os.path.join(root, path), "w", encoding="ascii") as file:
            file.write(text)
    output = root + ".cpio"
    subprocess.run([sys.executable, web.MKARCHIVE, "-o", output, root], check=True)
    return output


class Client:
    """One connection; a request has a reply of known bytes."""

    def __init__(self, address, timeout_s=20):
        self.sock = socket.create_connection(address, timeout_s)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self):
        return self

    def __exit__(self, *_exc):
        self.sock.close()

    def read(self, wanted):
        left = len(wanted)
        parts = []
        while left:
            part = self.sock.recv(left)
            if not part:
                raise GuestError("connection closed")
            parts.append(part)
            left -= len(part)
        if b"".join(parts) != wanted:
            raise GuestError(f"wrong reply: {b''.join(parts)[:100]!r}")

    def ask(self, request, reply):
        self.sock.sendall(request)
        self.read(reply)


def wait_until_up(guest, address, request, reply, timeout_s=20):
    """QEMU takes connections before the guest does, so only an answer counts."""
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            with Client(address, 2) as client:
                return client.ask(request, reply)
        except (OSError, GuestError):
            if guest.status is not None or time.monotonic() > deadline:
                raise GuestError("no answer\n" + guest.text[-1000:]) from None
            time.sleep(0.05)


def in_sequence(address, counter, request, reply):
    """Instructions per request: one connection, the next request after the reply."""
    with Client(address) as client:
        for _ in range(200):
            client.ask(request, reply)
        before = counter.insns()
        for _ in range(IN_SEQUENCE):
            client.ask(request, reply)
        return round((counter.insns() - before) / IN_SEQUENCE)


def in_parallel(address, counter, request, reply, pipelined=1):
    """Instructions per request: many connections, each asks again as soon as it is answered."""
    request, reply = request * pipelined, reply * pipelined
    turns = IN_PARALLEL // pipelined
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(Client(address)) for _ in range(CLIENTS)]
        for client in clients:
            client.ask(request, reply)
        before = counter.insns()
        ask_all({client.sock.fileno(): client for client in clients}, turns, request, reply)
        return round((counter.insns() - before) / (turns * pipelined))


def ask_all(by_fd, turns, request, reply):
    with select.epoll() as poll:
        for fd, client in by_fd.items():
            poll.register(fd, select.EPOLLIN)
            client.sock.sendall(request)
        left, asked = turns, len(by_fd)
        while left:
            ready = poll.poll(10)
            if not ready:
                raise GuestError("no reply within ten seconds")
            for fd, _events in ready:
                by_fd[fd].read(reply)
                left -= 1
                if asked < turns:
                    by_fd[fd].sock.sendall(request)
                    asked += 1


def serves(name, port, ram_kib, requests, args=(), modules=()):
    """A server in a machine of this size: all requests on one connection, then on sixteen."""
    log = os.path.join(LOGS, f"bench-{name}-ram.log")
    options = ["-m", f"{ram_kib}k"] + [word for m in modules for word in ("--module", m)]
    with Guest(built(name), log=log, ports=[port], options=options,
               args=[*FIXED_ADDRESS, *args]) as guest:
        try:
            wait_until_up(guest, guest.address(port), *requests[0], timeout_s=5)
            with contextlib.ExitStack() as stack:
                clients = [stack.enter_context(Client(guest.address(port), 5)) for _ in range(16)]
                for client in clients[:1] * 50 + clients:
                    for request, reply in requests:
                        client.ask(request, reply)
            return True
        except (OSError, GuestError):
            return False


def ends_well(name, ram_kib, args, said, modules=()):
    """A program in a machine of this size prints something and ends with 0."""
    log = os.path.join(LOGS, f"bench-{name}-ram.log")
    options = ["-m", f"{ram_kib}k", "--timeout", "20"] + \
        [word for m in modules for word in ("--module", m)]
    with Guest(built(name), log=log, options=options, args=args) as guest:
        return guest.wait(30) == 0 and said in guest.text


# ---- Redis ----

def resp(*words):
    """A request. Ref: Redis' protocol specification, arrays of bulk strings."""
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(w), w) for w in words)


KEY, VALUE = b"key:000000000000", b"xyz"
REDIS_SET = (resp(b"SET", KEY, VALUE), b"+OK\r\n")
REDIS_GET = (resp(b"GET", KEY), b"$3\r\n%s\r\n" % VALUE)


def measure_redis(bench):
    figures = {"redis.image_bytes": image_bytes(built("redis")),
               "redis.min_ram_kib": smallest_ram(
                   lambda kib: serves("redis", "6379", kib, (REDIS_SET, REDIS_GET),
                                      ["/redis.conf"], [REDIS_ARCHIVE]), 2048, HIGHEST_KIB)}
    with counted_redis(bench) as (address, counter):
        figures["redis.set_insns"] = in_sequence(address, counter, *REDIS_SET)
        figures["redis.get_insns"] = in_sequence(address, counter, *REDIS_GET)
        figures["redis.set50_insns"] = in_parallel(address, counter, *REDIS_SET)
        figures["redis.get50_insns"] = in_parallel(address, counter, *REDIS_GET)
        figures["redis.set50_pipelined_insns"] = in_parallel(address, counter, *REDIS_SET, PIPELINED)
        figures["redis.get50_pipelined_insns"] = in_parallel(address, counter, *REDIS_GET, PIPELINED)
    return figures


@contextlib.contextmanager
def counted_redis(bench, **more):
    """Redis under the counter, with the key that is asked for; yields (its address, counter)."""
    with bench.counted("redis", "redis", ports=["6379"], modules=[REDIS_ARCHIVE],
                       args=[*FIXED_ADDRESS, "/redis.conf"], **more) as (guest, counter):
        wait_until_up(guest, guest.address("6379"), *REDIS_SET)
        yield guest.address("6379"), counter


# ---- memcached ----

def measure_memcached(bench):
    store = (b"set key 0 0 3\r\nxyz\r\n", b"STORED\r\n")
    fetch = (b"get key\r\n", b"VALUE key 0 3\r\nxyz\r\nEND\r\n")
    figures = {"memcached.image_bytes": image_bytes(built("memcached")),
               "memcached.min_ram_kib": smallest_ram(
                   lambda kib: serves("memcached", "11211", kib, (store, fetch), MEMCACHED_ARGS),
                   2048, HIGHEST_KIB)}
    with bench.counted("memcached", "memcached", ports=["11211"],
                       args=[*FIXED_ADDRESS, *MEMCACHED_ARGS]) as (guest, counter):
        address = guest.address("11211")
        wait_until_up(guest, address, *store)
        figures["memcached.set_insns"] = in_sequence(address, counter, *store)
        figures["memcached.get_insns"] = in_sequence(address, counter, *fetch)
    return figures


# ---- SQLite and Lua ----

def run_sqlite(bench, script, said, **more):
    """Instructions of a run of the shell."""
    with bench.counted("sqlite", "sqlite", modules=[script],
                       args=["-batch", ":memory:", ".read /script.sql"], **more) as (guest, counter):
        if guest.wait(300) or said not in guest.text:
            raise GuestError("sqlite failed:\n" + guest.text[-1000:])
        return counter.report()["now"]["insns"]


def measure_sqlite(bench):
    head = "create table t(a integer, b integer, c text);\nbegin;\n"
    tail = "commit;\nselect 'rows', count(*), sum(b) from t;\n"
    rows = [f"insert into t values({i},{i * 7919 % 20011},'number {i}');\n" for i in range(INSERTS)]
    total = sum(i * 7919 % 20011 for i in range(INSERTS))
    none = archive_of(bench.folder, "sqlite-none", {"script.sql": head + tail})
    some = archive_of(bench.folder, "sqlite-some", {"script.sql": head + "".join(rows[:100]) + tail})
    full = archive_of(bench.folder, "sqlite-full", {"script.sql": head + "".join(rows) + tail})
    figures = {"sqlite.image_bytes": image_bytes(built("sqlite")),
               "sqlite.min_ram_kib": smallest_ram(
                   lambda kib: ends_well("sqlite", kib, ["-batch", "/tmp/test.db",
                                                         ".read /script.sql"], "rows|100|", [some]),
                   1024, HIGHEST_KIB)}
    before = run_sqlite(bench, none, "rows|0|")
    after = run_sqlite(bench, full, f"rows|{INSERTS}|{total}")
    figures["sqlite.insert_insns"] = round((after - before) / INSERTS)
    return figures


def measure_lua(_bench):
    args = ["-e", "local t = {} for i = 1, 100 do t[i] = 'x' .. i end print(#t, t[100])"]
    return {"lua.image_bytes": image_bytes(built("lua")),
            "lua.min_ram_kib": smallest_ram(
                lambda kib: ends_well("lua", kib, args, "100\tx100"), 1024, HIGHEST_KIB)}


MEASURES = {"redis": measure_redis, "memcached": measure_memcached, "sqlite": measure_sqlite,
            "lua": measure_lua}
TARGETS = {
    "redis.get_insns": 9000,
    "redis.min_ram_kib": 7 << 10,
    "sqlite.min_ram_kib": 4 << 10,
}
