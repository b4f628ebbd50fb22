// SPDX-License-Identifier: BSD-2-Clause
/*
 * block_range.h - who writes to which sectors of a device just now.
 *
 * A write of part of a sector reads it, changes it and writes it back. What another thread writes
 * there in between would be lost, so overlapping writes go one after the other, in the order in
 * which they came; others go on at the same time.
 *
 * Threading: threads; a holder may sleep and may not take a second range. No errors.
 */
#pragma once
#include "kernel/mutex.h"
#include "lib/base/list.h"

struct block_ranges {
	struct mutex lock;
	struct list all; /* struct block_range, in the order of arrival; under lock */
	struct wait_queue wait;
};

struct block_range {
	struct list node;
	uint64_t first, last; /* [sectors] */
};

void block_ranges_init(struct block_ranges *s);

/* block_range_lock() - wait until nobody who came before has any of r->first to r->last, which the
 * caller has set. */
void block_range_lock(struct block_ranges *s, struct block_range *r);
void block_range_unlock(struct block_ranges *s, struct block_range *r);
