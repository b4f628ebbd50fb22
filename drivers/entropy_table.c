// SPDX-License-Identifier: BSD-2-Clause
/*
 * entropy_table.c - the entropy drivers in order.
 */
#include "drivers/entropy.h"
#include "drivers/drivers.h"

size_t entropy_device_read(void *out, size_t len)
{
	for (unsigned i = 0; entropy_drivers[i]; i++) {
		size_t got = entropy_drivers[i](out, len);

		if (got)
			return got;
	}
	return 0;
}
