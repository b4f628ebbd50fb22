// SPDX-License-Identifier: BSD-2-Clause
/*
 * The consoles that are opened by name. The table is reached only from a program that opens one.
 */
#include <string.h>
#include "drivers/console.h"
#include "drivers/drivers.h"

const struct console *console_find(const char *name)
{
	for (const struct console *const *c = named_consoles; *c; c++)
		if (strcmp((*c)->name, name) == 0)
			return *c;
	return NULL;
}
