// SPDX-License-Identifier: BSD-2-Clause
/*
 * entropy_table.c - asks the platform's sources of entropy in order.
 */
#include "drivers/entropy.h"

size_t entropy_device_read(void *out, size_t len)
{
	for (unsigned i = 0; entropy_table[i]; i++) {
		size_t got = entropy_table[i](out, len);

		if (got)
			return got;
	}
	return 0;
}
