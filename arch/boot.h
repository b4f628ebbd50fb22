// SPDX-License-Identifier: BSD-2-Clause
/*
 * boot.h - the porting contract, part 5: from the loader to kernel_main(), and the way out.
 */
#pragma once
#include "kernel/boot_info.h"

/* kernel_main() - kernel/main.c; called on the boot stack, interrupts off, with translation on,
 * the console not yet chosen and boot_info filled in. */
UNIK_NORETURN void kernel_main(void);

/* What the compiler's stack protector compares (kernel/stack_guard.c); filled in before the boot
 * code leaves its last function that returns, with a random word whose lowest byte is 0 and no
 * other. */
extern uintptr_t __stack_chk_guard;
#define STACK_GUARD(random) (((random) | 0x0101010101010101) & ~(uintptr_t)0xff)

/* machine_exit() - drivers of the platform: power off with a status for whoever started us.
 * machine_reset() - start again. Context: any. */
UNIK_NORETURN void machine_exit(int status);
UNIK_NORETURN void machine_reset(void);

/*
 * machine_watch_power_button() - call pressed() in an interrupt when somebody wants the machine to
 * end. Defined by platforms that have such a button.
 *
 * Returns 0; -ENODEV and others where this machine has none. Context: thread, once.
 */
int machine_watch_power_button(void (*pressed)(void)) UNIK_WEAK;
