#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""run.py [--time S] TARGET...: run libFuzzer targets one after the other, a line each.

The corpus that a target has found grows in build/fuzz/corpus/<target>; it starts from what
seeds.py makes. A crash leaves its input beside the target, and the way to repeat it is printed.
Status: 0; 1 a target crashed, leaked, hung or was slower than MIN_PER_S.
"""

import argparse
import os
import re
import resource
import subprocess
import sys

import seeds

MIN_PER_S = 1000  # of CPU time; below that a target tests little in the time that CI has


def figure(log, name):
    found = re.search(rf"stat::{name}:\s*(\d+)", log)
    return int(found[1]) if found else 0


def run(target, seconds):
    name = os.path.basename(target)
    folder = os.path.dirname(target)
    corpus = os.path.join(folder, "corpus", name)
    seeds.write(name, corpus)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [target, f"-max_total_time={seconds}", "-timeout=20", "-rss_limit_mb=1024", "-seed=1",
         "-max_len=4096", "-print_final_stats=1", f"-artifact_prefix={target}-", corpus],
        capture_output=True, text=True, errors="replace", check=False)
    executed = figure(done.stderr, "number_of_executed_units")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    rate = int(executed / max(used, 0.01))
    if done.returncode:
        print(done.stderr[-6000:], file=sys.stderr)
        saved = re.search(r"Test unit written to (\S+)", done.stderr)
        print(f"  CRASH   {name}; repeat it: {target} {saved[1] if saved else ''}")
        return False
    slow = rate < MIN_PER_S
    print(f"  {'SLOW' if slow else 'FUZZ':7} {name}: {executed} inputs, {rate} a second of CPU time, "
          f"{len(os.listdir(corpus))} kept", flush=True)
    return not slow


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--time", type=int, default=60, metavar="S", help="seconds for each target")
    parser.add_argument("targets", nargs="+")
    options = parser.parse_args()
    good = [run(target, options.time) for target in options.targets]
    print(f"fuzz targets: {sum(good)} passed, {len(good) - sum(good)} failed")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
