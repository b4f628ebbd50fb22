# SPDX-License-Identifier: BSD-2-Clause
"""Load, and clients that mean no good, over a TAP device in a network namespace.

With UNIK_SOAK set, the rounds go on for hours instead of a minute.
"""

import contextlib
import os
import random
import socket
import struct
import threading
import time

import pytest

import web
from guest import image
from load import assert_all_sent_once, drift, wrk
from netns import GUEST, HOST, IFNAME

SOAK = bool(os.environ.get("UNIK_SOAK"))
ROUNDS = 1000 if SOAK else 10
ADDRESS = (GUEST, 80)
VISITOR = "10.77.0.3"
# What a first load leaves behind for good, however long it lasts: receive buffers, which come
# 64 KiB at a time, and the descriptor table's growth. Measured: 152 KiB.
MEMORY_SLACK_BYTES = 192 << 10


class Server:
    """httpd on the TAP device and how its clients reach it."""

    def __init__(self, guest, namespace):
        self.guest = guest
        self.namespace = namespace
        self.connect = namespace.connect

    def get(self, path="/", timeout_s=5):
        return web.get(ADDRESS, path, timeout_s, self.connect)

    def client(self, timeout_s=5):
        return web.Client(ADDRESS, timeout_s, self.connect)

    def status(self):
        return web.status(ADDRESS, self.connect)

    def assert_serves(self):
        """A new client gets its page at once."""
        started = time.monotonic()
        assert self.get("/") == (200, self.page)
        assert time.monotonic() - started < 2

    def settled(self, timeout_s=30):
        """The figures once only our own connection is left."""
        deadline = time.monotonic() + timeout_s
        while (figures := self.status())["connections"] > 1 and time.monotonic() < deadline:
            time.sleep(0.2)
        assert figures["connections"] == 1
        return figures

    def assert_memory_back(self, before, timeout_s=15):
        """Free memory is what it was, once TCP's clock has stopped."""
        deadline = time.monotonic() + timeout_s
        while (lost := before["memory_free_bytes"] - self.settled()["memory_free_bytes"]) > \
                MEMORY_SLACK_BYTES and time.monotonic() < deadline:
            time.sleep(0.5)
        assert lost <= MEMORY_SLACK_BYTES


@pytest.fixture
def start(boot_on_tap, namespace, tmp_path):
    def start_server(options=(), args=(), mem="64M"):
        archive, page = web.make_site(str(tmp_path))
        guest = boot_on_tap("httpd", modules=[archive], options=options, args=args, mem=mem)
        web.wait_until_up(guest, ADDRESS, connect=namespace.connect)
        server = Server(guest, namespace)
        server.page = page
        return server

    return start_server


@pytest.mark.limit(2 * ROUNDS * 7 + 60)
def test_rounds_of_wrk(start, namespace, counter):
    """No failure, no slowing down (in instructions), no memory lost."""
    server = start(options=counter.options(image("httpd")))
    server.assert_serves()
    before = server.settled()
    costs = []
    # What a request costs also depends on how often the host lets the guest go idle. A host that
    # is busy for a while is waited out; a cost that grows by itself does not come back.
    while len(costs) < ROUNDS or (drift(costs) > 0.05 and len(costs) < 2 * ROUNDS):
        begin = counter.insns()
        requests = wrk(namespace)
        costs.append((counter.insns() - begin) / requests)
    assert drift(costs) <= 0.05, costs
    server.assert_memory_back(before)
    server.assert_serves()


@pytest.mark.limit(300)
def test_20000_short_connections(start, namespace, tmp_path):
    """One request each, in a row; neither side has to send anything twice."""
    server = start()
    server.assert_serves()
    before = server.settled()

    def connections():
        for _ in range(20000):
            assert server.get("/")[0] == 200

    assert_all_sent_once(namespace, str(tmp_path), connections)
    server.assert_memory_back(before)


@pytest.mark.limit(120)
def test_client_vanishes(start, namespace):
    """Its address is gone in the middle of a transfer; in time the server forgets it."""
    server = start(args=["-t", "3"])
    namespace.run("ip", "addr", "add", f"{VISITOR}/24", "dev", IFNAME)
    with namespace.entered():
        client = socket.socket()
    with client:
        client.bind((VISITOR, 0))
        client.connect(ADDRESS)
        client.sendall(web.request_bytes("/sub/large.bin"))
        client.recv(1000)
        namespace.run("ip", "addr", "del", f"{VISITOR}/24", "dev", IFNAME)
        server.assert_serves()
        server.settled(timeout_s=90)


@pytest.mark.limit(60)
def test_one_byte_a_second(start):
    """A slow client is served in the end and hinders nobody."""
    server = start()
    answer = []

    def crawl():
        with server.client(timeout_s=10) as client:
            for byte in b"GET / HTTP/1.0\r\n\r\n":
                client.sock.sendall(bytes([byte]))
                time.sleep(1)
            answer.append(client.read_reply())

    # A namespace is entered by a thread; the crawler enters its own.
    crawler = threading.Thread(target=crawl)
    crawler.start()
    while crawler.is_alive():
        server.assert_serves()
        time.sleep(0.5)
    assert answer == [(200, server.page)]


def syn(source, sport):
    """An IPv4 packet with a TCP SYN. Ref: RFC 791, 3.1; RFC 9293, 3.1."""
    src, dst = socket.inet_aton(source), socket.inet_aton(GUEST)
    tcp = struct.pack("!HHIIBBHHH", sport, 80, random.getrandbits(32), 0, 5 << 4, 2, 65535, 0, 0)
    total = checksum(src + dst + struct.pack("!BBH", 0, 6, len(tcp)) + tcp)
    tcp = tcp[:16] + struct.pack("!H", total) + tcp[18:]
    return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0, src, dst) + tcp


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def raw_socket(namespace):
    with namespace.entered():
        return socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)


@pytest.mark.limit(120)
def test_half_open_connections(start, namespace):
    """2,000 SYNs from addresses that never answer: behind the gateway, which drops the replies."""
    server = start()
    with raw_socket(namespace) as raw:
        for i in range(2000):
            raw.sendto(syn(f"198.51.100.{1 + i % 250}", 1024 + i), (GUEST, 0))
            if i % 500 == 499:
                server.assert_serves()
    for _ in range(20):
        server.assert_serves()


@pytest.mark.limit(120)
def test_random_bytes(start, namespace):
    """As requests, as packets of any protocol and as frames."""
    server = start()
    dice = random.Random(1)
    for _ in range(300):
        with server.client() as client:
            with contextlib.suppress(OSError):
                client.sock.sendall(dice.randbytes(dice.randrange(1, 5000)))
    with raw_socket(namespace) as raw:
        for _ in range(3000):
            body = dice.randbytes(dice.randrange(0, 1400))
            head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(body), dice.getrandbits(16),
                               dice.choice([0, 0x2000, 0x00ff, 0x4000]), 64,
                               dice.choice([1, 2, 6, 17, 58, dice.randrange(256)]), 0,
                               socket.inet_aton(HOST), socket.inet_aton(GUEST))
            raw.sendto(head + body, (GUEST, 0))
    with namespace.entered():
        frames = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    with frames:
        frames.bind((IFNAME, 0))
        for _ in range(3000):
            kind = dice.choice([0x0800, 0x0806, 0x86dd, dice.randrange(65536)])
            frames.send(b"\xff" * 6 + dice.randbytes(6) + struct.pack("!H", kind)
                        + dice.randbytes(dice.randrange(0, 1400)))
    server.assert_serves()
    assert server.settled()["connections"] == 1
