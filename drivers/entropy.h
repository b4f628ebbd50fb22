// SPDX-License-Identifier: BSD-2-Clause
/*
 * entropy.h - the class of entropy devices: where the seed of kernel/random.h comes from.
 *
 * Threading: threads only; waits for the device, 100 ms at the most. Errors: fewer bytes, or none.
 */
#pragma once
#include "lib/base/compiler.h"

/*
 * entropy_device_read() - random bytes of the machine's entropy device.
 *
 * Returns how many bytes of out[0..len) were filled, 0 where there is no device or it does not
 * answer. Asks the sources of the platform in their order until one gives any.
 */
size_t entropy_device_read(void *out, size_t len);

/* The sources of this platform, the cheapest first, NULL-terminated: each as
 * entropy_device_read(). From drivers/pc/entropies.c or its like. */
extern size_t (*const entropy_table[])(void *out, size_t len);
