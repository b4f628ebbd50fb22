# SPDX-License-Identifier: BSD-2-Clause
"""What dom0 needs besides for HVM guests: Debian's QEMU for Xen, the guests' BIOS, an Ethernet tap.

It is an archive of its own, which only jobs with such guests are given: others need not unpack it.
"""

import os
import shutil

import cpio
import rig

PACKAGE = "qemu-system-xen"
PROGRAM = "usr/libexec/xen-qemu-system-i386"
FILES = ("usr/share/seabios/bios-256k.bin", "usr/share/seabios/vgabios-stdvga.bin",
         "usr/share/qemu/keymaps/en-us", "usr/share/qemu/kvmvapic.bin",
         "usr/share/qemu/linuxboot_dma.bin",
         "usr/share/qemu/multiboot_dma.bin", "usr/lib/ipxe/qemu/efi-rtl8139.rom",
         "usr/lib/ipxe/qemu/efi-virtio.rom")
LOADER = f"usr/lib/xen-{rig.XEN}/boot/hvmloader"


def build(m=rig.AMD64):
    """Make the archive where it is missing or older than this file; returns its path."""
    rig.build(m)
    packages = os.path.join(m.folder, "device-model-packages")
    if not os.path.exists(os.path.join(packages, "complete")):
        _fetch(m, packages)
    made = os.path.join(m.folder, "device-model.cpio")
    sources = (__file__, os.path.join(m.folder, "dom0.cpio"))
    if not os.path.exists(made) or any(os.path.getmtime(made) < os.path.getmtime(path)
                                       for path in sources):
        _make(m, packages, made)
    return made


def _fetch(m, packages):
    """apt finds what the package depends on; the machine's own packages stay out of it."""
    env = rig.apt_environment(m)
    debs = os.path.join(m.folder, "apt", "device-model")
    os.makedirs(os.path.join(debs, "partial"), exist_ok=True)
    rig.run_apt(["apt-get", "-qq", "-y", "--no-install-recommends", "--download-only",
                 f"-oDir::Cache::archives={debs}", "install", PACKAGE], env, debs)
    rig.unpack(debs, packages)


def _make(m, packages, output):
    tree = os.path.join(m.folder, "device-model")
    shutil.rmtree(tree, ignore_errors=True)
    for name in (PROGRAM, *FILES):
        rig.copy(packages, name, tree)
    rig.copy_libraries(m, packages, tree, [os.path.join(tree, PROGRAM)])
    own = os.path.join(m.folder, "packages")
    rig.copy(own, LOADER, tree)
    rig.copy_modules(own, tree, ("tun",), "modules.device-model")
    _leave_out(os.path.join(m.folder, "dom0"), tree)
    with open(output + ".new", "wb") as out:
        cpio.write(out, tree)
    os.replace(output + ".new", output)


def _leave_out(there, tree):
    """What dom0 has already, its C library above all, is left as it is."""
    for folder, _, names in os.walk(tree):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.lexists(os.path.join(there, os.path.relpath(path, tree))):
                os.unlink(path)
