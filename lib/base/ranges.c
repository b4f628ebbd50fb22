// SPDX-License-Identifier: BSD-2-Clause
#include "lib/base/ranges.h"

static void delete_at(struct range_set *s, unsigned i, unsigned count)
{
	for (unsigned k = i; k + count < s->n; k++)
		s->r[k] = s->r[k + count];
	s->n -= count;
}

static bool insert_at(struct range_set *s, unsigned i, uint64_t start, uint64_t end)
{
	if (s->n == RANGES_MAX)
		return false;
	for (unsigned k = s->n; k > i; k--)
		s->r[k] = s->r[k - 1];
	s->r[i].start = start;
	s->r[i].end = end;
	s->n++;
	return true;
}

bool ranges_add(struct range_set *s, uint64_t start, uint64_t end)
{
	unsigned first = 0, last;

	if (start >= end)
		return true;
	while (first < s->n && s->r[first].end < start)
		first++;
	for (last = first; last < s->n && s->r[last].start <= end; last++) {
		start = MIN(start, s->r[last].start);
		end = MAX(end, s->r[last].end);
	}
	if (first == last)
		return insert_at(s, first, start, end);
	s->r[first].start = start;
	s->r[first].end = end;
	delete_at(s, first + 1, last - first - 1);
	return true;
}

bool ranges_remove(struct range_set *s, uint64_t start, uint64_t end)
{
	unsigned i = 0;

	if (start >= end)
		return true;
	while (i < s->n && s->r[i].start < end) {
		struct range *r = &s->r[i];

		if (r->end <= start) {
			i++;
		} else if (r->start < start && r->end > end) {
			uint64_t tail = r->end;

			r->end = start;
			return insert_at(s, i + 1, end, tail);
		} else if (r->start < start) {
			r->end = start;
			i++;
		} else if (r->end > end) {
			r->start = end;
			return true;
		} else {
			delete_at(s, i, 1);
		}
	}
	return true;
}

uint64_t ranges_take_top(struct range_set *s, uint64_t len, uint64_t limit)
{
	for (unsigned i = s->n; i-- > 0;) {
		uint64_t end = MIN(s->r[i].end, limit);

		if (end > s->r[i].start && end - s->r[i].start >= len) {
			/* Taking from the middle may fail for want of room in the set: try lower.
			 */
			if (ranges_remove(s, end - len, end))
				return end - len;
		}
	}
	return 0;
}
