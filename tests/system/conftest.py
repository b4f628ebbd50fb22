# SPDX-License-Identifier: BSD-2-Clause
"""Fixtures of the system tests: a person's view of images, with real clients."""

import os
import re
import signal
import subprocess
import sys

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "bench"))

import insncount
import machines
from guest import LOGS, UNIK, Guest, image
from netns import GUEST, HOST, IFNAME, PREFIX_LEN, Namespace, NotPermitted

DEFAULT_LIMIT_S = 60
PROTOCOL = {"iso-bios-mb1": "multiboot", "iso-bios-mb2": "multiboot2", "iso-uefi": "multiboot2"}


def pytest_configure(config):
    config.addinivalue_line("markers", "limit(seconds): time limit of a test, 60 s if not given")
    os.makedirs(LOGS, exist_ok=True)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if report.failed:
        item.has_failed = True


@pytest.fixture(autouse=True)
def time_limit(request):
    """A test that hangs fails, its guests are torn down and the next one runs."""
    marker = request.node.get_closest_marker("limit")
    seconds = marker.args[0] if marker else DEFAULT_LIMIT_S

    def too_long(*_unused):
        raise TimeoutError(f"no end after {seconds} s")

    saved = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(seconds)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, saved)


@pytest.fixture
def log_name(request):
    """A function that makes names of log files; the files stay only if the test fails."""
    made = []
    base = re.sub(r"[^\w.-]+", "_", request.node.name)

    def make():
        made.append(os.path.join(LOGS, f"{base}-{len(made)}.log"))
        return made[-1]

    yield make
    if not getattr(request.node, "has_failed", False):
        for path in made:
            if os.path.exists(path):
                os.unlink(path)


@pytest.fixture
def unik():
    """Run tools/unik to its end; returns the finished process, output as text."""
    def call(*args, stdin=b"", timeout_s=60, env=None):
        done = subprocess.run([sys.executable, UNIK, *map(str, args)], input=stdin,
                              capture_output=True, timeout=timeout_s, check=False, env=env)
        done.stdout = done.stdout.decode("utf-8", "replace")
        done.stderr = done.stderr.decode("utf-8", "replace")
        return done

    return call


@pytest.fixture
def make_iso(tmp_path, unik):
    def make(path, how, modules, args):
        output = tmp_path / f"{how}-{len(list(tmp_path.iterdir()))}.iso"
        done = unik("iso", path, "-o", output, "--protocol", PROTOCOL[how],
                    *(word for module in modules for word in ("--module", module)), "--", *args)
        assert done.returncode == 0, done.stderr
        return str(output)

    return make


@pytest.fixture
def make_disk(tmp_path, unik):
    def make(path, modules, args):
        output = tmp_path / f"{len(list(tmp_path.iterdir()))}.disk"
        done = unik("disk", path, "-o", output,
                    *(word for module in modules for word in ("--module", module)), "--", *args)
        assert done.returncode == 0, done.stderr
        return str(output)

    return make


@pytest.fixture
def boot(make_iso, make_disk, log_name):
    """Start a guest: boot("hello", how="iso-uefi", …) -> Guest; it ends with the test at last."""
    started = []

    def start(name, *, machine=machines.DEFAULT, how="kernel", cpu=None, mem="64M", modules=(), args=(),
              ports=(), options=(), prefix=()):
        path = name if os.path.exists(name) else image(name)
        words = [*machines.options(machine), "-m", mem, *(["--cpu", cpu] if cpu else []), *options]
        modules = [str(module) for module in modules]
        if how.startswith("uefi"):  # the firmware wants as much for itself
            words += ["-m", "256M"]
        if how in ("kernel", "uefi-kernel"):
            words += [word for module in modules for word in ("--module", module)]
            words += ["--uefi"] if how == "uefi-kernel" else []
        elif how == "uefi-disk":
            path, args = make_disk(path, modules, args), ()
        else:
            path = make_iso(path, how, modules, args)
            words += ["--uefi"] if how == "iso-uefi" else []
            args = ()
        guest = Guest(path, log=log_name(), args=args, ports=ports, options=words, prefix=prefix)
        started.append(guest)
        return guest

    yield start
    for guest in started:
        if not guest.log.closed:
            guest.stop()


@pytest.fixture(scope="session")
def namespace():
    """A network namespace with a TAP device."""
    try:
        with Namespace() as made:
            yield made
    except NotPermitted as error:
        pytest.skip(f"no TAP device in a network namespace: {error}")


@pytest.fixture
def boot_on_tap(boot, namespace):
    """As boot(), but with its network in the namespace, at netns.GUEST."""
    def start(name, *, args=(), options=(), **more):
        return boot(name, args=[f"unik.ip={GUEST}/{PREFIX_LEN}", f"unik.gw={HOST}", *args],
                    options=["--net", f"tap:{IFNAME}", *options], prefix=namespace.prefix, **more)

    return start


@pytest.fixture
def counter(tmp_path):
    """The instruction counter: counter.options(image) for boot(), then counter.read()."""
    return insncount.Counter(str(tmp_path))
