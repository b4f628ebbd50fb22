# SPDX-License-Identifier: BSD-2-Clause
"""Images as HVM guests: a whole PC that QEMU imitates in dom0, with BIOS, GRUB and serial port,
beside Xen's own devices."""

import pytest

import device_model
import rig
from job import Job, image
from test_xen import CRASH, POWEROFF

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
    result = job.run("run_guests 60 hello three null")
    assert result.status == 0, result.log
    hello, three, null = result["hello"], result["three"], result["null"]
    assert (hello.status, hello.reason) == (0, POWEROFF), result.log
    assert 'argv[2] = "two words"' in hello.console
    assert (three.status, three.reason) == (3, POWEROFF)
    assert "unik: exit status 3" in three.console
    assert (null.status, null.reason) == (134, CRASH)
    assert "unik: panic: null pointer" in null.console and "image+0x" in null.console
