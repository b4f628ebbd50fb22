# SPDX-License-Identifier: BSD-2-Clause
"""mbedtls' own self test, as an image."""

import os

import pytest

import app
from guest import BUILD

MBEDTLS = os.path.join(BUILD, "mbedtls.elf")


@pytest.fixture(scope="module", autouse=True)
def built():
    app.build("mbedtls")


@pytest.mark.limit(300)
def test_self_test(unik):
    done = unik("run", MBEDTLS, "--rng", timeout_s=280)
    assert "[ All tests PASS ]" in done.stdout, done.stdout[-3000:]
    assert done.returncode == 0
