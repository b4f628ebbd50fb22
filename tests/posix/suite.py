#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""suite.py: build the Open POSIX Test Suite into images, boot each test, tell what came out.

A test of the suite is a program whose status says what became of it (its posixtest.h). Here many
tests share an image, which boots anew for each of them. reasons.txt lists the tests that need not
pass, by pattern, with the reason; every other test must. A reason that begins with "by chance: " is
for a test that another run may decide otherwise. Writes docs/posix-conformance.md when every test
has a result, from this run or an earlier one.

While it runs it writes a line for each area; the last line says how many passed and failed. The
whole of it ends within LIMIT_TOTAL_S: tests that had no turn then count as failed.

Status: 0; 1 a test failed that reasons.txt does not excuse, or of all tests fewer passed than the
number in the file `floor`.
"""

import argparse
import concurrent.futures
import fnmatch
import glob
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections import Counter, defaultdict

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.realpath(os.path.join(HERE, "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "tools"))

from unik_lib import qemu  # noqa: E402

ARCH = os.environ.get("ARCH", "x86_64")
OUT = os.path.join("build", ARCH, "posix")
REPORT = os.path.join(ROOT, "docs", "posix-conformance.md")
JOBS = os.cpu_count() or 1
LIMIT_S = 30
LIMIT_AGAIN_S = 60  # of a second try
LIMIT_TOTAL_S = 30 * 60
EXIT_LINE = re.compile(rb"unik: exit status (\d+)")
SUITE_CFLAGS = ["-D_XOPEN_SOURCE=600", "-D_POSIX_C_SOURCE=200112L", "-fno-builtin"]
STACK = "-Wl,--defsym=unik_stack_bytes=0x200000"  # some tests have large arrays on it
EDITION = os.path.join(HERE, "edition.h")

# Area by interface; the first that fits.
AREAS = [
    ("Asynchronous I/O", ("aio_*", "lio_listio")),
    ("Message queues", ("mq_*",)),
    ("Memory", ("mmap", "munmap", "mlock*", "munlock*", "shm_*")),
    ("Semaphores", ("sem_*",)),
    ("Mutexes", ("pthread_mutex*",)),
    ("Condition variables", ("pthread_cond*",)),
    ("Read-write locks, barriers, spin locks", ("pthread_rwlock*", "pthread_barrier*", "pthread_spin*")),
    ("Thread attributes", ("pthread_attr*",)),
    ("Signals", ("sig*", "kill*", "raise", "pthread_kill", "pthread_sigmask")),
    ("Threads", ("pthread_*",)),
    ("Scheduling", ("sched_*",)),
    ("Timers", ("timer_*", "nanosleep", "clock_nanosleep")),
    ("Clocks and dates", ("clock*", "time", "asctime", "ctime", "difftime", "gmtime", "localtime",
                          "mktime", "strftime")),
    ("Headers", ("definitions",)),
    ("Other", ("*",)),
]
STATUS = {0: "passed", 1: "failed", 2: "unresolved", 4: "unsupported", 5: "untested"}
PASSED = "passed"
BY_CHANCE = "by chance: "  # so begins the reason of a test that passes at times
NO_TURN = "no turn"
NO_FORK = "needs a second process: fork() gives ENOSYS"
DECIDED = (PASSED, "unsupported", "untested")  # another try would say the same


class Test:
    """One source file of the suite; `status` is filled in as it goes."""

    def __init__(self, path, source):
        self.path = path
        self.name = os.path.relpath(path, os.path.join(source, "conformance")).removesuffix(".c")
        self.name = self.name.removeprefix("interfaces/")
        self.interface = self.name.split("/")[0]
        self.symbol = "pts_" + re.sub(r"\W", "_", self.name)
        self.object = os.path.join(OUT, "obj", self.name + ".o")
        self.build_only = "buildonly" in self.name or self.interface == "definitions"
        self.area = next(area for area, patterns in AREAS
                         if any(fnmatch.fnmatch(self.interface, p) for p in patterns))
        self.status = self.detail = None

    def conclude(self, status, detail=""):
        self.status, self.detail = status, detail


def keep_results(tests, everything):
    """What came out stays in a file, so that a run of some areas brings the page up to date. Returns
    whether all tests have a result now."""
    path = os.path.join(OUT, "results.json")
    try:
        with open(path, encoding="utf-8") as file:
            kept = {name: (status, detail) for name, status, detail in json.load(file)}
    except OSError:
        kept = {}
    kept.update((t.name, (t.status, t.detail)) for t in tests)
    with open(path, "w", encoding="utf-8") as file:
        json.dump([(name, *rest) for name, rest in sorted(kept.items())], file, indent=0)
    for test in everything:
        test.conclude(*kept.get(test.name, (NO_TURN, "")))
    return all(t.status != NO_TURN for t in everything)


def find_tests(source, only):
    tests = []
    for folder, _, files in sorted(os.walk(os.path.join(source, "conformance"))):
        for name in sorted(files):
            if re.fullmatch(r"\d+-[\w-]+\.c", name) or "/definitions/" in folder + "/" and \
                    name.endswith(".c"):
                tests.append(Test(os.path.join(folder, name), source))
    return [t for t in tests if not only or any(fnmatch.fnmatch(t.name, o + "*") for o in only)]


def run(line, **more):
    return subprocess.run(line, capture_output=True, text=True, errors="replace", check=False,
                          **more)


def first_error(text):
    """What the compiler complains of, in a few words."""
    for line in text.splitlines():
        found = re.search(r"error: (.*)", line)
        if found:
            return found[1][:100]
    return text.strip().splitlines()[-1][:100] if text.strip() else "no message"


class Builder:
    def __init__(self, options):
        self.cc = shlex.split(os.environ.get("CC", "gcc"))
        self.objcopy = [self.cc[0].removesuffix("gcc") + "objcopy" if "gcc" in self.cc[0]
                        else "objcopy"]
        self.nm = [self.objcopy[0].removesuffix("objcopy") + "nm"]
        self.cflags = shlex.split(options.cflags)
        self.ldflags = shlex.split(options.ldflags)
        self.libs = shlex.split(options.libs)
        self.include = os.path.join(options.source, "include")
        self.stamp = hashlib.sha256(repr((self.cc, self.cflags)).encode()).hexdigest()[:16]
        self.headers_time = max(os.path.getmtime(os.path.join(folder, name))
                                for root in ["lib/include", *glob.glob("arch/*/public")]
                                for folder, _, names in os.walk(root) for name in names)

    def is_fresh(self, test):
        try:
            made = os.path.getmtime(test.object)
            with open(test.object + ".stamp", encoding="ascii") as file:
                return file.read() == self.stamp and made > os.path.getmtime(test.path) and \
                    made > self.headers_time
        except OSError:
            return False

    def compile(self, test):
        """An object with one global symbol of its own: the test's main()."""
        if self.is_fresh(test):
            return
        os.makedirs(os.path.dirname(test.object), exist_ok=True)
        raw = test.object + ".raw"
        edition = ["-include", EDITION] if test.area == AREAS[0][0] else []
        done = run([*self.cc, *self.cflags, *SUITE_CFLAGS, *edition, f"-I{self.include}",
                    f"-Dmain={test.symbol}", "-c", test.path, "-o", raw])
        if done.returncode:
            test.conclude("does not compile", first_error(done.stderr))
            return
        run([*self.objcopy, f"--keep-global-symbol={test.symbol}", raw, test.object])
        os.unlink(raw)
        with open(test.object + ".stamp", "w", encoding="ascii") as file:
            file.write(self.stamp)

    def symbols(self, paths, kinds):
        """The names that are defined in these files, in a section of one of these kinds."""
        lines = run([*self.nm, "-A", *paths]).stdout.splitlines()
        return {line.split()[-1] for line in lines
                if len(line.split()) > 1 and line.split()[-2] in kinds}

    def undefined(self, objects):
        """Object -> the symbols that it needs, by one nm for many."""
        needs = defaultdict(set)
        for at in range(0, len(objects), 500):
            for line in run([*self.nm, "-Au", *objects[at:at + 500]]).stdout.splitlines():
                path, symbol = line.split(":", 1)
                needs[path].add(symbol.split()[-1])
        return needs

    def drop_unlinkable(self, tests):
        """A test that needs what no library has is told by the name of it."""
        have = set()
        for lib in self.libs:
            path = lib if lib.endswith(".a") else run([*self.cc, "-print-libgcc-file-name"]).stdout.strip()
            have |= self.symbols([path], "TDBRVWi")
        have |= {"_GLOBAL_OFFSET_TABLE_"}
        needs_of = self.undefined([t.object for t in tests])
        mains = set()
        for at in range(0, len(tests), 500):
            mains |= self.symbols([t.object for t in tests[at:at + 500]], "T")
        for test in tests:
            if test.symbol not in mains and not test.build_only:
                test.conclude("untested", "there is no main()")
                continue
            needs = needs_of[test.object]
            missing = sorted(needs - have)
            if "fork" in needs and not test.build_only:
                # Some pass without a second process, because they never look; that means nothing.
                test.conclude("unsupported", NO_FORK)
            elif missing:
                test.conclude("does not link", "no " + ", ".join(missing[:4]))

    def link(self, area, tests):
        """One image for the tests of an area. Returns its path."""
        base = os.path.join(OUT, re.sub(r"\W+", "-", area.lower()))
        with open(base + ".table.c", "w", encoding="ascii") as file:
            file.write("struct entry { const char *name; int (*main)(int, char **); };\n")
            for test in tests:
                file.write(f"int {test.symbol}(int, char **);\n")
            file.write("const struct entry table[] = {\n")
            for test in tests:
                file.write(f'\t{{ "{test.name}", {test.symbol} }},\n')
            file.write("\t{ 0 }\n};\n")
        line = [*self.cc, *self.cflags, *self.ldflags, STACK, "-o", base + ".elf",
                os.path.join(HERE, "runner.c"), base + ".table.c",
                *(test.object for test in tests), "-Wl,--start-group", *self.libs, "-Wl,--end-group"]
        done = run(line)
        if done.returncode:
            sys.exit(f"suite: {area} does not link:\n{done.stderr[-2000:]}")
        return base + ".elf"


