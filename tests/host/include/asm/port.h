// SPDX-License-Identifier: BSD-2-Clause
/*
 * asm/port.h on the host - I/O ports that a test answers for; without one nothing is there, and
 * all bits read as ones.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

extern uint32_t (*fake_port_in)(uint16_t port, unsigned nbytes);
extern void (*fake_port_out)(uint16_t port, unsigned nbytes, uint32_t value);

static inline uint32_t fake_port_read(uint16_t port, unsigned nbytes)
{
	return fake_port_in ? fake_port_in(port, nbytes) : UINT32_MAX;
}
static inline void fake_port_write(uint16_t port, unsigned nbytes, uint32_t v)
{
	if (fake_port_out)
		fake_port_out(port, nbytes, v);
}

static inline uint8_t port_in8(uint16_t port)
{
	return (uint8_t)fake_port_read(port, 1);
}
static inline uint16_t port_in16(uint16_t port)
{
	return (uint16_t)fake_port_read(port, 2);
}
static inline uint32_t port_in32(uint16_t port)
{
	return fake_port_read(port, 4);
}
static inline void port_out8(uint16_t port, uint8_t v)
{
	fake_port_write(port, 1, v);
}
static inline void port_out16(uint16_t port, uint16_t v)
{
	fake_port_write(port, 2, v);
}
static inline void port_out32(uint16_t port, uint32_t v)
{
	fake_port_write(port, 4, v);
}
static inline void port_out8_string(uint16_t port, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;

	while (len-- > 0)
		port_out8(port, *p++);
}
