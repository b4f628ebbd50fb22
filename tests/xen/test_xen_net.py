# SPDX-License-Identifier: BSD-2-Clause
"""A server in a guest behind Linux's netback and a bridge, asked from dom0."""

import hashlib
import os
import random
import subprocess
import sys
import zlib

import pytest

import rig
from job import Job, image

BIG = 8 << 20
GUEST = "10.99.0.2"
VIF = "mac=00:16:3e:00:00:02,bridge=xenbr0"
MKARCHIVE = os.path.join(rig.ROOT, "tools", "mkarchive")
# As long as it takes until the first answer; then the neighbours know each other.
COME_UP = f"start httpd; until_true 40 ping -c 1 -W 1 {GUEST} || {{ show httpd; return 1; }}; "


@pytest.fixture(scope="module", autouse=True)
def built():
    try:
        rig.build()
    except rig.Unavailable as why:
        pytest.skip(f"no Xen to test with: {why}")


def server(name, client, module=None, vif=VIF, **options):
    job = Job(name)
    job.file(client)
    job.guest("httpd", image("httpd"), args=["unik.log=info", f"unik.ip={GUEST}/24", "unik.gw=10.99.0.1"],
              memory="64M", vifs=[vif], module=module, **options)
    return job


def test_requests(client):
    """Thousands of requests, on kept connections and on new ones, and not one fails."""
    result = server("net-requests", client).run(COME_UP + f"""
        /job/http_load {GUEST} kept 2000 16 && /job/http_load {GUEST} new 2000
        verdict=$?; show httpd; xl destroy httpd; return $verdict""")
    assert result.status == 0, result.log
    assert "kept: 2000 requests of 612 bytes, 0 failed" in result.log
    assert "new: 2000 requests of 612 bytes, 0 failed" in result.log


def test_large_file(client, tmp_path):
    """Eight MiB arrive as they are."""
    data = random.Random(5).randbytes(BIG)
    site = tmp_path / "site"
    site.mkdir()
    (site / "big.bin").write_bytes(data)
    archive = str(tmp_path / "site.cpio")
    subprocess.run([sys.executable, MKARCHIVE, "-o", archive, str(site)], check=True)
    result = server("net-large", client, archive).run(COME_UP + f"""
        for i in 1 2 3; do
            wget -q -O /run/big http://{GUEST}/big.bin; echo "SUM $(sha256sum </run/big)"
        done
        show httpd; xl destroy httpd""")
    assert result.log.count(f"SUM {hashlib.sha256(data).hexdigest()}") == 3, result.log


def test_large_upload(tmp_path):
    """The other way round, and dom0 leaves it to us to take large segments with empty sums."""
    data = random.Random(6).randbytes(BIG)
    path = tmp_path / "big.bin"
    path.write_bytes(data)
    job = Job("net-upload")
    job.file(str(path))
    job.guest("httpd", image("tests/system/sum"), args=[f"unik.ip={GUEST}/24"], memory="32M",
              vifs=[VIF])
    result = job.run(COME_UP + f"""
        frames() {{ cat /sys/class/net/vif$(xl domid httpd).0/statistics/tx_packets; }}
        before=$(frames)
        for i in 1 2 3; do echo "SUM $(nc {GUEST} 9 </job/big.bin)"; done
        echo "FRAMES $(($(frames) - before))"
        show httpd; xl destroy httpd""")
    assert result.log.count(f"SUM {BIG} {zlib.crc32(data):08x}") == 3, result.log
    frames = int(result.log.split("FRAMES ")[1].split()[0])
    # Of 1448 bytes at the most, were there no large segments: never fewer. nc writes little at a time.
    assert frames < 0.97 * 3 * BIG / 1448, f"no large segments came: {frames} frames"


def test_back_end_comes_back_under_load(client):
    """The back end closes and begins anew, twice, and the interface is detached and attached: the
    connections of before go on, no request fails."""
    result = server("net-reconnect", client).run(COME_UP + f"""
        back=/local/domain/0/backend/vif/$(xl domid httpd)/0
        /job/http_load {GUEST} kept 6000 8 >/run/load 2>&1 &
        load=$!
        goings() {{ [ $(grep -c "the back end is going" /var/log/xen/console/guest-httpd.log) = $1 ]; }}
        for i in 1 2; do
            sleep 2; xenstore-write $back/state 5
            until_true 20 goings $i || return 1
            until_true 20 eval '[ $(xenstore-read $back/state) = 4 ]' || return 1
            say "begun anew $i"
        done
        kill -0 $load && say "load was on"
        sleep 2; xl network-detach httpd 0 || return 1
        sleep 1; xl network-attach httpd {VIF} || return 1
        say "attached again"
        wait $load; verdict=$?
        cat /run/load
        /job/http_load {GUEST} new 100 || verdict=1
        show httpd; xl destroy httpd; return $verdict""")
    assert result.status == 0, result.log
    assert "load was on" in result.log
    assert "kept: 6000 requests of 612 bytes, 0 failed" in result.log
    assert "new: 100 requests of 612 bytes, 0 failed" in result.log


def test_save_is_refused(client):
    """xl save says why it fails, and the guest has noticed nothing but a request: it goes on."""
    result = server("net-save", client).run(COME_UP + f"""
        /job/http_load {GUEST} new 50 || return 1
        xl save httpd /run/httpd.save >/run/said 2>&1; echo "SAVE ended with $?"
        sed "s/^/SAVE /" /run/said
        echo "SHUTDOWN [$(xenstore-read /local/domain/$(xl domid httpd)/control/shutdown)]"
        /job/http_load {GUEST} new 100; verdict=$?
        show httpd; xl list; xl destroy httpd; return $verdict""")
    assert result.status == 0, result.log
    assert "SAVE ended with 1" in result.log
    assert "guest didn't acknowledge suspend" in result.log
    assert "SHUTDOWN []" in result.log, "the request was not taken back"
    assert "new: 100 requests of 612 bytes, 0 failed" in result.log
