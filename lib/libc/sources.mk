# SPDX-License-Identifier: BSD-2-Clause
# The third-party sources, pinned. Each line is what `tools/fetch-source` is told.

NEWLIB_VERSION := 3.3.0
NEWLIB_SHA256  := c6f3a88b9d93420904241b231ca8647303be3bfb3cfef6adc8d1ea9207291033
NEWLIB_FILE    := newlib-$(NEWLIB_VERSION).tar.xz

LWIP_VERSION := 2.1.3+dfsg1
LWIP_SHA256  := 0a8276d09fc4e97bbba2f953d74af2388fc2195ea156be9d7589e297a68fde24
LWIP_FILE    := lwip_$(LWIP_VERSION).orig.tar.xz
