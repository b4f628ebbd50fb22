# SPDX-License-Identifier: BSD-2-Clause
"""From an image and what the user wants of it to a QEMU command line.

Nothing here starts a process; `run` does. The exit protocol rests on x86-64 on the isa-debug-exit
device at port 0x501: the guest's byte v makes QEMU exit with (v << 1) | 1. On AArch64 the guest
says its status in a line, and by semihosting makes QEMU exit with it; it is told so by a word of
its command line, because without somebody who listens the instruction is a fault.
"""

import os
import re
import shutil
from dataclasses import dataclass, field

from .errors import UserError

DEBUG_EXIT = "isa-debug-exit,iobase=0x501,iosize=0x04"
SEMIHOSTING = ["-semihosting-config", "enable=on,target=native"]
SEMIHOSTING_WORD = "unik.exit=semihosting"
# The first of each architecture is the default.
MACHINES = {"x86_64": ("pc", "q35", "microvm"), "aarch64": ("virt", "raspi3b")}
PACKAGES = {"x86_64": "qemu-system-x86", "aarch64": "qemu-system-arm"}
FIRMWARE_RAM_MIB = 128
# How a disk image of ours begins. Firmware of a PC that finds nothing for it runs this: int $0x18
# (try the next device); if that returns, halt.
DISK_MARK = bytes.fromhex("cd18" "f4" "ebfd") + b"libunik aarch64"
# QEMU's own default for virt is a 32-bit CPU.
DEFAULT_CPU = {"aarch64": "cortex-a53"}
VIRT_RAM = 0x40000000
BOARD_RAM = "1G"
PAGE = 4096
# UEFI firmware: Debian's package, and where it puts it.
FIRMWARE = {
    "x86_64": ("ovmf", ("/usr/share/ovmf/OVMF.fd", "/usr/share/OVMF/OVMF.fd",
                        "/usr/share/qemu/OVMF.fd")),
    "aarch64": ("qemu-efi-aarch64", ("/usr/share/qemu-efi-aarch64/QEMU_EFI.fd",)),
}

# microvm has PIT, PIC and RTC only "automatically", which means never under some accelerators; the
# guest wants the RTC for the date and the PIT to measure a TSC whose rate nobody tells. The option
# ROMs would be loaded for nothing: the Multiboot and PVH loaders bring their own.
MICROVM = "microvm,isa-serial=on,rtc=on,pit=on,pic=on"
# QEMU still starts virtio-mmio as the pre-1.0 device unless told otherwise.
MODERN_MMIO = ["-global", "virtio-mmio.force-legacy=false"]


@dataclass
class Port:
    """One forwarded port: host_addr:host -> guest, `proto` tcp or udp."""

    host: int
    guest: int
    proto: str = "tcp"
    host_addr: str = "127.0.0.1"

    def __str__(self):
        return f"hostfwd={self.proto}:{self.host_addr}:{self.host}-:{self.guest}"


@dataclass
class Disk:
    """A file that the guest sees as a disk: vda, vdb... in their order."""

    path: str
    read_only: bool = False


@dataclass
class Guest:
    """Everything that decides the command line; `accel` is already tcg or kvm."""

    image: str
    arch: str = "x86_64"
    machine: str = "pc"  # with QEMU's properties of it: virt,gic-version=3
    memory: str = "64M"
    accel: str = "tcg"
    cpu: str | None = None
    args: list = field(default_factory=list)
    modules: list = field(default_factory=list)
    net: str | None = None  # None, "user" or "tap:IFNAME"
    ports: list = field(default_factory=list)
    disks: list = field(default_factory=list)
    virtio: str | None = None  # pci or mmio; None: what the machine is known for
    rng: bool = False
    gdb: int | None = None
    uefi: bool = False
    extra: list = field(default_factory=list)


def parse_port(text):
    """[ADDR:]HOST:GUEST[/tcp|/udp] -> Port."""
    match = re.fullmatch(r"(?:([0-9.]+):)?(\d+):(\d+)(?:/(tcp|udp))?", text)
    if not match or not all(0 < int(match[i]) < 65536 for i in (2, 3)):
        raise UserError(f"bad port '{text}': want [ADDR:]HOST:GUEST[/udp], such as 8080:80")
    return Port(int(match[2]), int(match[3]), match[4] or "tcp", match[1] or "127.0.0.1")


def parse_disk(text):
    """FILE[,ro] -> Disk."""
    path = text[:-3] if text.endswith(",ro") else text
    return Disk(path, path != text)


