# SPDX-License-Identifier: BSD-2-Clause
"""httpd with options and directories of its own, on this machine: limits, time-outs, files."""

import json
import os
import resource
import socket
import subprocess
import time

import pytest

from http_client import Client, fetch
from httpd_server import SITE, httpd_program, start_httpd  # noqa: F401 (fixtures)

HOST = b"Host: test\r\n"
GET = b"GET /bench.html HTTP/1.1\r\n" + HOST + b"\r\n"


def pattern(size):
    """Bytes that show where in a file they belong."""
    return b"".join(b"%08d" % i for i in range(size // 8 + 1))[:size]


# --- time ----------------------------------------------------------------------------------


def test_idle_connections_end(start_httpd):
    server = start_httpd("-t", "1")
    with Client(server.addr) as fresh, Client(server.addr) as used:
        assert used.get("/").status == 200
        start = time.monotonic()
        assert fresh.ended() == b"" and used.ended() == b""
        assert 0.9 < time.monotonic() - start < 5


def test_slow_request_times_out(start_httpd):
    """One byte now and then does not keep a request alive; the client is told why."""
    server = start_httpd("-t", "1")
    with Client(server.addr) as slow, Client(server.addr) as other:
        slow.sock.settimeout(0.2)
        end = time.monotonic() + 8
        while time.monotonic() < end:
            try:
                slow.send(b"x")
                slow.buf += slow.sock.recv(65536)
                break
            except socket.timeout:
                assert other.get("/").status == 200
        assert slow.response().status == 408


def test_slow_content_times_out(start_httpd):
    server = start_httpd("-t", "1")
    with Client(server.addr) as client:
        client.send(GET[:-2] + b"Content-Length: 10\r\n\r\nabc")
        assert client.response().status == 408
        assert client.ended() == b""


def test_busy_connection_lives_on(start_httpd):
    server = start_httpd("-t", "1")
    with Client(server.addr) as client:
        end = time.monotonic() + 4
        while time.monotonic() < end:
            client.send(GET[:20])
            time.sleep(0.3)
            client.send(GET[20:])
            assert client.response().status == 200


def test_client_that_stops_reading(start_httpd, tmp_path):
    (tmp_path / "big").write_bytes(pattern(20 << 20))
    server = start_httpd("-t", "1", root=tmp_path)
    with Client(server.addr) as client:
        client.send(b"GET /big HTTP/1.1\r\n" + HOST + b"\r\n")
        time.sleep(4)
        assert json.loads(fetch(server.addr, "/status.json").body)["connections"] == 1
        assert len(client.ended()) < 20 << 20


# --- limits --------------------------------------------------------------------------------


def test_more_connections_wait(start_httpd):
    server = start_httpd("-c", "4")
    inside = [Client(server.addr) for _ in range(4)]
    for client in inside:
        assert client.get("/").status == 200
    with Client(server.addr) as waiting:
        waiting.send(GET)
        waiting.sock.settimeout(0.5)
        with pytest.raises(socket.timeout):
            waiting.response()
        assert inside[1].get("/").status == 200
        inside[0].sock.close()
        waiting.sock.settimeout(5)
        assert waiting.response().status == 200
    for client in inside:
        client.sock.close()


def test_out_of_descriptors(start_httpd):
    def limit():
        resource.setrlimit(resource.RLIMIT_NOFILE, (12, 12))

    server = start_httpd(preexec_fn=limit)
    fetch(server.addr, "/bench.html")  # in memory from now on, and needs no descriptor
    clients = [Client(server.addr) for _ in range(20)]
    for client in clients:
        client.send(GET)
    for client in clients:
        assert client.response().status == 200
        client.sock.close()
    assert fetch(server.addr, "/").status == 200


def test_file_without_descriptor(start_httpd, tmp_path):
    (tmp_path / "big").write_bytes(pattern(1 << 20))

    def limit():
        resource.setrlimit(resource.RLIMIT_NOFILE, (10, 10))

    server = start_httpd(root=tmp_path, preexec_fn=limit)
    clients = [Client(server.addr) for _ in range(6)]
    seen = set()
    for client in clients:
        try:
            client.sock.settimeout(1)
            seen.add(client.get("/big").status)
        except socket.timeout:
            pass  # still in the backlog
        else:
            client.sock.settimeout(20)
    assert 200 in seen or 503 in seen
    for client in clients:
        client.sock.close()
    assert fetch(server.addr, "/big").body == pattern(1 << 20)


# --- files ---------------------------------------------------------------------------------


def test_large_files(start_httpd, tmp_path):
    """Several at once, with readers of different patience, and pages in between."""
    content = pattern(5 << 20)
    (tmp_path / "big.bin").write_bytes(content)
    server = start_httpd(root=tmp_path)
    clients = [Client(server.addr) for _ in range(6)]
    for client in clients:
        client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32768)
        client.send(b"GET /big.bin HTTP/1.1\r\n" + HOST + b"\r\n" + GET)
    time.sleep(0.3)
    assert fetch(server.addr, "/").status == 200
    for client in clients:
        assert client.response().body == content
        assert len(client.response().body) == 612
        client.sock.close()
    head = fetch(server.addr, "/big.bin", method="HEAD")
    assert head.headers["content-length"] == str(len(content))
    assert head.headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize("size", [0, 1, 15000, 16383, 16384, 16385, 32768, 70000])
def test_sizes(start_httpd, tmp_path, size):
    (tmp_path / "f.txt").write_bytes(pattern(size))
    server = start_httpd(root=tmp_path)
    with Client(server.addr) as client:
        for _ in range(3):
            assert client.get("/f.txt").body == pattern(size)
        assert client.get("/f.txt", "Connection: close").body == pattern(size)


def test_changed_file_is_noticed(start_httpd, tmp_path):
    page = tmp_path / "page.html"
    page.write_text("old")
    server = start_httpd(root=tmp_path)
    with Client(server.addr) as client:
        first = client.get("/page.html")
        page.write_text("newer")
        time.sleep(1.1)
        second = client.get("/page.html", f"If-None-Match: {first.headers['etag']}")
        assert (first.body, second.status, second.body) == (b"old", 200, b"newer")
        page.unlink()
        time.sleep(1.1)
        assert client.get("/page.html").status == 404


def test_built_in_pages_give_way(start_httpd, tmp_path):
    server = start_httpd(root=tmp_path)
    with Client(server.addr) as client:
        assert b"It works" in client.get("/").body
        (tmp_path / "index.html").write_text("mine")
        time.sleep(1.1)
        assert client.get("/").body == b"mine"


def test_more_files_than_the_cache_holds(start_httpd, tmp_path):
    for i in range(200):
        (tmp_path / f"f{i}").write_bytes(pattern(5000) + b"%d" % i)
    server = start_httpd(root=tmp_path)
    with Client(server.addr) as client:
        for turn in range(3):
            for i in range(200):
                assert client.get(f"/f{i}").body == pattern(5000) + b"%d" % i


def test_file_that_shrinks(start_httpd, tmp_path):
    """A promised length that cannot be kept ends the connection rather than deceive."""
    big = tmp_path / "big"
    big.write_bytes(pattern(30 << 20))
    server = start_httpd(root=tmp_path)
    with Client(server.addr) as client:
        client.send(b"GET /big HTTP/1.1\r\n" + HOST + b"\r\n")
        client.sock.recv(1000)
        os.truncate(big, 1000)
        assert len(client.ended()) < 30 << 20
    assert fetch(server.addr, "/big").body == pattern(1000)


def test_directories(start_httpd, tmp_path):
    (tmp_path / "d e").mkdir()
    (tmp_path / "d e" / "index.html").write_text("inside")
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "fifo")
    server = start_httpd(root=str(tmp_path) + "/")
    with Client(server.addr) as client:
        answer = client.get("/d%20e?x")
        assert (answer.status, answer.headers["location"]) == (301, "/d%20e/")
        assert client.get("/d%20e/").body == b"inside"
        assert client.get("//d%20e").headers["location"] == "/d%20e/"
        assert client.get("/empty/").status == 404
        assert client.get("/fifo").status == 404
        assert client.get("/empty", "Content-Length: 0").status == 301


