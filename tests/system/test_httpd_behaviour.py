# SPDX-License-Identifier: BSD-2-Clause
"""What httpd says to clients, good and bad: runs against any httpd that serves apps/httpd/www."""

import email.utils
import json
import os
import random
import time

import pytest

from http_client import Client, exchange, fetch
from httpd_server import SITE, httpd, httpd_program  # noqa: F401 (fixtures)

HOST = b"Host: test\r\n"
GET = b"GET /bench.html HTTP/1.1\r\n" + HOST


def site(name):
    with open(os.path.join(SITE, name), "rb") as file:
        return file.read()


def statuses(raw):
    """The status of each response in raw bytes."""
    return [int(part[:3]) for part in raw.split(b"HTTP/1.1 ")[1:]]


def refused(addr, data):
    """Sends data, expects one response and the end. Returns its status."""
    raw = exchange(addr, data)
    head = raw.partition(b"\r\n\r\n")[0]
    assert raw.count(b"HTTP/1.1 ") == 1, raw[:500]
    assert b"\r\nConnection: close" in head, head
    return statuses(raw)[0]


# --- files ---------------------------------------------------------------------------------


def test_index(httpd):
    answer = fetch(httpd, "/")
    assert (answer.status, answer.reason) == (200, "OK")
    assert answer.body == site("index.html")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "connection" not in answer.headers
    date = email.utils.parsedate_to_datetime(answer.headers["date"])
    assert date.tzinfo is not None and answer.headers["date"].endswith(" GMT")


@pytest.mark.parametrize("name, media", [
    ("index.html", "text/html; charset=utf-8"),
    ("style.css", "text/css; charset=utf-8"),
    ("stack.svg", "image/svg+xml"),
])
def test_types(httpd, name, media):
    answer = fetch(httpd, "/" + name)
    assert answer.body == site(name)
    assert answer.headers["content-type"] == media


def test_benchmark_page(httpd):
    assert len(fetch(httpd, "/bench.html").body) == 612


def test_head(httpd):
    with Client(httpd) as client:
        full = client.get("/style.css")
        head = client.get("/style.css", method="HEAD")
        head.headers["date"] = full.headers["date"]
        assert head.headers == full.headers
        assert client.get("/no", method="HEAD").status == 404
        assert client.get("/status", method="HEAD").status == 200
        assert client.get("/").status == 200 and not client.buf


def test_not_found(httpd):
    with Client(httpd) as client:
        for target in ["/no", "/no/", "/index.html/", "/index.html/x", "/" + "a" * 3000]:
            assert client.get(target).status == 404
        assert client.get("/").status == 200


@pytest.mark.parametrize("target", [
    "/index.html?x=y/../..", "/%69ndex%2Ehtml", "//index.html", "/./index.html",
    "/a/../index.html", "/../index.html", "/%2e%2e/%2e%2e/index.html", "/..%2findex.html",
    "http://other.example/index.html", "http://other.example", "https://x:1/?q",
])
def test_spellings(httpd, target):
    assert fetch(httpd, target).body == site("index.html")


@pytest.mark.parametrize("target", [
    "/../../../../../../../etc/passwd", "/..%2f..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd",
    "/....//....//etc/passwd", "/..\\..\\etc\\passwd", "/%252e%252e/etc/passwd",
])
def test_no_way_out(httpd, target):
    answer = fetch(httpd, target)
    assert answer.status == 404 and b"root:" not in answer.body


@pytest.mark.parametrize("target", ["/%00", "/index.html%00.css", "/%", "/%4", "/%zz"])
def test_bad_escapes(httpd, target):
    assert fetch(httpd, target).status == 400


