// SPDX-License-Identifier: BSD-2-Clause
/*
 * asm/sysreg.h - system registers. For arch/aarch64 and drivers/arm only.
 *
 * A name that the assembler does not know is written S<op0>_<op1>_C<n>_C<m>_<op2>.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define sysreg_read(name)                                                    \
	({                                                                   \
		uint64_t value_;                                             \
		__asm__ volatile("mrs %0, " #name : "=r"(value_)::"memory"); \
		value_;                                                      \
	})
#define sysreg_write(name, value) \
	__asm__ volatile("msr " #name ", %0" ::"r"((uint64_t)(value)) : "memory")

/* What was written to a system register counts from here on. */
#define sysreg_sync() __asm__ volatile("isb" ::: "memory")

/* Reading a system register has said that memory was written: it is seen from here on. */
#define sysreg_memory_sync() __asm__ volatile("dsb sy" ::: "memory")

/* sysreg_field() - a 4-bit field of an ID register. */
static inline unsigned sysreg_field(uint64_t id, unsigned shift)
{
	return id >> shift & 0xf;
}

/* sysreg_has_bti() - does the CPU check where indirect branches land (FEAT_BTI)? */
static inline bool sysreg_has_bti(void)
{
	return sysreg_field(sysreg_read(id_aa64pfr1_el1), 0) != 0;
}
