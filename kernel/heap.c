// SPDX-License-Identifier: BSD-2-Clause
/*
 * A block of up to HEAP_SLAB_MAX bytes lies in a slab: one to eight pages, aligned to their size,
 * with a header, a byte for each block, and blocks of one class, packed to the end so that each is
 * aligned to the lowest bit of its size. Each page's tag names the class, so a pointer finds its
 * slab. Which blocks are free is a bitmap in the header: nothing that the heap relies on is kept in
 * free memory, where a stray write would turn into a stray pointer, and a double free is seen. In
 * front of the slabs are the caches of kernel/heap_fast.h. Bigger blocks are runs of pages, tagged
 * as head and rest; of short ones, which programs take and give back for every request, the last of
 * a length are kept.
 */
#include <string.h>
#include "kernel/heap_fast.h"
#include "kernel/panic.h"

#define TAG_LARGE      0xc0 /* first page of a large block of the kernel's heap */
#define TAG_LARGE_USER 0xc1 /* of any other heap */
#define TAG_LARGE_REST 0xc2
#define TAG_LARGE_KEPT 0xc3 /* first page of a run that was freed and is in heap.run */

#define HEAP_SLAB_MAX 7168 /* bytes */
#define HEAP_BATCH    4    /* blocks that go from a slab to the cache or back at a time */

struct slab {
	struct slab *next, *prev; /* among the partial ones of its class; NULL at the ends */
	struct heap *heap;
	uint64_t free[4]; /* bit n: block n, counted from the end of the slab, is free */
	uint8_t class;
	uint8_t count; /* blocks */
	uint8_t used;
};
_Static_assert(sizeof(struct slab) == HEAP_HEADER, "the sizes of classes are chosen for this");

#define CLASS(bytes, npages)                                                     \
	{                                                                        \
		(uint32_t)((1ULL << 32) / (bytes)) + 1, bytes, (npages)*4096 - 1 \
	}

/* Slabs are as small as they can be with at most an eighth lost to header and remainder. No slab
 * has blocks of 4096 bytes, for a page is better. */
const struct size_class heap_classes[HEAP_CLASSES] = {
	CLASS(16, 1),   CLASS(16, 1),   CLASS(32, 1),   CLASS(48, 1),   CLASS(64, 1),
	CLASS(80, 1),   CLASS(96, 1),   CLASS(112, 1),  CLASS(128, 1),  CLASS(160, 1),
	CLASS(192, 1),  CLASS(224, 1),  CLASS(256, 1),  CLASS(320, 1),  CLASS(384, 1),
	CLASS(448, 1),  CLASS(512, 1),  CLASS(640, 1),  CLASS(768, 1),  CLASS(896, 1),
	CLASS(1024, 2), CLASS(1280, 1), CLASS(1536, 2), CLASS(1792, 1), CLASS(2048, 4),
	CLASS(2560, 2), CLASS(3072, 4), CLASS(3584, 2), CLASS(4096, 8), CLASS(5120, 4),
	CLASS(6144, 8), CLASS(7168, 4),
};

struct heap kernel_heap;

static UNIK_NORETURN UNIK_COLD void bad_pointer(const void *p, bool was_free)
{
	panic("heap: %p %s", p, was_free ? "was freed twice" : "is no block of this heap");
}

UNIK_COLD void heap_was_written(const void *p)
{
	panic("heap: %p was written to after it was freed", p);
}

/* heap_slack(), where it is not on a fast path. */
static UNIK_NOINLINE unsigned slack_of(const void *p, unsigned class)
{
	return *heap_slack(p, class);
}

bool heap_guard_is_whole(const void *p, unsigned class)
{
	unsigned slack = slack_of(p, class);
	uint64_t word;

	__builtin_memcpy(&word, heap_guard_at(p, class, slack), 8);
	word ^= __stack_chk_guard | 1;
	return (slack < 8 ? word >> (64 - 8 * slack) : word) == 0;
}

/* How many bytes a block has too many, as far as that is kept. */
static unsigned slack_for(unsigned class, size_t size)
{
	return MIN(heap_classes[class].bytes - (unsigned)size, (unsigned)HEAP_SLACK_MAX);
}

