# SPDX-License-Identifier: BSD-2-Clause
"""What several of the tests under Xen use."""

import os
import subprocess

import pytest

import rig

HERE = os.path.dirname(os.path.realpath(__file__))


@pytest.fixture(scope="session")
def client(tmp_path_factory):
    """An HTTP client for dom0."""
    path = str(tmp_path_factory.mktemp("client") / "http_load")
    compiler = "aarch64-linux-gnu-gcc" if rig.CHOSEN is rig.ARM64 else "gcc"
    subprocess.run([compiler, "-O2", "-static", "-o", path, os.path.join(HERE, "http_load.c")], check=True)
    return path
