# SPDX-License-Identifier: BSD-2-Clause
"""A small HTTP client whose every step a test decides, and a site to serve."""

import json
import os
import re
import socket
import subprocess
import sys
import time

from guest import ROOT

PAGE_BYTES = 612
MKARCHIVE = os.path.join(ROOT, "tools", "mkarchive")


def make_site(folder):
    """A boot archive with index.html of PAGE_BYTES and a large file; returns (path, page)."""
    site = os.path.join(folder, "site")
    os.makedirs(os.path.join(site, "sub"), exist_ok=True)
    page = (b"<!doctype html><title>test</title>\n" + b"libunik " * 100)[:PAGE_BYTES]
    for name, data in (("index.html", page), ("sub/large.bin", bytes(range(256)) * 4096),
                       ("sub/style.css", b"p{}\n")):
        with open(os.path.join(site, name), "wb") as file:
            file.write(data)
    output = os.path.join(folder, "site.cpio")
    subprocess.run([sys.executable, MKARCHIVE, "-o", output, site], check=True)
    return output, page


def request_bytes(path="/", close=False):
    connection = "close" if close else "keep-alive"
    return f"GET {path} HTTP/1.1\r\nHost: test\r\nConnection: {connection}\r\n\r\n".encode()


class Client:
    """One connection; `connect` makes the socket, so that it may be one of another namespace."""

    def __init__(self, address, timeout_s=5, connect=socket.create_connection):
        self.sock = connect(address, timeout_s)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""

    def __enter__(self):
        return self

    def __exit__(self, *_exc):
        self.sock.close()

    def get(self, path="/", close=False):
        """Returns (status, body)."""
        self.sock.sendall(request_bytes(path, close))
        return self.read_reply()

    def read_reply(self):
        while b"\r\n\r\n" not in self.rest:
            self._more()
        head, _, self.rest = self.rest.partition(b"\r\n\r\n")
        length = int(re.search(rb"(?im)^content-length: *(\d+)", head)[1])
        while len(self.rest) < length:
            self._more()
        body, self.rest = self.rest[:length], self.rest[length:]
        return int(head.split(b" ", 2)[1]), body

    def _more(self):
        data = self.sock.recv(262144)
        if not data:
            raise ConnectionError(f"closed in the middle of a reply: {self.rest[:200]!r}")
        self.rest += data


def get(address, path="/", timeout_s=5, connect=socket.create_connection):
    """One request on a connection of its own."""
    with Client(address, timeout_s, connect) as client:
        return client.get(path, close=True)


def wait_until_up(guest, address, timeout_s=20, connect=socket.create_connection):
    """The server listens and its network answers. Alone, neither is enough: QEMU accepts for a
    guest that is not up yet, and the server may listen before it has an address."""
    guest.expect("listening on port", timeout_s)
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            return get(address, "/", 2, connect)
        except OSError:
            if time.monotonic() > deadline:
                raise


def status(address, connect=socket.create_connection):
    """The figures of httpd's status page."""
    return json.loads(get(address, "/status.json", connect=connect)[1])
