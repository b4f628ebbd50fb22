# SPDX-License-Identifier: BSD-2-Clause
"""What `make coverage` says about lines is right; the run itself is no part of the tests."""

import os
import struct
import sys

import pytest

from guest import ROOT

sys.path.insert(0, os.path.join(ROOT, "tests", "coverage"))
import counters  # noqa: E402
import report  # noqa: E402

GOOD = {"kernel/a.c": {1: True, 2: True, 9: False, 10: True}}


@pytest.mark.parametrize("known,text", [
    ({1: True, 2: True}, ""), ({1: False}, "1"), ({1: False, 2: True, 3: False}, "1 3"),
    ({1: True, 5: False, 9: False, 12: True}, "5-9"), ({4: False, 3: False}, "3-4")])
def test_lines_that_nothing_executed(known, text):
    assert report.never(known) == text


@pytest.mark.parametrize("lines,reasons,floor,wrong", [
    (GOOD, {}, 75, 0), (GOOD, {}, 76, 1),
    ({**GOOD, "lib/b.c": {1: False}}, {}, 0, 1),
    ({**GOOD, "lib/b.c": {1: False}}, {"lib/b.c": "Xen"}, 0, 0),
    (GOOD, {"kernel/a.c": "Xen"}, 0, 1),        # it is executed after all
    (GOOD, {"kernel/none.c": "Xen"}, 0, 1)])    # it is no more
def test_judgement(lines, reasons, floor, wrong):
    assert len(report.judge(lines, reasons, floor)) == wrong


def test_sum_of_runs(tmp_path):
    """Each run adds; a counter that overflows is counted on from 0."""
    path = str(tmp_path / "a.counts")
    counters.add(path, struct.pack("<3Q", 1, 0, 2 ** 64 - 1))
    counters.add(path, struct.pack("<3Q", 2, 0, 2))
    with open(path, "rb") as file:
        assert struct.unpack("<3Q", file.read()) == (3, 0, 1)


def test_declarations_are_no_lines():
    functions = [{"start_line": 3, "end_line": 3}, {"start_line": 7, "end_line": 9}]
    lines = [{"line_number": n} for n in (3, 7, 8)]
    for name, wanted in (("lib/a.h", [7, 8]), ("lib/a.c", [3, 7, 8])):
        got = report.lines_of({"file": name, "functions": functions, "lines": lines})
        assert [line["line_number"] for line in got] == wanted
