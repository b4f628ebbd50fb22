# SPDX-License-Identifier: BSD-2-Clause
"""Signals from outside: ^C on the console, the power button by QEMU's monitor."""

import os
import socket
import time

import pytest

PC_ONLY = pytest.mark.skipif(os.environ.get("ARCH", "x86_64") != "x86_64",
                             reason="the power button of ACPI's fixed hardware")


def press_power_button(path):
    with socket.socket(socket.AF_UNIX) as monitor:
        monitor.connect(path)
        monitor.sendall(b"system_powerdown\n")
        time.sleep(0.3)


@pytest.mark.parametrize("how", ["wait", "spin"])
def test_interrupt_key(boot, how):
    guest = boot("tests/system/signals", args=[how])
    guest.expect("ready")
    time.sleep(0.2)
    guest.send(b"\x03")
    guest.expect("caught SIGINT")
    assert guest.wait() == 0


def test_interrupt_key_by_default(boot):
    guest = boot("tests/system/signals", args=["default"])
    guest.expect("ready")
    time.sleep(0.2)
    guest.send(b"\x03")
    assert guest.wait() == 128 + 2, guest.text


@PC_ONLY
@pytest.mark.parametrize("how,status", [("wait", 0), ("spin", 0), ("default", 128 + 15)])
def test_power_button(boot, tmp_path, how, status):
    path = str(tmp_path / "monitor")
    words = ["-monitor", f"unix:{path},server=on,wait=off"]
    guest = boot("tests/system/signals", args=[how],
                 options=[f"--qemu-arg={word}" for word in words])
    guest.expect("ready")
    time.sleep(0.2)
    press_power_button(path)
    assert guest.wait() == status, guest.text
    assert how == "default" or "caught SIGTERM" in guest.text
