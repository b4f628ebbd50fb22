# SPDX-License-Identifier: BSD-2-Clause
"""What `unik xl` writes for Xen's tool stack."""

import os
import subprocess
import sys

import pytest

from guest import UNIK, image
from machines import only_aarch64, only_x86_64


def xl(*words):
    return subprocess.run([sys.executable, UNIK, "xl", *words], capture_output=True, text=True,
                          check=False)


@only_x86_64
def test_pvh(tmp_path):
    hello = image("hello")
    out = tmp_path / "hello.cfg"
    done = xl(hello, "-o", str(out), "-m", "1G", "--vif", "bridge=br0", "--disk", "a.img",
              "--disk", "phy:/dev/x,xvdz,r", "--", "one", "two words", 'quo"te', "back\\slash")
    assert done.returncode == 0, done.stderr
    said = dict(line.split(" = ", 1) for line in out.read_text().splitlines())
    assert said["type"] == '"pvh"' and said["memory"] == "1024" and said["name"] == '"hello"'
    assert said["kernel"] == f'"{os.path.realpath(hello)}"'
    # Once as xl.cfg(5) has strings, in it once as the guest splits words.
    assert said["cmdline"] == '"one \\"two words\\" quo\\\\\\"te back\\\\\\\\slash"'
    assert said["vif"] == '[ "bridge=br0" ]'
    assert f"vdev=xvda, access=rw, target={os.path.realpath('a.img')}" in said["disk"]
    assert '"phy:/dev/x,xvdz,r"' in said["disk"]


@pytest.fixture
def cd(tmp_path):
    """What is taken for a CD image: ECMA-119, 8.1."""
    path = tmp_path / "hello world.iso"
    path.write_bytes(bytes(16 * 2048) + b"\1CD001\1" + bytes(2041))
    return str(path)


@only_x86_64
def test_hvm(cd):
    """A CD image alone says that the guest is an HVM one, with a serial port and without a screen."""
    done = xl(cd, "--vif", "bridge=br0", "--disk", "a.img")
    assert done.returncode == 0, done.stderr
    said = dict(line.split(" = ", 1) for line in done.stdout.splitlines())
    assert said["type"] == '"hvm"' and said["boot"] == '"d"' and said["name"] == '"hello-world"'
    assert said["serial"] == '"pty"' and said["vga"] == '"none"' and said["vnc"] == "0"
    assert "kernel" not in said and "cmdline" not in said
    assert f"vdev=hdc, access=ro, devtype=cdrom, target={cd}" in said["disk"]
    assert f"vdev=xvda, access=rw, target={os.path.realpath('a.img')}" in said["disk"]


@only_x86_64
@pytest.mark.parametrize("words,why", [
    (["--type", "pvh"], "--type hvm"), (["--", "one"], "unik iso"), (["--module", UNIK], "unik iso")])
def test_what_hvm_refuses(cd, words, why):
    done = xl(cd, *words)
    assert done.returncode == 1 and why in done.stderr and done.stdout == ""


@only_x86_64
@pytest.mark.parametrize("words,why", [
    (["--type", "hvm"], "unik iso"), (["--type", "arm"], "aarch64"), (["-m", "x"], "memory"),
    (["-m", "0"], "memory"), (["--module", UNIK, "--module", UNIK], "one module"),
    (["--", "new\nline"], "control characters")])
def test_what_it_refuses(words, why):
    done = xl(image("hello"), *words)
    assert done.returncode == 1 and why in done.stderr and done.stdout == ""


@only_aarch64
def test_arm(tmp_path):
    """The flat image is what Xen's domain builder takes."""
    hello = image("hello")
    out = tmp_path / "hello.cfg"
    done = xl(hello, "-o", str(out), "--", "one")
    assert done.returncode == 0, done.stderr
    said = dict(line.split(" = ", 1) for line in out.read_text().splitlines())
    flat = os.path.splitext(os.path.realpath(hello))[0] + ".img"
    assert said["type"] == '"pvh"' and said["kernel"] == f'"{flat}"' and os.path.exists(flat)


def test_no_such_image():
    done = xl("/nonexistent")
    assert done.returncode == 1 and "Traceback" not in done.stderr
