# SPDX-License-Identifier: BSD-2-Clause
"""Bugs on purpose that AddressSanitizer must see in an image that is a process (freed.c)."""

import subprocess

import pytest

from guest import ARCH, BUILD, image

pytestmark = pytest.mark.skipif(ARCH != "host" or not BUILD.endswith("-san"),
                                reason="is for ARCH=host SANITIZE=address")


@pytest.mark.parametrize("size", [16, 100, 1000, 5000, 100000])
def test_use_after_free(size):
    """A freed block, of a slab or of pages, is poisoned to its first and last byte."""
    done = subprocess.run([image("tests/system/freed"), str(size)], capture_output=True,
                          text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert "AddressSanitizer: use-after-poison" in done.stderr
    assert "in main" in done.stderr
    assert "still here" not in done.stdout
