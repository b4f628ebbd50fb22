// SPDX-License-Identifier: BSD-2-Clause
/*
 * memory.c - RAM of several instances in one process: a region of addresses each.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "tests/sim/sim.h"

#define TIB          (1ull << 40)
#define BASE         0x110000000000ull
#define REGION       (8 * TIB)
#define PLACE_OFFSET (3 * TIB)
#define RAM_OFFSET   (7 * TIB) /* above all else, and far below the executable: arch/mmu.h */

static uintptr_t base_of(const struct instance *i)
{
	return BASE + i->index * REGION;
}

static void keep_variables(struct instance *i)
{
	const struct host_variables *data = &i->image->data;
	size_t len = (size_t)(data->end - data->start);

	i->variables = malloc(len);
	if (!i->variables)
		abort();
	memcpy(i->variables, data->start, len);
}

void memory_start(struct instance *i)
{
	void *base = (void *)(base_of(i) + RAM_OFFSET);

	i->ram_fd = memfd_create("sim-ram", MFD_CLOEXEC);
	if (i->ram_fd < 0 || ftruncate(i->ram_fd, RAM_BYTES) ||
	    mmap(base, RAM_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE,
		 i->ram_fd, 0) != base) {
		perror("sim: RAM");
		exit(2);
	}
	keep_variables(i);
	i->machine.ram = base;
	i->machine.area_base = base_of(i);
	i->machine.place_base = base_of(i) + PLACE_OFFSET;
}

void memory_reset(struct instance *i)
{
	const struct host_variables *data = &i->image->data, *zero = &i->image->zero;

	memcpy(data->start, i->variables, (size_t)(data->end - data->start));
	memset(zero->start, 0, (size_t)(zero->end - zero->start));
	if (munmap((void *)base_of(i), RAM_OFFSET) || ftruncate(i->ram_fd, 0) ||
	    ftruncate(i->ram_fd, RAM_BYTES))
		abort();
}

/* Also called by signal handlers: system calls only. */
int memory_map(void *host, uintptr_t va, uint64_t pa, size_t len, unsigned rights)
{
	struct instance *i = host;
	int prot = (rights & HOST_MAP_READ ? PROT_READ : 0) |
		   (rights & HOST_MAP_WRITE ? PROT_WRITE : 0) |
		   (rights & HOST_MAP_EXEC ? PROT_EXEC : 0);
	void *p;

	if (va < base_of(i) || va >= base_of(i) + RAM_OFFSET || len > base_of(i) + RAM_OFFSET - va)
		return -1;
	if (!rights)
		return munmap((void *)va, len);
	p = mmap((void *)va, len, prot, MAP_SHARED | MAP_FIXED_NOREPLACE, i->ram_fd, (off_t)pa);
	if (p != MAP_FAILED && p != (void *)va)
		munmap(p, len);
	return p == (void *)va ? 0 : -1;
}