/* What is before the guard in its word stays, for a block that is in use. */
static UNIK_COLD void set_guard(void *p, unsigned class, size_t size)
{
	unsigned slack = slack_for(class, size);
	char *word = heap_guard_at(p, class, slack);
	size_t keep = slack < 8 ? 8 - slack : 0;
	char saved[8];

	memcpy(saved, word, keep);
	heap_guard_set(p, class, slack);
	memcpy(word, saved, keep);
}

/* Before a block is given back, or changes its size. One that is free has no guard, and is seen
 * later. */
static UNIK_COLD void check_guard(const uint64_t *p, unsigned class)
{
	unsigned slack = slack_of(p, class);

	if (p[1] != HEAP_FREED && slack && !heap_guard_is_whole(p, class))
		panic("heap: %p, a block of %u bytes, was written beyond its end", (const void *)p,
		      heap_classes[class].bytes - slack);
}

static void heap_lock(struct heap *h)
{
	cpu_preempt_disable();
	while (unlikely(__atomic_exchange_n(&h->lock, 1, __ATOMIC_ACQUIRE)))
		while (READ_ONCE(h->lock))
			cpu_relax();
}

static void heap_unlock(struct heap *h)
{
	__atomic_store_n(&h->lock, 0, __ATOMIC_RELEASE);
	if (unlikely(cpu_preempt_enable_test()))
		heap_preempt(NULL);
}

UNIK_COLD void *heap_preempt(void *p)
{
	cpu_preempt_disable();
	preempt_enable();
	return p;
}

static bool is_large(size_t size)
{
	return size > HEAP_SLAB_MAX || (size > 3584 && size <= PAGE_SIZE);
}

/* Above HEAP_STEP_MAX: where the size's highest bit is, and the two bits below it. */
static unsigned class_of(size_t size)
{
	unsigned shift;

	if (likely(size <= HEAP_STEP_MAX))
		return heap_small_class(size);
	shift = 63 - __builtin_clzl(size - 1) - 2;
	return 9 + (shift - 5) * 4 + ((size - 1) >> shift & 3);
}

static size_t slab_pages(unsigned class)
{
	return (heap_classes[class].offset_mask + 1) / PAGE_SIZE;
}

static void slab_link(struct heap *h, struct slab *s)
{
	struct slab **head = &h->partial[s->class];

	s->prev = NULL;
	s->next = *head;
	if (s->next)
		s->next->prev = s;
	*head = s;
}

/* A header is where a block that is written beyond its end does harm: check before use. */
static UNIK_COLD void slab_unlink(struct heap *h, struct slab *s)
{
	struct slab **link = s->prev ? &s->prev->next : &h->partial[s->class];

	if (*link != s || (s->next && s->next->prev != s))
		panic("heap: %p, a slab's header, is damaged", (void *)s);
	*link = s->next;
	if (s->next)
		s->next->prev = s->prev;
}

static void slab_destroy(struct heap *h, struct slab *s)
{
	slab_unlink(h, s);
	page_free_exact(s, slab_pages(s->class));
}

static void *slab_take(struct heap *h, struct slab *s)
{
	const struct size_class *c = &heap_classes[s->class];
	uint64_t *word = s->free;
	unsigned n;

	while (!*word)
		word++;
	n = (word - s->free) * 64 + __builtin_ctzl(*word);
	*word &= *word - 1;
	if (unlikely(++s->used == s->count))
		slab_unlink(h, s);
	return (char *)s + c->offset_mask + 1 - (n + 1) * c->bytes;
}

static void slab_give(struct heap *h, size_t class, void *p)
{
	const struct size_class *c = &heap_classes[class];
	struct slab *s = (void *)((uintptr_t)p & ~(uintptr_t)c->offset_mask);
	unsigned n = ((uint64_t)heap_slab_offset(p, class) * c->inverse >> 32) - 1;
	uint64_t bit = 1ULL << n % 64;

	if (unlikely(s->heap != h || n >= s->count || s->free[n / 64] & bit))
		bad_pointer(p, s->heap == h && n < s->count);
	s->free[n / 64] |= bit;
	if (unlikely(s->used-- == s->count))
		slab_link(h, s);
	/* One empty slab a class is kept, if it is the only one that has room. */
	if (unlikely(s->used == 0 && (s->next || s->prev)))
		slab_destroy(h, s);
}

/* Give cached blocks back to their slabs until n are left. */
static bool cache_drain(struct heap *h, size_t class, size_t n)
{
	struct heap_cache *c = heap_cache(h, class);
	bool found = c->n > n;

	while (c->n > n)
		slab_give(h, class, c->block[--c->n]);
	return found;
}

