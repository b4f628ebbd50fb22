# SPDX-License-Identifier: BSD-2-Clause
"""nginx under load on a TAP device: one boot for all of it, instructions counted."""

import contextlib
import resource

import pytest

import app
import nginx_site
import web
from guest import image
from load import assert_all_sent_once, drift, wrk
from netns import GUEST

ADDRESS = (GUEST, 82)
PATH = "/quiet/page.html"
ROUNDS = 10
SHORT = 20000
IDLE = 10000
IDLE_COST = 1.2  # of a request beside the idle connections, to one without them
IN_SEQUENCE = 3000
REPLY = (200, nginx_site.PAGE)


@pytest.fixture(scope="module", autouse=True)
def built():
    nginx_site.build()


class Server:
    def __init__(self, guest, namespace, counter):
        self.guest = guest
        self.namespace = namespace
        self.counter = counter

    def client(self, timeout_s=20):
        return web.Client(ADDRESS, timeout_s, self.namespace.connect)

    def cost_of_a_request(self):
        """In instructions: one connection, the next request after the reply."""
        with self.client() as client:
            assert client.get(PATH) == REPLY
            before = self.counter.insns()
            for _ in range(IN_SEQUENCE):
                assert client.get(PATH) == REPLY
            return (self.counter.insns() - before) / IN_SEQUENCE


@pytest.fixture
def server(boot_on_tap, namespace, counter, tmp_path):
    archive = nginx_site.make(str(tmp_path))
    guest = boot_on_tap("nginx", mem=nginx_site.MEM, modules=[archive], args=nginx_site.ARGS,
                        options=counter.options(image("nginx"), ["sendfile"]))
    app.connect_when_up(guest, namespace, ADDRESS).close()
    return Server(guest, namespace, counter)


def rounds_of_wrk(server):
    """No failure and no slowing down, in instructions."""
    costs = []
    # As with httpd: a host that is busy for a while is waited out.
    while len(costs) < ROUNDS or (drift(costs) > 0.05 and len(costs) < 2 * ROUNDS):
        begin = server.counter.insns()
        requests = wrk(server.namespace, path=":82" + PATH)
        costs.append((server.counter.insns() - begin) / requests)
    assert drift(costs) <= 0.05, costs
    # The files went by sendfile(), which is why that is configured.
    assert server.counter.read()["points"]["sendfile"]["n"] > 100 * ROUNDS


def short_connections(server, folder):
    """One request each, in a row; neither side has to send anything twice."""
    def connections():
        for _ in range(SHORT):
            assert web.get(ADDRESS, PATH, 5, server.namespace.connect) == REPLY

    assert_all_sent_once(server.namespace, folder, connections)


def idle_connections(server):
    """Kept open after a request each, while one more goes on asking; all of them still answer."""
    alone = server.cost_of_a_request()
    with contextlib.ExitStack() as stack:
        clients = []
        for _ in range(IDLE):
            clients.append(stack.enter_context(server.client()))
            assert clients[-1].get(PATH) == REPLY
        beside = server.cost_of_a_request()
        wrk(server.namespace, path=":82" + PATH)
        assert all(client.get(PATH) == REPLY for client in clients)
    print(f"a request: {alone:.0f} instructions alone, {beside:.0f} beside {IDLE} idle connections")
    assert beside <= IDLE_COST * alone, (alone, beside)


@pytest.mark.limit(400)
def test_load(server, tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < IDLE + 100:
        pytest.skip(f"at most {hard} open files here")
    rounds_of_wrk(server)
    short_connections(server, str(tmp_path))
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        idle_connections(server)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
