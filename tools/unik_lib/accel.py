# SPDX-License-Identifier: BSD-2-Clause
"""Does a guest really run on this machine's KVM?

/dev/kvm may be there and still be of no use: no right to open it, nested virtualisation switched
off, or an emulation of KVM that knows only part of the instruction set. So a guest of a hundred
bytes is run, which does what every image does early (SSE, a loop, port output), and only its right
answer within two seconds counts. The verdict holds until the next boot of the host.
"""

import os
import platform
import struct
import subprocess
import tempfile

from . import qemu

ANSWER = 0x2A
PROBE_LIMIT_S = 2
LOAD_ADDR = 0x100000


def choose(wish, arch):
    """auto|tcg|kvm -> tcg|kvm."""
    if wish != "auto":
        return wish
    if arch != platform.machine():
        return "tcg"
    if arch != "x86_64":  # no such emulations are known there
        return "kvm" if os.access("/dev/kvm", os.R_OK | os.W_OK) else "tcg"
    return "kvm" if kvm_works() else "tcg"


def kvm_works():
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return False
    cache = _cache_path()
    try:
        with open(cache, encoding="ascii") as file:
            return file.read() == "yes"
    except OSError:
        pass
    works = _probe("kvm")
    _remember(cache, works)
    return works


def _cache_path():
    """One file per boot of the host and user."""
    folder = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    if not os.path.isdir(folder) or not os.access(folder, os.W_OK):
        folder = tempfile.gettempdir()
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            boot = file.read().strip()
    except OSError:
        boot = "unknown"
    return os.path.join(folder, f"unik-kvm-{os.getuid()}-{boot}")


def _remember(path, works):
    try:
        with open(path, "w", encoding="ascii") as file:
            file.write("yes" if works else "no")
    except OSError:
        pass  # only a cache: the next run probes again


def _probe(accel):
    """Run the probe image; True if it gave the right answer in time."""
    with tempfile.NamedTemporaryFile(suffix=".bin") as file:
        file.write(probe_image())
        file.flush()
        line = [qemu.find_qemu(), "-nodefaults", "-no-user-config", "-no-reboot",
                "-display", "none", "-M", "pc", "-m", "16M", "-accel", accel,
                "-cpu", "host" if accel == "kvm" else "max",
                "-kernel", file.name, "-device", qemu.DEBUG_EXIT]
        try:
            done = subprocess.run(line, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, timeout=PROBE_LIMIT_S, check=False)
        except (subprocess.TimeoutExpired, OSError):
            return False
        return done.returncode == (ANSWER << 1) | 1


def probe_image():
    """A flat Multiboot 1 image, entered in 32-bit protected mode.

    Ref: Multiboot Specification 0.6.96, 3.1 (header with addresses: bit 16).
    """
    code = bytes.fromhex(
        "0f20c0"            # mov  %cr0, %eax
        "83e0fb" "83c802"   # and  $~4, %eax; or $2, %eax      EM off, MP on
        "0f22c0"            # mov  %eax, %cr0
        "0f20e0"            # mov  %cr4, %eax
        "0d00060000"        # or   $0x600, %eax                OSFXSR, OSXMMEXCPT
        "0f22e0"            # mov  %eax, %cr4
        "660fefc0"          # pxor %xmm0, %xmm0
        "660f76c9"          # pcmpeqd %xmm1, %xmm1             all ones: -1 in each lane
        "b9a0860100"        # mov  $100000, %ecx
        "660ffac1"          # 1: psubd %xmm1, %xmm0            lanes count upwards
        "49" "75f9"         # dec  %ecx; jnz 1b
        "660f7ec0"          # movd %xmm0, %eax
        "ba01050000"        # mov  $0x501, %edx
        "3da0860100"        # cmp  $100000, %eax
        "b000" "7502"       # mov  $0, %al; jne 2f
        f"b0{ANSWER:02x}"   # mov  $ANSWER, %al
        "ee"                # 2: out %al, %dx
        "f4" "ebfd")        # hlt; jmp .-1
    magic, flags = 0x1BADB002, 1 << 16
    entry = LOAD_ADDR + 32
    end = entry + len(code)
    header = struct.pack("<8I", magic, flags, -(magic + flags) & 0xFFFFFFFF,
                         LOAD_ADDR, LOAD_ADDR, end, end, entry)
    return header + code
