// SPDX-License-Identifier: BSD-2-Clause
/*
 * console.h - the class of consoles: where log lines and standard output go.
 *
 * Writing is polled and works in any context, a panic included; it never sleeps and never fails
 * (a console whose device does not drain gives up after a bounded number of looks). Reading is
 * optional: input arrives by interrupt and waits in a small ring.
 *
 * Threading: write from any context; the caller serialises lines (kernel/log.c).
 */
#pragma once
#include "kernel/wait.h"

struct console {
	const char *name;
	bool (*probe)(
		const struct console *c); /* is it there? sets it up; no allocation, no interrupt */
	void (*write)(const struct console *c, const char *text, size_t len);
	/* read() - bytes waiting, up to len; 0 for none. NULL where the device has no input. */
	size_t (*read)(const struct console *c, char *out, size_t len);
	/* listen() - switch interrupt-driven input on. 0 or -errno. The reader has set *input, to
	 * its own wait queue, before; it is woken whenever bytes came. */
	int (*listen)(const struct console *c);
	struct wait_queue **input;
};

/* The consoles of this architecture in order of preference, NULL-terminated; from the platform's
 * table (drivers/pc/consoles.c). The first whose probe() says yes is the console. */
extern const struct console *const console_table[];

/* console_init()  - pick the console. Before it, and where there is none, writes go nowhere.
 * console_write() - text to it, "\n" becoming "\r\n".  console_get() - it, or NULL. */
void console_init(void);
void console_write(const char *text, size_t len);
const struct console *console_get(void);

/* console_find() - a console that is opened by name, not yet probed; NULL for no such name. From
 * drivers/console_table.c. */
const struct console *console_find(const char *name);
