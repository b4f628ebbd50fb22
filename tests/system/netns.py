# SPDX-License-Identifier: BSD-2-Clause
"""A network of its own for a test: a namespace with a TAP device, the guest at the other end.

QEMU's user networking loses SYNs of a burst, so it cannot judge a server under load.
"""

import contextlib
import ctypes
import os
import socket
import subprocess

CLONE_NEWNET = 0x40000000
HOST, GUEST, PREFIX_LEN = "10.77.0.1", "10.77.0.2", 24
IFNAME = "tap0"

libc = ctypes.CDLL(None, use_errno=True)


class NotPermitted(Exception):
    """This machine does not let us make one; the text says what it said."""


class Namespace:
    """Use as a context manager."""

    def __init__(self):
        self.name = f"unik-{os.getpid()}"
        self.prefix = ["ip", "netns", "exec", self.name]

    def __enter__(self):
        try:
            self._run("ip", "netns", "add", self.name)
        except FileNotFoundError as error:
            raise NotPermitted("ip is missing: apt-get install iproute2") from error
        try:
            self._run(*self.prefix, "ip", "tuntap", "add", "dev", IFNAME, "mode", "tap")
            self._run(*self.prefix, "ip", "addr", "add", f"{HOST}/{PREFIX_LEN}", "dev", IFNAME)
            self._run(*self.prefix, "ip", "link", "set", IFNAME, "up")
            self._run(*self.prefix, "ip", "link", "set", "lo", "up")
            # 20,000 connections in a row: the client must not run out of ports in TIME_WAIT.
            self._run(*self.prefix, "sysctl", "-q", "net.ipv4.ip_local_port_range=10000 65000")
        except NotPermitted:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exc):
        subprocess.run(["ip", "netns", "del", self.name], capture_output=True, check=False)

    @staticmethod
    def _run(*line):
        done = subprocess.run(line, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NotPermitted(f"{' '.join(line)}: {done.stderr.strip()}")

    def run(self, *line, timeout_s=60):
        """Run a program in here; returns the finished process, output as text."""
        return subprocess.run([*self.prefix, *line], capture_output=True, text=True,
                              timeout=timeout_s, check=False)

    @contextlib.contextmanager
    def entered(self):
        """Sockets made inside belong to the namespace and stay there. Only for this thread."""
        with open("/proc/thread-self/ns/net", "rb") as ours, \
                open(f"/run/netns/{self.name}", "rb") as theirs:
            _setns(theirs)
            try:
                yield
            finally:
                _setns(ours)

    def connect(self, address, timeout=None):
        with self.entered():
            return socket.create_connection(address, timeout)

    def counter(self, name):
        """One of the client side's own counters, such as TcpRetransSegs."""
        done = self.run("nstat", "-a", "-z", "-s", name)
        for line in done.stdout.splitlines():
            words = line.split()
            if words and words[0] == name:
                return int(words[1])
        raise KeyError(name)


def _setns(file):
    if libc.setns(file.fileno(), CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")