def test_conditions(httpd):
    with Client(httpd) as client:
        answer = client.get("/")
        tag = answer.headers["etag"]
        for field in [f"If-None-Match: {tag}", f'If-None-Match: "x", W/{tag}', "If-None-Match: *"]:
            again = client.get("/", field)
            assert again.status == 304 and again.headers["etag"] == tag
        assert client.get("/", 'If-None-Match: "x"').status == 200
        assert client.get("/", "If-Modified-Since: nonsense").status == 200
        assert client.get("/", "If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT").status == 200
        assert client.get("/").status == 200


def test_modified_since(httpd):
    with Client(httpd) as client:
        modified = client.get("/").headers.get("last-modified")
        if modified is None:
            pytest.skip("the archive has no times")
        assert client.get("/", f"If-Modified-Since: {modified}").status == 304
        # A tag that does not match wins over a date that does.
        both = ["If-None-Match: \"x\"", f"If-Modified-Since: {modified}"]
        assert client.get("/", *both).status == 200


# --- connections ---------------------------------------------------------------------------


def test_keep_alive(httpd):
    with Client(httpd) as client:
        for _ in range(300):
            assert client.get("/").status == 200
        assert not client.buf


def test_close(httpd):
    with Client(httpd) as client:
        answer = client.get("/", "Connection: foo, Close")
        assert answer.headers["connection"] == "close" and answer.body == site("index.html")
        assert client.ended() == b""


