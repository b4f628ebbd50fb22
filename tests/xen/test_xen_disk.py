# SPDX-License-Identifier: BSD-2-Clause
"""Disks of a guest against Linux's blkback: what is written is there in the next guest too,
errors are told, and a back end that goes away under load and comes back is gone on with."""

import pytest

import rig
from job import Job, image

SIZE = 6 << 20
DISK = "format=raw, vdev=xvda, access=rw, target=/run/disk.img"
MAKE = "dd if=/dev/zero of=/run/disk.img bs=1M count=6 2>/dev/null; "


@pytest.fixture(scope="module", autouse=True)
def built():
    try:
        rig.build()
    except rig.Unavailable as why:
        pytest.skip(f"no Xen to test with: {why}")


def disk_guest(job, name, *args, disk=DISK):
    job.guest(name, image("tests/system/disk"), args=["unik.log=info", *args], disks=[disk])


def test_every_sector():
    """Each sector has its own content: in this guest, in the next, and in dom0's file."""
    jobs = {"list": ("list",), "fill": ("fill", "/dev/xvda", "3"), "check": ("check", "/dev/xvda", "3"),
            "native": ("native", "xvda", "4"), "again": ("check", "/dev/xvda", "4"),
            "edges": ("edges", "/dev/xvda"), "ragged": ("ragged", "/dev/xvda"),
            "sync": ("sync", "/dev/xvda", "20"), "discard": ("discard", "/dev/xvda")}
    job = Job("disk")
    for name, args in jobs.items():
        disk_guest(job, name, *args)
    disk_guest(job, "readonly", "readonly", "/dev/xvda",
               disk=DISK.replace("access=rw", "access=ro"))
    result = job.run(MAKE + f"run_guests 60 {' '.join(jobs)} readonly")
    assert result.status == 0, result.log
    for name in (*jobs, "readonly"):
        assert result[name].status == 0, result[name].console
    assert f"xvda: {SIZE // 512} sectors of 512, cache" in result["list"].console
    assert f"checked {SIZE}" in result["check"].console
    assert f"checked {SIZE}" in result["again"].console


def test_errors():
    """What the back end cannot write is EIO, and nothing else is: its file lies where there is room
    for a third of it."""
    job = Job("disk-errors")
    disk_guest(job, "full", "full", "/dev/xvda", "10000",
               disk=DISK.replace("/run/disk.img", "/run/small/disk.img"))
    result = job.run("""
        mkdir /run/small; mount -t tmpfs -o size=2m none /run/small
        dd if=/dev/zero of=/run/small/disk.img bs=1 count=1 seek=6291455 2>/dev/null
        dd if=/dev/zero of=/run/small/disk.img bs=512 count=1 conv=notrunc 2>/dev/null
        dd if=/dev/zero of=/run/small/rest bs=4k 2>/dev/null
        run_guests 60 full""")
    assert result.status == 0, result.log
    assert result["full"].status == 0 and "full done" in result["full"].console


def test_back_end_comes_back_under_load():
    """Three times the back end closes and begins anew, once the disk is detached and attached: each
    time the guest goes on, and reads what it wrote."""
    job = Job("disk-reconnect")
    disk_guest(job, "churn", "churn", "/dev/xvda", "45")
    result = job.run(MAKE + f"""
        start churn; until_true 20 console_has churn "round 1 from 0" || return 1
        back=/local/domain/0/backend/vbd/$(xl domid churn)/51712
        rounds() {{ grep -c "^round" /var/log/xen/console/guest-churn.log; }}
        grows() {{ [ $(rounds) -gt $1 ]; }}
        for i in 1 2 3; do
            xenstore-write $back/state 5
            until_true 20 grep -q "the back end is going" /var/log/xen/console/guest-churn.log
            sleep 1; until_true 20 eval '[ $(xenstore-read $back/state) = 4 ]' || return 1
            before=$(rounds); until_true 30 grows $before || return 1
            say "begun anew $i"
        done
        xl block-detach churn xvda || return 1
        sleep 1; xl block-attach churn '{DISK}' || return 1
        before=$(rounds); until_true 40 grows $before || return 1
        say "attached again"
        finish churn 90""")
    assert result.status == 0, result.log
    churn = result["churn"]
    assert churn.status == 0 and "churn done" in churn.console, churn.console
    assert churn.console.count("the back end is going") >= 4
