// SPDX-License-Identifier: BSD-2-Clause
#include "arch/mmio.h"

bool (*fake_mmio)(uintptr_t addr, unsigned width, bool write, uint64_t *value);
