// SPDX-License-Identifier: BSD-2-Clause
// link: kernel/vm.c kernel/area_map.c kernel/mutex.c kernel/wait.c
/*
 * Mappings against a simple model of a small window of addresses: what each page may be used for
 * and what is in it. Page tables are an array here.
 */
#include "kernel/vm.h"
#include <errno.h>
#include "arch/fault.h"
#include "kernel/random.h"
#include "tests/host/fake/fake.h"

#define NPAGES 96
#define BASE   0x40000000UL
#define AT(i)  (BASE + (uintptr_t)(i)*PAGE_SIZE)

struct entry {
	char *page; /* NULL: nothing */
	unsigned flags;
};

static struct entry table[NPAGES];
static fault_hook *hook;
static unsigned seed;

static struct entry *entry_of(uintptr_t va)
{
	CHECK(va >= BASE && va < AT(NPAGES));
	return &table[(va - BASE) / PAGE_SIZE];
}

/* --- the architecture --------------------------------------------------------------------- */

void fault_set_hook(fault_hook *h)
{
	hook = h;
}

void random_bytes(void *out, size_t len)
{
	memset(out, 0, len);
}

int mmu_map(void *va, paddr_t pa, size_t npages, unsigned flags)
{
	CHECK_EQ(npages, 1);
	CHECK(entry_of((uintptr_t)va)->page == NULL);
	if (!fake_alloc_allowed())
		return -ENOMEM;
	*entry_of((uintptr_t)va) = (struct entry){ phys_to_virt(pa), flags };
	return 0;
}

bool mmu_next_page(uintptr_t *va, uintptr_t end, paddr_t *pa)
{
	for (; *va < end; *va += PAGE_SIZE)
		if (*va >= BASE && *va < AT(NPAGES) && entry_of(*va)->page) {
			*pa = virt_to_phys(entry_of(*va)->page);
			return true;
		}
	return false;
}

void mmu_protect(uintptr_t va, size_t npages, unsigned flags)
{
	for (; npages-- > 0; va += PAGE_SIZE)
		entry_of(va)->flags = flags;
}

void mmu_take(uintptr_t va, size_t npages, void (*gone)(void *page))
{
	for (; npages-- > 0; va += PAGE_SIZE) {
		char *page = entry_of(va)->page;

		entry_of(va)->page = NULL;
		if (page && gone)
			gone(page);
	}
}

int mmu_move(uintptr_t to, uintptr_t from, size_t npages)
{
	if (!fake_alloc_allowed())
		return -ENOMEM;
	for (; npages-- > 0; to += PAGE_SIZE, from += PAGE_SIZE) {
		CHECK(entry_of(to)->page == NULL);
		*entry_of(to) = *entry_of(from);
		entry_of(from)->page = NULL;
	}
	return 0;
}

/* --- the model ---------------------------------------------------------------------------- */

static struct {
	bool mapped;
	unsigned prot;
	char content;
} model[NPAGES];

static unsigned pick(unsigned n)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 8) % n;
}

static unsigned flags_of(unsigned prot)
{
	return (prot & VM_WRITE ? MMU_WRITE : 0) | (prot & VM_EXEC ? MMU_EXEC : 0) |
	       (prot ? 0 : MMU_NONE);
}

/* A page that is there has the rights and the content that it should have. */
static void check_same(void)
{
	for (unsigned i = 0; i < NPAGES; i++) {
		CHECK_EQ(vm_covers(AT(i), PAGE_SIZE), model[i].mapped);
		if (!model[i].mapped)
			CHECK(table[i].page == NULL);
		if (!table[i].page)
			CHECK_EQ(model[i].content, 0);
		else
			CHECK(table[i].page[5] == model[i].content &&
			      table[i].flags == flags_of(model[i].prot));
	}
}

static bool all_mapped(unsigned start, unsigned n)
{
	for (unsigned i = start; i < start + n; i++)
		if (!model[i].mapped)
			return false;
	return true;
}

static void step_map(unsigned start, unsigned n)
{
	unsigned prot = pick(4);
	struct vm_request r = { AT(start), n * PAGE_SIZE, prot, VM_FIXED, NULL, 0 };
	uintptr_t out;

	CHECK_EQ(vm_map(&r, &out), 0);
	CHECK_EQ(out, AT(start));
	for (unsigned i = start; i < start + n; i++) {
		model[i].mapped = true;
		model[i].prot = prot;
		model[i].content = 0;
	}
}

static void step_unmap(unsigned start, unsigned n)
{
	CHECK_EQ(vm_unmap(AT(start), n * PAGE_SIZE), 0);
	for (unsigned i = start; i < start + n; i++) {
		model[i].mapped = false;
		model[i].content = 0;
	}
}

static void step_protect(unsigned start, unsigned n)
{
	unsigned prot = pick(4);
	bool whole = all_mapped(start, n);

	CHECK_EQ(vm_protect(AT(start), n * PAGE_SIZE, prot), whole ? 0 : -ENOMEM);
	for (unsigned i = start; whole && i < start + n; i++)
		model[i].prot = prot;
}

static void step_drop(unsigned start, unsigned n)
{
	bool whole = all_mapped(start, n);

	CHECK_EQ(vm_drop(AT(start), n * PAGE_SIZE), whole ? 0 : -ENOMEM);
	for (unsigned i = start; whole && i < start + n; i++)
		model[i].content = 0;
}

