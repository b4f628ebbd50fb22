# SPDX-License-Identifier: BSD-2-Clause
"""mbedtls' own self test, as an image."""

import os

import pytest

from guest import BUILD

MBEDTLS = os.path.join(BUILD, "mbedtls.elf")
pytestmark = pytest.mark.skipif(not os.path.exists(MBEDTLS), reason="make app-mbedtls")


@pytest.mark.limit(300)
def test_self_test(unik):
    done = unik("run", MBEDTLS, "--rng", timeout_s=280)
    assert "[ All tests PASS ]" in done.stdout, done.stdout[-3000:]
    assert done.returncode == 0
