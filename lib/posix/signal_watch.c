// SPDX-License-Identifier: BSD-2-Clause
/*
 * signal_watch.c - where SIGINT and SIGTERM come from: ^C on the console, and the power button.
 *
 * They are looked after once a program has said what it wants done about them. A thread collects
 * the console's input then, so that ^C is seen also while nobody reads.
 */
#include "arch/boot.h"
#include "kernel/log.h"
#include "kernel/sealed.h"
#include "kernel/wait.h"
#include "lib/libc/console_file.h"
#include "lib/posix/signals.h"

static void type_interrupt(void)
{
	signal_post(NULL, SIGINT, NULL);
}

static void press_power_button(void)
{
	signal_post(NULL, SIGTERM, NULL);
}

static void collect_input(void *unused)
{
	struct waiter w;

	(void)unused;
	wait_add_self(&console_file.wait, &w);
	for (;;) {
		console_file.ops->poll(&console_file, 0);
		thread_park(NS_NEVER);
	}
}

static void watch_console(void)
{
	struct thread *t;

	sealed_set(&console_interrupt, type_interrupt);
	if (thread_create(&t, "console", 0, collect_input, NULL))
		log_warn("signals: no memory to watch the console");
}

static void watch_power_button(void)
{
	int err = machine_watch_power_button ? machine_watch_power_button(press_power_button) : 0;

	if (err)
		log_debug("signals: no power button (%d)", err);
}

void signal_watch(uint64_t set)
{
	static uint64_t watched;
	uint64_t new = set &(SIGNAL_BIT(SIGINT) | SIGNAL_BIT(SIGTERM));

	new &= ~__atomic_fetch_or(&watched, new, __ATOMIC_RELAXED);
	if (new &SIGNAL_BIT(SIGINT))
		watch_console();
	if (new &SIGNAL_BIT(SIGTERM))
		watch_power_button();
}
