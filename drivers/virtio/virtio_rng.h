// SPDX-License-Identifier: BSD-2-Clause
/*
 * virtio_rng.h - the virtio entropy driver, for drivers/entropy_table.c.
 */
#pragma once
#include "lib/base/compiler.h"

/*
 * virtio_rng_read() - bytes of the first virtio entropy device.
 *
 * Returns how many bytes of out[0..len) were filled; 0: no device, or no answer within 100 ms.
 * Context: thread, sleeps.
 */
size_t virtio_rng_read(void *out, size_t len);