static uint8_t large_tag(const struct heap *h)
{
	return h == &kernel_heap ? TAG_LARGE : TAG_LARGE_USER;
}

/* A run that was kept, or NULL. */
static void *run_take(struct heap *h, size_t npages)
{
	struct heap_runs *kept = &h->runs[npages - 1];
	void *p = NULL;

	heap_lock(h);
	if (kept->n)
		p = kept->run[--kept->n];
	heap_unlock(h);
	if (p)
		page_set_tag(p, large_tag(h)); /* the rest has its tags */
	return p;
}

static bool run_keep(struct heap *h, size_t npages, void *p)
{
	struct heap_runs *kept = &h->runs[npages - 1];
	bool room;

	heap_lock(h);
	room = kept->n < HEAP_RUNS;
	if (room) {
		page_set_tag(p, TAG_LARGE_KEPT);
		kept->run[kept->n++] = p;
	}
	heap_unlock(h);
	return room;
}

static bool runs_drain(struct heap *h)
{
	bool found = false;

	for (size_t i = 0; i < HEAP_RUN_PAGES; i++)
		for (; h->runs[i].n; found = true)
			page_free_exact(h->runs[i].run[--h->runs[i].n], i + 1);
	return found;
}

/* heap_trim() with the lock held. */
static UNIK_COLD bool trim_locked(struct heap *h)
{
	bool found = runs_drain(h);

	for (unsigned class = 0; class < HEAP_CLASSES; class ++) {
		if (class < HEAP_CACHED)
			found |= cache_drain(h, class, 0);
		for (struct slab *s = h->partial[class], *next; s; s = next) {
			next = s->next;
			if (s->used == 0) {
				slab_destroy(h, s);
				found = true;
			}
		}
	}
	return found;
}

bool heap_trim(struct heap *h)
{
	bool found;

	heap_lock(h);
	found = trim_locked(h);
	heap_unlock(h);
	return found;
}

static UNIK_COLD struct slab *slab_create(struct heap *h, unsigned class)
{
	size_t npages = slab_pages(class);
	struct slab *s;
	int left;

	do
		s = page_alloc_exact(npages);
	while (!s && trim_locked(h));
	if (!s)
		return NULL;
	memset(&page_tags[page_tag_index(s)], heap_tag(h) | class, npages);
	left = (npages * PAGE_SIZE - sizeof(*s)) / (heap_classes[class].bytes + 1);
	*s = (struct slab){ .heap = h, .class = class, .count = left };
	for (uint64_t *free = s->free; left > 0; left -= 64)
		*free++ = left >= 64 ? ~0ULL : (1ULL << left) - 1;
	slab_link(h, s);
	return s;
}

static void cache_fill(struct heap *h, size_t class, struct slab *s)
{
	struct heap_cache *c = heap_cache(h, class);

	while (c->n < HEAP_BATCH - 1 && s->used < s->count) {
		uint64_t *p = slab_take(h, s);

		p[1] = HEAP_FREED;
		c->block[c->n++] = p;
	}
}

/* A block from a slab, and more of it for the cache. */
static UNIK_COLD void *slab_alloc(struct heap *h, unsigned class, size_t size)
{
	struct slab *s;
	void *p = NULL;

	heap_lock(h);
	s = h->partial[class];
	if (!s)
		s = slab_create(h, class);
	if (s) {
		p = slab_take(h, s);
		if (class < HEAP_CACHED)
			cache_fill(h, class, s);
	}
	heap_unlock(h);
	if (p)
		set_guard(p, class, size);
	return p;
}

/* The same for a size. */
static UNIK_COLD void *slab_alloc_size(struct heap *h, size_t size)
{
	return slab_alloc(h, class_of(size), size);
}

/* A block that is cached passes for an allocated one in its slab. */
static void check_not_cached(struct heap *h, size_t class, const void *p)
{
	struct heap_cache *c = heap_cache(h, class);

	for (size_t i = 0; i < c->n; i++)
		if (c->block[i] == p)
			bad_pointer(p, true);
}

static UNIK_COLD void slab_free(struct heap *h, size_t class, void *p)
{
	if (!heap_is_block(p, class))
		bad_pointer(p, false);
	heap_lock(h);
	if (class < HEAP_CACHED)
		check_not_cached(h, class, p);
	check_guard(p, class);
	if (class < HEAP_CACHED) {
		cache_drain(h, class, HEAP_CACHE_SLOTS - HEAP_BATCH);
	}
	slab_give(h, class, p);
	heap_unlock(h);
}