def parse_net(text):
    """user | none | tap:IFNAME -> what Guest.net wants."""
    if text == "none":
        return None
    if text == "user" or re.fullmatch(r"tap:[^,/\s:]{1,15}", text):
        return text
    raise UserError(f"bad network '{text}': want user, none or tap:IFNAME")


def join_args(words):
    """Words -> one command line that the guest splits into the same words again.

    As GRUB does it: double quotes round a word with blanks, a backslash before ' " and \\.
    """
    def quote(word):
        text = re.sub(r"""(['"\\])""", r"\\\1", word)
        return text if text and not re.search(r"\s", text) else f'"{text}"'

    return " ".join(quote(word) for word in words)


def check_machine(arch, machine):
    """A machine's name, perhaps with properties behind commas; None: the default."""
    machine = machine or MACHINES[arch][0]
    if machine.split(",")[0] not in MACHINES[arch]:
        raise UserError(f"no machine '{machine}' for {arch}: want {', '.join(MACHINES[arch])}")
    return machine


def find_qemu(arch="x86_64"):
    program = os.environ.get("UNIK_QEMU") or f"qemu-system-{arch}"
    path = shutil.which(program)
    if not path:
        raise UserError(f"{program} is missing: apt-get install {PACKAGES[arch]}")
    return path


def is_iso(path):
    """Is it a CD image? ISO 9660 (ECMA-119, 8.1): "CD001" one byte into sector 16."""
    with open(path, "rb") as file:
        file.seek(16 * 2048 + 1)
        return file.read(5) == b"CD001"


def is_disk(path):
    """Is it a disk image made by 'unik disk'?"""
    with open(path, "rb") as file:
        return file.read(len(DISK_MARK)) == DISK_MARK


def command(guest):
    """The whole QEMU command line for `guest`, console on standard input and output."""
    line = [find_qemu(guest.arch), "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none"]
    line += _machine(guest) + ["-m", guest.memory]
    line += _boot(guest)
    line += ["-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console"]
    line += ["-device", DEBUG_EXIT] if guest.arch == "x86_64" else SEMIHOSTING
    line += _network(guest)
    line += _disks(guest)
    if guest.rng:
        line += ["-device", _virtio(guest, "rng")]
    if guest.gdb:
        line += ["-S", "-gdb", f"tcp:127.0.0.1:{guest.gdb}"]
    return line + guest.extra


def _machine(guest):
    if guest.machine == "microvm":
        line = ["-M", MICROVM]
    else:
        line = ["-M", guest.machine + _firmware_tables(guest)]
    line += MODERN_MMIO if _virtio_bus(guest) == "mmio" else []
    if is_board(guest.machine):
        # It has its own CPUs. Those that nobody has started wait for an event, which QEMU knows as
        # a CPU's offer to let another one run: on one thread that costs nothing.
        return line + ["-accel", "tcg,thread=single"]
    line += ["-accel", guest.accel]
    cpu = guest.cpu or ("host" if guest.accel == "kvm" else DEFAULT_CPU.get(guest.arch))
    return line + (["-cpu", cpu] if cpu else [])


def _firmware_tables(guest):
    """QEMU's UEFI on ARM hands over either ACPI tables or the device tree, which tells more; with
    ",acpi=on" behind the machine it is the tables."""
    wanted = guest.uefi and guest.arch == "aarch64" and ",acpi=" not in guest.machine
    return ",acpi=off" if wanted else ""


def _boot(guest):
    if is_iso(guest.image):
        return _boot_iso(guest)
    if is_disk(guest.image):
        return _boot_disk(guest)
    if guest.uefi and guest.arch != "aarch64":
        raise UserError("--uefi boots a CD image: make one with 'unik iso'")
    line = ["-kernel", guest.image]
    args = ([SEMIHOSTING_WORD] if guest.arch == "aarch64" else []) + guest.args
    if args:
        line += ["-append", join_args(args)]
    if guest.uefi:
        return line + _by_efi(guest)
    if guest.arch == "aarch64":
        return line + _modules_by_tree(guest)
    if guest.modules:
        line += ["-initrd", ",".join(guest.modules)]
    return line


def _by_efi(guest):
    check_efi_args(guest.args)
    if len(guest.modules) > 1:
        raise UserError("firmware hands over one module: make a disk image with 'unik disk'")
    return ["-bios", _find_firmware(guest.arch)] + \
        [word for path in guest.modules for word in ("-initrd", path)]


