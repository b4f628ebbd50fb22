#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The attack table of docs/security.md: which attacks there are, and what the tests saw of each.

test_security.py makes the attacks and writes what came of them to build/ARCH/attacks.json. Run as a
program, this puts that into the page, in the column of ARCH, between two markers; `make attack-table`.
"""

import json
import os
import re
import sys

from guest import ARCH, BUILD, ROOT

PAGE = os.path.join(ROOT, "docs", "security.md")
RESULTS = os.path.join(BUILD, "attacks.json")
START, END = "<!-- attacks: made by `make attack-table` -->", "<!-- end of attacks -->"
COLUMNS = {"x86_64": "x86-64", "aarch64": "AArch64", "host": "`ARCH=host`"}
NOT_CAUGHT, NOT_TRIED = "not caught", "–"

# Word for tests/system/attacks.c, and what it does.
ATTACKS = {
    "write-code": "write to code",
    "write-constants": "write to constants",
    "write-table": "write to a constant table of functions",
    "write-hook": "write to a pointer to a function that the library set while running",
    "execute-data": "execute data of the image",
    "execute-stack": "execute a stack",
    "execute-heap": "execute the heap",
    "execute-mapping": "execute a mapping without `PROT_EXEC`",
    "jump-null": "jump to page 0",
    "read-null": "read page 0",
    "main-stack": "run over the main thread's stack",
    "thread-stack": "run over another thread's stack",
    "signal-stack": "run over an alternate signal stack with a `PROT_NONE` page below it",
    "interrupt-stack": "write below the interrupt stack",
    "fault-stack": "write below the stack for faults",
    "smash": "write beyond an array on the stack",
    "double-free": "free a small block twice",
    "double-free-large": "free a large block twice",
    "heap-overflow": "write one byte behind a block, free it",
    "use-after-free": "write to a free block, take it again",
    "jump-middle": "call into the middle of a function (CPU `max`)",
    "return-elsewhere": "change a return address (CPU `max`)",
}
# What takes several boots.
OVER_BOOTS = {
    "canary": "the stack's random word in 5 boots",
    "bases": "image, heap, mappings, main and thread stack in 5 boots",
}
ROWS = {**ATTACKS, **OVER_BOOTS}

# A process has its layout and what the CPU checks of its host, which takes the fault on the signal
# stack itself; the stacks for interrupts and faults are not there.
ABSENT = {"host": {"write-hook", "signal-stack", "interrupt-stack", "fault-stack", "jump-middle",
                   "return-elsewhere", "canary", "bases"}}


def outcome(text):
    """What became of an attack: the panic's reason without numbers that differ, or NOT_CAUGHT."""
    found = re.search(r"unik: panic: (.*?)(?: \[thread .*\])?\r?$", text, re.MULTILINE)
    if found:
        return re.sub(r" at 0x[0-9a-f]+|0x[0-9a-f]+", lambda m: "" if " " in m[0] else "…", found[1])
    return NOT_CAUGHT if NOT_CAUGHT in text else "ended"


def record(name, result):
    """Keep a result for the table."""
    results = recorded()
    results[name] = result
    with open(RESULTS, "w", encoding="utf-8") as file:
        json.dump(results, file, indent=1, sort_keys=True, ensure_ascii=False)


def recorded():
    try:
        with open(RESULTS, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return {}


def documented():
    """The table of the page: architecture -> attack -> what the page says."""
    with open(PAGE, encoding="utf-8") as file:
        part = file.read().partition(START)[2].partition(END)[0]
    rows = {}
    for line in part.splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
        if len(cells) == 1 + len(COLUMNS):
            rows[cells[0]] = cells[1:]
    return {arch: {name: rows[what][n] for name, what in ROWS.items() if what in rows}
            for n, arch in enumerate(COLUMNS)}


def table(cells):
    lines = [f"| attack | {' | '.join(COLUMNS.values())} |", "| --- |" + " --- |" * len(COLUMNS)]
    for name, what in ROWS.items():
        line = [what] + [cells[arch].get(name, NOT_TRIED) for arch in COLUMNS]
        lines.append(f"| {' | '.join(line)} |")
    return "\n".join(lines)


def main():
    cells = documented()
    results = recorded()
    missing = [name for name in ROWS if name not in results and name not in ABSENT.get(ARCH, ())]
    if missing:
        print(f"{RESULTS} lacks {' '.join(missing)}", file=sys.stderr)
        return 1
    cells[ARCH] = {name: results[name] for name in ROWS if name in results}
    with open(PAGE, encoding="utf-8") as file:
        before, _, rest = file.read().partition(START)
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(f"{before}{START}\n{table(cells)}\n{END}{rest.partition(END)[2]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
