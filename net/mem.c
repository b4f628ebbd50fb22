// SPDX-License-Identifier: BSD-2-Clause
#include "net/mem.h"
#include "kernel/heap.h"
#include <lwip/igmp.h>
#include <lwip/mem.h>
#include <lwip/memp.h>
#include <string.h>

/* What memp_std.h needs to know the sizes of. */
#include <lwip/dns.h>
#include <lwip/etharp.h>
#include <lwip/ip4_frag.h>
#include <lwip/ip6_frag.h>
#include <lwip/mld6.h>
#include <lwip/priv/memp_priv.h>
#include <lwip/priv/nd6_priv.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/udp.h>

/* Classes: multiples of 64 bytes up to 512, a middle one, and a full TCP segment with its headers.
 */
#define CLASS_STEP_SHIFT 6
#define CLASS_MIDDLE     8
#define CLASS_SEGMENT    9
#define CLASSES          10
#define SMALL_BYTES      (CLASS_MIDDLE << CLASS_STEP_SHIFT)
#define MIDDLE_BYTES     1024
#define SEGMENT_BYTES    NET_MEM_SEGMENT_BYTES
#define LOW_BYTES        (4 * SEGMENT_BYTES)

struct block {
	struct block *next;
};

struct class
{
	struct block *free;
	uint32_t nfree;
	uint32_t keep; /* most free blocks that are not given back */
};

static struct class classes[CLASSES];
static size_t budget, payload_budget, held; /* bytes; held counts the free lists too */
bool net_mem_low;
uint32_t net_mem_share;

/* In front of what mem_malloc() gives out: mem_free() is not told the size. */
struct mem_header {
	size_t size;
};

static size_t class_bytes(unsigned c)
{
	if (c < CLASS_MIDDLE)
		return (c + 1) << CLASS_STEP_SHIFT;
	return c == CLASS_MIDDLE ? MIDDLE_BYTES : SEGMENT_BYTES;
}

/* Which class a size belongs to; CLASSES for those that the heap serves directly. */
static inline unsigned class_of(size_t size)
{
	if (likely(size <= SMALL_BYTES))
		return (size - 1) >> CLASS_STEP_SHIFT;
	if (size <= MIDDLE_BYTES)
		return CLASS_MIDDLE;
	return size <= SEGMENT_BYTES ? CLASS_SEGMENT : CLASSES;
}

/*
 * When payload has to wait, freed blocks go back to the heap, so that the wait has an end. Before
 * that each connection's share shrinks with what is left, so that those whose peers do not read
 * leave something to the others (Choudhury and Hahne, "Dynamic queue length thresholds", 1998);
 * the last quarter gives each no more than an answer needs.
 */
static void note_held(size_t bytes)
{
	size_t left = payload_budget > bytes ? payload_budget - bytes : 0;
	size_t reserve = payload_budget / 4, share = left > reserve ? (left - reserve) / 8 : 0;

	held = bytes;
	net_mem_low = left < LOW_BYTES;
	net_mem_share = MIN(MAX(share, 2 * (size_t)SEGMENT_BYTES), (size_t)UINT32_MAX);
}

void net_mem_init(size_t budget_bytes)
{
	budget = budget_bytes;
	payload_budget = budget_bytes - budget_bytes / 8;
	note_held(held);
	for (unsigned c = 0; c < CLASSES; c++)
		classes[c].keep = MIN(budget_bytes / 64 / class_bytes(c) + 4, 256u);
}

size_t net_mem_held_bytes(void)
{
	return held;
}

void net_mem_trim(void)
{
	for (unsigned c = 0; c < CLASSES; c++) {
		for (struct block *b = classes[c].free, *next; b; b = next) {
			next = b->next;
			note_held(held - class_bytes(c));
			kfree(b);
		}
		classes[c].free = NULL;
		classes[c].nfree = 0;
	}
}

static bool within_budget(size_t bytes)
{
	return held + bytes <= (bytes < SEGMENT_BYTES ? budget : payload_budget);
}

static UNIK_COLD void *heap_block(size_t bytes)
{
	void *p;

	if (net_mem_low || !within_budget(bytes)) {
		net_mem_trim();
		if (!within_budget(bytes))
			return NULL;
	}
	p = kalloc(bytes);
	if (p)
		note_held(held + bytes);
	return p;
}

void *net_alloc(size_t size)
{
	unsigned c = class_of(size);
	struct block *b;

	if (unlikely(c == CLASSES))
		return heap_block(size);
	b = classes[c].free;
	if (unlikely(!b))
		return heap_block(class_bytes(c));
	classes[c].free = b->next;
	classes[c].nfree--;
	return b;
}

static UNIK_COLD void heap_free_block(void *p, size_t bytes)
{
	note_held(held - bytes);
	kfree(p);
}

void net_free(void *p, size_t size)
{
	unsigned c = class_of(size);
	struct block *b = p;

	if (unlikely(c == CLASSES)) {
		heap_free_block(p, size);
	} else if (unlikely(net_mem_low || classes[c].nfree >= classes[c].keep)) {
		heap_free_block(p, class_bytes(c));
	} else {
		b->next = classes[c].free;
		classes[c].free = b;
		classes[c].nfree++;
	}
}

/* lwIP's heap, for pbufs with payload and a few odd structures. */

void *mem_malloc(mem_size_t size)
{
	struct mem_header *h = net_alloc(size + sizeof(*h));

	if (unlikely(!h))
		return NULL;
	h->size = size + sizeof(*h);
	return h + 1;
}

void *mem_calloc(mem_size_t count, mem_size_t size)
{
	void *p = mem_malloc(count * size); /* lwIP's counts are constants */

	return p ? memset(p, 0, count * size) : NULL;
}

void mem_free(void *mem)
{
	struct mem_header *h;

	if (!mem)
		return;
	h = (struct mem_header *)mem - 1;
	net_free(h, h->size);
}

void *mem_trim(void *mem, mem_size_t size)
{
	(void)size; /* a block keeps its class */
	return mem;
}

/* lwIP's pools, by type. */

#define LWIP_MEMPOOL(name, num, size, desc) (size),
static const uint16_t pool_bytes[MEMP_MAX] = {
#include <lwip/priv/memp_std.h>
};

void *memp_malloc(memp_t type)
{
	return net_alloc(pool_bytes[type]);
}

void memp_free(memp_t type, void *mem)
{
	if (mem)
		net_free(mem, pool_bytes[type]);
}
