// SPDX-License-Identifier: BSD-2-Clause
#include "kernel/vm.h"
#include <errno.h>
#include <string.h>
#include "arch/fault.h"
#include "arch/mmu.h"
#include "kernel/area_map.h"
#include "kernel/heap.h"
#include "kernel/mutex.h"
#include "kernel/random.h"

/* Mappings without a wish go from a random place in the TiB behind MMU_USER_PLACE upwards. */
#define PLACE_RANDOM ((1UL << 40) - 1)

#define ROOM_FIRST 16 /* areas */
#define ROOM_SPARE 3  /* as many places as one step of a change takes */

static struct mutex changing = MUTEX_INIT(changing);
static struct spinlock lock; /* guards the map; whoever holds the mutex may read without it */
static struct area_map map;
static uintptr_t place; /* under the mutex; 0 until the first mapping */

static unsigned mmu_flags_of(unsigned prot)
{
	return (prot & VM_WRITE ? MMU_WRITE : 0) | (prot & VM_EXEC ? MMU_EXEC : 0) |
	       (prot ? 0 : MMU_NONE);
}

static bool in_region(uintptr_t start, size_t len)
{
	return start >= MMU_USER_START && start < MMU_USER_END && len <= MMU_USER_END - start;
}

static void free_page(void *page)
{
	page_free(page, 0);
}

/* What becomes of the pages of an area that goes. */
static void (*gone_from(const struct map_area *a))(void *page)
{
	return a->shared ? NULL : free_page;
}

static uint64_t index_at(const struct map_area *a, uintptr_t va)
{
	return a->index + ((va - a->start) >> PAGE_SHIFT);
}

/* The part of an area that lies in [start, end). */
static struct map_area part_of(const struct map_area *a, uintptr_t start, uintptr_t end)
{
	struct map_area part = *a;

	part.start = MAX(a->start, start);
	part.end = MIN(a->end, end);
	part.index = index_at(a, part.start);
	return part;
}

/* --- filling pages ------------------------------------------------------------------------ */

static enum fault_result fill_anonymous(const struct map_area *a, uintptr_t va)
{
	void *page = page_alloc(0);

	if (!page && heap_trim(&kernel_heap))
		page = page_alloc(0);
	if (!page)
		return FAULT_NO_MEMORY;
	memset(page, 0, PAGE_SIZE);
	if (mmu_map((void *)va, virt_to_phys(page), 1, mmu_flags_of(a->prot))) {
		page_free(page, 0);
		return FAULT_NO_MEMORY;
	}
	return FAULT_DONE;
}

/* Put something behind va, with the rights of its area. Under the spinlock. */
static enum fault_result fill(const struct map_area *a, uintptr_t va)
{
	uintptr_t at = va;
	paddr_t pa;

	if (mmu_next_page(&at, va + PAGE_SIZE, &pa)) {
		mmu_protect(va, 1, mmu_flags_of(a->prot));
		return FAULT_DONE;
	}
	if (!a->file)
		return fill_anonymous(a, va);
	return a->shared ? FAULT_WANTS_SLEEP : FAULT_BUS;
}

/* Map a file's page, which may have to be made first, at va, if that still belongs to it then. */
static enum fault_result fill_shared(struct file *f, uint64_t index, uintptr_t va)
{
	enum fault_result result = FAULT_DONE;
	const struct map_area *a;
	uintptr_t at = va;
	irq_state_t s;
	void *page;
	paddr_t pa;

	if (f->ops->get_page(f, index, &page))
		return FAULT_BUS;
	s = spin_lock_irqsave(&lock);
	a = area_map_find(&map, va);
	if (a && a->file == f && a->shared && a->prot && index_at(a, va) == index &&
	    !mmu_next_page(&at, va + PAGE_SIZE, &pa) &&
	    mmu_map((void *)va, virt_to_phys(page), 1, mmu_flags_of(a->prot)))
		result = FAULT_NO_MEMORY;
	spin_unlock_irqrestore(&lock, s);
	return result;
}

static bool allows(unsigned prot, unsigned access)
{
	if (access & FAULT_EXEC)
		return prot & VM_EXEC;
	return access & FAULT_WRITE ? prot & VM_WRITE : prot != 0;
}

static enum fault_result vm_fault(uintptr_t address, unsigned access)
{
	uintptr_t va = ALIGN_DOWN(address, PAGE_SIZE);
	irq_state_t s = spin_lock_irqsave(&lock);
	const struct map_area *a = area_map_find(&map, va);
	enum fault_result result = FAULT_NOT_MINE;
	struct file *f = NULL;
	uint64_t index = 0;

