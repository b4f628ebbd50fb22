#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A real Xen with a Linux dom0 under QEMU, for tests: Debian's packages, nothing installed.

rig.py          build it below build/xen
rig.py FOLDER   boot it with FOLDER as /job in dom0, run its run.sh, show the log

ARCH=aarch64 in the environment: the same on AArch64, below build/xen-arm64.

README.md beside this file says what is in it and why.
"""

import gzip
import importlib
import lzma
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
from dataclasses import dataclass

import cpio

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.realpath(os.path.join(HERE, "..", ".."))
XEN = "4.17"

LIBRARIES = """libxencall1 libxenevtchn1 libxenforeignmemory1 libxengnttab1 libxenmisc4.17 libxenstore4
    libxentoollog1 libxentoolcore1 libxendevicemodel1 libxenhypfs1 libyajl2 libuuid1 libext2fs2
    liblzma5 libzstd1 zlib1g libc6 libgcc-s1""".split()
PACKAGES = [f"xen-utils-{XEN}", "xenstore-utils", "busybox-static", *LIBRARIES]
PROGRAMS = ("xl", "libxl-save-helper", "xenstored", "xenconsoled", "xenconsole", "xen-init-dom0",
            "xenctx")
# In the order in which they are loaded.
MODULES = """xen-privcmd xenfs xen-evtchn xen-gntdev xen-gntalloc loop xen-blkback llc stp bridge
    xen-netback""".split()


@dataclass(frozen=True)
class Machine:
    """What differs from processor to processor."""
    arch: str         # as Debian calls it
    folder: str       # where it is built
    kernel: str       # a package that depends on the versioned one
    packages: tuple   # besides PACKAGES
    modules: tuple    # besides MODULES
    triplet: str
    loader: str


AMD64 = Machine("amd64", os.path.join(ROOT, "build", "xen"), "linux-image-amd64",
                (f"xen-hypervisor-{XEN}-amd64",), ("e1000",),
                "x86_64-linux-gnu", "lib64/ld-linux-x86-64.so.2")
# The kernel for clouds has all that dom0 needs here, and is half as large.
ARM64 = Machine("arm64", os.path.join(ROOT, "build", "xen-arm64"), "linux-image-cloud-arm64",
                (f"xen-hypervisor-{XEN}-arm64", "libfdt1"), (),
                "aarch64-linux-gnu", "lib/ld-linux-aarch64.so.1")
ARCH = os.environ.get("ARCH", "x86_64")
CHOSEN = {"x86_64": AMD64, "aarch64": ARM64}[ARCH]

# Without SMAP: QEMU takes a paravirtual kernel's iretq for an access of the supervisor's. Without
# RDTSCP: it reports the wrong exit to Xen for it. Without XSAVE: with it, registers of AVX and SSE
# are not always the same after a switch between domains, in dom0 as well.
CPU = "max,-smap,-rdtscp,-xsave,-avx,-avx2"
NO_VERDICT = 125


class Unavailable(Exception):
    """The packages cannot be had here; the text says why."""


# --- building ---------------------------------------------------------------------------------

def build(m=CHOSEN):
    """Make what is missing or older than its sources; returns nothing, raises Unavailable."""
    packages = os.path.join(m.folder, "packages")
    if not os.path.exists(os.path.join(packages, "complete")):
        _fetch(m, packages)
    sources = [os.path.join(HERE, name) for name in ("rig.py", "cpio.py")]
    sources += [os.path.join(HERE, "dom0", name) for name in os.listdir(os.path.join(HERE, "dom0"))]
    made = os.path.join(m.folder, "dom0.cpio")
    if not os.path.exists(made) or any(os.path.getmtime(made) < os.path.getmtime(path)
                                       for path in sources):
        _make_kernels(m, packages)
        _make_dom0(m, packages, made)


def _fetch(m, packages):
    """Download and unpack."""
    env = apt_environment(m)
    depends = run_apt(["apt-cache", "depends", m.kernel], env, m.folder)
    kernel = re.search(r"Depends: (linux-image-\S+)", depends)
    if not kernel:
        raise Unavailable(f"apt does not know {m.kernel}")
    debs = os.path.join(m.folder, "apt", "debs")
    run_apt(["apt-get", "-qq", "download", kernel[1], *m.packages, *PACKAGES], env, debs)
    unpack(debs, packages)


def apt_environment(m):
    """For run_apt(), with package lists of our own, up to date: the machine's stay as they are."""
    if not shutil.which("apt-get"):
        raise Unavailable("no apt-get: the packages are Debian's")
    apt = os.path.join(m.folder, "apt")
    for folder in ("state/lists/partial", "cache/archives/partial", "debs"):
        os.makedirs(os.path.join(apt, folder), exist_ok=True)
    open(os.path.join(apt, "status"), "w", encoding="ascii").close()
    config = os.path.join(apt, "apt.conf")
    with open(config, "w", encoding="ascii") as file:
        file.write(f'Dir::State "{apt}/state"; Dir::State::status "{apt}/status";\n'
                   f'Dir::Cache "{apt}/cache"; Acquire::Languages "none";\n'
                   f'APT::Sandbox::User ""; APT::Architecture "{m.arch}"; APT::Architectures "{m.arch}";\n')
    env = dict(os.environ, APT_CONFIG=config)
    run_apt(["apt-get", "-qq", "update", "-oAPT::Update::Error-Mode=any"], env, apt)
    return env


