# SPDX-License-Identifier: BSD-2-Clause
"""The machine of rig.py on AArch64, and one without dom0, where Xen itself makes the domain.

QEMU says which tree it would give, /chosen is written into it as Xen's documentation wants it
(docs/misc/arm/device-tree/booting.txt), and QEMU puts the files to where that says.
"""

import os
import subprocess
import tempfile
import time

import fdt
import rig

MACHINE = "virt,virtualization=on,gic-version="
CPU = "cortex-a57"
AT = (0x50000000, 0x54000000)  # modules: one of up to 64 MiB, then one of any size
UART = "/pl011@9000000"


def _base(gic, memory_mib):
    return ["qemu-system-aarch64", "-machine", MACHINE + str(gic), "-accel", "tcg,thread=multi",
            "-cpu", CPU, "-smp", "1", "-m", str(memory_mib), "-nodefaults", "-no-user-config",
            "-display", "none", "-no-reboot"]


def _tree(base):
    with tempfile.TemporaryDirectory(prefix="unik-xen-") as tmp:
        line, blob = list(base), os.path.join(tmp, "dtb")
        line[line.index("-machine") + 1] += f",dumpdtb={blob}"
        subprocess.run(line, check=True, capture_output=True)
        with open(blob, "rb") as file:
            return fdt.read(file.read())


def _chosen(tree, xen_args):
    chosen = tree.child("chosen")
    for name in ("#address-cells", "#size-cells"):
        chosen.set(name, 2)
    chosen.set("stdout-path", UART)
    chosen.set("xen,xen-bootargs", f"console=dtuart dtuart={UART} {xen_args}")
    return chosen


def _module(parent, kind, number, path):
    node = parent.child(f"module@{number}")
    node.set("compatible", "multiboot," + kind, "multiboot,module")
    node.set("reg", 0, AT[number], 0, os.path.getsize(path))
    return node


def _line(m, base, tree, folder, files):
    blob = os.path.join(folder, "xen.dtb")
    with open(blob, "wb") as out:
        out.write(fdt.write(tree))
    line = [*base, "-dtb", blob, "-kernel", os.path.join(m.folder, "xen")]
    for path, at in zip(files, AT):
        line += ["-device", f"loader,file={path},addr={at:#x},force-raw=on"]
    return line


def line(m, initrd, xen_args, memory_mib):
    """How QEMU is started with a dom0; for rig.run()."""
    base = _base(3, memory_mib)
    tree = _tree(base)
    chosen = _chosen(tree, f"dom0_max_vcpus=1 {xen_args}")
    chosen.set("xen,dom0-bootargs", "console=hvc0 loglevel=4")
    linux = os.path.join(m.folder, "linux")
    _module(chosen, "kernel", 0, linux)
    _module(chosen, "ramdisk", 1, initrd)
    return _line(m, base, tree, os.path.dirname(initrd), (linux, initrd))


def run_alone(image, log, until, *, args="", memory_mib=64, module=None, gic=3, limit_s=60):
    """Boot Xen with a domain of its own making that has a PL011. Returns what that has written, when
    it contains `until` or time is up; nothing else ends such a machine."""
    m = rig.ARM64
    with tempfile.TemporaryDirectory(prefix="unik-xen-") as tmp:
        base = _base(gic, 1024)
        tree = _tree(base)
        domain = _chosen(tree, "guest_loglvl=all noreboot").child("domU1")
        domain.set("compatible", "xen,domain")
        for name in ("#address-cells", "#size-cells"):
            domain.set(name, 2)
        domain.set("memory", 0, memory_mib * 1024)
        domain.set("cpus", 1)
        domain.set("vpl011")
        _module(domain, "kernel", 0, image).set("bootargs", args)
        files = [image]
        if module:
            _module(domain, "ramdisk", 1, module)
            files.append(module)
        serial = os.path.join(tmp, "serial")
        text = _watch([*_line(m, base, tree, tmp, files), "-serial", f"file:{serial}"], serial, until,
                      limit_s)
    with open(log, "w", encoding="utf-8") as out:
        out.write(text)
    return _of_domain(text)


def _watch(line, serial, until, limit_s):
    text, end = "", time.monotonic() + limit_s
    with subprocess.Popen(line, stdin=subprocess.DEVNULL) as machine:
        while until not in _of_domain(text) and time.monotonic() < end and machine.poll() is None:
            time.sleep(0.05)
            if os.path.exists(serial):
                with open(serial, encoding="utf-8", errors="replace", newline="") as file:
                    text = file.read().replace("\r", "")
        machine.kill()
    return text


def _of_domain(text):
    mark = "(XEN) DOM1: "
    return "".join(line[len(mark):] + "\n" for line in text.split("\n") if line.startswith(mark))
