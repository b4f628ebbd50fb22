# SPDX-License-Identifier: BSD-2-Clause
"""Where the server under test is.

The fixture `httpd` is the address (host, port) of a running httpd that serves apps/httpd/www:
once built for this machine with the sanitizers, and once in an image; or only the one that the
environment names with HTTPD_ADDR=host:port. `start_httpd` starts a build for this machine with
options and a directory of one's own.
"""

import glob
import os
import subprocess
import sys
import time

import pytest

from guest import ROOT, Guest, free_port, image
from web import wait_until_up

SITE = os.path.join(ROOT, "apps/httpd/www")
NAMED = os.environ.get("HTTPD_ADDR")
CFLAGS = ["-std=gnu11", "-O1", "-g", "-fsanitize=address,undefined",
          "-fno-sanitize-recover=undefined"]
STARTED_WITHIN_S = 10


class Server:
    """An httpd in a process of its own."""

    def __init__(self, program, log, args, root, port=None, **popen):
        self.addr = ("127.0.0.1", port or free_port())
        self.log = log
        with open(log, "wb") as out:
            self.process = subprocess.Popen(
                [program, "-p", str(self.addr[1]), "-r", root, *args],
                stdout=out, stderr=subprocess.STDOUT, **popen)
        self._wait_for("listening on port")

    def _wait_for(self, text):
        end = time.monotonic() + STARTED_WITHIN_S
        while text not in self.lines():
            assert self.process.poll() is None and time.monotonic() < end, self.lines()
            time.sleep(0.02)

    def lines(self):
        with open(self.log, encoding="latin-1") as log:
            return log.read()

    def stop(self):
        """Ends it. Whatever a sanitizer had to say makes the test fail."""
        alive = self.process.poll() is None
        self.process.terminate()
        self.process.wait()
        assert alive, f"httpd has ended:\n{self.lines()}"
        assert "Sanitizer" not in self.lines() and "runtime error" not in self.lines()


@pytest.fixture(scope="session")
def httpd_program(tmp_path_factory):
    program = str(tmp_path_factory.mktemp("httpd") / "httpd")
    sources = sorted(glob.glob(os.path.join(ROOT, "apps/httpd/*.c")))
    subprocess.run(["gcc", *CFLAGS, *sources, "-o", program], check=True)
    return program


def serve_here(program, folder):
    server = Server(program, str(folder / "log"), ["-c", "600"], SITE)
    yield server.addr
    server.stop()


def serve_from_image(folder):
    archive = str(folder / "www.cpio")
    subprocess.run([sys.executable, os.path.join(ROOT, "tools/mkarchive"), "-o", archive,
                    "--keep-mtime", SITE], check=True)
    with Guest(image("httpd"), log=str(folder / "log"), ports=["80"],
               options=["-m", "64M", "--module", archive]) as guest:
        wait_until_up(guest, guest.address())
        yield guest.address()


@pytest.fixture(scope="session", params=["named"] if NAMED else ["here", "image"])
def httpd(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("httpd")
    if request.param == "named":
        host, _, port = NAMED.rpartition(":")
        yield host, int(port)
    elif request.param == "here":
        yield from serve_here(request.getfixturevalue("httpd_program"), folder)
    else:
        yield from serve_from_image(folder)


@pytest.fixture
def start_httpd(request, tmp_path):
    """start_httpd(*args, root=...) returns a running Server, stopped after the test."""
    if NAMED:
        pytest.skip("needs a server with options of its own")
    program = request.getfixturevalue("httpd_program")
    servers = []

    def start(*args, root=SITE, **popen):
        log = str(tmp_path / f"log{len(servers)}")
        servers.append(Server(program, log, args, str(root), **popen))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()
