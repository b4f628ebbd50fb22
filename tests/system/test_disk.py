# SPDX-License-Identifier: BSD-2-Clause
"""Disks as a program sees them: what is written is there, also after a restart; what cannot be is
said."""

import json
import re

import pytest

from guest import ARCH
from machines import DEFAULT, every_machine, is_mmio

DISK = "tests/system/disk"
SIZE = 6 << 20
BAD_SECTOR = 2000


of_qemu = pytest.mark.skipif(ARCH == "host", reason="is about QEMU's disks")


@pytest.fixture
def disk(tmp_path):
    """A file for --disk, empty."""
    path = tmp_path / "a disk, with a comma.img"
    path.write_bytes(b"")
    with open(path, "r+b") as file:
        file.truncate(SIZE)
    return path


@pytest.fixture
def run(boot, disk):
    """Run one job on the disk to its end; its console."""
    def call(*args, machine=None, suffix="", options=()):
        guest = boot(DISK, args=args, options=["--disk", f"{disk}{suffix}", *options],
                     **({"machine": machine} if machine else {}))
        status = guest.wait(50)
        assert status == 0, guest.text
        return guest.text

    return call


@pytest.mark.limit(180)
@every_machine
def test_every_sector(run, disk, machine):
    """Every sector has its own content, in this boot, in the next, and in the file."""
    assert f"filled {SIZE}" in run("fill", "/dev/vda", 3, machine=machine)
    assert f"checked {SIZE}" in run("check", "/dev/vda", 3, machine=machine)
    first = disk.read_bytes()
    assert len(first) == SIZE and len({first[at:at + 512] for at in range(0, SIZE, 512)}) == SIZE // 512
    if ARCH != "host":  # there, a request may also lie on a stack
        run("native", "vda", 4, machine=machine)
        assert f"checked {SIZE}" in run("check", "/dev/vda", 4, machine=machine)
        assert disk.read_bytes() != first


@every_machine
def test_names_in_order(run, tmp_path, machine):
    other = tmp_path / "other.img"
    other.write_bytes(bytes(1 << 20))
    text = run("list", machine=machine, options=["--disk", f"{other},ro"])
    assert f"vda: {SIZE // 512} sectors of 512, cache" in text
    assert "vdb: 2048 sectors of 512, read only" in text


def test_edges(run):
    assert "edges done" in run("edges", "/dev/vda")


@every_machine
def test_writers_of_the_same_sectors(run, machine):
    assert "ragged done" in run("ragged", "/dev/vda", machine=machine)


def test_read_only(run, disk):
    before = disk.read_bytes()
    assert "readonly done" in run("readonly", "/dev/vda", suffix=",ro")
    assert disk.read_bytes() == before


@of_qemu
def test_discard(run, disk):
    """What is thrown away no longer takes room."""
    disk.write_bytes(b"x" * SIZE)
    before = disk.stat().st_blocks
    assert "discard done" in run("discard", "/dev/vda")
    assert disk.stat().st_blocks < 0.6 * before


def broken_disk(boot, disk, tmp_path, events, args, machine=DEFAULT):
    """A disk that QEMU's blkdebug makes fail; the guest gets the errors."""
    config = tmp_path / "blkdebug.conf"
    config.write_text(events)
    kind = "device" if is_mmio(machine) else "pci"
    node = {"driver": "raw", "file": {"driver": "blkdebug", "config": str(config),
                                      "image": {"driver": "file", "filename": str(disk)}}}
    text = json.dumps({"node-name": "bad", **node})
    options = ["--qemu-arg=-blockdev", f"--qemu-arg={text}", "--qemu-arg=-device",
               f"--qemu-arg=virtio-blk-{kind},drive=bad,werror=report,rerror=report"]
    return boot(DISK, args=args, options=options, machine=machine)


@of_qemu
@every_machine
def test_errors(boot, disk, tmp_path, machine):
    """A bad sector is EIO for who asks for it, and for nobody else."""
    guest = broken_disk(boot, disk, tmp_path, f"""
[inject-error]
event = "none"
iotype = "read"
errno = "5"
sector = "{BAD_SECTOR}"

[inject-error]
event = "none"
iotype = "write"
errno = "5"
sector = "{BAD_SECTOR}"
""", ["errors", "/dev/vda", BAD_SECTOR], machine)
    assert guest.wait() == 0, guest.text
    assert "errors done" in guest.text


@of_qemu
def test_flush_reaches_the_disk(run, tmp_path):
    """Each fsync() is a flush of the device, and each write() with O_SYNC brings one."""
    trace = tmp_path / "trace"
    run("sync", "/dev/vda", 7, options=["--qemu-arg=-trace", "--qemu-arg=virtio_blk_*",
                                        "--qemu-arg=-D", f"--qemu-arg={trace}"])
    events = re.findall(r"virtio_blk_(\w+) ", trace.read_text())
    writes = events.count("handle_write")
    assert writes == 8
    assert events.count("req_complete") - writes - events.count("handle_read") == 8


@of_qemu
def test_flush_that_fails(boot, disk, tmp_path):
    """fsync() does not say yes when the disk says no."""
    guest = broken_disk(boot, disk, tmp_path, """
[inject-error]
event = "none"
iotype = "flush"
errno = "5"
""", ["sync", "/dev/vda", 1])
    assert guest.wait() != 0
    assert "failed" in guest.text and f"errno {5}" in guest.text
