// SPDX-License-Identifier: BSD-2-Clause
/*
 * stack_guard.c - what the compiler's stack protector looks for: a word between a function's
 * arrays and its return address, the same in all functions and another in every boot.
 *
 * The names are the compiler's (GCC manual, "-fstack-protector"). The word's first byte is 0, so
 * that a string that runs over cannot contain it.
 */
#include "arch/boot.h"
#include "kernel/panic.h"

/* Read-only once the boot code has filled it in. */
UNIK_API uintptr_t __stack_chk_guard __attribute__((section(".data.rel.ro.stack_guard")));

UNIK_API UNIK_NORETURN UNIK_COLD void __stack_chk_fail(void);
UNIK_API UNIK_NORETURN UNIK_COLD void __stack_chk_fail(void)
{
	panic("a function wrote beyond its array, over its own stack");
}
