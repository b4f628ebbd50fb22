# SPDX-License-Identifier: BSD-2-Clause
"""apps/httpd serves what its module holds, on every boot path, to real clients."""

import subprocess

import pytest

import web
from machines import HERE, every_machine, every_path


@pytest.fixture
def site(tmp_path):
    return web.make_site(str(tmp_path))


def curl(guest, path="/", *options):
    host, port = guest.address()
    done = subprocess.run(["curl", "-sS", "-m", "10", *options, f"http://{host}:{port}{path}"],
                          capture_output=True, check=False, timeout=15)
    assert done.returncode == 0, done.stderr
    return done.stdout


@every_path
def test_index_by_every_path(boot, site, how, machine):
    archive, page = site
    guest = boot("httpd", how=how, machine=machine, ports=["80"], modules=[archive])
    web.wait_until_up(guest, guest.address(), timeout_s=40)
    assert curl(guest) == page


@every_machine
@pytest.mark.parametrize("fixed", [False, True])
def test_address_from_dhcp_or_command_line(boot, site, machine, fixed):
    args = ["unik.ip=10.0.2.15/24", "unik.gw=10.0.2.2"] if fixed else []
    guest = boot("httpd", machine=machine, ports=["80"], modules=[site[0]], args=args)
    web.wait_until_up(guest, guest.address())
    assert curl(guest) == site[1]


@pytest.mark.parametrize("cpu", HERE.cpus)
def test_large_file_and_head(boot, site, cpu):
    guest = boot("httpd", cpu=cpu, ports=["80"], modules=[site[0]])
    web.wait_until_up(guest, guest.address())
    assert curl(guest, "/sub/large.bin") == bytes(range(256)) * 4096
    assert b"Content-Length: 1048576" in curl(guest, "/sub/large.bin", "-I")
    assert b"404" in curl(guest, "/none", "-o", "/dev/null", "-w", "%{http_code}")


def test_status_page(boot, site):
    guest = boot("httpd", ports=["80"], modules=[site[0]])
    web.wait_until_up(guest, guest.address())
    figures = web.status(guest.address())
    assert 0 < figures["memory_free_bytes"] < figures["memory_total_bytes"] <= 64 << 20
    assert figures["connections"] >= 1


def test_log_line_per_request(boot, site):
    guest = boot("httpd", ports=["80"], modules=[site[0]], args=["-l"])
    web.wait_until_up(guest, guest.address())
    curl(guest, "/sub/style.css")
    guest.expect(r"/sub/style\.css\b.*\b200\b")
