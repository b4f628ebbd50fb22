# SPDX-License-Identifier: BSD-2-Clause
"""The virtio console: what is typed on it reaches a program that sleeps in read()."""

import os
import socket
import time

from machines import every_machine, is_mmio


@every_machine
def test_virtio_console(boot, machine, tmp_path):
    path = str(tmp_path / "hvc")
    bus = "virtio-serial-device" if is_mmio(machine) else "virtio-serial-pci"
    words = ["-chardev", f"socket,id=hvc,path={path},server=on,wait=on", "-device", bus,
             "-device", "virtconsole,chardev=hvc"]
    guest = boot("tests/system/probe", machine=machine, args=["hvc"],
                 options=[f"--qemu-arg={word}" for word in words])
    deadline = time.monotonic() + 10
    while not os.path.exists(path) and time.monotonic() < deadline:
        time.sleep(0.05)
    with socket.socket(socket.AF_UNIX) as console:
        console.connect(path)
        console.settimeout(10)
        seen = b""
        while not seen.endswith(b"ready\n"):
            seen += console.recv(100)
        for text in (b"hello", b" world, typed later"):
            time.sleep(0.3)  # it sleeps by now
            console.sendall(text)
            echo = b""
            while len(echo) < len(text):
                echo += console.recv(100)
            assert echo == text
        console.sendall(b"q")
        assert guest.wait() == 0, guest.text