static void step_touch(unsigned i)
{
	enum fault_result want =
		model[i].mapped && model[i].prot & VM_WRITE ? FAULT_DONE : FAULT_NOT_MINE;

	CHECK_EQ(hook(AT(i) + 77, FAULT_WRITE), want);
	if (want == FAULT_DONE)
		table[i].page[5] = model[i].content = (char)(1 + pick(100));
}

/* Move n pages to somewhere else, which may fail for want of memory: then nothing changes. */
static void step_move(unsigned start, unsigned n)
{
	unsigned to = pick(NPAGES - n);
	struct vm_resize r = { AT(start), n * PAGE_SIZE, n * PAGE_SIZE, true, true, AT(to) };
	bool fails = pick(4) == 0, same = all_mapped(start, n);
	uintptr_t out;
	int err;

	for (unsigned i = start; same && i < start + n; i++)
		same = model[i].prot == model[start].prot;
	if (!same || (to < start + n && start < to + n))
		return;
	fake_fail_at(fails ? 1 : 0);
	err = vm_resize(&r, &out);
	fake_fail_at(0);
	CHECK_EQ(err, fails ? -ENOMEM : 0);
	for (unsigned i = 0; i < n; i++) {
		if (!fails)
			model[to + i] = model[start + i];
		else
			model[to + i].content = 0, model[to + i].mapped = false;
		if (!fails)
			model[start + i].mapped = false, model[start + i].content = 0;
	}
}

static void test_like_the_model(void)
{
	for (unsigned run = 0; run < 20; run++) {
		memset(model, 0, sizeof(model));
		seed = run;
		for (unsigned i = 0; i < 400 && !check_failures; i++) {
			unsigned start = pick(NPAGES - 1), n = 1 + pick(16);

			n = MIN(n, NPAGES - start);
			switch (pick(8)) {
			case 0:
			case 1:
				step_map(start, n);
				break;
			case 2:
				step_unmap(start, n);
				break;
			case 3:
				step_protect(start, n);
				break;
			case 4:
				step_drop(start, n);
				break;
			case 5:
				step_move(start, n);
				break;
			default:
				step_touch(start);
			}
			check_same();
		}
		step_unmap(0, NPAGES);
	}
}

/* With no memory a touch says so, and touching ahead does; later it works. */
static void test_no_memory(void)
{
	struct vm_request r = { AT(1), 4 * PAGE_SIZE, VM_READ | VM_WRITE, VM_FIXED, NULL, 0 };
	uintptr_t out;

	CHECK_EQ(vm_map(&r, &out), 0);
	FAKE_FAIL_EACH
	{
		int err = vm_touch(AT(1), 4 * PAGE_SIZE);

		CHECK(err == 0 || (err == -ENOMEM && fake_failed()));
		CHECK_EQ(vm_drop(AT(1), 4 * PAGE_SIZE), 0);
	}
	fake_fail_at(1);
	CHECK_EQ(hook(AT(2), FAULT_READ), FAULT_NO_MEMORY);
	fake_fail_at(0);
	CHECK_EQ(hook(AT(2), FAULT_READ), FAULT_DONE);
	CHECK_EQ(vm_unmap(AT(1), 4 * PAGE_SIZE), 0);
}

/* A file whose pages are these. */
static char pages[4][PAGE_SIZE] UNIK_ALIGNED(4096);
static unsigned file_pages = 3;

static int get_page(struct file *f, uint64_t index, void **page)
{
	if (index >= file_pages)
		return -ENXIO;
	*page = pages[index];
	return 0;
}

static void release(struct file *f)
{
	f->ops = NULL;
}

static void test_shared_file(void)
{
	static const struct file_ops ops = { .get_page = get_page, .release = release };
	struct file f;
	struct vm_request r = { AT(10), 4 * PAGE_SIZE, VM_READ, VM_FIXED | VM_SHARED, &f, 0 };
	uintptr_t out;

	file_init(&f, &ops, 0);
	CHECK_EQ(vm_map(&r, &out), 0);
	CHECK(table[10].page == pages[0] && table[12].page == pages[2] && !table[13].page);
	CHECK_EQ(hook(AT(13), FAULT_READ), FAULT_WANTS_SLEEP);
	CHECK_EQ(hook(AT(13), FAULT_READ | FAULT_MAY_SLEEP), FAULT_BUS);
	file_pages = 4;
	CHECK_EQ(hook(AT(13), FAULT_READ | FAULT_MAY_SLEEP), FAULT_DONE);
	CHECK(table[13].page == pages[3]);
	CHECK_EQ(vm_protect(AT(11), PAGE_SIZE, VM_READ | VM_WRITE), 0);
	CHECK_EQ(f.refs, 4);
	file_put(&f);
	CHECK_EQ(vm_unmap(AT(11), PAGE_SIZE), 0);
	CHECK_EQ(f.refs, 2);
	CHECK_EQ(vm_unmap(AT(0), NPAGES * PAGE_SIZE), 0);
	CHECK(f.ops == NULL);
}

/* The map's own memory stays for good: have it before anything is counted. */
static void make_map_large(void)
{
	struct vm_request r = { 0, PAGE_SIZE, 0, VM_FIXED, NULL, 0 };
	uintptr_t out;

	for (r.address = AT(0); r.address < AT(NPAGES); r.address += 2 * PAGE_SIZE)
		if (vm_map(&r, &out))
			abort();
	if (vm_unmap(BASE, NPAGES * PAGE_SIZE))
		abort();
}

int main(void)
{
	make_map_large();
	RUN(test_like_the_model);
	RUN(test_no_memory);
	RUN(test_shared_file);
	return check_done();
}
