# SPDX-License-Identifier: BSD-2-Clause
"""A job: guests with their configurations, and a script that dom0 runs with them.

    job = Job("disk")
    job.guest("writer", image("tests/guest/test_blk"), disks=["format=raw,...,target=/run/x.img"])
    job.guest("old", image("hello"), hvm=True)
    result = job.run("dd if=/dev/zero of=/run/x.img bs=1M count=4; run_guests 60 writer")
    result["writer"].status == 0

The script is busybox sh with the functions of dom0/lib.sh; its status is the job's.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass

import device_model
import rig

sys.path.insert(0, os.path.join(rig.ROOT, "tools"))

from unik_lib import iso, xl  # noqa: E402

BUILD = os.path.join(rig.ROOT, "build", rig.ARCH)
LOGS = os.path.join(rig.ROOT, "build", "test-logs")
# xl aborts once in some hundred calls, and then there may be no verdict.
TRIES = 2


def image(name):
    """Path of build/ARCH/NAME.elf."""
    path = os.path.join(BUILD, name + ".elf")
    assert os.path.exists(path), f"{path} is missing: make all guest"
    return path


@dataclass
class Ended:
    """How a guest ended: its exit status as XenStore has it, xl's reason code, its console."""
    status: int | None
    reason: int | None
    console: str


class Result(dict):
    """Name -> Ended of each guest that the script finished; the log, and the script's status."""

    def __init__(self, status, log):
        super().__init__()
        self.status, self.log = status, log
        for name, code, reason in re.findall(r"^END (\S+) status=(\S+) reason=(\S+)$", log,
                                             re.MULTILINE):
            lines = re.findall(rf"^GUEST {re.escape(name)}\| (.*)$", log, re.MULTILINE)
            self[name] = Ended(*(int(n) if n.isdecimal() else None for n in (code, reason)),
                               console="\n".join(lines) + "\n")


class Job:
    def __init__(self, name):
        self.name = name
        self.guests = []  # (name, image or None, module, text of the configuration)
        self.files = []   # paths of what else lies in /job
        self.made = tempfile.TemporaryDirectory(prefix="unik-xen-made-")  # ended with the object

    def guest(self, name, path, *, args=(), memory="32M", vifs=(), disks=(), module=None,
              hvm=False, more=""):
        """One guest; disks and vifs as `unik xl` takes them, targets as dom0 sees them. An HVM one
        boots from a CD image, with its serial port in a file. more: lines of its configuration."""
        if hvm:
            text = self._hvm(name, path, memory, vifs, disks, module, args)
            path = module = None
        else:
            text = xl.Domain(path, kind=None, name=name, memory=memory, kernel=f"/job/{name}.elf",
                             modules=[], vifs=list(vifs), disks=list(disks), args=list(args)).text()
        # What has ended stays until the script has read its status.
        for event in ("on_poweroff", "on_reboot", "on_crash"):
            text = re.sub(rf'{event} = ".*"', f'{event} = "preserve"', text)
        # QEMU's time-stamp counter is not invariant, so Xen would emulate it: each look an exit.
        if rig.CHOSEN is rig.AMD64:
            text += 'tsc_mode = "native"\n'
        if module:
            text += f'ramdisk = "/job/{name}.module"\n'
        text += more
        self.guests.append((name, path, module, text))

    def _hvm(self, name, path, memory, vifs, disks, module, args):
        """Make the CD image; returns the configuration."""
        stripped, cd = (os.path.join(self.made.name, f"{name}.{kind}") for kind in ("elf", "iso"))
        _put_kernel(path, stripped)
        iso.make(stripped, cd, [module] if module else [], list(args), "multiboot2")
        self.file(cd)
        text = xl.Domain(cd, kind=None, name=name, memory=memory, kernel=None, modules=[],
                         vifs=list(vifs), disks=list(disks), args=[]).text()
        text = text.replace(os.path.realpath(cd), f"/job/{name}.iso")
        return text.replace('serial = "pty"', f'serial = "file:/var/log/xen/console/serial-{name}.log"')

    def change(self, name, old, new):
        """In the configuration of a guest."""
        at = [guest[0] for guest in self.guests].index(name)
        assert old in self.guests[at][3]
        self.guests[at] = (*self.guests[at][:3], self.guests[at][3].replace(old, new))

    def file(self, path):
        """What the script finds as /job/NAME."""
        self.files.append(path)

    def device_model(self):
        """The archive for dom0 where a guest needs it."""
        hvm = any('type = "hvm"' in text for _, _, _, text in self.guests)
        return (device_model.build(),) if hvm else ()

    def run(self, script, limit_s=280, **options):
        """Boot, run the script in dom0; `options` are those of rig.run(). Returns a Result."""
        os.makedirs(LOGS, exist_ok=True)
        log = os.path.join(LOGS, f"xen-{self.name}.log")
        with tempfile.TemporaryDirectory(prefix="unik-xen-job-") as folder:
            self._fill(folder, script)
            for _ in range(TRIES):
                status = rig.run(folder, log, limit_s, archives=self.device_model(), **options)
                if status != rig.NO_VERDICT:
                    break
                print(f"xen: no verdict of {self.name}: see {log}", file=sys.stderr)
        with open(log, encoding="utf-8", errors="replace") as file:
            return Result(status, file.read())

    def _fill(self, folder, script):
        for path in self.files:
            shutil.copy(path, folder)
        for name, path, module, text in self.guests:
            if path:
                _put_kernel(path, os.path.join(folder, name + ".elf"))
            with open(os.path.join(folder, name + ".cfg"), "w", encoding="utf-8") as file:
                file.write(text)
            if module:
                shutil.copyfile(module, os.path.join(folder, name + ".module"))
        with open(os.path.join(folder, "run.sh"), "w", encoding="utf-8") as file:
            file.write(script + "\n")


def _put_kernel(path, to):
    """What xl loads: on ARM a flat image, of which there is one beside the ELF file."""
    if rig.CHOSEN is rig.ARM64:
        shutil.copyfile(os.path.splitext(path)[0] + ".img", to)
    else:
        subprocess.run(["strip", "-o", to, path], check=True)
