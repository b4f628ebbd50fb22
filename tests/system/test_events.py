# SPDX-License-Identifier: BSD-2-Clause
"""Thousands of connections to a server on epoll: what the idle ones cost, in instructions and
bytes."""

import contextlib
import time

import pytest

from guest import image
from netns import GUEST

IDLE = 10000
ACTIVE, ROUNDS = 16, 400
ADDRESS = (GUEST, 7)
# Socket, protocol control block, epoll item, descriptor; measured: see the assertion's text.
IDLE_BYTES = 1200


def ask(clients, rounds):
    """Every client asks at once, and waits for its answer."""
    for _ in range(rounds):
        for client in clients:
            client.sendall(b"ping")
        for client in clients:
            assert client.recv(16) == b"ping"


def figures(client):
    """Connections and free bytes."""
    client.sendall(b"?")
    return map(int, client.recv(100).split())


@pytest.mark.limit(180)
def test_idle_connections(boot_on_tap, namespace, counter):
    """Ten thousand idle connections make a request at most a fifth dearer; they end together, and
    their memory comes back."""
    guest = boot_on_tap("tests/system/events", options=counter.options(image("tests/system/events")))
    guest.expect("ready")

    def cost(clients):
        ask(clients, 50)
        best = None
        for _ in range(3):
            begin = counter.insns()
            ask(clients, ROUNDS)
            here = (counter.insns() - begin) / (ACTIVE * ROUNDS)
            best = here if best is None else min(best, here)
        return best

    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(namespace.connect(ADDRESS, 10)) for _ in range(ACTIVE)]
        alone = cost(clients)
        _, free_before = figures(clients[0])
        idle = [namespace.connect(ADDRESS, 10) for _ in range(IDLE)]
        crowded = cost(clients)
        count, free_after = figures(clients[0])
        assert count == IDLE + ACTIVE
        each = (free_before - free_after) / IDLE
        print(f"{alone:.0f} instructions a request alone, {crowded:.0f} with {IDLE} idle "
              f"connections of {each:.0f} bytes")
        assert crowded <= 1.2 * alone, (alone, crowded)
        assert each <= IDLE_BYTES
        idle[IDLE // 2].sendall(b"here")
        assert idle[IDLE // 2].recv(16) == b"here"
        for connection in idle:
            connection.close()
        deadline = time.monotonic() + 30
        while (count := next(figures(clients[0]))) > ACTIVE and time.monotonic() < deadline:
            time.sleep(0.2)
        assert count == ACTIVE
        ask(clients, 10)
