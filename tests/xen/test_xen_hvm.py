# SPDX-License-Identifier: BSD-2-Clause
"""Images as HVM guests: a whole PC that QEMU imitates in dom0, with BIOS, GRUB and serial port,
beside Xen's own devices."""

import hashlib
import os
import random
import subprocess
import sys

import pytest

import device_model
import rig
from job import Job, image
from test_xen import CRASH, POWEROFF
from test_xen_net import BIG, GUEST, MKARCHIVE, server

# BIOS, boot loader and device model take their time on a machine that is busy.
LIMIT_S = 450

pytestmark = pytest.mark.skipif(rig.CHOSEN is not rig.AMD64, reason="a PC is imitated")


@pytest.fixture(scope="module", autouse=True)
def built():
    try:
        device_model.build()
    except rig.Unavailable as why:
        pytest.skip(f"no Xen to test with: {why}")


def test_statuses():
    """On the serial port, on Xen's console where there is none, and where Xen acts as Hyper-V."""
    job = Job("hvm-statuses")
    job.guest("hello", image("hello"), args=["one", "two words"], hvm=True)
    job.guest("three", image("tests/system/probe"), args=["status", "3"], hvm=True,
              more="viridian = 1\n")
    job.guest("null", image("tests/system/probe"), args=["null"], hvm=True, more='serial = "none"\n')
    result = job.run("run_guests 60 hello three null", LIMIT_S)
    assert result.status == 0, result.log
    hello, three, null = result["hello"], result["three"], result["null"]
    assert (hello.status, hello.reason) == (0, POWEROFF), result.log
    assert 'argv[2] = "two words"' in hello.console
    assert (three.status, three.reason) == (3, POWEROFF)
    assert "unik: exit status 3" in three.console
    assert (null.status, null.reason) == (134, CRASH)
    assert "unik: panic: null pointer" in null.console and "image+0x" in null.console


def test_serial_input_and_shutdown():
    """What is typed at the serial port is read; xl shutdown is SIGTERM."""
    job = Job("hvm-requests")
    job.guest("typed", image("tests/system/tty"), hvm=True)
    job.change("typed", 'serial = "file:/var/log/xen/console/serial-typed.log"', 'serial = "pty"')
    job.guest("off", image("tests/system/signals"), args=["wait"], hvm=True)
    result = job.run(limit_s=LIMIT_S, script="""
        start typed || return 1
        tty=$(xenstore-read /local/domain/$(xl domid typed)/serial/0/tty)
        cat $tty >/var/log/xen/console/serial-typed.log &
        until_true 60 console_has typed plain?; echo ab >$tty
        until_true 10 console_has typed "plain 2: 61 62;"
        verdict=$?
        show typed; xl destroy typed
        start off; until_true 60 console_has off ready; xl shutdown off; finish off 20 || return 1
        return $verdict""")
    assert result.status == 0, result.log
    assert (result["off"].status, result["off"].reason) == (0, POWEROFF), result.log
    assert "caught SIGTERM" in result["off"].console


def server_with_site(name, client, folder, vif):
    """httpd with a large file; returns the job and the file's SHA-256."""
    data = random.Random(7).randbytes(BIG)
    site = os.path.join(folder, "site")
    os.mkdir(site)
    with open(os.path.join(site, "big.bin"), "wb") as file:
        file.write(data)
    archive = os.path.join(folder, "site.cpio")
    subprocess.run([sys.executable, MKARCHIVE, "-o", archive, site], check=True)
    return server(name, client, archive, vif=vif, hvm=True), hashlib.sha256(data).hexdigest()


def test_network_after_the_imitated_one_is_gone(client, tmp_path):
    """The device model has an interface of the same address, of a model that the image has a driver
    for. It is taken away, and thousands of requests and a large file go by Xen's own."""
    job, digest = server_with_site("hvm-net", client, str(tmp_path),
                                   "mac=00:16:3e:00:00:02,bridge=xenbr0,model=virtio-net")
    result = job.run(limit_s=LIMIT_S, script=f"""
        start httpd || return 1
        imitated() {{ [ -e /sys/class/net/vif$(xl domid httpd).0-emu ]; }}
        imitated && say "imitated at first"
        until_true 60 ping -c 1 -W 1 {GUEST} || {{ show httpd; return 1; }}
        imitated || say "not any more"
        timeout 120 /job/http_load {GUEST} kept 2000 16 && timeout 120 /job/http_load {GUEST} new 2000
        verdict=$?; [ $verdict = 0 ] || xenctx $(xl domid httpd)
        wget -q -O /run/big http://{GUEST}/big.bin; echo "SUM $(sha256sum </run/big)"
        show httpd; xl destroy httpd; return $verdict""")
    assert result.status == 0, result.log
    assert "imitated at first" in result.log and "not any more" in result.log
    assert "kept: 2000 requests of 612 bytes, 0 failed" in result.log
    assert "new: 2000 requests of 612 bytes, 0 failed" in result.log
    assert f"SUM {digest}" in result.log


def test_switched_off(client):
    """Without the platform device Xen's interface is not used: the imitated one works as under QEMU."""
    job = server("hvm-imitated", client, vif="mac=00:16:3e:00:00:02,bridge=xenbr0,model=virtio-net",
                 hvm=True, more="xen_platform_pci = 0\n")
    result = job.run(limit_s=LIMIT_S, script=f"""
        start httpd || return 1
        until_true 60 ping -c 1 -W 1 {GUEST} || {{ show httpd; return 1; }}
        /job/http_load {GUEST} kept 200 4
        verdict=$?; cat /sys/class/net/vif$(xl domid httpd).0-emu/statistics/rx_packets
        show httpd; xl destroy httpd; return $verdict""")
    assert result.status == 0, result.log
    assert "kept: 200 requests of 612 bytes, 0 failed" in result.log


DISK = "format=raw, vdev=xvda, access=rw, target=/run/disk.img"


def test_disks():
    """Each sector, written by one guest and read by the next; and booting as where there are disks only:
    BIOS and GRUB read the device model's IDE disk, which is taken away for the same one of Xen's."""
    job = Job("hvm-disk")
    for name, args in (("fill", ("fill", "/dev/xvda", "3")), ("check", ("check", "/dev/xvda", "3"))):
        job.guest(name, image("tests/system/disk"), args=["unik.log=info", *args], disks=[DISK], hvm=True)
    job.guest("boot", image("tests/system/disk"), args=["list"], hvm=True)
    job.change("boot", 'boot = "d"', 'boot = "c"')
    job.change("boot", "vdev=hdc, access=ro, devtype=cdrom", "vdev=hda, access=rw")
    result = job.run(limit_s=LIMIT_S, script="""
        dd if=/dev/zero of=/run/disk.img bs=1M count=6 2>/dev/null
        run_guests 60 fill check || return 1
        imitated() {
            ls -l $(grep -l xen-qemu /proc/[0-9]*/comm | sed s/comm/fd/) | grep -E "loop|boot.iso"
        }
        xl create -q -p /job/boot.cfg || return 1
        imitated && say "imitated at first"
        xl unpause boot; until_true 60 has_ended boot
        imitated || say "not any more"
        finish boot 10""")
    assert result.status == 0, result.log
    for guest in ("fill", "check", "boot"):
        assert result[guest].status == 0, result[guest].console
    assert f"checked {6 << 20}" in result["check"].console
    assert "xvda: " in result["boot"].console
    assert "imitated at first" in result.log and "not any more" in result.log, result.log
