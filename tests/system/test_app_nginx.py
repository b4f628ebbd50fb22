# SPDX-License-Identifier: BSD-2-Clause
"""nginx, unmodified but for its configure script, serves files of the boot archive."""

import gzip
import os
import re
import shutil
import subprocess
import sys
import time

import pytest

from guest import BUILD, ROOT
from netns import GUEST
from web import MKARCHIVE, PAGE_BYTES

NGINX = os.path.join(BUILD, "nginx.elf")
pytestmark = pytest.mark.skipif(not os.path.exists(NGINX), reason="make app-nginx")
PAGE = (b"<!doctype html><title>test</title>\n" + b"libunik " * 100)[:PAGE_BYTES]
LARGE = bytes(range(256)) * 4096


@pytest.fixture
def archive(tmp_path):
    """The example's configuration and site, with a page and a large file more."""
    site = tmp_path / "site"
    shutil.copytree(os.path.join(ROOT, "apps", "nginx", "files"), site)
    (site / "html" / "page.html").write_bytes(PAGE)
    (site / "html" / "large.bin").write_bytes(LARGE)
    output = tmp_path / "site.cpio"
    subprocess.run([sys.executable, MKARCHIVE, "-o", output, site], check=True)
    return output


def curl(*args, prefix=()):
    done = subprocess.run([*prefix, "curl", "-sS", "-m", "20", *args], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def wait_until_up(url, prefix=()):
    deadline = time.monotonic() + 20
    while subprocess.run([*prefix, "curl", "-s", "-m", "2", "-o", os.devnull, url],
                         check=False).returncode:
        assert time.monotonic() < deadline, "nginx does not answer"
        time.sleep(0.1)


@pytest.fixture
def site(boot, archive):
    """(guest, URL of HTTP/1.1, URL of HTTP/2)"""
    guest = boot(NGINX, mem="128M", modules=[archive], args=["-p", "/"], ports=["80", "81"])
    urls = ["http://%s:%d" % guest.address(port) for port in ("80", "81")]
    wait_until_up(urls[0] + "/")
    return guest, *urls


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


@pytest.mark.skipif(not shutil.which("h2load"), reason="apt-get install nghttp2-client")
def test_h2load(site):
    _, _, url = site
    done = subprocess.run(["h2load", "-n", "3000", "-c", "4", "-m", "16", url + "/page.html"],
                          capture_output=True, text=True, timeout=50, check=False)
    assert "3000 succeeded, 0 failed, 0 errored" in done.stdout, done.stdout + done.stderr
    assert "status codes: 3000 2xx" in done.stdout


@pytest.mark.skipif(not shutil.which("wrk"), reason="apt-get install wrk")
def test_wrk(boot_on_tap, namespace, archive):
    boot_on_tap(NGINX, mem="128M", modules=[archive], args=["-p", "/"])
    url = f"http://{GUEST}/page.html"
    wait_until_up(url, namespace.prefix)
    done = namespace.run("wrk", "-t", "1", "-c", "32", "-d", "4", url, timeout_s=40)
    assert int(re.search(r"(\d+) requests in", done.stdout)[1]) > 500, done.stdout + done.stderr
    assert "Socket errors" not in done.stdout and "Non-2xx" not in done.stdout, done.stdout
    assert curl(url, prefix=namespace.prefix) == PAGE
