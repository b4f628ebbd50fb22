# SPDX-License-Identifier: BSD-2-Clause
"""Programs of others, measured. `make bench` builds them first; one whose sources could not be had
is left out and said to be."""

import contextlib
import os
import shutil
import subprocess
import sys
import time

from measure import (BUILD, FIXED_ADDRESS, LOGS, ROOT, Guest, GuestError, image, image_bytes,
                     in_parallel, in_sequence, serves, smallest_ram, web)

NGINX_ARGS = [*FIXED_ADDRESS, "-p", "/"]

# What is to be reached: figure -> at most.
TARGETS = {
    "nginx.image_bytes": 850000,
    "nginx.min_ram_kib": 5 << 10,
    "nginx.request_insns": 12000,
}


class NotBuilt(Exception):
    """The program's image is not there; the text says what would build it."""


def built(program, name=None):
    """Path of an image of `make app-PROGRAM`."""
    path = os.path.join(BUILD, (name or program) + ".elf")
    if not os.path.exists(path):
        raise NotBuilt(f"make app-{program} did not build {name or program}")
    return path


# ---- nginx ----

def measure_nginx(bench):
    """The example's configuration and the bench's pages."""
    path = built("nginx")
    figures = {"nginx.image_bytes": image_bytes(path),
               "nginx_tls.image_bytes": image_bytes(built("nginx", "nginx-tls"))}
    figures["nginx.min_ram_kib"] = smallest_ram(lambda kib: nginx_works(bench, kib), 1024, 32768)
    with counted_nginx(bench) as (address, counter):
        figures["nginx.request_insns"] = in_sequence(address, counter, bench.page)
        figures["nginx.request16_insns"] = in_parallel(address, counter, bench.page)
        figures["nginx.large_insns_per_kib"] = per_kib(address, counter, "/sub/large.bin")
    return figures


@contextlib.contextmanager
def counted_nginx(bench):
    """nginx under the counter, serving; yields (its address, counter)."""
    with bench.counted("nginx", "nginx", ports=["80"], modules=[nginx_site(bench)],
                       args=NGINX_ARGS, symbols=["main"]) as (guest, counter):
        wait_until_serves(guest, guest.address(), 20)
        yield guest.address(), counter


def nginx_site(bench):
    """A boot archive: nginx.conf as it is, /html as the other measurements have it."""
    folder = os.path.join(bench.folder, "nginx")
    shutil.copytree(os.path.join(bench.folder, "site"), os.path.join(folder, "html"),
                    dirs_exist_ok=True)
    shutil.copy(os.path.join(ROOT, "apps", "nginx", "files", "nginx.conf"), folder)
    subprocess.run([sys.executable, web.MKARCHIVE, "-o", folder + ".cpio", folder], check=True)
    return folder + ".cpio"


def nginx_works(bench, ram_kib):
    log = os.path.join(LOGS, "bench-nginx-ram.log")
    options = ["-m", f"{ram_kib}k", "--module", nginx_site(bench)]
    with Guest(image("nginx"), log=log, ports=["80"], options=options, args=NGINX_ARGS) as guest:
        try:
            wait_until_serves(guest, guest.address(), 3)
            return serves(guest.address(), bench.page)
        except (OSError, GuestError):
            return False


def wait_until_serves(guest, address, timeout_s):
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            return web.get(address, "/", 2)
        except OSError:
            if guest.status is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def per_kib(address, counter, path, times=64):
    """Instructions per KiB of a large file, fetched on one connection."""
    with web.Client(address) as client:
        client.get(path)
        before = counter.insns()
        total = sum(len(client.get(path)[1]) for _ in range(times))
        return round((counter.insns() - before) / (total / 1024))


MEASURES = {"nginx": measure_nginx}
