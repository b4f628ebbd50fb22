// SPDX-License-Identifier: BSD-2-Clause
/*
 * ranges.h - a small sorted set of disjoint half-open ranges of 64-bit numbers.
 *
 * Made for memory maps: build it from what the firmware says is RAM, take out what is in use.
 * Fixed capacity, allocates nothing, needs no relocation. The owner locks. Errors: false when
 * the capacity does not suffice; the set is then smaller than it could be, never wrong.
 */
#pragma once
#include "lib/base/compiler.h"

#define RANGES_MAX 64

struct range {
	uint64_t start, end; /* start < end */
};

struct range_set {
	unsigned n;
	struct range r[RANGES_MAX]; /* sorted; touching ranges are merged */
};

/* ranges_add() - the numbers [start, end) belong to the set; nothing when start >= end. */
bool ranges_add(struct range_set *s, uint64_t start, uint64_t end);

/* ranges_remove() - the numbers [start, end) do not belong to the set. */
bool ranges_remove(struct range_set *s, uint64_t start, uint64_t end);

/*
 * ranges_take_top() - remove `len` numbers below `limit`, as high as possible.
 *
 * Returns their start, or 0 when no range is large enough.
 */
uint64_t ranges_take_top(struct range_set *s, uint64_t len, uint64_t limit);
