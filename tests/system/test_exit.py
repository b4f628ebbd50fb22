# SPDX-License-Identifier: BSD-2-Clause
"""How a program ended reaches whoever started it; a panic explains itself."""

import re

import pytest

from machines import HERE, every_machine, only_x86_64

PROBE = "tests/system/probe"


@every_machine
@pytest.mark.parametrize("status", [0, 1, 126, 127, 128, 255])
def test_status(boot, machine, status):
    assert boot(PROBE, machine=machine, args=["status", status]).wait() == status


@only_x86_64
@pytest.mark.parametrize("how,machine", [("iso-bios-mb1", "pc"), ("iso-bios-mb2", "q35"),
                                         ("iso-uefi", "pc"), ("iso-uefi", "q35")])
def test_status_from_cd(boot, how, machine):
    assert boot(PROBE, how=how, machine=machine, args=["status", "77"]).wait() == 77


@pytest.mark.parametrize("machine", HERE.panic_machines)
def test_panic(boot, machine):
    """A write to page 0: status 134, the reason, and a trace with names that leads to main()."""
    guest = boot(PROBE, machine=machine, args=["null"])
    assert guest.wait() == 134
    assert "unik: panic:" in guest.text
    frames = [line for line in guest.text.splitlines() if "image+0x" in line]
    assert frames, guest.text
    assert re.search(r"\bwrite_to \(.*probe\.c:\d+\)", frames[0]), guest.text
    names = "\n".join(line for line in frames if "?" not in line)
    assert re.search(r"\bmain \(", names), guest.text


def test_panic_after_call_to_nowhere(boot):
    guest = boot(PROBE, args=["wild"])
    assert guest.wait() == 134
    assert re.search(r"\bdo_wild \(", guest.text), guest.text


def test_stack_overflow_is_named(boot):
    guest = boot(PROBE, args=["overflow"])
    assert guest.wait() == 134
    assert re.search(r"unik: panic:.*stack", guest.text), guest.text


@pytest.mark.parametrize("job,says", [("abort", "abort"), ("assert", r"argc == 1000.*probe\.c")])
def test_abort_and_assert_name_the_place(boot, job, says):
    guest = boot(PROBE, args=[job])
    assert guest.wait() == 134
    assert re.search(says, guest.text), guest.text
