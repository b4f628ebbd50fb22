# SPDX-License-Identifier: BSD-2-Clause
"""Programs of others as a test has them: built, booted on the TAP device, reached from there."""

import os
import subprocess
import time

from guest import ARCH, ROOT


def build(name, *more):
    """`make app-NAME` and further targets; nothing is done where they are up to date."""
    done = subprocess.run(["make", "-s", f"ARCH={ARCH}", f"app-{name}", *more], cwd=ROOT, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          env={k: v for k, v in os.environ.items() if not k.startswith("MAKE")})
    assert done.returncode == 0, done.stdout[-3000:]


def connect_when_up(guest, namespace, address, timeout_s=30):
    """A connection to a server that may still be starting."""
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            return namespace.connect(address, 5)
        except OSError:
            assert guest.status is None and time.monotonic() < deadline, guest.text[-3000:]
            time.sleep(0.2)
