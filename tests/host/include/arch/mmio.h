// SPDX-License-Identifier: BSD-2-Clause
/*
 * arch/mmio.h on the host - device registers that a fake device answers for.
 *
 * Each access goes to fake_mmio first, with its address, width in bytes, and the value; what
 * that does not know is plain memory.
 */
#pragma once
#include "lib/base/compiler.h"
#include <asm/mmio.h>

extern bool (*fake_mmio)(uintptr_t addr, unsigned width, bool write, uint64_t *value);

#define FAKE_MMIO_ACCESS(bits)                                                  \
	static inline uint##bits##_t mmio_read##bits(const void *p)             \
	{                                                                       \
		uint64_t v = 0;                                                 \
		if (fake_mmio && fake_mmio((uintptr_t)p, bits / 8, false, &v))  \
			return (uint##bits##_t)v;                               \
		return *(const volatile uint##bits##_t *)p;                     \
	}                                                                       \
	static inline void mmio_write##bits(void *p, uint##bits##_t to)         \
	{                                                                       \
		uint64_t v = to;                                                \
		if (!fake_mmio || !fake_mmio((uintptr_t)p, bits / 8, true, &v)) \
			*(volatile uint##bits##_t *)p = to;                     \
	}

FAKE_MMIO_ACCESS(8)
FAKE_MMIO_ACCESS(16)
FAKE_MMIO_ACCESS(32)
FAKE_MMIO_ACCESS(64)