/* npages at a multiple of align pages. What alignment makes too much goes back at once, so it
 * costs no memory and does not rest on the direct map's own alignment. */
static UNIK_COLD void *large_take(size_t npages, size_t align)
{
	size_t extra = align - 1, skip;
	char *p = page_alloc_exact(npages + extra);

	if (!p || !extra)
		return p;
	skip = -((uintptr_t)p / PAGE_SIZE) & extra;
	page_free_exact(p, skip);
	page_free_exact(p + (skip + npages) * PAGE_SIZE, extra - skip);
	return p + skip * PAGE_SIZE;
}

static UNIK_COLD void *large_alloc(struct heap *h, size_t size, size_t align)
{
	size_t npages = size ? (size - 1) / PAGE_SIZE + 1 : 1;
	uint8_t *tag;
	void *p = npages <= HEAP_RUN_PAGES && align == 1 ? run_take(h, npages) : NULL;

	if (p)
		return p;
	do
		p = large_take(npages, align);
	while (!p && heap_trim(h));
	if (!p)
		return NULL;
	tag = &page_tags[page_tag_index(p)];
	memset(tag, TAG_LARGE_REST, npages);
	*tag = large_tag(h);
	return p;
}

static UNIK_COLD size_t large_bytes(struct heap *h, const void *p)
{
	const char *end = p;

	if ((uintptr_t)p % PAGE_SIZE || page_tag_of(p) != large_tag(h))
		bad_pointer(p, page_is_ram(p) && (page_tag_of(p) < PAGE_TAG_USED ||
						  page_tag_of(p) == TAG_LARGE_KEPT));
	do
		end += PAGE_SIZE;
	while (page_tag_of(end) == TAG_LARGE_REST);
	return end - (const char *)p;
}

static UNIK_COLD void large_free(struct heap *h, void *p)
{
	size_t npages = large_bytes(h, p) / PAGE_SIZE;

	if (npages > HEAP_RUN_PAGES || !run_keep(h, npages, p))
		page_free_exact(p, npages);
}

void *heap_alloc(struct heap *h, size_t size)
{
	unsigned class;

	if (likely(size <= HEAP_STEP_MAX))
		class = heap_small_class(size);
	else if (is_large(size))
		return large_alloc(h, size, 1);
	else
		class = class_of(size);
	if (unlikely(class >= HEAP_CACHED))
		return slab_alloc(h, class, size);
	return heap_cache_take(h, class, size, slack_for(class, size), slab_alloc_size);
}

UNIK_COLD void *heap_alloc_aligned(struct heap *h, size_t align, size_t size)
{
	unsigned class;

	if (align > PAGE_SIZE || is_large(size))
		return large_alloc(h, size, MAX(align / PAGE_SIZE, (size_t)1));
	/* The first class that is a multiple of align; behind the last, pages are. */
	for (class = class_of(size); class < HEAP_CLASSES; class ++)
		if ((heap_classes[class].bytes & (align - 1)) == 0)
			return slab_alloc(h, class, size);
	return large_alloc(h, size, 1);
}

static UNIK_COLD void free_slowly(struct heap *h, void *p)
{
	unsigned class = page_tag_of(p) - heap_tag(h);

	if (class < HEAP_CLASSES)
		slab_free(h, class, p);
	else if (p)
		large_free(h, p);
}

void heap_free(struct heap *h, void *p)
{
	heap_cache_give(h, p, free_slowly);
}

UNIK_COLD bool heap_resize(struct heap *h, void *p, size_t size)
{
	unsigned class = page_tag_of(p) - heap_tag(h);
	size_t have = class < HEAP_CLASSES ? heap_classes[class].bytes : large_bytes(h, p);

	if (size > have || size < have / 2)
		return false;
	if (class < HEAP_CLASSES) {
		check_guard(p, class);
		set_guard(p, class, size);
	}
	return true;
}

size_t heap_usable_bytes(struct heap *h, const void *p)
{
	return heap_block_bytes(h, p, large_bytes);
}

void *kzalloc(size_t size)
{
	void *p = kalloc(size);

	if (p)
		memset(p, 0, size);
	return p;
}
