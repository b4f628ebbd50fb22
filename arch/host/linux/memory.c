// SPDX-License-Identifier: BSD-2-Clause
/*
 * memory.c - RAM is a file in memory, so that a page of it can be seen at many addresses.
 *
 * All of them lie where the process itself has nothing: the low two GiB, and one region from `base`
 * on, below the place where Linux loads position-independent programs. There are two candidates
 * for it: sanitizers keep their tables below 16 TiB, valgrind has only addresses below that.
 */
#include <asm/prctl.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "arch/host/linux/linux.h"

#define TIB          (1ULL << 40)
#define LOW_START    0x10000UL
#define LOW_END      0x7fff0000UL
#define REGION_END   0x500000000000UL /* MMU_USER_END */
#define AREA_OFFSET  (1 * TIB)
#define PLACE_OFFSET (2 * TIB)
#define PAGE         4096UL

static const uintptr_t bases[] = { 0x200000000000, 0x040000000000 };
static uintptr_t base;

static char *map_ram(struct linux_host *h)
{
	for (unsigned i = 0; i < sizeof(bases) / sizeof(bases[0]); i++) {
		void *p = mmap((void *)bases[i], h->machine.ram_bytes, PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_FIXED_NOREPLACE | MAP_NORESERVE, h->ram_fd, 0);

		if (p == (void *)bases[i])
			return p;
		if (p != MAP_FAILED)
			munmap(p, h->machine.ram_bytes);
	}
	fail("no addresses for %zu KiB of RAM", (size_t)(h->machine.ram_bytes >> 10));
}

/* Into the top of RAM, downwards; *end is where that begins. */
static void load_module(struct linux_host *h, unsigned n, uint64_t *end)
{
	const char *path = h->module[n];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	uint64_t start;

	if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode))
		fail("%s: cannot be read", path);
	if ((uint64_t)st.st_size + PAGE > *end / 2)
		fail("%s: does not fit into RAM", path);
	start = (*end - (uint64_t)st.st_size) & ~(PAGE - 1);
	for (uint64_t at = start; at < start + (uint64_t)st.st_size;) {
		ssize_t got = read(fd, h->machine.ram + at, start + (uint64_t)st.st_size - at);

		if (got <= 0)
			fail("%s: cannot be read", path);
		at += (uint64_t)got;
	}
	close(fd);
	h->machine.module[n].start = start;
	h->machine.module[n].end = start + (uint64_t)st.st_size;
	h->machine.module[n].command_line = path;
	*end = start;
}

void memory_start(struct linux_host *h)
{
	uint64_t end = h->machine.ram_bytes;

	h->ram_fd = memfd_create("unik-ram", MFD_CLOEXEC);
	if (h->ram_fd < 0 || ftruncate(h->ram_fd, (off_t)end))
		fail("no file in memory for RAM");
	h->machine.ram = map_ram(h);
	base = (uintptr_t)h->machine.ram;
	h->machine.area_base = base + AREA_OFFSET;
	h->machine.place_base = base + PLACE_OFFSET;
	for (unsigned i = 0; i < h->nmodule; i++)
		load_module(h, i, &end);
	h->machine.nmodule = h->nmodule;
}

/* %gs: nothing else in a 64-bit process uses it. */
void memory_thread_pointer(void *host, void *tcb)
{
	(void)host;
	syscall(SYS_arch_prctl, ARCH_SET_GS, tcb);
}

static bool may_map(uintptr_t va, size_t len)
{
	return (va >= LOW_START && va < LOW_END && len <= LOW_END - va) ||
	       (va >= base + AREA_OFFSET && va < REGION_END && len <= REGION_END - va);
}

/* Also called by signal handlers: system calls only. */
int memory_map(void *host, uintptr_t va, uint64_t pa, size_t len, unsigned rights)
{
	struct linux_host *h = host;
	int prot = (rights & HOST_MAP_READ ? PROT_READ : 0) |
		   (rights & HOST_MAP_WRITE ? PROT_WRITE : 0) |
		   (rights & HOST_MAP_EXEC ? PROT_EXEC : 0);
	void *p;

	if (!may_map(va, len))
		return -1;
	if (!rights)
		return munmap((void *)va, len);
	p = mmap((void *)va, len, prot, MAP_SHARED | MAP_FIXED_NOREPLACE, h->ram_fd, (off_t)pa);
	if (p != MAP_FAILED && p != (void *)va)
		munmap(p, len);
	return p == (void *)va ? 0 : -1;
}
