# SPDX-License-Identifier: BSD-2-Clause
"""nginx, unmodified but for its configure script, serves files of the boot archive."""

import contextlib
import gzip
import os
import re
import shutil
import socket
import subprocess
import time

import pytest

import nginx_site
from nginx_site import ARGS, CERTIFICATE, LARGE, MEM, PAGE


@pytest.fixture(scope="module", autouse=True)
def built():
    nginx_site.build()


def curl(*args):
    done = subprocess.run(["curl", "-sS", "-m", "20", *args], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def wait_until_up(url):
    deadline = time.monotonic() + 20
    while subprocess.run(["curl", "-s", "-m", "2", "-o", os.devnull, url],
                         check=False).returncode:
        assert time.monotonic() < deadline, "nginx does not answer"
        time.sleep(0.1)


@pytest.fixture
def start(boot, tmp_path):
    """start(image, ports) -> guest, which answers on the first port."""
    def start_server(image, ports):
        archive = nginx_site.make(str(tmp_path), tls=image == "nginx-tls")
        guest = boot(image, mem=MEM, modules=[archive], args=ARGS, ports=ports)
        wait_until_up("http://%s:%d/" % guest.address(ports[0]))
        return guest

    return start_server


@pytest.fixture
def site(start):
    """(guest, URL of HTTP/1.1, URL of HTTP/2)"""
    guest = start("nginx", ["80", "81", "82"])
    return guest, *("http://%s:%d" % guest.address(port) for port in ("80", "81"))


def test_answers(site):
    guest, url, _ = site
    assert curl(url + "/page.html") == PAGE
    assert b"It works" in curl(url + "/")
    assert curl("-o", os.devnull, "-w", "%{http_code}", url + "/none") == b"404"
    head = curl("-I", url + "/page.html")
    assert head.startswith(b"HTTP/1.1 200 ") and b"Content-Length: 612\r\n" in head
    guest.expect(r'open\(\) "/html/none" failed \(2: No such file or directory\)')


def test_large_file_and_ranges(site):
    _, url, _ = site
    assert curl(url + "/large.bin") == LARGE
    assert curl("-r", "1000-70000", url + "/large.bin") == LARGE[1000:70001]
    assert curl("-r", "-10", url + "/large.bin") == LARGE[-10:]
    assert curl("-o", os.devnull, "-w", "%{http_code}", "-r", "9999999-", url + "/large.bin") == b"416"
    several = curl("-D", "-", "-r", "0-9,256-265", url + "/large.bin")
    assert b"multipart/byteranges" in several and several.count(LARGE[:10]) == 2


def test_gzip(site):
    _, url, _ = site
    packed = curl("-H", "Accept-Encoding: gzip", url + "/page.html")
    assert len(packed) < len(PAGE) and gzip.decompress(packed) == PAGE
    assert curl("--compressed", url + "/page.html") == PAGE


def test_keep_alive_and_conditions(site):
    _, url, _ = site
    made = curl("-o", os.devnull, "-o", os.devnull, "-w", "%{num_connects} ",
                url + "/page.html", url + "/page.html")
    assert made.split() == [b"1", b"0"]
    tag = re.search(rb'ETag: ("[^"]+")', curl("-I", url + "/page.html"))[1].decode()
    assert curl("-o", os.devnull, "-w", "%{http_code}", "-H", f"If-None-Match: {tag}",
                url + "/page.html") == b"304"


def test_limit_and_access_log(site):
    """Three requests may come at once; the rest of a burst is refused, and all are logged."""
    guest, url, _ = site
    codes = curl(*["-o", os.devnull] * 8, "-w", "%{http_code} ", *[url + "/limited/"] * 8).split()
    assert codes[:3] == [b"200"] * 3 and b"503" in codes
    guest.expect(r'"GET /limited/ HTTP/1.1" 200 ')
    guest.expect(r'"GET /limited/ HTTP/1.1" 503 ')


def test_http2(site):
    _, _, url = site
    assert curl("--http2-prior-knowledge", url + "/large.bin") == LARGE
    assert curl("--http2-prior-knowledge", "-o", os.devnull, "-w", "%{http_version} %{http_code}",
                url + "/none") == b"2 404"


def test_logs_in_files(site):
    """What was asked and what went wrong, in the order of the requests."""
    guest, _, _ = site
    url = "http://%s:%d" % guest.address("82")
    curl("-A", "tester/1", url + "/page.html")
    curl("-I", url + "/none")
    lines = curl(url + "/access.log").decode().splitlines()
    assert len(lines) == 2, lines
    client, when = r"\d+\.\d+\.\d+\.\d+ - - ", r"\[\d\d/\w{3}/\d{4}:[\d:]{8} \+0000\] "
    assert re.fullmatch(client + when + r'"GET /page.html HTTP/1.1" 200 612 "-" "tester/1"', lines[0])
    assert re.fullmatch(client + when + r'"HEAD /none HTTP/1.1" 404 0 "-" "curl/[\d.]+"', lines[1])
    errors = curl(url + "/error.log").decode()
    assert re.search(r'\[error\] \d+#\d+: \*\d+ open\(\) "/html/none" failed \(2: No such file or '
                     r'directory\), client: .*, request: "HEAD /none HTTP/1.1"', errors), errors


def h2load(url, requests=3000):
    if not shutil.which("h2load"):
        pytest.skip("apt-get install nghttp2-client")
    done = subprocess.run(["h2load", "-n", str(requests), "-c", "4", "-m", "16", url],
                          capture_output=True, text=True, timeout=50, check=False)
    assert f"{requests} succeeded, 0 failed, 0 errored" in done.stdout, done.stdout + done.stderr
    assert f"status codes: {requests} 2xx" in done.stdout
    return done.stdout


def test_h2load(site):
    h2load(site[2] + "/page.html")


# ---- TLS ----

@pytest.fixture
def tls(start):
    """The host's address of port 443."""
    return "https://localhost:%d" % start("nginx-tls", ["80", "443"]).address("443")[1]


def secure(*args):
    """curl that knows the certificate."""
    return curl("--cacert", CERTIFICATE, *args)


@pytest.mark.limit(120)
def test_https(tls):
    """Both protocols, both versions; a client that does not know the certificate hangs up."""
    assert secure("--http1.1", tls + "/page.html") == PAGE
    for version, wanted in (("1.2", b"TLSv1.2"), ("1.3", b"TLSv1.3")):
        assert secure("--http1.1", "--tlsv" + version, "--tls-max", version, tls + "/large.bin") == LARGE
        done = subprocess.run(["openssl", "s_client", "-connect", tls.removeprefix("https://"),
                               "-CAfile", CERTIFICATE, "-verify_return_error", "-brief",
                               "-tls" + version.replace(".", "_")],
                              input=b"", capture_output=True, timeout=20, check=False)
        assert b"Verification: OK" in done.stderr and wanted in done.stderr, done.stderr
    failed = subprocess.run(["curl", "-s", "-m", "20", tls], capture_output=True, check=False)
    assert failed.returncode == 60, failed
    failed = subprocess.run(["curl", "-sk", "-m", "20", "--tls-max", "1.1", tls], capture_output=True,
                            check=False)
    assert failed.returncode == 35, failed
    assert secure("-o", os.devnull, "-w", "%{http_version} %{http_code}", tls + "/page.html") == b"2 200"
    assert secure(tls + "/large.bin") == LARGE


def test_session_is_resumed(tls, tmp_path):
    """From the cache (1.2) and by a ticket (1.3)."""
    saved = str(tmp_path / "session")
    line = ["openssl", "s_client", "-connect", tls.removeprefix("https://"), "-CAfile", CERTIFICATE]
    request = b"GET /page.html HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    for version in ("-tls1_2", "-tls1_3"):
        said = [subprocess.run([*line, version, "-ign_eof", which, saved], input=request, timeout=20,
                               capture_output=True, check=False).stdout
                for which in ("-sess_out", "-sess_in")]
        assert b"New, TLSv1" in said[0] and b"Reused, TLSv1" in said[1], said
        assert PAGE in said[0] and PAGE in said[1]


def test_h2load_tls(tls):
    done = h2load(tls + "/page.html", requests=2000)
    assert "TLS Protocol: TLSv1.3" in done and "Application protocol: h2" in done


def test_garbage_for_tls(start):
    """What is no handshake ends its connection and nothing else."""
    guest = start("nginx-tls", ["80", "443"])
    for data in (b"GET / HTTP/1.0\r\n\r\n", b"\x16\x03\x01\xff\xff" + b"\x01" * 70000, os.urandom(5000)):
        with contextlib.suppress(ConnectionError), \
                socket.create_connection(guest.address("443"), 10) as client:
            client.sendall(data)
            client.shutdown(socket.SHUT_WR)
            while client.recv(65536):
                pass
    assert secure("https://localhost:%d/page.html" % guest.address("443")[1]) == PAGE
