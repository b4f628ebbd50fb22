#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Which lines of the library did the tests execute? Merged from all builds that counted.

    report.py [--lines] FOLDER...

A line is one that gcov knows code of, in any build; it is covered if a test of any build executed
it. What a build counted lies in FOLDER, as .gcda files of libgcov's (host tests) or as *.counts
beside images, which this makes into such. Prints the files and folders, and with --lines the lines
that nothing executed; the first FOLDER's parent gets all of that as report.txt. Status 1 if the
whole is below tests/coverage/floor, or if a file of which nothing was executed has no reason in
tests/coverage/reasons.txt, or one with a reason was executed after all.
"""

import argparse
import fcntl
import glob
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from counters import ROOT, Sums

HERE = os.path.dirname(os.path.abspath(__file__))
WHAT = ("kernel", "lib", "net", "drivers")
BATCH = 40  # files for one gcov


def wait_for_guests(folder):
    """Until what `qemu` beside this collects has all come."""
    if not os.path.isdir(folder):
        return
    busy = os.open(folder, os.O_RDONLY)
    fcntl.flock(busy, fcntl.LOCK_EX)
    os.close(busy)
    with open(os.path.join(folder, "errors"), "a+", encoding="utf-8") as file:
        file.seek(0)
        errors = file.read()
        file.truncate(0)
    if errors:
        raise SystemExit("counters were lost:\n" + errors)


def make_gcda(folder):
    """Counts of images -> .gcda files."""
    sums = Sums()
    for path in glob.glob(os.path.join(folder, "**", "*.counts"), recursive=True):
        sums.add_image(path[:-len(".counts")])
    sums.write()


def ask_gcov(paths):
    """What gcov says about object files, by their .gcno: a list of its JSON objects."""
    said = subprocess.run(["gcov", "--json-format", "--stdout", *paths], capture_output=True,
                          check=False, cwd=ROOT)
    if said.returncode and b"mismatch" in said.stderr:
        raise SystemExit(said.stderr.decode())
    return [json.loads(line) for line in said.stdout.splitlines() if line]


def source_of(path):
    """A path relative to the tree if it is one of those that are asked about, or None."""
    path = os.path.relpath(os.path.join(ROOT, path), ROOT)
    return path if path.split("/")[0] in WHAT else None


def lines_of(file):
    """The lines of one file of gcov's answer. To it, the first line of a function that a header declares
    is the declaration; that is no code of the header's."""
    declared = {f["start_line"] for f in file["functions"] if f["start_line"] == f["end_line"]}
    header = file["file"].endswith(".h")
    return [line for line in file["lines"] if not (header and line["line_number"] in declared)]


def collect(folders):
    """source -> {line: was it executed?}"""
    notes = [os.path.abspath(path) for folder in folders for path in
             glob.glob(os.path.join(folder, "**", "*.gcno"), recursive=True)]
    lines = {}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        batches = [notes[i:i + BATCH] for i in range(0, len(notes), BATCH)]
        for answer in (one for batch in pool.map(ask_gcov, batches) for one in batch):
            for file in answer["files"]:
                source = source_of(file["file"])
                for line in lines_of(file) if source else ():
                    known = lines.setdefault(source, {})
                    number = line["line_number"]
                    known[number] = known.get(number, False) or line["count"] > 0
    return lines


def read_reasons():
    """file -> why nothing of it is executed."""
    with open(os.path.join(HERE, "reasons.txt"), encoding="utf-8") as file:
        rows = [line.split(None, 1) for line in file if line.strip() and line[0] != "#"]
    return {path: why.strip() for path, why in rows}


def never(known):
    """"3 7-12": lines of one file that nothing executed. What has no code does not end a run."""
    numbers = sorted(known)
    spans = []
    for i, number in enumerate(numbers):
        if known[number]:
            continue
        if spans and i and spans[-1][1] == numbers[i - 1]:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return " ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in spans)


def row(name, known):
    """known: was it executed?, for each line."""
    covered = sum(known)
    return f"{name:<44} {len(known):6} {covered:6} {100 * covered / len(known):6.1f} %"


def make_table(lines):
    """Files, folders, the whole."""
    folders = {}
    for source, known in lines.items():
        folders.setdefault(os.path.dirname(source), []).extend(known.values())
    head = f"{'':<44} {'lines':>6} {'run':>6}"
    return [head, *(row(source, lines[source].values()) for source in sorted(lines)),
            "", head, *(row(folder + "/", folders[folder]) for folder in sorted(folders)),
            row("all", [line for known in folders.values() for line in known])]


def judge(lines, reasons, floor):
    """What is wrong; [] if nothing is."""
    found = [f"{path}: nothing of it is executed, and reasons.txt does not say why"
             for path, known in sorted(lines.items()) if not any(known.values()) and path not in reasons]
    found += [f"{path}: reasons.txt says that nothing of it is executed, but it is"
              for path in reasons if any(lines.get(path, {0: True}).values())]
    every = [line for known in lines.values() for line in known.values()]
    if 100 * sum(every) < floor * len(every):
        found.append(f"below {floor} %")
    return found


def main():
    parser = argparse.ArgumentParser(description="which lines of the library did the tests execute?")
    parser.add_argument("--lines", action="store_true", help="print those that nothing executed")
    parser.add_argument("--any", action="store_true", help="a part of the tests: nothing is too low")
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    options = parser.parse_args()
    top = os.path.dirname(os.path.abspath(options.folders[0]))
    wait_for_guests(os.path.join(top, "ram"))
    for folder in options.folders:
        make_gcda(folder)
    lines = collect(options.folders)
    table = make_table(lines)
    left = [f"{path}: {never(known)}" for path, known in sorted(lines.items()) if not all(known.values())]
    path = os.path.join(top, "report.txt")
    with open(path, "w", encoding="utf-8") as file:
        print(*table, "", "Executed by no test:", *left, sep="\n", file=file)
    print(*table, *(["", *left] if options.lines else []), sep="\n")
    print(f"what no test executes, line by line: {os.path.relpath(path)}")
    with open(os.path.join(HERE, "floor"), encoding="utf-8") as file:
        wrong = [] if options.any else judge(lines, read_reasons(), float(file.read()))
    print(*wrong, sep="\n", end="\n" if wrong else "", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
