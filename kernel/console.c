// SPDX-License-Identifier: BSD-2-Clause
#include "drivers/console.h"
#include "kernel/sealed.h"

static const struct console *SEALED chosen;

void console_init(void)
{
	for (const struct console *const *c = console_table; *c; c++)
		if ((*c)->probe(*c)) {
			sealed_set(&chosen, *c);
			return;
		}
}

const struct console *console_get(void)
{
	return chosen;
}

void console_write(const char *text, size_t len)
{
	const char *end = text + len;

	if (!chosen)
		return;
	while (text < end) {
		const char *line = text;

		while (text < end && *text != '\n')
			text++;
		if (text > line)
			chosen->write(chosen, line, text - line);
		if (text < end) {
			chosen->write(chosen, "\r\n", 2);
			text++;
		}
	}
}
