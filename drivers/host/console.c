// SPDX-License-Identifier: BSD-2-Clause
/*
 * console.c - standard output and input of the process.
 *
 * Text may lie in memory that is not there before it is touched, which the host's write() would not
 * forgive: it goes through a buffer. The host's terminal wants no carriage returns.
 */
#include <string.h>
#include "drivers/console.h"
#include "drivers/host/host.h"
#include "kernel/irq.h"

static struct wait_queue *reader;

static bool console_probe(const struct console *c UNIK_UNUSED)
{
	return true;
}

static void console_put(const struct console *c UNIK_UNUSED, const char *text, size_t len)
{
	char part[256];
	unsigned long s;

	if (len == 2 && text[0] == '\r' && text[1] == '\n')
		text++, len--;
	while (len > 0) {
		size_t n = MIN(len, sizeof(part));

		memcpy(part, text, n);
		s = cpu_irq_save();
		HOST_CALL(console_write, part, n);
		cpu_irq_restore(s);
		text += n;
		len -= n;
	}
}

static size_t console_get_input(const struct console *c UNIK_UNUSED, char *out, size_t len)
{
	char part[64];
	unsigned long s = cpu_irq_save();
	size_t n = HOST_CALL(console_read, part, MIN(len, sizeof(part)));

	cpu_irq_restore(s);
	memcpy(out, part, n);
	return n;
}

static bool console_irq(void *arg UNIK_UNUSED)
{
	wait_queue_wake_all(reader);
	return true;
}

static int console_listen(const struct console *c UNIK_UNUSED)
{
	static struct irq_handler handler;

	handler.handle = console_irq;
	return irq_connect_line(HOST_LINE_CONSOLE, IRQ_EDGE_HIGH, &handler);
}

const struct console host_console = {
	.name = "host",
	.probe = console_probe,
	.write = console_put,
	.read = console_get_input,
	.listen = console_listen,
	.input = &reader,
};

const struct console *const console_table[] = { &host_console, NULL };
