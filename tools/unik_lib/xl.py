# SPDX-License-Identifier: BSD-2-Clause
"""Configurations for Xen's tool stack: the file that `xl create` takes. Ref: xl.cfg(5)."""

import os
import re

from . import qemu, run
from .errors import UserError

TYPES = ("pvh", "hvm", "arm")


class Domain:
    """What a configuration says; see the options of `unik xl`."""

    def __init__(self, image, **said):
        run.check_files([image] + said["modules"])
        self.image = image
        self.kind = said["kind"] or _kind_of(image)
        self.name = said["name"] or re.sub(r"[^\w.-]", "-", os.path.splitext(os.path.basename(image))[0])
        self.memory = _mib(said["memory"] or "64M")
        self.kernel = said["kernel"]
        self.modules = said["modules"]
        self.vifs = said["vifs"]
        self.disks = said["disks"]
        self.args = said["args"]

    def text(self):
        """The file."""
        _check(self)
        lines = [f"name = {_quote(self.name)}", f'type = "{"pvh" if self.kind == "arm" else self.kind}"',
                 f"memory = {self.memory}", "vcpus = 1"]
        lines += _boot_of_disk(self) if self.kind == "hvm" else _kernel(self)
        if self.vifs:
            lines.append("vif = [ " + ", ".join(_quote(vif) for vif in self.vifs) + " ]")
        disks = ([_cd(self.image)] if self.kind == "hvm" else []) + _disks(self.disks)
        if disks:
            lines.append("disk = [ " + ", ".join(_quote(disk) for disk in disks) + " ]")
        # After a panic the domain stays, for `xl console` and xenctx, until `xl destroy`.
        lines += ['on_poweroff = "destroy"', 'on_reboot = "restart"', 'on_crash = "preserve"']
        return "\n".join(lines) + "\n"


def _kind_of(image):
    if qemu.is_iso(image):
        return "hvm"
    return {"x86_64": "pvh", "aarch64": "arm"}[run.arch_of(image)]


def _check(domain):
    if len(domain.modules) > 1:
        raise UserError("xl hands over one module only: join the archives into one")
    is_cd = qemu.is_iso(domain.image)
    if domain.kind == "hvm" and not is_cd:
        raise UserError("an hvm domain boots from a CD image: make one with 'unik iso'")
    if domain.kind == "hvm" and (domain.args or domain.modules):
        raise UserError("a CD image has its arguments and modules inside: give them to 'unik iso'")
    if domain.kind != "hvm" and is_cd:
        raise UserError(f"a CD image is for --type hvm, not {domain.kind}")
    wanted = {"pvh": "x86_64", "arm": "aarch64"}.get(domain.kind)
    if wanted and run.arch_of(domain.image) != wanted:
        raise UserError(f"{domain.image} is not for {wanted}, which --type {domain.kind} is")


def _mib(text):
    match = re.fullmatch(r"(\d+)([MG]?)", text)
    if not match or int(match[1]) == 0:
        raise UserError(f"memory is a number with M or G, not {text!r}")
    return int(match[1]) * (1024 if match[2] == "G" else 1)


def _kernel(domain):
    """The image itself is what the domain builder loads; on ARM that is the flat one."""
    path = domain.kernel
    if not path:
        path = os.path.realpath(domain.image)
        if domain.kind == "arm":
            path = os.path.splitext(path)[0] + ".img"
    lines = [f"kernel = {_quote(path)}"]
    lines += [f"ramdisk = {_quote(os.path.realpath(module))}" for module in domain.modules]
    if domain.args:
        lines.append(f"cmdline = {_quote(qemu.join_args(domain.args))}")
    return lines


def _boot_of_disk(_domain):
    """The serial port is what `xl console` shows; a screen, and VNC for it, would show nothing."""
    return ['boot = "d"', 'serial = "pty"', 'vga = "none"', "vnc = 0"]


def _cd(path):
    return f"format=raw, vdev=hdc, access=ro, devtype=cdrom, target={os.path.realpath(path)}"


def _disks(disks):
    """A path alone becomes the next xvd; what looks like a specification stays as it is."""
    found = []
    for number, disk in enumerate(disks):
        if "," in disk or "=" in disk:
            found.append(disk)
        else:
            letter = chr(ord("a") + number)
            found.append(f"format=raw, vdev=xvd{letter}, access=rw, target={os.path.realpath(disk)}")
    return found


def _quote(text):
    """A string of xl.cfg(5); it knows the escapes of C."""
    if any(ord(c) < 32 for c in text):
        raise UserError("xl's configuration takes no control characters")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
