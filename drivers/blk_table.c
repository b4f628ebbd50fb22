// SPDX-License-Identifier: BSD-2-Clause
/*
 * blk_table.c - the block drivers in order, and the devices that they found.
 *
 * Each device is probed once; it stays in the list whatever becomes of it, so that numbers hold.
 */
#include <errno.h>
#include "drivers/blk.h"
#include "drivers/virtio/virtio_blk.h"
#include "drivers/xen/blkfront.h"

#define BLK_MAX 32

/* 0 in the library of an architecture on which we are no guest of Xen. */
#pragma weak xen_blkfront_probe

static int (*const driver[])(unsigned n, struct blk **out) = {
	virtio_blk_probe,
	xen_blkfront_probe,
};

static struct mutex lock = MUTEX_INIT(lock); /* over what follows */
static struct blk *found[BLK_MAX];
static unsigned nfound;
static unsigned at_driver, at_device; /* where the search goes on */

/* The next usable device of any driver; false: there is none. */
static bool find_next(void)
{
	while (at_driver < ARRAY_SIZE(driver)) {
		int ret = driver[at_driver] ? driver[at_driver](at_device++, &found[nfound])
					    : -ENODEV;

		if (ret == 0) {
			nfound++;
			return true;
		}
		if (ret == -ENODEV) {
			at_driver++;
			at_device = 0;
		}
	}
	return false;
}

struct blk *blk_probe(unsigned n)
{
	if (n >= BLK_MAX)
		return NULL;
	mutex_lock(&lock);
	while (nfound <= n && find_next())
		;
	mutex_unlock(&lock);
	return n < nfound ? found[n] : NULL;
}
