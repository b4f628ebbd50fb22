# SPDX-License-Identifier: BSD-2-Clause
"""An image that is an ordinary process (ARCH=host): from what the user wants to its command line.

The process takes words that begin with "host." for itself, see docs/host.md. User networking is
passt's, which speaks QEMU's stream protocol on a Unix socket.
"""

import os
import shutil
import subprocess
import time

from . import elf, qemu
from .errors import UserError

PT_INTERP = 3
SOCKET_WAIT_S = 5.0
# What only makes sense for a machine.
FOREIGN = ("uefi", "gdb", "cpu", "virtio")


def is_process(path):
    """Is it an executable of this machine rather than an image for a bare one?"""
    with open(path, "rb") as file:
        if file.read(4) != b"\x7fELF":
            return False
    return any(segment.type == PT_INTERP for segment in elf.Elf.open(path).segments)


def check(options):
    for name in FOREIGN:
        if getattr(options, name):
            raise UserError(f"--{name}: not for an image that is a process")
    if options.qemu_arg:
        raise UserError("--qemu-arg: there is no QEMU")


def command(guest, tmp):
    """The command line, and the programs that must run beside it."""
    line = [os.path.abspath(guest.image), f"host.ram={guest.memory}"]
    line += [f"host.module={path}" for path in guest.modules]
    line += [f"host.disk={disk.path}{',ro' if disk.read_only else ''}" for disk in guest.disks]
    beside = []
    if guest.net == "user":
        path = os.path.join(tmp, "passt.socket")
        beside.append(_passt(path, guest.ports))
        line.append(f"host.net=stream:{path}")
    elif guest.net:
        line.append(f"host.net={guest.net}")
    return line + list(guest.args), beside


def _passt(path, ports):
    """passt at the other end of a wire, with forwarded ports."""
    program = shutil.which(os.environ.get("UNIK_PASST") or "passt")
    if not program:
        raise UserError("passt is missing: apt-get install passt, or use --net tap:IFNAME")
    # The addresses that QEMU's user networking gives.
    line = [program, "--foreground", "--one-off", "--socket", path, "--mtu", "1500",
            "--address", "10.0.2.15", "--netmask", "24", "--gateway", "10.0.2.2"]
    if os.geteuid() == 0:  # else it becomes somebody who may not see the socket
        line += ["--runas", "0:0"]
    for proto, option in (("tcp", "-t"), ("udp", "-u")):
        for port in ports:
            if port.proto == proto:
                line += [option, f"{port.host_addr}/{port.host}:{port.guest}"]
    child = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + SOCKET_WAIT_S
    while not os.path.exists(path):
        if child.poll() is not None or time.monotonic() > deadline:
            child.kill()
            raise UserError("passt does not start")
        time.sleep(0.01)
    return child


def memory(wish):
    return f"{qemu.memory_bytes(wish or '64M') >> 10}K"
