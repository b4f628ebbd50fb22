// SPDX-License-Identifier: BSD-2-Clause
/*
 * entropy_table.c - the entropy drivers in order.
 */
#include "drivers/entropy.h"
#include "drivers/virtio/virtio_rng.h"

static size_t (*const driver[])(void *out, size_t len) = {
	virtio_rng_read,
};

size_t entropy_device_read(void *out, size_t len)
{
	for (unsigned i = 0; i < ARRAY_SIZE(driver); i++) {
		size_t got = driver[i](out, len);

		if (got)
			return got;
	}
	return 0;
}
