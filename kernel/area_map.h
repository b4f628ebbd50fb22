// SPDX-License-Identifier: BSD-2-Clause
/*
 * area_map.h - which addresses belong to which mapping: a sorted array of disjoint areas.
 *
 * A change is a cut and an insertion. Neighbours that continue each other melt together when they
 * have no file. Nothing here allocates: the owner sees to the room with area_map_move().
 *
 * Threading: the owner locks. Errors: none; broken promises are asserted.
 */
#pragma once
#include "lib/base/compiler.h"

struct file;

struct map_area {
	uintptr_t start, end; /* page-aligned, start < end */
	struct file *file;    /* NULL: anonymous memory */
	uint64_t index;       /* of the file's page that lies at start */
	uint8_t prot;         /* enum vm_prot */
	bool shared;          /* the pages are the file's own */
};

struct area_map {
	struct map_area *area; /* [room], sorted */
	size_t n, room;
};

/* area_map_move() - keep the areas in array, which has more room. Returns the array so far. */
struct map_area *area_map_move(struct area_map *m, struct map_area *array, size_t room);

/* area_map_first() - the first area that ends behind va: the one that has it, or the next.
 * Returns its number; m->n: none. */
size_t area_map_first(const struct area_map *m, uintptr_t va);

/* area_map_find() - the area that va is in, or NULL. */
const struct map_area *area_map_find(const struct area_map *m, uintptr_t va);

/* area_map_covers() - is every address of [start, end) in an area? */
bool area_map_covers(const struct area_map *m, uintptr_t start, uintptr_t end);

/* area_map_gap() - the lowest len free bytes in [from, limit); 0: there are none. */
uintptr_t area_map_gap(const struct area_map *m, size_t len, uintptr_t from, uintptr_t limit);

/* area_map_insert() - add an area, where none is. Uses up to one place of room. */
void area_map_insert(struct area_map *m, const struct map_area *a);

/*
 * area_map_cut() - take [start, end), which lies in area i, out of it.
 *
 * Returns by how many areas there are more: -1 (it was all of i), 0, or 1 (out of its middle).
 */
int area_map_cut(struct area_map *m, size_t i, uintptr_t start, uintptr_t end);
