# SPDX-License-Identifier: BSD-2-Clause
"""What clients see of a server that ends with their connections open (tests/system/ending.c)."""

import time

import pytest

from netns import GUEST

REPLY_BYTES = 200000
ENDING = "tests/system/ending"


@pytest.fixture
def clients(boot_on_tap, namespace):
    """Two connections to a server that ends as it is told, and the guest."""
    opened = []

    def start(how):
        guest = boot_on_tap(ENDING, args=[how])
        guest.expect("ready")
        opened.extend(namespace.connect((GUEST, 80), 5) for _ in range(2))
        return *opened, guest

    yield start
    for sock in opened:
        sock.close()


@pytest.mark.parametrize("how", ["return", "_exit"])
def test_data_and_end(clients, how):
    """What was sent arrives, then the end; a client that was told nothing gets the end."""
    first, second, guest = clients(how)
    got = 0
    while data := first.recv(65536):
        got += len(data)
    assert got == REPLY_BYTES
    assert second.recv(1) == b""
    assert guest.wait() == 7


def test_unread_data_is_reset(clients):
    """Ref: RFC 2525, 2.17."""
    first, second, guest = clients("unread")
    first.sendall(b"is anybody there?")
    with pytest.raises(ConnectionResetError):
        first.recv(1)
    assert second.recv(1) == b""
    assert guest.wait() == 7


def test_client_that_is_gone(clients, namespace):
    """Nobody acknowledges anything: the end comes all the same, soon."""
    _first, _second, guest = clients("unread")
    namespace.run("ip", "link", "set", "tap0", "down")
    try:
        started = time.monotonic()
        assert guest.wait() == 7
        assert time.monotonic() - started < 5
    finally:
        namespace.run("ip", "link", "set", "tap0", "up")