def test_http_1_0(httpd):
    raw = exchange(httpd, b"GET / HTTP/1.0\r\n\r\n")
    assert statuses(raw) == [200] and raw.endswith(site("index.html"))
    with Client(httpd) as client:
        for _ in range(3):
            client.send(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            assert client.response().headers["connection"] == "keep-alive"


def test_pipeline(httpd):
    names = ["index.html", "no", "style.css", "stack.svg"] * 100
    data = b"".join(b"GET /" + n.encode() + b" HTTP/1.1\r\n" + HOST + b"\r\n" for n in names)
    with Client(httpd) as client:
        client.send(data)
        for name in names:
            answer = client.response()
            assert answer.status == (404 if name == "no" else 200)
            if name != "no":
                assert answer.body == site(name)
        assert not client.buf


def test_pipeline_unread(httpd):
    """A client that asks for megabytes before it reads the first byte gets all of them."""
    count = 6000
    with Client(httpd) as client:
        client.sock.settimeout(None)
        data = (GET + b"\r\n") * count
        sent = client.sock.send(data[:200000])
        time.sleep(0.3)
        rest = data[sent:]
        client.sock.setblocking(False)
        done = 0
        end = time.monotonic() + 60
        while done < count and time.monotonic() < end:
            try:
                rest = rest[client.sock.send(rest):] if rest else rest
            except BlockingIOError:
                pass
            try:
                client.buf += client.sock.recv(1 << 20)
            except BlockingIOError:
                time.sleep(0.001)
            done = client.buf.count(b"HTTP/1.1 200 OK")
        assert done == count


def test_every_cut(httpd):
    """Two requests in two packets, cut anywhere."""
    data = b"GET /no HTTP/1.1\r\n" + HOST + b"Content-Length: 2\r\n\r\nxy" + GET + b"\r\n"
    with Client(httpd) as client:
        for cut in range(1, len(data), 3):
            client.send(data[:cut])
            time.sleep(0.002)
            client.send(data[cut:])
            assert client.response().status == 404
            assert client.response().status == 200


def test_byte_by_byte(httpd):
    with Client(httpd) as client:
        for byte in GET + b"X-Long: " + b"a" * 50 + b"\r\n\r\n":
            client.send(bytes([byte]))
            time.sleep(0.001)
        assert client.response().status == 200


def test_half_close(httpd):
    with Client(httpd) as client:
        client.send((GET + b"\r\n") * 3)
        client.half_close()
        assert statuses(client.ended()) == [200, 200, 200]


def test_half_close_in_a_request(httpd):
    with Client(httpd) as client:
        client.send(GET)
        client.half_close()
        assert client.ended() == b""


def test_many_connections(httpd):
    clients = []
    for _ in range(300):  # each is served before the next comes: this is not about bursts
        clients.append(Client(httpd))
        assert clients[-1].get("/bench.html").status == 200
    for _ in range(3):
        for client in clients:
            client.send(GET + b"\r\n")
        for client in clients:
            assert client.response().status == 200
    for client in clients:
        client.sock.close()


def test_vanishing_clients(httpd):
    for what in [b"", GET, GET + b"\r\n", (GET + b"\r\n") * 200]:
        for _ in range(20):
            client = Client(httpd)
            if what:
                client.send(what)
            client.vanish()
            assert fetch(httpd, "/").status == 200


def test_slow_clients_block_nobody(httpd):
    slow = [Client(httpd) for _ in range(50)]
    for client in slow:
        client.send(b"GET / HT")
    start = time.monotonic()
    for _ in range(50):
        assert fetch(httpd, "/").status == 200
    assert time.monotonic() - start < 10
    for client in slow:
        client.send(b"TP/1.1\r\n" + HOST + b"\r\n")
        assert client.response().status == 200
        client.sock.close()


# --- content of requests -------------------------------------------------------------------


def test_content_is_discarded(httpd):
    with Client(httpd) as client:
        for size in [0, 1, 100, 20000, 1 << 20]:
            client.send(GET + b"Content-Length: %d\r\n\r\n" % size + b"x" * size)
            assert client.response().status == 200
        post = b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\n\r\nGET /"
        client.send(post + GET + b"\r\n")
        assert client.response().status == 405
        assert client.response().status == 200


def test_chunks_are_discarded(httpd):
    chunks = b"5;a=b\r\nhello\r\n1000\r\n" + b"x" * 4096 + b"\r\n0\r\nTrailer: x\r\n\r\n"
    with Client(httpd) as client:
        for _ in range(20):
            client.send(GET + b"Transfer-Encoding: chunked\r\n\r\n" + chunks)
            assert client.response().status == 200
        assert not client.buf


def test_chunks_cut(httpd):
    data = GET + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    with Client(httpd) as client:
        for cut in range(len(GET), len(data)):
            client.send(data[:cut])
            time.sleep(0.002)
            client.send(data[cut:])
            assert client.response().status == 200


def test_too_large(httpd):
    assert refused(httpd, GET + b"Content-Length: 1048577\r\n\r\n") == 413
    assert refused(httpd, GET + b"Content-Length: " + b"9" * 40 + b"\r\n\r\n") == 413
    assert refused(httpd, GET + b"Transfer-Encoding: chunked\r\n\r\n100001\r\n") == 413


def test_refusal_arrives(httpd):
    """The response gets through to a client that is still sending: RFC 9112, 9.6."""
    for _ in range(5):
        with Client(httpd) as client:
            client.send(GET + b"Content-Length: 3000000\r\n\r\n")
            try:
                client.send(b"x" * 3000000)
            except (ConnectionResetError, BrokenPipeError):
                pass
            assert client.response().status == 413


def test_expect(httpd):
    """A final status instead of 100, and the end, because content may or may not follow."""
    head = b"Expect: 100-continue\r\nContent-Length: 9\r\n\r\n"
    assert refused(httpd, b"PUT /x HTTP/1.1\r\n" + HOST + head) == 405
    assert refused(httpd, GET + head) == 200
    with Client(httpd) as client:
        assert client.get("/", "Expect: 100-continue").status == 200  # without content
        assert client.get("/").status == 200


# --- requests that are refused -------------------------------------------------------------


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH",
                                    "CONNECT"])
def test_not_allowed(httpd, method):
    with Client(httpd) as client:
        answer = client.get("/", method=method)
        assert answer.status == 405 and answer.headers["allow"] == "GET, HEAD"
        assert client.get("/").status == 200


@pytest.mark.parametrize("method", ["BREW", "get", pytest.param("X" * 500, id="long")])
def test_not_implemented(httpd, method):
    assert fetch(httpd, "/", method=method).status == 501