def unpack(debs, packages):
    """All packages of a folder; what a run that was broken off has left is removed first."""
    shutil.rmtree(packages, ignore_errors=True)
    for name in sorted(os.listdir(debs)):
        if name.endswith(".deb"):
            subprocess.run(["dpkg", "-x", os.path.join(debs, name), packages], check=True)
    open(os.path.join(packages, "complete"), "w", encoding="ascii").close()


def run_apt(line, env, folder):
    done = subprocess.run(line, env=env, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Unavailable(f"{line[0]}: {said}")
    return done.stdout


def _make_kernels(m, packages):
    boot = os.path.join(packages, "boot")
    kernel = next(name for name in sorted(os.listdir(boot)) if name.startswith("vmlinuz-"))
    if m is ARM64:  # both are flat already
        shutil.copyfile(os.path.join(boot, f"xen-{XEN}-arm64"), os.path.join(m.folder, "xen"))
        shutil.copyfile(os.path.join(boot, kernel), os.path.join(m.folder, "linux"))
        return
    with gzip.open(os.path.join(boot, f"xen-{XEN}-amd64.gz")) as file:
        _write(os.path.join(m.folder, "xen"), file.read())
    with open(os.path.join(boot, kernel), "rb") as file:
        _write(os.path.join(m.folder, "linux"), _unpack_kernel(file.read()))


def _unpack_kernel(image):
    """The ELF file inside of a bzImage. Ref: Linux kernel documentation, arch/x86/boot: the fields
    setup_sects, payload_offset and payload_length. Here it takes no time; under TCG it does."""
    assert image[0x202:0x206] == b"HdrS"
    start = (1 + (image[0x1F1] or 4)) * 512
    offset, length = struct.unpack_from("<II", image, 0x248)
    payload = image[start + offset:start + offset + length]
    return lzma.LZMADecompressor().decompress(payload)  # with a trailer that is no part of it


def _write(path, data):
    with open(path, "wb") as file:
        file.write(data)


def _make_dom0(m, packages, output):
    tree = os.path.join(m.folder, "dom0")
    shutil.rmtree(tree, ignore_errors=True)
    bins = f"usr/lib/xen-{XEN}/bin"
    for name in PROGRAMS:
        copy(packages, f"{bins}/{name}", tree)
    for name in sorted(os.listdir(os.path.join(packages, "usr/bin"))):
        if name == "xenstore" or name.startswith("xenstore-") and name != "xenstore-control":
            copy(packages, f"usr/bin/{name}", tree)
    copy(packages, "bin/busybox", tree)
    copy(packages, m.loader, tree)
    copy_libraries(m, packages, tree, [os.path.join(tree, bins, name) for name in PROGRAMS] +
                    [os.path.join(tree, "usr/bin/xenstore")])
    copy_modules(packages, tree, (*MODULES, *m.modules), "modules.list")
    for name, mode, where in (("init", 0o755, ""), ("lib.sh", 0o644, ""),
                              ("block", 0o755, "etc/xen/scripts"),
                              ("vif-bridge", 0o755, "etc/xen/scripts")):
        os.makedirs(os.path.join(tree, where), exist_ok=True)
        target = os.path.join(tree, where, name)
        shutil.copyfile(os.path.join(HERE, "dom0", name), target)
        os.chmod(target, mode)
    for name, text in (("etc/xen/xl.conf", ""), ("etc/passwd", "root:x:0:0::/:/bin/sh\n"),
                       ("etc/group", "root:x:0:\n")):
        _write(os.path.join(tree, name), text.encode())
    with open(output + ".new", "wb") as out:
        cpio.write(out, tree, devices=(("dev/console", 5, 1),))
    os.replace(output + ".new", output)


def copy(packages, name, tree, to=None):
    target = os.path.join(tree, to or name)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    source = os.path.join(packages, name)
    if os.path.islink(source) and os.path.dirname(os.readlink(source)) == "":
        if os.path.exists(os.path.join(os.path.dirname(target), os.readlink(source))):
            os.symlink(os.readlink(source), target)
            return
    shutil.copy(source, target)


def copy_libraries(m, packages, tree, programs):
    """Whatever they need, and what that needs. libgcc_s is loaded by the C library at run time."""
    folders = (f"usr/lib/{m.triplet}", f"lib/{m.triplet}")
    wanted = ["libgcc_s.so.1"] + _needed(programs)
    while wanted:
        name = wanted.pop()
        target = f"usr/lib/{m.triplet}/{name}"
        if os.path.exists(os.path.join(tree, target)) or name == os.path.basename(m.loader):
            continue
        source = next(path for path in (f"{folder}/{name}" for folder in folders)
                      if os.path.exists(os.path.join(packages, path)))
        copy(packages, os.path.realpath(os.path.join(packages, source)), tree, target)
        wanted += _needed([os.path.join(tree, target)])


def _needed(files):
    said = subprocess.run(["readelf", "-d", *files], capture_output=True, text=True, check=False)
    return re.findall(r"\(NEEDED\).*\[(.+)\]", said.stdout)


def copy_modules(packages, tree, wanted, listing):
    """Modules of the kernel into tree/modules, those that are not built in into the listing."""
    found = {}
    for folder, _, names in os.walk(os.path.join(packages, "lib/modules")):
        found.update({name: os.path.join(folder, name) for name in names})
    with open(next(path for name, path in found.items() if name == "modules.builtin"),
              encoding="utf-8") as file:
        builtin = {os.path.basename(line.strip()) for line in file}
    os.makedirs(os.path.join(tree, "modules"))
    listed = []
    for name in wanted:
        if name + ".ko" in found:
            shutil.copy(found[name + ".ko"], os.path.join(tree, "modules"))
            listed.append(name)
        else:
            assert name + ".ko" in builtin, f"no module {name}"
    _write(os.path.join(tree, listing), ("\n".join(listed) + "\n").encode())


# --- running ----------------------------------------------------------------------------------

def run(job, log, limit_s=300, memory_mib=1536, dom0_mib=640, qemu_args=(), xen_args="", m=CHOSEN,
        archives=()):
    """Boot with the folder `job`; the log goes to the file `log`. Returns the status of its run.sh,
    NO_VERDICT where none came (a crash, or time is up).

    archives: files that go into dom0's file system after its own."""
    with tempfile.TemporaryDirectory(prefix="unik-xen-") as tmp:
        initrd, serial = os.path.join(tmp, "initrd"), os.path.join(tmp, "serial")
        with open(initrd, "wb") as out:
            for archive in (os.path.join(m.folder, "dom0.cpio"), *archives):
                with open(archive, "rb") as file:
                    shutil.copyfileobj(file, out)
            cpio.write(out, job, prefix="job")
        xen_args = f"dom0_mem={dom0_mib}M,max:{dom0_mib}M guest_loglvl=all {xen_args}"
        # Imported here: it wants what this file has.
        line = (_amd64_line if m is AMD64 else importlib.import_module("rig_arm").line)(
            m, initrd, xen_args, memory_mib)
        try:
            subprocess.run([*line, "-serial", f"file:{serial}", *qemu_args],
                           stdin=subprocess.DEVNULL, timeout=limit_s, check=False)
        except subprocess.TimeoutExpired:
            pass
        text = ""
        if os.path.exists(serial):
            with open(serial, encoding="utf-8", errors="replace", newline="") as file:
                text = file.read().replace("\r", "")
        _write(log, text.encode())
    verdict = re.findall(r"^RIG: \[[\d.]+\] verdict (\d+)$", text, re.MULTILINE)
    return int(verdict[-1]) if verdict else NO_VERDICT


def _amd64_line(m, initrd, xen_args, memory_mib):
    return ["qemu-system-x86_64", "-machine", "q35", "-accel", "tcg,thread=multi", "-cpu", CPU,
            "-smp", "1", "-m", str(memory_mib), "-nodefaults", "-no-user-config",
            "-display", "none", "-no-reboot", "-kernel", os.path.join(m.folder, "xen"),
            "-append", f"console=com1 com1=115200,8n1 {xen_args}",
            "-initrd", f"{os.path.join(m.folder, 'linux')} console=hvc0 loglevel=4,{initrd}"]


def main(argv):
    try:
        build()
    except Unavailable as why:
        print(f"rig: {why}", file=sys.stderr)
        return 1
    if len(argv) < 2:
        return 0
    status = run(argv[1], "/dev/stdout")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv))
