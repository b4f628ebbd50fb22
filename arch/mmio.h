// SPDX-License-Identifier: BSD-2-Clause
/*
 * mmio.h - device registers and the order in which a device sees memory.
 *
 * Accesses are exactly as wide as said, little-endian, and ordered among themselves. The dma_*
 * barriers order ordinary memory that a device also reads: each use names its partner.
 * x86-64 and AArch64 differ in barriers, and in how an address must be used: mmio_at() is p in a
 * form that suits. <asm/mmio.h> has them.
 */
#pragma once
#include "lib/base/compiler.h"
#include <asm/mmio.h>

static inline uint8_t mmio_read8(const void *p)
{
	uint8_t v = *(const volatile uint8_t *)mmio_at(p);
	mmio_rmb();
	return v;
}
static inline uint16_t mmio_read16(const void *p)
{
	uint16_t v = *(const volatile uint16_t *)mmio_at(p);
	mmio_rmb();
	return v;
}
static inline uint32_t mmio_read32(const void *p)
{
	uint32_t v = *(const volatile uint32_t *)mmio_at(p);
	mmio_rmb();
	return v;
}
static inline uint64_t mmio_read64(const void *p)
{
	uint64_t v = *(const volatile uint64_t *)p;
	mmio_rmb();
	return v;
}
static inline void mmio_write8(void *p, uint8_t v)
{
	mmio_wmb();
	*(volatile uint8_t *)mmio_at(p) = v;
}
static inline void mmio_write16(void *p, uint16_t v)
{
	mmio_wmb();
	*(volatile uint16_t *)mmio_at(p) = v;
}
static inline void mmio_write32(void *p, uint32_t v)
{
	mmio_wmb();
	*(volatile uint32_t *)mmio_at(p) = v;
}
static inline void mmio_write64(void *p, uint64_t v)
{
	mmio_wmb();
	*(volatile uint64_t *)p = v;
}
