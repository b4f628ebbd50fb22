// SPDX-License-Identifier: BSD-2-Clause
/*
 * virtio_blk.h - the virtio block device (virtio 1.2, 5.2).
 */
#pragma once
#include "drivers/blk.h"

/* virtio_blk_probe() - set up the n-th device. 0 and *out; -ENODEV there is none; -EIO, -ENOMEM
 * it cannot be used. */
int virtio_blk_probe(unsigned n, struct blk **out) UNIK_MUST_CHECK;