def check_efi_args(args):
    """What arch/aarch64/efi.c takes for a module or replaces must not be in a program's words."""
    for word in args:
        if not word.isascii() or not word.isprintable():
            raise UserError(f"{word!r}: under UEFI, arguments are of printable ASCII characters")
        if re.search(r"(^| )initrd=", word):
            raise UserError(f"{word!r}: under UEFI, initrd= names a module")


def _modules_by_tree(guest):
    """The first is the initrd; the others lie at the end of RAM and have nodes in /chosen.

    QEMU puts the node that is made last in front, so they are made in reverse order.
    """
    if not guest.modules:
        return []
    line = ["-initrd", guest.modules[0]]
    end = VIRT_RAM + memory_bytes(guest.memory)
    for path in reversed(guest.modules[1:]):
        end = (end - os.path.getsize(path)) // PAGE * PAGE
        line += ["-device", f"guest-loader,addr={end:#x},initrd={_escape(path)}"]
    return line


def is_board(machine):
    """Is it a model of a real board? Such has its own CPU and memory, and no virtio devices."""
    return machine.startswith("raspi")


def choose_memory(wish, arch, uefi, machine):
    """Firmware for ARM that has less hangs before it can say so."""
    if is_board(machine):
        return BOARD_RAM
    if arch != "aarch64" or not uefi:
        return wish or "64M"
    if wish and memory_bytes(wish) < FIRMWARE_RAM_MIB << 20:
        raise UserError(f"UEFI firmware wants {FIRMWARE_RAM_MIB}M of RAM at least: say -m")
    return wish or f"{FIRMWARE_RAM_MIB}M"


def memory_bytes(text):
    """QEMU's way to write a size: MiB unless a suffix says otherwise."""
    match = re.fullmatch(r"(?:size=)?(\d+)([KMGT]?)", text.upper())
    if not match:
        raise UserError(f"bad size '{text}': want a number and K, M or G, such as 64M")
    return int(match[1]) << {"K": 10, "": 20, "M": 20, "G": 30, "T": 40}[match[2]]


def _boot_iso(guest):
    if guest.args or guest.modules:
        raise UserError("a CD image carries its own arguments and modules: give them to 'unik iso'")
    if guest.machine == "microvm":
        raise UserError("microvm has no CD drive: use --machine pc or q35")
    line = ["-drive", f"if=ide,media=cdrom,readonly=on,format=raw,file={_escape(guest.image)}"]
    return line + (["-bios", _find_firmware(guest.arch)] if guest.uefi else [])


def _boot_disk(guest):
    if guest.args or guest.modules:
        raise UserError("a disk image carries its own arguments and modules: give them to 'unik disk'")
    return ["-bios", _find_firmware(guest.arch), "-device", "virtio-blk-pci,drive=disk", "-drive",
            f"if=none,id=disk,readonly=on,format=raw,file={_escape(guest.image)}"]


def _find_firmware(arch):
    package, paths = FIRMWARE[arch]
    for path in paths:
        if os.path.exists(path):
            return path
    raise UserError(f"no UEFI firmware found: apt-get install {package}")


def _network(guest):
    if not guest.net:
        return []
    if guest.net == "user":
        netdev = ",".join(["user", "id=net0"] + [str(port) for port in guest.ports])
    else:
        netdev = f"tap,id=net0,ifname={guest.net[4:]},script=no,downscript=no"
    return ["-netdev", netdev, "-device", _virtio(guest, "net") + ",netdev=net0"]


def _disks(guest):
    """The guest counts them in the order of its bus: virt gives out its slots for MMIO from the
    last one on."""
    pairs = []
    for number, disk in enumerate(guest.disks):
        pairs.append(["-drive", f"if=none,id=disk{number},format=raw,discard=unmap,"
                      f"file={_escape(disk.path)}" + (",readonly=on" if disk.read_only else ""),
                      "-device", f"{_virtio(guest, 'blk')},drive=disk{number}"])
    if guest.arch == "aarch64" and _virtio_bus(guest) == "mmio":
        pairs.reverse()
    return [word for pair in pairs for word in pair]


def _virtio_bus(guest):
    return guest.virtio or ("mmio" if guest.machine == "microvm" else "pci")


def _virtio(guest, kind):
    if is_board(guest.machine):
        raise UserError(f"{guest.machine} has no virtio devices")
    return f"virtio-{kind}-" + ("device" if _virtio_bus(guest) == "mmio" else "pci")


def _escape(path):
    """QEMU's option syntax ends a value at a comma and takes two for one."""
    return path.replace(",", ",,")
