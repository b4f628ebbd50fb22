# SPDX-License-Identifier: BSD-2-Clause
"""What every measurement needs: a counted guest, the size of an image, the RAM that it needs, and
HTTP clients that ask one server in several ways."""

import contextlib
import os
import select
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "system"))

import insncount  # noqa: E402
import web  # noqa: E402
from guest import ARCH, BUILD, LOGS, ROOT, Guest, GuestError, image  # noqa: E402

FIXED_ADDRESS = ["unik.ip=10.0.2.15/24", "unik.gw=10.0.2.2"]
KEEP_ALIVE_REQUESTS = 2000
SHORT_CONNECTIONS = 500
PARALLEL = 16
PARALLEL_REQUESTS = 16000


class Bench:
    """The place for files and the way to start a counted guest."""

    def __init__(self, folder, stream_mib, pcs=None):
        self.folder = folder
        self.pcs = pcs
        self.stream_bytes = stream_mib << 20
        self.site, self.page = web.make_site(folder)

    @contextlib.contextmanager
    def counted(self, name, mode, ports=(), modules=(), args=(), symbols=()):
        """A guest under the counter; yields (guest, counter)."""
        path = image(name)
        counter = insncount.Counter(self.folder)
        options = counter.options(path, symbols, pcs=self.pcs) + [w for m in modules for w in ("--module", m)]
        log = os.path.join(LOGS, f"bench-{mode}.log")
        with Guest(path, log=log, ports=ports, options=options, args=args) as guest:
            yield guest, counter

    @contextlib.contextmanager
    def bench_guest(self, mode, port=None):
        """guest_bench in one of its network modes, ready."""
        args = FIXED_ADDRESS + [mode]
        with self.counted("tests/bench/guest_bench", mode, ports=[port] if port else ["9"],
                          args=args, symbols=["main"]) as (guest, counter):
            guest.expect("ready", timeout_s=30)
            yield guest, counter


def image_bytes(path):
    """Size of the image as it would be shipped: without symbols and debug information; on AArch64
    as the flat image that loaders want."""
    if ARCH == "aarch64":
        return len(insncount.elf.Elf.open(path).flat())
    with tempfile.NamedTemporaryFile() as stripped:
        subprocess.run(["strip", "-s", "-o", stripped.name, path], check=True)
        return os.path.getsize(stripped.name)


def smallest_ram(works, low_kib, high_kib, step_kib=64):
    """Smallest RAM with which works(KiB) is true; it must be so at high_kib."""
    if not works(high_kib):
        raise GuestError(f"does not work with {high_kib} KiB")
    while high_kib - low_kib > step_kib:
        middle = (low_kib + high_kib) // 2 // step_kib * step_kib
        if works(middle):
            high_kib = middle
        else:
            low_kib = middle
    return high_kib



# ---- HTTP ----

def serves(address, page):
    """Fifty requests on one connection, then sixteen connections at once."""
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(web.Client(address, 2)) for _ in range(PARALLEL)]
        return all(c.get() == (200, page) for c in clients[:1] * 50 + clients)


def in_sequence(address, counter, page):
    """Instructions per request: one connection, the next request after the reply."""
    with web.Client(address) as client:
        def ask(times):
            for _ in range(times):
                if client.get() != (200, page):
                    raise GuestError("wrong reply")

        ask(200)
        before = counter.insns()
        ask(KEEP_ALIVE_REQUESTS)
        return round((counter.insns() - before) / KEEP_ALIVE_REQUESTS)


def in_parallel(address, counter, page):
    """Instructions per request: sixteen connections, each asks again as soon as it is answered."""
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(web.Client(address)) for _ in range(PARALLEL)]
        for client in clients:
            client.get()
        before = counter.insns()
        _ask_all(clients, page)
        return round((counter.insns() - before) / PARALLEL_REQUESTS)


def _ask_all(clients, page):
    poll = select.epoll()
    by_fd = {client.sock.fileno(): client for client in clients}
    for fd, client in by_fd.items():
        poll.register(fd, select.EPOLLIN)
        client.sock.sendall(web.request_bytes())
    left, asked = PARALLEL_REQUESTS, len(clients)
    while left:
        for fd, _events in poll.poll(10) or _nothing():
            client = by_fd[fd]
            if client.read_reply() != (200, page):
                raise GuestError("wrong reply")
            left -= 1
            if asked < PARALLEL_REQUESTS:
                client.sock.sendall(web.request_bytes())
                asked += 1
    poll.close()


def _nothing():
    raise GuestError("no reply within ten seconds")


def one_by_one(address, counter, page):
    """Instructions per connection that makes one request."""
    def ask(times):
        for _ in range(times):
            if web.get(address) != (200, page):
                raise GuestError("wrong reply")

    ask(50)
    before = counter.insns()
    ask(SHORT_CONNECTIONS)
    return round((counter.insns() - before) / SHORT_CONNECTIONS)