	if (a && allows(a->prot, access))
		result = fill(a, va);
	if (result == FAULT_WANTS_SLEEP && access & FAULT_MAY_SLEEP) {
		f = file_get(a->file);
		index = index_at(a, va);
	}
	spin_unlock_irqrestore(&lock, s);
	if (f) {
		result = fill_shared(f, index, va);
		file_put(f);
	}
	return result;
}

/* The same from a thread that holds the mutex, for pages that are not there. */
static enum fault_result touch_page(const struct map_area *a, uintptr_t va)
{
	irq_state_t s = spin_lock_irqsave(&lock);
	enum fault_result result = fill(a, va);

	spin_unlock_irqrestore(&lock, s);
	return result == FAULT_WANTS_SLEEP ? fill_shared(a->file, index_at(a, va), va) : result;
}

static int touch_area(const struct map_area *a)
{
	for (uintptr_t va = a->start; va < a->end; va += PAGE_SIZE)
		if (touch_page(a, va) != FAULT_DONE)
			return -ENOMEM;
	return 0;
}

/* --- private files ------------------------------------------------------------------------ */

/* A page of the file for va; a part that the file does not have is zero. Returns how many bytes
 * it had, or -errno. */
static ssize_t read_page(const struct map_area *a, uintptr_t va, void **out)
{
	off_t at = (off_t)(index_at(a, va) << PAGE_SHIFT);
	size_t done = 0;
	ssize_t n = 0;
	char *page = page_alloc(0);

	if (!page)
		return -ENOMEM;
	while (done < PAGE_SIZE) {
		struct iovec iov = { page + done, PAGE_SIZE - done };

		n = a->file->ops->read_at(a->file, &iov, 1, at + (off_t)done);
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	if (n < 0 || done == 0) {
		page_free(page, 0);
		return n;
	}
	memset(page + done, 0, PAGE_SIZE - done);
	*out = page;
	return (ssize_t)done;
}

static int read_area(const struct map_area *a)
{
	for (uintptr_t va = a->start; va < a->end; va += PAGE_SIZE) {
		void *page;
		ssize_t n = read_page(a, va, &page);

		if (n <= 0)
			return (int)n;
		if (mmu_map((void *)va, virt_to_phys(page), 1, mmu_flags_of(a->prot))) {
			page_free(page, 0);
			return -ENOMEM;
		}
		if (!a->prot)
			mmu_protect(va, 1, MMU_NONE);
	}
	return 0;
}

/* What an area of a file has from the beginning. A shared one gets what there is; the rest, also
 * what the file has not yet, comes on its first touch. */
static int populate(const struct map_area *a)
{
	if (!a->file)
		return 0;
	if (!a->shared)
		return read_area(a);
	for (uintptr_t va = a->start; va < a->end; va += PAGE_SIZE)
		if (fill_shared(a->file, index_at(a, va), va) != FAULT_DONE)
			break;
	return 0;
}

/* --- changing the map --------------------------------------------------------------------- */

/* Room for one step of a change. */
static int reserve(void)
{
	size_t room = MAX(2 * map.room, (size_t)ROOM_FIRST);
	struct map_area *array, *old;
	irq_state_t s;

	if (map.n + ROOM_SPARE <= map.room)
		return 0;
	array = kalloc(room * sizeof(*array));
	if (!array)
		return -ENOMEM;
	s = spin_lock_irqsave(&lock);
	old = area_map_move(&map, array, room);
	spin_unlock_irqrestore(&lock, s);
	kfree(old);
	return 0;
}

/* Each area has a reference of its file. */
static void add_refs(const struct map_area *a, int n)
{
	while (a->file && n-- > 0)
		file_get(a->file);
}

/* Take a part of area i out of the map, and put `instead` there, unless NULL, in one step.
 * Returns whether the file has lost its reference, which the caller has to put. */
static bool replace(size_t i, const struct map_area *part, const struct map_area *instead)
{
	irq_state_t s = spin_lock_irqsave(&lock);
	int more = area_map_cut(&map, i, part->start, part->end);

	if (instead) {
		area_map_insert(&map, instead);
		more++;
	}
	add_refs(part, more);
	spin_unlock_irqrestore(&lock, s);
	return part->file && more < 0;
}

static void insert(const struct map_area *a)
{
	irq_state_t s = spin_lock_irqsave(&lock);

	area_map_insert(&map, a);
	spin_unlock_irqrestore(&lock, s);
}

/* The next area that has something of [start, end); its number, and the part of it. */
static bool next_part(uintptr_t start, uintptr_t end, size_t *i, struct map_area *part)
{
	*i = area_map_first(&map, start);
	if (start >= end || *i == map.n || map.area[*i].start >= end)
		return false;
	*part = part_of(&map.area[*i], start, end);
	return true;
}

static size_t npages_of(const struct map_area *a)
{
	return (a->end - a->start) >> PAGE_SHIFT;
}

/* With room for one step: only the first cut may make an area more. */
static void unmap(uintptr_t start, uintptr_t end)
{
	struct map_area part;
	size_t i;

	for (; next_part(start, end, &i, &part); start = part.end) {
		bool put = replace(i, &part, NULL);

		mmu_take(part.start, npages_of(&part), gone_from(&part));
		if (put)
			file_put(part.file);
	}
}

static uintptr_t gap(size_t len)
{
	uint64_t random;
	uintptr_t va;

	if (!place) {
		random_bytes(&random, sizeof(random));
		place = MMU_USER_PLACE + ALIGN_DOWN(random & PLACE_RANDOM, PAGE_SIZE);
	}
	va = area_map_gap(&map, len, place, MMU_USER_END);
	return va ? va : area_map_gap(&map, len, MMU_USER_START, MMU_USER_END);
}

static int choose(const struct vm_request *r, uintptr_t *out)
{
	uintptr_t wish = ALIGN_DOWN(r->address, PAGE_SIZE), end = wish + r->len;
	bool must = r->flags & (VM_FIXED | VM_NO_REPLACE), fits = in_region(wish, r->len);
	bool is_free = fits && area_map_gap(&map, r->len, wish, end) == wish;

	if (must && !fits)
		return -ENOMEM;
	if (r->flags & VM_NO_REPLACE && !is_free)
		return -EEXIST;
	if (must && !is_free)
		unmap(wish, end);
	*out = must || is_free ? wish : gap(r->len);
	return *out ? 0 : -ENOMEM;
}

static int map_locked(const struct vm_request *r, uintptr_t *out)
{
	struct map_area a = { .file = r->file, .index = r->index, .prot = (uint8_t)r->prot };
	int err = reserve();

	if (err == 0)
		err = choose(r, &a.start);
	if (err == 0)
		err = reserve(); /* what was replaced may have become two */
	if (err)
		return err;
	a.end = a.start + r->len;
	a.shared = r->file && r->flags & VM_SHARED;
	add_refs(&a, 1);
	fault_set_hook(vm_fault);
	insert(&a);
	err = populate(&a);
	if (err) {
		unmap(a.start, a.end);
		return err;
	}
	if (r->flags & VM_POPULATE && !a.file && a.prot)
		(void)touch_area(&a); /* as far as there is memory */
	*out = a.start;
	return 0;
}

int vm_map(const struct vm_request *r, uintptr_t *out)
{
	int err;

	mutex_lock(&changing);
	err = map_locked(r, out);
	mutex_unlock(&changing);
	return err;
}

int vm_unmap(uintptr_t start, size_t len)
{
	int err;

	if (!in_region(start, len))
		return -EINVAL;
	mutex_lock(&changing);
	err = reserve();
	if (err == 0)
		unmap(start, start + len);
	mutex_unlock(&changing);
	return err;
}

/* --- changing what is mapped -------------------------------------------------------------- */

static int protect_part(size_t i, const struct map_area *part, void *arg)
{
	struct map_area new = *part;
	int err = reserve();

	if (err)
		return err;
	new.prot = *(uint8_t *)arg;
	replace(i, part, &new);
	mmu_protect(new.start, npages_of(&new), mmu_flags_of(new.prot));
	return 0;
}

static int drop_part(size_t i, const struct map_area *part, void *arg)
{
	mmu_take(part->start, npages_of(part), gone_from(part));
	return part->shared ? 0 : populate(part);
}

static int touch_part(size_t i, const struct map_area *part, void *arg)
{
	return part->prot ? touch_area(part) : -ENOMEM;
}

static int touch_if_accessible(size_t i, const struct map_area *part, void *arg)
{
	return part->prot ? touch_area(part) : 0;
}

static int resident_part(size_t i, const struct map_area *part, void *arg)
{
	unsigned char **out = arg;
	uintptr_t va = part->start;
	paddr_t pa;

	memset(*out, 0, npages_of(part));
	for (; mmu_next_page(&va, part->end, &pa); va += PAGE_SIZE)
		(*out)[(va - part->start) >> PAGE_SHIFT] = 1;
	*out += npages_of(part);
	return 0;
}

/* Do something to each part of [start, end), all of which must be mapped if `whole` says so. */
static int for_range(uintptr_t start, size_t len, bool whole,
		     int (*act)(size_t i, const struct map_area *part, void *arg), void *arg)
{
	uintptr_t end = start + len;
	struct map_area part;
	int err = 0;
	size_t i;

	if (!in_region(start, len))
		return -ENOMEM;
	mutex_lock(&changing);
	if (whole && !area_map_covers(&map, start, end))
		err = -ENOMEM;
	for (; err == 0 && next_part(start, end, &i, &part); start = part.end)
		err = act(i, &part, arg);
	mutex_unlock(&changing);
	return err;
}

int vm_protect(uintptr_t start, size_t len, unsigned prot)
{
	uint8_t new = (uint8_t)prot;

	return for_range(start, len, true, protect_part, &new);
}

int vm_drop(uintptr_t start, size_t len)
{
	return for_range(start, len, true, drop_part, NULL);
}

int vm_touch(uintptr_t start, size_t len)
{
	return for_range(start, len, true, touch_part, NULL);
}

int vm_touch_all(void)
{
	return for_range(MMU_USER_START, MMU_USER_END - MMU_USER_START, false, touch_if_accessible,
			 NULL);
}

int vm_resident(uintptr_t start, size_t len, unsigned char *out)
{
	return for_range(start, len, true, resident_part, &out);
}

bool vm_covers(uintptr_t start, size_t len)
{
	bool yes;

	mutex_lock(&changing);
	yes = in_region(start, len) && area_map_covers(&map, start, start + len);
	mutex_unlock(&changing);
	return yes;
}

/* --- resizing ----------------------------------------------------------------------------- */

/* Area i, which ends where it shall grow, to `end`. */
static int grow_in_place(size_t i, uintptr_t end)
{
	struct map_area whole = map.area[i], longer = whole, new = whole;
	int err;

	longer.end = end;
	replace(i, &whole, &longer);
	new.start = whole.end;
	new.end = end;
	new.index = index_at(&whole, new.start);
	err = populate(&new);
	if (err)
		unmap(new.start, new.end);
	return err;
}

/* Part of area i to another place, where it is new_len long. */
static int move(size_t i, const struct map_area *part, uintptr_t to, size_t new_len)
{
	size_t len = part->end - part->start;
	struct map_area new = *part, rest;
	bool last = replace(i, part, NULL);
	int err = mmu_move(to, part->start, npages_of(part));

	if (!last)
		add_refs(part, 1);
	if (err) {
		insert(part);
		return err;
	}
	new.start = to;
	new.end = to + new_len;
	insert(&new);
	if (new_len == len)
		return 0;
	rest = part_of(&new, to + len, new.end);
	(void)populate(&rest); /* what cannot be read is not there, as behind the file's end */
	return 0;
}

/* With the old length cut to the new one. */
static int resize(const struct vm_resize *r, size_t old_len, uintptr_t *out)
{
	uintptr_t end = r->start + old_len, new_end = r->start + r->new_len, to = r->to;
	size_t i = area_map_first(&map, r->start);
	struct map_area part = part_of(&map.area[i], r->start, end);

	*out = r->start;
	if (!r->fixed && old_len == r->new_len)
		return 0;
	if (!r->fixed && map.area[i].end == end && in_region(r->start, r->new_len) &&
	    area_map_gap(&map, new_end - end, end, new_end) == end)
		return grow_in_place(i, new_end);
	if (!r->fixed && !r->may_move)
		return -ENOMEM;
	if (!r->fixed)
		to = gap(r->new_len);
	if (!to)
		return -ENOMEM;
	*out = to;
	return move(i, &part, to, r->new_len);
}

static int resize_locked(const struct vm_resize *r, uintptr_t *out)
{
	size_t old_len = MIN(r->old_len, r->new_len);
	const struct map_area *a = area_map_find(&map, r->start);
	int err;

	if (!a || a->end - r->start < r->old_len)
		return -EFAULT;
	if (r->fixed && (!in_region(r->to, r->new_len) ||
			 (r->to < r->start + r->old_len && r->start < r->to + r->new_len)))
		return -EINVAL;
	err = reserve();
	if (err)
		return err;
	if (r->fixed)
		unmap(r->to, r->to + r->new_len);
	err = reserve();
	if (err)
		return err;
	unmap(r->start + old_len, r->start + r->old_len);
	err = reserve();
	return err ? err : resize(r, old_len, out);
}

int vm_resize(const struct vm_resize *r, uintptr_t *out)
{
	uintptr_t at;
	int err;

	mutex_lock(&changing);
	err = resize_locked(r, &at);
	mutex_unlock(&changing);
	if (err == 0)
		*out = at;
	return err;
}
