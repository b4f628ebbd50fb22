// SPDX-License-Identifier: BSD-2-Clause
/*
 * blkfront.h - the block device that Xen gives to its guests: the front end of public/io/blkif.h.
 */
#pragma once
#include "drivers/blk.h"

/* xen_blkfront_probe() - set up the n-th device, and wait until its back end is there. 0 and *out;
 * -ENODEV there is none; -EIO, -ENOMEM, -ETIMEDOUT it cannot be used. */
int xen_blkfront_probe(unsigned n, struct blk **out) UNIK_MUST_CHECK;
