// SPDX-License-Identifier: BSD-2-Clause
/*
 * xen_back.h - a back end that does with a ring what the input says: it answers any number of
 * requests with any bytes, sets its index and ours anywhere, and goes through its states in any
 * order.
 */
#pragma once
#include "tests/fuzz/fuzz.h"
#include "tests/host/xen_front.h"
#include "drivers/xen/ring.h"

/* Pages come and go with each input; what was freed need not be kept for long. */
const char *__asan_default_options(void)
{
	return "quarantine_size_mb=4";
}

struct xen_back {
	struct xen_ring_page *page; /* NULL: not connected */
	uint32_t entry_bytes, size;
	uint32_t rsp; /* responses that were put in */
};

/* The page that the front end has granted for a ring; NULL when it has not. */
static inline struct xen_ring_page *back_page(const char *node)
{
	uint32_t ref = xf_number("front", node);

	return ref < XF_GRANTS ? xf_grant[ref] : NULL;
}

static inline void *back_place(const struct xen_back *b, uint32_t i)
{
	return b->page->entries + (i & (b->size - 1)) * b->entry_bytes;
}

static inline void back_put(struct xen_back *b, const void *response, size_t bytes)
{
	memcpy(back_place(b, b->rsp++), response, bytes);
}

static inline void back_show(const struct xen_back *b)
{
	WRITE_ONCE(b->page->rsp_prod, b->rsp);
}

static inline void back_scribble(struct xen_back *b, struct fuzz_input *in)
{
	uint8_t what = fuzz_byte(in);
	size_t got;
	const uint8_t *bytes;

	switch (what & 3) {
	case 0:
		b->page->rsp_prod += fuzz_byte(in);
		break;
	case 1:
		(&b->page->req_prod)[what >> 2 & 3] = fuzz_u32(in);
		break;
	default:
		bytes = fuzz_bytes(in, MIN(b->entry_bytes, 16u), &got);
		memcpy(back_place(b, fuzz_byte(in)), bytes, got);
	}
}

/* What the store says about the other end: one of some nodes, with a text of the input. */
static inline void back_set(const char *const (*nodes)[2], unsigned n, struct fuzz_input *in)
{
	unsigned which = fuzz_byte(in) % n;
	char text[24];
	size_t got;
	const uint8_t *bytes = fuzz_bytes(in, fuzz_byte(in) % sizeof(text), &got);

	memcpy(text, bytes, got);
	text[got] = 0;
	xf_set(nodes[which][0], nodes[which][1], text);
}
