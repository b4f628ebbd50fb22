#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Which functions the instructions of an operation go to.

    tests/bench/profile.py request|request16|connection|nginx|large|redis|udp|tcp_out|tcp_in|hello|start

"large" is nginx's megabyte by KiB, "redis" GET; "hello" is all that it does, "start" httpd until it has answered once.

Runs bench.py's operation once more with executions counted by address, and prints instructions per
operation (per KiB for streams) and function. What came before the operation (boot, warm-up) is in
the sums too, spread over the operations; there are enough of these for it not to matter. Iterations
of repeated string instructions count here, each by itself.
"""

import bisect
import collections
import os
import sys
import tempfile

import apps
import bench
import measure
import programs
from insncount import VIRT_IMAGE, elf
from measure import image, web

STREAM_MIB = 64


def _httpd(operation):
    def run(made):
        with made.counted("httpd", "profile", ports=["80"], modules=[made.site],
                          args=measure.FIXED_ADDRESS, symbols=["main"]) as (guest, counter):
            web.wait_until_up(guest, guest.address())
            operation(guest.address(), counter, made.page)

    return run


def _nginx(made):
    with apps.counted_nginx(made) as (address, counter):
        measure.in_sequence(address, counter, made.page)


def _nginx_large(made):
    with apps.counted_nginx(made) as (address, counter):
        apps.per_kib(address, counter, "/sub/large.bin")


def _redis(made):
    with programs.counted_redis(made, symbols=["main"]) as (address, counter):
        programs.in_sequence(address, counter, *programs.REDIS_GET)


def _hello(made):
    with made.counted("hello", "profile", symbols=["main"]) as (guest, _counter):
        guest.wait(30)


# operation -> (image, how to run it, how many)
OPERATIONS = {
    "request": ("httpd", _httpd(measure.in_sequence), measure.KEEP_ALIVE_REQUESTS + 200),
    "request16": ("httpd", _httpd(measure.in_parallel), measure.PARALLEL_REQUESTS),
    "connection": ("httpd", _httpd(measure.one_by_one), measure.SHORT_CONNECTIONS + 50),
    "nginx": ("nginx", _nginx, measure.KEEP_ALIVE_REQUESTS + 200),
    "large": ("nginx", _nginx_large, 65 << 10),
    "redis": ("redis", _redis, programs.IN_SEQUENCE + 200),
    "udp": ("tests/bench/guest_bench", bench.measure_udp, bench.DATAGRAMS + 50),
    "tcp_out": ("tests/bench/guest_bench", bench.measure_tcp_out, (STREAM_MIB + 1) << 10),
    "tcp_in": ("tests/bench/guest_bench", bench.measure_tcp_in, (STREAM_MIB + 1) << 10),
    "hello": ("hello", _hello, 1),
    "start": ("httpd", _httpd(lambda *_: None), 1),
}


def functions_of(path):
    """Sorted [(link address, name)]."""
    data = elf.Elf.open(path)
    return data, sorted({s.value: s.name for s in data.symbols() if s.section is not None and
                         s.type in (0, elf.STT_FUNC) and s.name and s.value}.items())


def by_function(path, pcs):
    """name -> executions; addresses outside of the image are the firmware's."""
    data, functions = functions_of(path)
    starts = [address for address, _ in functions]
    end = max(s.vaddr + s.memsz for s in data.segments if s.type == elf.PT_LOAD)
    with open(pcs, encoding="ascii") as file:
        rows = [line.rstrip("\n").split(" ") for line in file]
    main = next(int(row[0], 16) for row in rows if row[2] == "main")
    bases = [main - data.find_symbol("main").value]
    if data.arch == "aarch64":  # the start, before the image goes to its own address
        bases.append(VIRT_IMAGE - data.find_symbol("boot_headers").value)
    sums = collections.Counter()
    for pc, executions, _ in rows:
        address = min((int(pc, 16) - base for base in bases), key=lambda a: a if a >= 0 else end)
        if 0 <= address < end:
            at = bisect.bisect_right(starts, address) - 1
            sums[functions[at][1] if at >= 0 else "(headers)"] += int(executions)
    return sums


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in OPERATIONS:
        print(__doc__, file=sys.stderr)
        return 2
    name, run, times = OPERATIONS[sys.argv[1]]
    with tempfile.TemporaryDirectory(prefix="unik-profile-") as folder:
        pcs = os.path.join(folder, "pcs")
        os.makedirs(measure.LOGS, exist_ok=True)
        run(measure.Bench(folder, STREAM_MIB, pcs))
        sums = by_function(image(name), pcs)
    total = sum(sums.values())
    print(f"{total / times:10.1f}  100.0 %  all")
    for function, executions in sums.most_common(60):
        print(f"{executions / times:10.1f}  {100 * executions / total:5.1f} %  {function}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