def boot(image, test, end, limit_s=LIMIT_S):
    """Runs the test; `end`: when the whole suite has to be done, by time.monotonic()."""
    limit_s = min(limit_s, end - time.monotonic())
    if limit_s <= 0:
        test.conclude(NO_TURN, "the suite's time was up")
        return
    guest = qemu.Guest(image=image, args=[test.name], extra=[])
    try:
        done = subprocess.run(qemu.command(guest), stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=limit_s, check=False)
    except subprocess.TimeoutExpired as error:
        test.conclude("hung", last_line(error.stdout or b""))
        return
    found = EXIT_LINE.findall(done.stdout)
    code = int(found[-1]) if found else done.returncode >> 1 if done.returncode % 2 else None
    with open(os.path.join(OUT, "log", test.symbol + ".log"), "wb") as file:
        file.write(done.stdout + done.stderr)
    test.conclude("crashed" if code is None or code >= 128 else STATUS.get(code, f"status {code}"),
                  last_line(done.stdout))


def last_line(text):
    lines = [line for line in text.decode("utf-8", "replace").splitlines()
             if line.strip() and "unik: exit status" not in line]
    return lines[-1].strip()[:100] if lines else ""


def pool_map(function, items, jobs):
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        list(pool.map(function, items))


def build(builder, tests):
    """Every test that can be built concludes here or lands in an image: area -> its tests."""
    pool_map(builder.compile, tests, JOBS)
    built = [t for t in tests if not t.status]
    builder.drop_unlinkable(built)
    by_area = defaultdict(list)
    for test in built:
        if test.build_only and not test.status:
            test.conclude(PASSED)
        elif not test.status:
            by_area[test.area].append(test)
    return by_area


