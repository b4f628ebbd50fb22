// SPDX-License-Identifier: BSD-2-Clause
/*
 * blk_table.c - the block drivers in order, and the devices that they found.
 *
 * Each device is probed once; it stays in the list whatever becomes of it, so that numbers hold.
 */
#include <errno.h>
#include "drivers/blk.h"
#include "drivers/drivers.h"

#define BLK_MAX 32

static struct mutex lock = MUTEX_INIT(lock); /* over what follows */
static struct blk *found[BLK_MAX];
static unsigned nfound;
static unsigned at_driver, at_device; /* where the search goes on */

/* The next usable device of any driver; false: there is none. */
static bool find_next(void)
{
	while (blk_drivers[at_driver]) {
		int ret = blk_drivers[at_driver](at_device++, &found[nfound]);

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
