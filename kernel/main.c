// SPDX-License-Identifier: BSD-2-Clause
/*
 * main.c - the portable start: from an address space to the program's main thread.
 *
 * Devices, clocks, ACPI, file systems and the network are started by their first use, so that
 * main() is reached as early as possible.
 */
#include "arch/boot.h"
#include "drivers/console.h"
#include "kernel/log.h"
#include "kernel/panic.h"
#include "kernel/program.h"
#include "kernel/sched.h"
#include "kernel/time.h"

UNIK_NORETURN void kernel_main(void)
{
	struct thread *main_thread;

	time_init();
	console_init();
	log_init();
	if (thread_create(&main_thread, "main", image_stack_bytes, program_start, NULL))
		panic("not enough memory for the main thread");
	sched_start();
}
