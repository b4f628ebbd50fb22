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
 * answer. Asks the first device of drivers/entropy_table.c that gives any.
 */
size_t entropy_device_read(void *out, size_t len);
