# SPDX-License-Identifier: BSD-2-Clause
"""The machines that the system tests run on, and the ways to boot, per architecture.

A machine is named as `tools/unik run --machine` takes it; "+mmio" or "+pci" behind it puts its
virtio devices on that bus, "@CPU" behind that names its processor. The first is where a test runs
that does not say.
"""

from dataclasses import dataclass

import pytest

from guest import ARCH


@dataclass(frozen=True)
class Arch:
    machines: tuple
    boots: tuple         # (how, machine) beyond a kernel on each of these
    cpus: tuple
    old_cpu: str         # one with little beyond the architecture's baseline
    guest_machines: tuple      # where the programs of tests/guest run
    guest_net_machines: tuple  # where those run that want a network
    boards: tuple  # models of real boards: no virtio devices, so no network
    large_machines: tuple      # where much RAM lies above 4 GiB
    panic_machines: tuple


KNOWN = {
    "x86_64": Arch(
        machines=("pc", "q35", "microvm"),
        boots=tuple((how, machine) for how in ("iso-bios-mb1", "iso-bios-mb2", "iso-uefi")
                       for machine in ("pc", "q35")),
        cpus=("qemu64", "max", "Skylake-Client"), old_cpu="qemu64",
        guest_machines=("pc",), guest_net_machines=("pc",), boards=(), large_machines=("pc", "q35"),
        panic_machines=("pc", "microvm")),
    "aarch64": Arch(
        machines=("virt", "virt,gic-version=3", "virt+mmio", "virt,gic-version=3+mmio"),
        boots=(("kernel", "virt,virtualization=on"),  # entered at EL2
               ("uefi-kernel", "virt"), ("uefi-kernel", "virt,virtualization=on"),
               ("uefi-disk", "virt"), ("uefi-disk", "virt,gic-version=3"),
               # Firmware that hands over ACPI tables and no device tree.
               ("uefi-kernel", "virt,acpi=on"), ("uefi-kernel", "virt,acpi=on+mmio"),
               ("uefi-kernel", "virt,acpi=on,gic-version=3"),
               ("uefi-kernel", "virt,acpi=on,gic-version=3+mmio"), ("uefi-disk", "virt,acpi=on")),
        cpus=("cortex-a53", "cortex-a72", "max"), old_cpu="cortex-a53",
        guest_machines=("virt", "virt,gic-version=3+mmio@max"),
        guest_net_machines=("virt", "virt,gic-version=3@max", "virt+mmio",
                            "virt,gic-version=3+mmio"),
        boards=("raspi3b",),
        large_machines=("virt",), panic_machines=("virt", "virt,gic-version=3")),
}

KNOWN["host"] = Arch(
    machines=("host",), boots=(), cpus=(), old_cpu="",
    guest_machines=("host",), guest_net_machines=("host",), boards=(), large_machines=(),
    panic_machines=("host",))

HERE = KNOWN[ARCH]
DEFAULT = HERE.machines[0]
PATHS = [("kernel", machine) for machine in HERE.machines] + list(HERE.boots)

every_machine = pytest.mark.parametrize("machine", HERE.machines)
every_path = pytest.mark.parametrize("how,machine", PATHS)
every_path_and_board = pytest.mark.parametrize(
    "how,machine", PATHS + [("kernel", board) for board in HERE.boards])
only_aarch64 = pytest.mark.skipif(ARCH != "aarch64", reason="is about ARM's ways to boot")
only_x86_64 = pytest.mark.skipif(ARCH != "x86_64", reason="is about the PC's ways to boot")


def options(machine):
    """Words for `unik run`."""
    if machine == "host":
        return ["--host"]
    board, _, cpu = machine.partition("@")
    name, _, bus = board.partition("+")
    return ["--machine", name, *(["--virtio", bus] if bus else []),
            *(["--cpu", cpu] if cpu else [])]


def is_mmio(machine):
    return machine == "microvm" or machine.partition("@")[0].endswith("+mmio")
