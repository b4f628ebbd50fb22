# SPDX-License-Identifier: BSD-2-Clause
"""Local time, with this machine's time zone files in the boot archive, is what Python makes of
the same files."""

import datetime
import os
import shutil
import subprocess
import sys
import zoneinfo

import pytest

from web import MKARCHIVE

FOLDER = "/usr/share/zoneinfo"
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata",
         "America/Nuuk", "Africa/Casablanca", "Pacific/Apia", "Europe/Dublin"]
UTC = datetime.timezone.utc

needs_zones = pytest.mark.skipif(not os.path.exists(os.path.join(FOLDER, ZONES[0])),
                                 reason="no time zone files here; apt-get install tzdata")


def archive(folder, files):
    """A boot archive with files: {path in it: bytes or a file here}."""
    for path, data in files.items():
        at = os.path.join(folder, "root", path)
        os.makedirs(os.path.dirname(at), exist_ok=True)
        if isinstance(data, bytes):
            with open(at, "wb") as file:
                file.write(data)
        else:
            shutil.copyfile(data, at)
    made = os.path.join(folder, "zones.cpio")
    subprocess.run([sys.executable, MKARCHIVE, "-o", made, os.path.join(folder, "root")], check=True)
    return made


def run(boot, *args, modules=()):
    """What the guest said: {(zone, time): text}, and {zone: its names}."""
    guest = boot("tests/system/zones", args=["--", *map(str, args)], modules=modules)
    assert guest.wait(timeout_s=50) == 0, guest.text
    shown, names = {}, {}
    for line in guest.text.splitlines():
        words = line.strip("\r").split(" ", 2)
        if len(words) == 3 and words[1] == "names":
            names[words[0]] = words[2].split()
        elif len(words) == 3 and words[1].endswith(":"):
            shown[words[0], int(words[1][:-1])] = words[2]
    return shown, names


def expected(zone, t):
    local = (datetime.datetime(1970, 1, 1, tzinfo=UTC) +
             datetime.timedelta(seconds=t)).astimezone(zoneinfo.ZoneInfo(zone))
    # Python has no flag of its own for this: an offset with something saved in it.
    return local.strftime("%Y-%m-%dT%H:%M:%S %Z"), int(local.utcoffset().total_seconds())


@needs_zones
@pytest.mark.parametrize("start,step", [(-1500000000, 86400 * 61), (1711845000, 900),
                                        (1729985400, 900), (4000000000, 86400 * 37)])
def test_files_of_this_machine(boot, tmp_path, start, step):
    files = {f"usr/share/zoneinfo/{zone}": os.path.join(FOLDER, zone) for zone in ZONES}
    shown, _names = run(boot, start, step, 24, *ZONES, modules=[archive(str(tmp_path), files)])
    assert len(shown) == 24 * len(ZONES)
    for (zone, t), text in shown.items():
        what, offset = expected(zone, t)
        assert text.split()[:3] == [*what.split(), str(offset)], (zone, t, text)
        assert "mktime" not in text, (zone, t, text)


@needs_zones
def test_ways_to_name_a_file(boot, tmp_path):
    berlin = os.path.join(FOLDER, "Europe/Berlin")
    made = archive(str(tmp_path), {"usr/share/zoneinfo/Europe/Berlin": berlin, "z": berlin,
                                   "etc/localtime": berlin, "damaged": b"TZif2" + b"\0" * 39})
    ways = ["Europe/Berlin", ":Europe/Berlin", ":/z", "/z", "-"]
    rest = ["/damaged", "No/Such", ":", ":/", "/dev/console", "x" * 200, "JST-9", "No/Such"]
    shown, names = run(boot, 1720000000, 0, 1, *ways, *rest, modules=[made])
    for way in ways:
        assert shown[way, 1720000000] == "2024-07-03T11:46:40 CEST 7200 1 +0200 Wed 185"
        assert names[way] == ["CET", "CEST", "-3600", "1"]
    for way in rest:
        if way != "JST-9":
            assert shown[way, 1720000000] == "2024-07-03T09:46:40 UTC 0 0 +0000 Wed 185"
            assert names[way] == ["UTC", "UTC", "0", "0"]
    assert shown["JST-9", 1720000000] == "2024-07-03T18:46:40 JST 32400 0 +0900 Wed 185"


def test_nothing_said(boot):
    shown, names = run(boot, 0, 0, 1, "-")
    assert shown == {("-", 0): "1970-01-01T00:00:00 UTC 0 0 +0000 Thu 001"}
    assert names == {"-": ["UTC", "UTC", "0", "0"]}


def test_years_that_do_not_fit(boot):
    shown, _names = run(boot, 1 << 60, 1, 1, "CET-1CEST")
    assert list(shown.values()) == ["Value too large for defined data type"]
