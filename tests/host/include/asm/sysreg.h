// SPDX-License-Identifier: BSD-2-Clause
/* asm/sysreg.h on the host - AArch64's system registers by name; the test is the CPU. */
#pragma once
#include <stdint.h>

uint64_t fake_sysreg_read(const char *name);
void fake_sysreg_write(const char *name, uint64_t value);

#define sysreg_read(name)         fake_sysreg_read(#name)
#define sysreg_write(name, value) fake_sysreg_write(#name, value)
#define sysreg_sync()             ((void)0)
#define sysreg_memory_sync()      ((void)0)

static inline unsigned sysreg_field(uint64_t id, unsigned shift)
{
	return id >> shift & 0xf;
}
