// SPDX-License-Identifier: BSD-2-Clause
#include "kernel/area_map.h"
#include <string.h>
#include "kernel/page.h"
#include "kernel/panic.h"

struct map_area *area_map_move(struct area_map *m, struct map_area *array, size_t room)
{
	struct map_area *old = m->area;

	ASSERT(room >= m->n);
	if (m->n)
		memcpy(array, old, m->n * sizeof(*array));
	m->area = array;
	m->room = room;
	return old;
}

size_t area_map_first(const struct area_map *m, uintptr_t va)
{
	size_t low = 0, high = m->n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (m->area[middle].end > va)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

const struct map_area *area_map_find(const struct area_map *m, uintptr_t va)
{
	size_t i = area_map_first(m, va);

	return i < m->n && m->area[i].start <= va ? &m->area[i] : NULL;
}

bool area_map_covers(const struct area_map *m, uintptr_t start, uintptr_t end)
{
	for (size_t i = area_map_first(m, start); start < end; i++) {
		if (i == m->n || m->area[i].start > start)
			return false;
		start = m->area[i].end;
	}
	return true;
}

uintptr_t area_map_gap(const struct area_map *m, size_t len, uintptr_t from, uintptr_t limit)
{
	for (size_t i = area_map_first(m, from);; i++) {
		uintptr_t end = i < m->n ? MIN(m->area[i].start, limit) : limit;

		if (from < end && end - from >= len)
			return from;
		if (i >= m->n || m->area[i].end >= limit)
			return 0;
		from = MAX(from, m->area[i].end);
	}
}

static void open_place(struct area_map *m, size_t i)
{
	ASSERT(m->n < m->room);
	memmove(&m->area[i + 1], &m->area[i], (m->n - i) * sizeof(m->area[0]));
	m->n++;
}

static void close_place(struct area_map *m, size_t i)
{
	m->n--;
	memmove(&m->area[i], &m->area[i + 1], (m->n - i) * sizeof(m->area[0]));
}

static bool continues(const struct map_area *a, const struct map_area *b)
{
	return a->end == b->start && !a->file && !b->file && a->prot == b->prot;
}

void area_map_insert(struct area_map *m, const struct map_area *a)
{
	size_t i = area_map_first(m, a->start);
	bool before = i > 0 && continues(&m->area[i - 1], a);
	bool after = i < m->n && continues(a, &m->area[i]);

	ASSERT(i == m->n || m->area[i].start >= a->end);
	if (before && after) {
		m->area[i - 1].end = m->area[i].end;
		close_place(m, i);
	} else if (before) {
		m->area[i - 1].end = a->end;
	} else if (after) {
		m->area[i].start = a->start;
	} else {
		open_place(m, i);
		m->area[i] = *a;
	}
}

static void move_start(struct map_area *a, uintptr_t start)
{
	a->index += (start - a->start) >> PAGE_SHIFT;
	a->start = start;
}

int area_map_cut(struct area_map *m, size_t i, uintptr_t start, uintptr_t end)
{
	struct map_area *a = &m->area[i];
	bool at_start = start == a->start, at_end = end == a->end;

	ASSERT(i < m->n && start < end && a->start <= start && end <= a->end);
	if (at_start && at_end) {
		close_place(m, i);
		return -1;
	}
	if (!at_start && !at_end) {
		open_place(m, i + 1);
		a[1] = a[0];
		a[0].end = start;
		move_start(&a[1], end);
		return 1;
	}
	if (at_start)
		move_start(a, end);
	else
		a->end = start;
	return 0;
}
