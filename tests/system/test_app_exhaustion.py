# SPDX-License-Identifier: BSD-2-Clause
"""Servers whose machine runs out of something: they hear of it, the log has a line about it, and
when the pressure is gone they serve as before."""

import os
import time

import pytest

import app
from guest import ROOT
from netns import GUEST

REDIS = (GUEST, 6379)
MEMCACHED = (GUEST, 11211)


@pytest.fixture(scope="module", autouse=True)
def built():
    app.build("redis", "build/redis.cpio")
    app.build("memcached")


class Lines:
    """A connection on which requests and replies are lines."""

    def __init__(self, namespace, address):
        self.sock = namespace.connect(address, 20)
        self.stream = self.sock.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_exc):
        self.stream.close()
        self.sock.close()

    def ask(self, data):
        self.sock.sendall(data)
        return self.stream.readline().decode().rstrip()


def test_memory(boot_on_tap, namespace):
    """memcached is allowed more than there is: it gives up old items for new ones, or says that it
    cannot store, and goes on."""
    guest = boot_on_tap("memcached", mem="24M", args=["-u", "root", "-m", "1000"])
    app.connect_when_up(guest, namespace, MEMCACHED).close()
    data = b"v" * 100000
    with Lines(namespace, MEMCACHED) as client:
        for i in range(400):
            answer = client.ask(b"set k%d 0 0 %d\r\n%s\r\n" % (i, len(data), data))
            assert answer == "STORED" or answer.startswith("SERVER_ERROR out of memory"), answer
        guest.expect("a call failed: no memory left")
        assert guest.text.count("a call failed") == 1
        assert client.ask(b"get k0\r\n") == "END"
        assert client.ask(b"flush_all\r\n") == "OK"
        time.sleep(1.1)
        assert client.ask(b"set k 0 0 %d\r\n%s\r\n" % (len(data), data)) == "STORED"
        assert client.ask(b"get k\r\n") == f"VALUE k 0 {len(data)}"
    with Lines(namespace, MEMCACHED) as other:
        assert other.ask(b"version\r\n").startswith("VERSION")


def version(namespace):
    with Lines(namespace, MEMCACHED) as client:
        return client.ask(b"version\r\n")


def test_descriptors(boot_on_tap, namespace):
    """More clients than memcached has descriptors for: those that it has it serves, others have to
    wait; when some have gone it takes new ones."""
    guest = boot_on_tap("memcached", args=["-u", "root", "-m", "8", "-t", "1", "-c", "20",
                                           "-o", "no_maxconns_fast"])
    app.connect_when_up(guest, namespace, MEMCACHED).close()
    clients = []
    with pytest.raises(TimeoutError):
        while len(clients) < 60:
            clients.append(Lines(namespace, MEMCACHED))
            clients[-1].sock.settimeout(2)
            assert clients[-1].ask(b"version\r\n").startswith("VERSION")
    assert 5 <= len(clients) < 30
    guest.expect("a call failed: no descriptors left")
    assert clients[0].ask(b"version\r\n").startswith("VERSION")
    for client in clients:
        client.__exit__()
    for _ in range(5):
        assert version(namespace).startswith("VERSION")


def test_file_system(boot_on_tap, namespace):
    """Redis cannot save what does not fit; with less in it, it can."""
    guest = boot_on_tap("redis", modules=[os.path.join(ROOT, "build", "redis.cpio")],
                        args=["unik.ramfs=256K", "/redis.conf"], mem="128M")
    app.connect_when_up(guest, namespace, REDIS).close()
    with Lines(namespace, REDIS) as client:
        for i in range(8):
            data = os.urandom(50000)
            assert client.ask(b"*3\r\n$3\r\nSET\r\n$2\r\nk%d\r\n$%d\r\n%s\r\n" %
                              (i, len(data), data)) == "+OK"
        assert client.ask(b"SAVE\r\n").startswith("-ERR")
        guest.expect("a call failed: no room in the file system left")
        guest.expect("No space left on device")
        assert client.ask(b"DEL k0 k1 k2 k3 k4 k5\r\n") == ":6"
        assert client.ask(b"SAVE\r\n") == "+OK"
        assert client.ask(b"STRLEN k7\r\n") == ":50000"
