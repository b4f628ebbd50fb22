# SPDX-License-Identifier: BSD-2-Clause
"""Load on a server at netns.GUEST: rounds of wrk, what they cost, and whether TCP said all once."""

import contextlib
import os
import re
import subprocess
import time

from netns import GUEST, IFNAME


def wrk(namespace, seconds=5, connections=64, path="/"):
    """One round; returns the number of requests. Any failed request fails the test."""
    done = namespace.run("wrk", "-t1", f"-c{connections}", f"-d{seconds}s",
                         f"http://{GUEST}{path}", timeout_s=seconds + 30)
    assert done.returncode == 0, done.stderr
    assert "Socket errors" not in done.stdout and "Non-2xx" not in done.stdout, done.stdout
    return int(re.search(r"(\d+) requests in", done.stdout)[1])


def drift(costs):
    """How far the last three are from the first three, as a fraction of these."""
    first, last = sum(costs[:3]) / 3, sum(costs[-3:]) / 3
    return abs(last - first) / first


@contextlib.contextmanager
def _captured(namespace, path):
    """Packets of the TAP device, headers only, into a file."""
    with subprocess.Popen([*namespace.prefix, "dumpcap", "-q", "-i", IFNAME, "-s", "96", "-B", "64",
                           "-w", path], stderr=subprocess.PIPE, text=True) as child:
        while "File:" not in (line := child.stderr.readline()):
            assert line, "dumpcap did not start"
        try:
            yield
            time.sleep(0.5)
        finally:
            child.terminate()
        lost = re.search(r"received/dropped on .*: \d+/(\d+)", child.stderr.read())
        assert lost and lost[1] == "0", "the capture has gaps"


def _retransmissions(path):
    """Sent again by the guest, as Wireshark's analysis sees it."""
    done = subprocess.run(["tshark", "-n", "-r", path, "-Y",
                           f"tcp.analysis.retransmission && ip.src == {GUEST}",
                           "-T", "fields", "-e", "frame.number"],
                          capture_output=True, text=True, check=True)
    return len(done.stdout.split())


def assert_all_sent_once(namespace, folder, work):
    """work() makes connections; neither side has to send anything twice."""
    # A host that stops the guest for 200 ms makes the client repeat itself; it does not do so
    # in both of two runs, and what we lose we would lose again.
    for attempt in range(2):
        resent = namespace.counter("TcpRetransSegs")
        capture = os.path.join(folder, f"sent-{attempt}.pcapng")
        with _captured(namespace, capture):
            work()
        if namespace.counter("TcpRetransSegs") == resent and _retransmissions(capture) == 0:
            return
    raise AssertionError("retransmissions in both runs")