def execute(builder, tests, reasons):
    end = time.monotonic() + LIMIT_TOTAL_S
    by_area = build(builder, tests)
    os.makedirs(os.path.join(OUT, "log"), exist_ok=True)
    for area, _ in AREAS:
        group = by_area[area]
        if group:
            run_area(builder.link(area, group), group, reasons, end)
        count = Counter(kind(t) for t in tests if t.area == area)
        if count:
            print(f"  {area + ':':40} {in_words(count)}", flush=True)


def run_area(image, tests, reasons, end):
    """Most tests sleep most of the time. What fails in the crowd, and nobody expects it to, gets a
    second try with more room."""
    pool_map(lambda t: boot(image, t, end), tests, 5 * JOBS)
    again = [t for t in tests if t.status not in DECIDED and not reason_of(t, reasons)]
    pool_map(lambda t: boot(image, t, end, LIMIT_AGAIN_S), again, JOBS)


def in_words(count):
    return ", ".join(f"{n} {status}" for status, n in count.most_common())


def read_reasons():
    reasons = []
    with open(os.path.join(HERE, "reasons.txt"), encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                pattern, reason = line.split(None, 1)
                reasons.append((pattern, reason.strip()))
    return reasons


def read_floor():
    with open(os.path.join(HERE, "floor"), encoding="ascii") as file:
        return int(file.read())


def reason_of(test, reasons):
    """Why it need not pass, or None. What calls fork(), and what says itself that it tests nothing,
    needs no line in the file."""
    if test.detail == NO_FORK:
        return NO_FORK
    if test.status == "untested":
        return "the suite does not test it"
    return next((reason for pattern, reason in reasons if fnmatch.fnmatch(test.name, pattern)), None)


def report(tests, reasons):
    """The page docs/posix-conformance.md."""
    lines = ["# POSIX conformance", "",
             "What the Open POSIX Test Suite 1.5.2 says, test by test; `make posix-test` makes this page.",
             "A test counts as unsupported when it says so itself, or when it cannot be built because",
             "the interface is missing.", "",
             "| area | tests | passed | failed | unsupported | unresolved |", "|---|--:|--:|--:|--:|--:|"]
    total = Counter()
    for area, _ in AREAS:
        count = Counter(kind(t) for t in tests if t.area == area)
        total += count
        if sum(count.values()):
            lines.append(row(area, count))
    lines.append(row("**all**", total))
    lines += ["", "## What does not pass, and why", "", "| test | outcome | reason |", "|---|---|---|"]
    for test in tests:
        if test.status != PASSED:
            lines.append(f"| {test.name} | {test.status} | {reason_of(test, reasons) or test.detail} |")
    return "\n".join(lines) + "\n"


def kind(test):
    if test.status == PASSED:
        return PASSED
    if test.status in ("unsupported", "does not link", "does not compile"):
        return "unsupported"
    return "unresolved" if test.status in ("unresolved", "untested") else "failed"


def row(name, count):
    figures = [sum(count.values())] + [count[k] for k in (PASSED, "failed", "unsupported", "unresolved")]
    return f"| {name} | " + " | ".join(map(str, figures)) + " |"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--source", required=True, help="the unpacked suite")
    parser.add_argument("--cflags", default="")
    parser.add_argument("--ldflags", default="")
    parser.add_argument("--libs", default="")
    parser.add_argument("--only", action="append", default=[], help="names that begin with this")
    options = parser.parse_args()
    os.chdir(ROOT)
    tests = find_tests(options.source, options.only)
    reasons = read_reasons()
    execute(Builder(options), tests, reasons)
    bad = [t for t in tests if t.status != PASSED and not reason_of(t, reasons)]
    better = [t for t in tests if t.status == PASSED and
              not (reason_of(t, reasons) or BY_CHANCE).startswith(BY_CHANCE)]
    for test in bad:
        print(f"  {test.status.upper():16} {test.name}: {test.detail}")
    for test in better:
        print(f"  {'PASSES NOW':16} {test.name}: take it off tests/posix/reasons.txt")
    everything = find_tests(options.source, [])
    if keep_results(tests, everything) and ARCH == "x86_64":
        with open(REPORT, "w", encoding="utf-8") as file:
            file.write(report(everything, reasons))
    passed = sum(t.status == PASSED for t in tests)
    floor = 0 if options.only or ARCH != "x86_64" else read_floor()
    if passed < floor:
        print(f"posix: {passed} passed; tests/posix/floor says that {floor} do")
    print(f"posix: {len(tests) - passed - len(bad)} of {len(tests)} excused by tests/posix/reasons.txt")
    print(f"{passed} passed, {len(bad)} failed", flush=True)
    return 1 if bad or passed < floor else 0


if __name__ == "__main__":
    sys.exit(main())
