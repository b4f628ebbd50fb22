# SPDX-License-Identifier: BSD-2-Clause
"""The command line of `unik`: one function per subcommand that fills in the parser."""

import argparse
import sys

from . import accel, check, disk, elf, host, iso, qemu, run, sbom, size, symbolize, xl
from .errors import UserError

PROG = "unik"


class Parser(argparse.ArgumentParser):
    """argparse, but a wrong command line of `run` must not look like a program's status 2."""

    bad_usage = 2

    def error(self, message):
        self.print_usage(sys.stderr)
        self.exit(self.bad_usage, f"{self.prog}: {message}\n")


def main(argv):
    parser = Parser(prog=PROG, description="Run, measure and pack libunik images.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in (_add_run, _add_size, _add_why, _add_iso, _add_disk, _add_flat, _add_symbolize, _add_sbom, _add_check, _add_xl):
        add(commands)
    # argparse cannot tell options from words of the program behind "--" in a subcommand.
    split = argv.index("--") if "--" in argv else len(argv)
    parser.bad_usage = run.STATUS_FAILED if argv[:1] == ["run"] else 2
    options = parser.parse_args(argv[:split])
    options.args = argv[split + 1:]
    if options.args and not options.takes_args:
        parser.error(f"'{options.command}' takes nothing after --")
    try:
        return options.action(options)
    except UserError as error:
        print(f"{PROG}: {error}", file=sys.stderr)
        return options.on_error
    except BrokenPipeError:
        return 1


def _add_run(commands):
    parser = commands.add_parser(
        "run", help="boot an image under QEMU and return its status",
        usage="unik run IMAGE [options] [-- ARG...]",
        epilog="What stands after -- are the program's arguments. Status: the program's own; 134 "
               "after a panic; 124 time is up; 125 the machine ended without a status or could not be started; 130 after Ctrl-C.")
    parser.bad_usage = run.STATUS_FAILED
    parser.set_defaults(action=_run, on_error=run.STATUS_FAILED, takes_args=True)
    add = parser.add_argument
    add("image", metavar="IMAGE", help="an image (ELF), or what 'unik iso' or 'unik disk' made of it")
    add("-m", "--memory", metavar="SIZE", help="RAM, default 64M; by UEFI on aarch64 128M, and no less")
    add("-p", "--port", action="append", default=[], metavar="HOST:GUEST[/udp]",
        help="forward a port of this machine to the guest; may be repeated")
    add("--module", action="append", default=[], metavar="FILE",
        help="hand FILE to the guest as a boot module; may be repeated")
    add("--disk", action="append", default=[], metavar="FILE[,ro]",
        help="FILE as a disk of the guest, vda, vdb and so on; may be repeated")
    add("--machine", metavar="NAME[,PROPERTY=VALUE...]",
        help="; ".join(f"{arch}: {', '.join(names)}" for arch, names in qemu.MACHINES.items()))
    add("--virtio", choices=("pci", "mmio"),
        help="the bus of virtio devices; default mmio on microvm, else pci")
    add("--accel", choices=("auto", "tcg", "kvm"), default="auto",
        help="auto (default) takes KVM only if a guest really runs on it")
    add("--cpu", metavar="MODEL", help="CPU model, as QEMU names it")
    add("--net", metavar="user|tap:IFNAME|none", help="network; -p alone means user")
    add("--host", action="store_true",
        help="an image made with ARCH=host, which runs as a process (they are known without)")
    add("--uefi", action="store_true", help="boot by UEFI firmware: a CD image on x86_64, any image on aarch64")
    add("--gdb", nargs="?", type=int, const=1234, metavar="PORT",
        help="wait for gdb on PORT (1234) before the first instruction")
    add("--rng", action="store_true", help="add a virtio entropy device")
    add("--qemu-arg", action="append", default=[], metavar="ARG",
        help="one more word for QEMU's command line (write --qemu-arg=-x); may be repeated")
    add("--timeout", type=float, metavar="S", help="stop the guest after S seconds")
    add("-v", "--verbose", action="store_true", help="print the QEMU command line")


def _run(options):
    ports = [qemu.parse_port(text) for text in options.port]
    net = qemu.parse_net(options.net) if options.net else ("user" if ports else None)
    if ports and net != "user":
        raise UserError("-p needs user networking: drop --net or say --net user")
    disks = [qemu.parse_disk(text) for text in options.disk]
    run.check_files([options.image] + options.module + [disk.path for disk in disks])
    if options.host or host.is_process(options.image):
        return _run_process(options, net, ports, disks)
    arch = run.arch_of(options.image)
    machine = qemu.check_machine(arch, options.machine)
    uefi = options.uefi or qemu.is_disk(options.image)
    guest = qemu.Guest(image=options.image, arch=arch, machine=machine,
                       memory=qemu.choose_memory(options.memory, arch, uefi, machine),
                       accel=accel.choose(options.accel, arch), cpu=options.cpu,
                       args=options.args, modules=options.module, net=net, ports=ports, disks=disks,
                       virtio=options.virtio, rng=options.rng, gdb=options.gdb,
                       uefi=uefi, extra=options.qemu_arg)
    return run.run(guest, options.verbose, options.timeout)


def _run_process(options, net, ports, disks):
    if not host.is_process(options.image):
        raise UserError(f"{options.image}: not made with ARCH=host")
    host.check(options)
    guest = qemu.Guest(image=options.image, memory=host.memory(options.memory), args=options.args,
                       modules=options.module, net=net, ports=ports, disks=disks)
    return run.run_process(guest, options.verbose, options.timeout)


def _add_size(commands):
    parser = commands.add_parser(
        "size", help="what is in an image, per folder and per object",
        description="Book every loaded byte of an image on the object it came from. Needs the "
                    "linker's map, IMAGE.map, and the objects that the image was linked from.")
    parser.set_defaults(action=_size, on_error=1, takes_args=False)
    add = parser.add_argument
    add("image", metavar="IMAGE")
    add("--sections", action="store_true", help="each object's sections, one per function, too")
    add("--json", action="store_true", help="print JSON")
    add("--why", metavar="THING", help="as 'unik why IMAGE THING'")


def _size(options):
    if options.why:
        return size.why(options.image, options.why)
    size.show(options.image, options.json, options.sections)
    return 0


def _add_why(commands):
    parser = commands.add_parser(
        "why", help="what pulled a function or an object into an image",
        description="Print the shortest chain of references from the image's entry to a symbol, or "
                    "to any part of an object. Status 1: it is not in the image.")
    parser.set_defaults(action=lambda o: size.why(o.image, o.thing), on_error=1, takes_args=False)
    parser.add_argument("image", metavar="IMAGE")
    parser.add_argument("thing", metavar="SYMBOL|OBJECT",
                        help="printf, net/socket.c, newlib/vfprintf, …")


def _add_symbolize(commands):
    parser = commands.add_parser(
        "symbolize", help="put names behind the addresses of a panic",
        description="Read a console log from standard input and write it with function names and "
                    "source lines behind the addresses of a panic's backtrace.")
    parser.set_defaults(action=_symbolize, on_error=1, takes_args=False)
    parser.add_argument("image", metavar="IMAGE", help="the image that wrote the log, unstripped")


def _symbolize(options):
    elf.Elf.open(options.image)
    console = symbolize.BacktraceFilter(options.image)
    for line in sys.stdin.buffer:
        sys.stdout.buffer.write(console.feed(line))
    sys.stdout.buffer.write(console.end())
    return 0


def _add_iso(commands):
    parser = commands.add_parser(
        "iso", help="make a CD image that boots on BIOS and UEFI (x86_64)",
        usage="unik iso IMAGE -o FILE.iso [options] [-- ARG...]",
        epilog="What stands after -- are the program's arguments.")
    parser.set_defaults(action=_iso, on_error=1, takes_args=True)
    _add_packing(parser, "FILE.iso")
    parser.add_argument(
        "--protocol", choices=iso.PROTOCOLS + ("both",), default="both",
        help="how GRUB loads the image; both (default) makes two menu entries, multiboot2 first")


def _add_packing(parser, output):
    add = parser.add_argument
    add("image", metavar="IMAGE")
    add("-o", "--output", required=True, metavar=output)
    add("--module", action="append", default=[], metavar="FILE",
        help="boot module for the guest; may be repeated")
    add("--args", dest="arg_text", default="", metavar="TEXT",
        help="the program's arguments as one text, blanks between them")


def _iso(options):
    words = options.arg_text.split() + options.args
    iso.make(options.image, options.output, options.module, words, options.protocol)
    return 0


def _add_disk(commands):
    parser = commands.add_parser(
        "disk", help="make a disk image that boots by UEFI (aarch64)",
        usage="unik disk IMAGE -o FILE [options] [-- ARG...]",
        epilog="What stands after -- are the program's arguments.")
    parser.set_defaults(action=_disk, on_error=1, takes_args=True)
    _add_packing(parser, "FILE")


def _disk(options):
    disk.make(options.image, options.output, options.module,
              options.arg_text.split() + options.args)
    return 0


def _add_flat(commands):
    parser = commands.add_parser(
        "flat", help="write the image as one run of bytes, a Linux Image and UEFI program (aarch64)")
    parser.set_defaults(action=_flat, on_error=1, takes_args=False)
    parser.add_argument("image", metavar="IMAGE", help="an image (ELF)")
    parser.add_argument("-o", "--output", required=True, metavar="FILE")


def _flat(options):
    data = elf.Elf.open(options.image).flat()
    with open(options.output, "wb") as file:
        file.write(data)
    return 0


def _add_sbom(commands):
    parser = commands.add_parser(
        "sbom", help="write down what an image is made of, as an SPDX document",
        description="Name every object in an image with its hashes, licence and the package of "
                    "sources it came from (SPDX 2.3, JSON). Needs what 'unik size' needs. The "
                    "document's date is the image's, or SOURCE_DATE_EPOCH.")
    parser.set_defaults(action=_sbom, on_error=1, takes_args=False)
    parser.add_argument("image", metavar="IMAGE")
    parser.add_argument("-o", "--output", default="-", metavar="FILE", help="default: standard output")


def _sbom(options):
    sbom.write(options.image, options.output)
    return 0


def _add_check(commands):
    parser = commands.add_parser(
        "check", help="which protections an image carries",
        description="Read from an image which protections it carries. Status 1: one that every "
                    "image has is missing.")
    parser.set_defaults(action=lambda o: check.show(o.image, o.details), on_error=2, takes_args=False)
    parser.add_argument("image", metavar="IMAGE", help="an image (ELF)")
    parser.add_argument("--details", action="store_true", help="name what is not as it should be")


def _add_xl(commands):
    parser = commands.add_parser(
        "xl", help="write a configuration for Xen's xl create",
        usage="unik xl IMAGE [-o FILE.cfg] [options] [-- ARG...]",
        epilog="What stands after -- are the program's arguments. Then: xl create -c FILE.cfg")
    parser.set_defaults(action=_xl, on_error=1, takes_args=True)
    add = parser.add_argument
    add("image", metavar="IMAGE", help="an image (ELF); for --type hvm what 'unik iso' made of it")
    add("-o", "--output", metavar="FILE.cfg", help="default: standard output")
    add("--type", choices=xl.TYPES, help="kind of domain; default: pvh, on aarch64 arm")
    add("--name", help="of the domain; default: the image's")
    add("-m", "--memory", metavar="SIZE", help="RAM, default 64M")
    add("--vif", action="append", default=[], metavar="SPEC",
        help="a network interface as xl-network-configuration(5) has it, say bridge=xenbr0; may be repeated")
    add("--disk", action="append", default=[], metavar="FILE|SPEC",
        help="a raw disk image, or what xl-disk-configuration(5) has; may be repeated")
    add("--module", action="append", default=[], metavar="FILE",
        help="hand FILE to the guest as a boot module; xl has one")
    add("--kernel", metavar="PATH", help="where the image lies on the host that runs xl")


def _xl(options):
    domain = xl.Domain(options.image, kind=options.type, name=options.name, memory=options.memory,
                       kernel=options.kernel, modules=options.module, vifs=options.vif,
                       disks=options.disk, args=options.args)
    text = domain.text()
    if options.output:
        with open(options.output, "w", encoding="utf-8") as file:
            file.write(text)
    else:
        sys.stdout.write(text)
    return 0
