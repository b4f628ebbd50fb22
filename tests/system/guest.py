# SPDX-License-Identifier: BSD-2-Clause
"""A guest as a test sees it: started by `tools/unik run`, read through its console.

Threading: a reader thread collects the console; everything else is the test's. Every guest ends
with its `with` block, and QEMU ends with `unik`.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time

ARCH = os.environ.get("ARCH", "x86_64")
ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
UNIK = os.path.join(ROOT, "tools", "unik")
BUILD = os.path.join(ROOT, os.environ.get("UNIK_BUILD") or os.path.join("build", ARCH))
LOGS = os.path.join(ROOT, "build", "test-logs")


class GuestError(AssertionError):
    """The guest did not do what it should; the text carries the end of its console."""


def image(name):
    """Path of build/<arch>/NAME.elf."""
    path = os.path.join(BUILD, name + ".elf")
    if not os.path.exists(path):
        raise GuestError(f"{os.path.relpath(path, ROOT)} is missing: make")
    return path


def free_port(kind=socket.SOCK_STREAM):
    """A port of the loopback that nobody uses just now."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Guest:
    """A running `unik run`, with its options; ports maps guest ports ("80", "7/udp") to host's."""

    def __init__(self, target, *, log, args=(), ports=(), options=(), prefix=()):
        self.ports = {}
        line = list(prefix) + [sys.executable, UNIK, "run", target, "-v", "--accel", "tcg"]
        for port in ports:
            number, _, proto = str(port).partition("/")
            kind = socket.SOCK_DGRAM if proto == "udp" else socket.SOCK_STREAM
            host = self.ports[str(port)] = free_port(kind)
            line += ["-p", f"{host}:{number}/{proto or 'tcp'}"]
        line += list(options)
        if args:
            line += ["--", *map(str, args)]
        self.console = b""
        self.seen = 0
        self.status = None
        self.changed = threading.Condition()
        self.log = open(log, "wb", buffering=0)
        self.child = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT, bufsize=0)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_exc):
        self.stop()

    def _read(self):
        while data := os.read(self.child.stdout.fileno(), 65536):
            self.log.write(data)
            with self.changed:
                self.console += data
                self.changed.notify_all()
        status = self.child.wait()
        with self.changed:
            self.status = status
            self.changed.notify_all()

    @property
    def text(self):
        return self.console.decode("utf-8", "replace")

    def expect(self, pattern, timeout_s=20):
        """Wait until the console shows `pattern` behind the last match; returns the match."""
        wanted = re.compile(pattern.encode() if isinstance(pattern, str) else pattern)
        deadline = time.monotonic() + timeout_s
        with self.changed:
            while True:
                match = wanted.search(self.console, self.seen)
                if match:
                    self.seen = match.end()
                    return match
                left = deadline - time.monotonic()
                if self.status is not None or left <= 0:
                    why = f"ended with {self.status}" if self.status is not None else "is silent"
                    raise GuestError(f"no {pattern!r}: guest {why}\n{self._tail()}")
                self.changed.wait(left)

    def wait(self, timeout_s=20):
        """Wait for the end; returns the status."""
        with self.changed:
            if not self.changed.wait_for(lambda: self.status is not None, timeout_s):
                raise GuestError(f"still running after {timeout_s} s\n{self._tail()}")
        return self.status

    def _tail(self):
        return "--- end of the console:\n" + self.text[-3000:]

    def send(self, data):
        self.child.stdin.write(data)

    def stop(self):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGINT)
            try:
                self.child.wait(5)
            except subprocess.TimeoutExpired:
                self.child.kill()
        self.reader.join(10)
        for stream in (self.child.stdin, self.child.stdout, self.log):
            stream.close()

    def address(self, port="80"):
        """Where a client on the loopback finds the guest's port."""
        return ("127.0.0.1", self.ports[port])