# --- command line --------------------------------------------------------------------------


def test_log(start_httpd):
    server = start_httpd("-l")
    with Client(server.addr) as client:
        client.get("/style.css?a\"b")
        client.get("/no")
        client.send(b"rubbish\r\n\r\n")
        client.ended()
    size = os.path.getsize(os.path.join(SITE, "style.css"))
    assert server.lines().splitlines()[1:] == [
        f'127.0.0.1 "GET /style.css?a%22b" 200 {size}',
        '127.0.0.1 "GET /no" 404 0', '127.0.0.1 "" 400 0']


@pytest.mark.parametrize("args", [
    ["-p"], ["-p", "0"], ["-p", "65536"], ["-p", "8x"], ["-t", ""], ["-c", "-1"], ["-x"], ["rest"],
    ["-lx"], ["--", "rest"], ["-r", "x" * 2000],
])
def test_usage(httpd_program, args):
    run = subprocess.run([httpd_program, *args], capture_output=True, timeout=10, check=False)
    assert run.returncode == 64 and run.stdout == b""
    assert run.stderr.startswith(b"httpd: ") and b"usage: httpd" in run.stderr


def test_help(httpd_program):
    run = subprocess.run([httpd_program, "-lh"], capture_output=True, timeout=10, check=False)
    assert run.returncode == 0 and run.stdout.startswith(b"usage: httpd") and not run.stderr


def test_port_in_use(start_httpd, httpd_program):
    server = start_httpd()
    run = subprocess.run([httpd_program, f"-lp{server.addr[1]}"], capture_output=True, timeout=10,
                         check=False)
    assert run.returncode == 69
    assert run.stderr == b"httpd: cannot listen: the port is in use\n"
