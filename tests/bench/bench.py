#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Measures images in bytes, kilobytes and guest instructions: exact, repeatable, never in seconds.

Prints a table beside what is to be reached, and writes build/bench.json: one object per
architecture, keys `<app or operation>.<figure>`. Other scripts read it; keys stay as they are.

Instructions are counted by insncount.c under QEMU's TCG, one virtual CPU, machine pc or virt, the
CPU model that `unik run` takes, virtio-net over PCI, user networking, a fixed address. A repeated string instruction
counts once. Clients are sockets of this program on the loopback.
"""

import argparse
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time

import apps
import programs
import xen
from measure import (ARCH, FIXED_ADDRESS, LOGS, PARALLEL, ROOT, Bench, Guest, GuestError, image,
                     image_bytes, in_parallel, in_sequence, one_by_one, serves, smallest_ram, web)

OUTPUT = os.path.join(ROOT, "build", "bench.json")

# What is to be reached, and on AArch64 what is not to become worse: figure -> at most.
TARGETS = {
    "x86_64": {
        "hello.image_bytes": 64 << 10,
        "hello.min_ram_kib": 2 << 10,
        "hello.boot_insns": 60000,
        "httpd.image_bytes": 189 << 10,  # 24 of it for Xen: docs/decisions/xen.md
        "httpd.min_ram_kib": 4 << 10,
        "httpd.boot_net_insns": 140000,
        "httpd.request_insns": 5500,
        "httpd.request16_insns": 4500,
        "httpd.connection_insns": 25000,
        "tcp_out.insns_per_byte": 2.0,
        "tcp_in.insns_per_byte": 1.5,
        "idle.insns_per_second": 100,
        **apps.TARGETS,
        **programs.TARGETS,
        **xen.TARGETS,
    },
    "aarch64": {
        "hello.image_bytes": 96 << 10,  # docs/decisions/aarch64-size.md
        "hello.min_ram_kib": 2112,
        "hello.boot_insns": 68000,
        "httpd.image_bytes": 256 << 10,
        "httpd.min_ram_kib": 4160,  # QEMU's: a module of 1 MiB, and the tree behind it at 4 MiB
        "httpd.boot_net_insns": 265000,
        "httpd.request_insns": 6500,
        "httpd.request16_insns": 5500,
        "httpd.connection_insns": 25000,
        "tcp_out.insns_per_byte": 2.2,
        "tcp_in.insns_per_byte": 1.7,
        "idle.insns_per_second": 100,
        **xen.TARGETS,
    },
}[ARCH]

# Numbers of the marks in guest_bench.c.
OPERATIONS = {2: "mutex_pair.insns", 3: "context_switch.insns", 4: "null_call.insns",
              5: "malloc_free_64.insns"}
OP_EMPTY, ROUNDS = 1, 1000

DATAGRAMS = 1000
SETTLE_S, IDLE_S = 15, 10  # an address is checked and routers are asked for meanwhile


# ---- hello ----

def measure_hello(bench):
    path = image("hello")
    with bench.counted("hello", "hello", symbols=["main"]) as (guest, counter):
        if guest.wait(30):
            raise GuestError("hello failed")
        main = counter.report()["points"]["main"]
    return {"hello.image_bytes": image_bytes(path),
            "hello.min_ram_kib": smallest_ram(hello_works, 1024, 8192),
            "hello.boot_insns": main["first"]["insns"]}


def hello_works(ram_kib):
    log = os.path.join(LOGS, "bench-hello-ram.log")
    with Guest(image("hello"), log=log, options=["-m", f"{ram_kib}k", "--timeout", "3"]) as guest:
        return guest.wait(20) == 0 and "Hello" in guest.text


# ---- httpd ----

def measure_httpd(bench):
    figures = {"httpd.image_bytes": image_bytes(image("httpd")),
               "httpd.min_ram_kib": smallest_ram(lambda kib: httpd_works(bench, kib), 1024, 32768)}
    # The first poll() comes when everything is done that a connection needs.
    with bench.counted("httpd", "httpd", ports=["80"], modules=[bench.site], args=FIXED_ADDRESS,
                       symbols=["main", "poll"]) as (guest, counter):
        address = guest.address()
        web.wait_until_up(guest, address)
        figures["httpd.boot_net_insns"] = counter.read()["points"]["poll"]["first"]["insns"]
        figures["httpd.request_insns"] = in_sequence(address, counter, bench.page)
        figures["httpd.request16_insns"] = in_parallel(address, counter, bench.page)
        figures["httpd.connection_insns"] = one_by_one(address, counter, bench.page)
    return figures


def httpd_works(bench, ram_kib):
    log = os.path.join(LOGS, "bench-httpd-ram.log")
    options = ["-m", f"{ram_kib}k", "--module", bench.site]
    with Guest(image("httpd"), log=log, ports=["80"], options=options,
               args=FIXED_ADDRESS) as guest:
        try:
            web.wait_until_up(guest, guest.address(), timeout_s=3)
            return serves(guest.address(), bench.page)
        except (OSError, GuestError):
            return False


# ---- operations ----

def measure_ops(bench):
    with bench.counted("tests/bench/guest_bench", "ops", args=["ops"]) as (guest, counter):
        if guest.wait(60):
            raise GuestError("guest_bench ops failed")
        marks = counter.report()["marks"]

    def cost(operation):
        """Of the two runs the better one: the first may have met an interrupt or a first use."""
        return marks[str(2 * operation + 1)]["step"]["min"] / ROUNDS

    empty = cost(OP_EMPTY)
    figures = {key: round(cost(number) - empty, 1) for number, key in OPERATIONS.items()}
    # A round is a switch there and one back.
    figures["context_switch.insns"] = round((cost(3) - empty) / 2, 1)
    return figures


# ---- network ----

def measure_udp(bench):
    with bench.bench_guest("udpecho", "7/udp") as (guest, counter), \
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.connect(guest.address("7/udp"))
        client.settimeout(1)
        _echo(client, 50)
        before = counter.insns()
        _echo(client, DATAGRAMS)
        return {"udp_echo_1k.insns": round((counter.insns() - before) / DATAGRAMS)}


def _echo(client, times):
    """Each datagram is waited for; a lost one is sent again."""
    for i in range(times):
        data = i.to_bytes(4, "little") * 256
        for _ in range(5):
            client.send(data)
            with contextlib.suppress(TimeoutError):
                while client.recv(2048) != data:
                    pass
                break
        else:
            raise GuestError("no echo")


def measure_tcp_out(bench):
    """Guest to host."""
    with bench.bench_guest("tcpsource", "5001") as (guest, counter):
        _fetch(guest.address("5001"), 1 << 20)
        before = counter.insns()
        _fetch(guest.address("5001"), bench.stream_bytes)
        return {"tcp_out.insns_per_byte":
                round((counter.insns() - before) / bench.stream_bytes, 3)}


def _fetch(address, total):
    with socket.create_connection(address, 30) as client:
        client.sendall(str(total).encode())
        room = bytearray(1 << 20)
        got = 0
        while count := client.recv_into(room):
            got += count
    if got != total:
        raise GuestError(f"{got} bytes of {total} came")


def measure_tcp_in(bench):
    """Host to guest."""
    with bench.bench_guest("tcpsink", "5001") as (guest, counter):
        _push(guest.address("5001"), 1 << 20)
        before = counter.insns()
        _push(guest.address("5001"), bench.stream_bytes)
        return {"tcp_in.insns_per_byte":
                round((counter.insns() - before) / bench.stream_bytes, 3)}


def _push(address, total):
    with socket.create_connection(address, 30) as client:
        block = bytes(1 << 20)
        for _ in range(total // len(block)):
            client.sendall(block)
        client.shutdown(socket.SHUT_WR)
        said = client.recv(100)
    if said != str(total).encode():
        raise GuestError(f"the guest got {said!r} of {total} bytes")


def measure_idle(bench):
    """With the network up and nobody there."""
    with bench.bench_guest("idle") as (_guest, counter):
        time.sleep(SETTLE_S)
        before = counter.insns()
        time.sleep(IDLE_S)
        return {"idle.insns_per_second": round((counter.insns() - before) / IDLE_S)}


MEASURES = {"hello": measure_hello, "httpd": measure_httpd, "ops": measure_ops, "udp": measure_udp,
            "tcp_out": measure_tcp_out, "tcp_in": measure_tcp_in, "idle": measure_idle,
            **xen.MEASURES, **apps.MEASURES, **programs.MEASURES}


# ---- results ----

def save(figures):
    """Figures of other architectures, and those not measured this time, stay."""
    try:
        with open(OUTPUT, encoding="ascii") as file:
            everything = json.load(file)
    except (OSError, ValueError):
        everything = {}
    everything.setdefault(ARCH, {}).update(figures)
    with open(OUTPUT, "w", encoding="ascii") as file:
        json.dump(everything, file, indent=1, sort_keys=True)
        file.write("\n")


def print_row(key, value):
    target = TARGETS.get(key)
    verdict = "" if target is None else ("ok" if value <= target else "MISSED")
    print(f"{key:28} {value:>14,} {'' if target is None else format(target, ','):>12}  {verdict}",
          flush=True)


def main():
    parser = argparse.ArgumentParser(description="Measure images; see the text in bench.py.")
    parser.add_argument("what", nargs="*", metavar="WHAT", choices=[[], *MEASURES],
                        help=f"only these: {', '.join(MEASURES)}")
    parser.add_argument("--stream-mib", type=int, default=256, help="length of the TCP streams")
    options = parser.parse_args()
    os.makedirs(LOGS, exist_ok=True)
    failed = 0
    print(f"{'figure':28} {'measured':>14} {'at most':>12}")
    with tempfile.TemporaryDirectory(prefix="unik-bench-") as folder:
        bench = Bench(folder, options.stream_mib)
        for name in options.what or MEASURES:
            try:
                figures = MEASURES[name](bench)
            except apps.NotBuilt as error:
                print(f"{name:28} not measured: {error}")
                continue
            except (GuestError, OSError, KeyError, subprocess.CalledProcessError) as error:
                print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
                failed = 1
                continue
            save(figures)
            for key, value in figures.items():
                print_row(key, value)
    return failed


if __name__ == "__main__":
    sys.exit(main())
