// SPDX-License-Identifier: BSD-2-Clause
#include "drivers/entropy.h"
#include "drivers/virtio/virtio_rng.h"

size_t (*const entropy_table[])(void *out, size_t len) = { virtio_rng_read, NULL };