@pytest.mark.parametrize("data, status", [
    pytest.param(b"GET / HTTP/1.1\r\n\r\n", 400, id="no-host"),
    pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400, id="two-hosts"),
    pytest.param(b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400, id="blank-in-host"),
    pytest.param(b"GET / HTTP/2.0\r\n\r\n", 505, id="version-2"),
    pytest.param(b"GET / HTTP/1.1\nHost: a\n\n", 400, id="bare-LF"),
    pytest.param(b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400, id="two-blanks"),
    pytest.param(b"GET /\r\n", 400, id="no-version"),
    pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\n X: y\r\n\r\n", 400, id="folded"),
    pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n", 400, id="blank-before-colon"),
    pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", 400, id="bare-CR"),
    pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", 400, id="NUL"),
    pytest.param(GET + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400, id="two-lengths"),
    pytest.param(GET + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
                 id="length-and-chunked"),
    pytest.param(GET + b"Transfer-Encoding: gzip\r\n\r\n", 501, id="gzip"),
    pytest.param(GET + b"Transfer-Encoding: chunked\r\n\r\nx\r\n", 400, id="bad-chunk"),
    pytest.param(b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n", 414, id="long-target"),
    pytest.param(b"GET /" + b"a" * 20000, 414, id="endless-target"),
    pytest.param(GET + b"X: " + b"a" * 13000 + b"\r\n\r\n", 431, id="long-field"),
    pytest.param(GET + b"X: y\r\n" * 70 + b"\r\n", 431, id="many-fields"),
    pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, id="TLS"),
])
def test_refused(httpd, data, status):
    assert refused(httpd, data) == status


def test_good_before_bad(httpd):
    raw = exchange(httpd, (GET + b"\r\n") * 2 + b"BAD\r\n\r\n" + GET + b"\r\n")
    assert statuses(raw) == [200, 200, 400]


def test_random_bytes(httpd):
    source = random.Random(1)
    for _ in range(60):
        with Client(httpd) as client:
            try:
                client.send(source.randbytes(source.randrange(1, 30000)))
                client.half_close()
                client.ended()
            except OSError:
                pass
    assert fetch(httpd, "/").status == 200


def test_random_changes(httpd):
    """Valid requests with a few bytes changed get an answer or the end, and harm nobody."""
    source = random.Random(2)
    for _ in range(300):
        data = bytearray(GET + b"Content-Length: 4\r\nConnection: close\r\n\r\nabcd")
        for _ in range(source.randrange(1, 4)):
            data[source.randrange(len(data))] = source.choice(b"\r\n :/%\0\xff09aZ")
        with Client(httpd) as client:
            client.send(bytes(data))
            client.half_close()
            client.ended()
    assert fetch(httpd, "/").status == 200


# --- status --------------------------------------------------------------------------------


def test_status_json(httpd):
    before = json.loads(fetch(httpd, "/status.json").body)
    with Client(httpd) as client:
        for _ in range(10):
            client.get("/bench.html")
        client.get("/no")
        answer = client.get("/status.json")
    after = json.loads(answer.body)
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert after["requests"] - before["requests"] == 12
    assert after["refused"] - before["refused"] == 1
    assert after["sent_bytes"] - before["sent_bytes"] > 10 * 612
    assert 1 <= after["connections"] <= after["connections_peak"] <= after["connections_max"]
    assert len(after["rps"]) == len(after["bps"]) == 60
    assert 0 <= after["memory_free_bytes"] <= after["memory_total_bytes"]


def test_status_page(httpd):
    answer = fetch(httpd, "/status")
    assert answer.status == 200 and answer.headers["content-type"].startswith("text/html")
    for word in [b"Uptime", b"Memory", b"Connections", b"Requests", b"<polyline", b"</script>"]:
        assert word in answer.body
