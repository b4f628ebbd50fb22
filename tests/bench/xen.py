# SPDX-License-Identifier: BSD-2-Clause
"""What being a guest of Xen costs: bytes of httpd's image, and instructions of netfront for a frame.

The instructions are those of the object file that is in the image, in a program of this machine
(xen_net.c): it needs the same kind of processor. The path of hello to main() under a real Xen is
counted by tests/xen/test_xen.py."""

import os
import platform
import subprocess

from measure import ARCH, BUILD, ROOT, image

from unik_lib import size

# What is to be reached: figure -> at most.
TARGETS = {
    "xen.httpd_bytes": 24 << 10,
    "netfront.tx_insns": 240,
    "netfront.rx_insns": 210,
}


def xen_bytes(path):
    """Bytes of the file that Xen's drivers and what the processor has for them are booked with."""
    return sum(file for name, file, _ in size.Sizes(path).rows()
               if name.startswith("drivers/xen/") or name.endswith("/xen.c"))


def functions(path, names):
    """START-END of functions of a program, hexadecimal."""
    said = subprocess.run(["nm", "-S", path], capture_output=True, text=True, check=True).stdout
    for words in map(str.split, said.splitlines()):
        if len(words) == 4 and words[3] in names:
            start, length = int(words[0], 16), int(words[1], 16)
            yield f"{start:x}-{start + length:x}"


def netfront_frames(folder):
    """Instructions for a frame: sent, received."""
    program = os.path.join(folder, "xen_net")
    object_file = os.path.join(BUILD, "obj", "drivers", "xen", "netfront.c.o")
    subprocess.run(["gcc", "-O2", "-no-pie", f"-I{ROOT}", f"-I{ROOT}/arch/x86_64/include", "-o", program,
                    os.path.join(ROOT, "tests", "bench", "xen_net.c"), object_file], check=True)
    said = subprocess.run(["nm", "--defined-only", object_file], capture_output=True, text=True,
                          check=True).stdout
    names = {words[2] for words in map(str.split, said.splitlines()) if words[1] in "tT"}
    out = subprocess.run([program, *functions(program, names)], capture_output=True, text=True,
                         check=True).stdout
    figures = dict(line.split() for line in out.splitlines())
    return {"netfront.tx_insns": int(figures["tx"]), "netfront.rx_insns": int(figures["rx"])}


def measure(bench):
    figures = {"xen.httpd_bytes": xen_bytes(image("httpd"))}
    if ARCH == "x86_64" and platform.machine() == "x86_64":
        figures.update(netfront_frames(bench.folder))
    return figures


MEASURES = {"xen": measure}
