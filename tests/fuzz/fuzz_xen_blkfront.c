// SPDX-License-Identifier: BSD-2-Clause
/*
 * blkfront against a back end that does what the input says with the ring, the disk's figures and
 * its states. In the end it is good again, or gives up the disk: then no request is left over, and
 * what was asked for was written, no byte more.
 */
// link: drivers/xen/pool.c drivers/blk.c kernel/wait.c kernel/mutex.c
#include "tests/fuzz/xen_back.h"
#include "drivers/xen/blkfront.c"

#define STEPS    200
#define REQUESTS 12

static struct work {
	struct blk_request r;
	bool busy;
	uint8_t *data; /* as long as the request says */
} works[REQUESTS];

static struct xen_back back;
static struct blk *dev;

static void come_up(void)
{
	xf_state(XENBUS_INIT_WAIT);
	back = (struct xen_back){ back_page("ring-ref"), sizeof(struct request), RING, 0 };
	xf_state(XENBUS_CONNECTED);
}

static const char *const nodes[][2] = {
	{ "back", "sectors" },
	{ "back", "sector-size" },
	{ "back", "info" },
	{ "back", "feature-flush-cache" },
	{ "back", "feature-barrier" },
	{ "back", "feature-discard" },
	{ "back", "online" },
	{ "back", "feature-max-indirect-segments" },
	{ "front", "virtual-device" },
};

static void set_good_figures(uint8_t how)
{
	xf_set("back", "sectors", "8192");
	xf_set("back", "sector-size", how & 1 ? "4096" : "512");
	xf_set("back", "info", how & 2 ? "4" : "0");
	xf_set("back", "feature-flush-cache", how & 4 ? "1" : "0");
	xf_set("back", "feature-barrier", "1");
	xf_set("back", "feature-discard", how & 8 ? "1" : "0");
	xf_set("back", "feature-max-indirect-segments", how & 16 ? "256" : "0");
	xf_set("back", "online", "1");
	xf_set("front", "virtual-device", "51728");
}

static void finish(struct work *w)
{
	if (!w->busy || w->r.status == BLK_PENDING)
		return;
	FUZZ_ASSERT(w->r.status <= 0 && w->r.status > -200);
	free(w->data);
	*w = (struct work){ 0 };
}

static void submit(struct fuzz_input *in)
{
	static const enum blk_op ops_of[] = { BLK_READ, BLK_WRITE, BLK_FLUSH, BLK_DISCARD };
	uint8_t how = fuzz_byte(in), size = fuzz_byte(in);
	struct work *w = &works[how % REQUESTS];
	uint32_t len;

	if (w->busy)
		return;
	w->r = (struct blk_request){ .op = ops_of[how >> 6], .lba = size, .status = BLK_PENDING };
	w->r.nsect = 1 + (how & 32 ? size * 7u : size) % dev->max_sectors;
	len = w->r.nsect * dev->sector_bytes;
	if (w->r.op == BLK_READ || w->r.op == BLK_WRITE) {
		w->data = malloc(len);
		w->r.nsegment = len > 512 ? 2 : 1;
		w->r.segment[0] = (struct blk_segment){ w->data, len > 512 ? 512 : len };
		w->r.segment[1] = (struct blk_segment){ w->data + 512, len - 512 };
		memset(w->data, how, len);
	}
	w->busy = true;
	if (dev->ops->submit(dev, &w->r)) {
		w->r.status = -EBUSY;
		finish(w);
	}
}

static void answer(struct fuzz_input *in)
{
	uint8_t how = fuzz_byte(in);
	const struct request *q = back_place(&back, back.rsp);
	struct response r = { .id = q->id, .status = (int16_t)(how >> 5) - 3 };

	if (how & 1)
		r.id = fuzz_byte(in);
	if ((how & 6) == 6)
		r.id = (uint64_t)fuzz_u32(in) << 32 | fuzz_byte(in);
	back_put(&back, &r, sizeof(r));
	if (how & 8)
		back_show(&back);
}

static void step(struct fuzz_input *in)
{
	uint8_t what = fuzz_byte(in);

	switch (what & 7) {
	case 0:
	case 1:
		submit(in);
		break;
	case 2:
	case 3:
		answer(in);
		break;
	case 4:
		back_scribble(&back, in);
		break;
	case 5:
		if (what & 8)
			back_set(nodes, ARRAY_SIZE(nodes), in);
		else if ((what >> 4) == 8)
			come_up();
		else
			xf_state((what >> 4) % 9);
		break;
	case 6:
		(void)dev->ops->irq_enable(dev);
		dev->ops->kick(dev);
		if (xf_event[1])
			xf_event[1]->handle(xf_event[1]->arg);
		break;
	default:
		FUZZ_ASSERT(dev->ops->poll(dev) <= RING);
		for (unsigned i = 0; i < REQUESTS; i++)
			finish(&works[i]);
	}
}

/* A back end that goes by the rules, after whatever was before. */
static void end_well(uint8_t how)
{
	set_good_figures(how);
	xf_state(XENBUS_CLOSED);
	come_up();
	FUZZ_ASSERT(of(dev)->connected);
	for (uint32_t n = back.page->req_prod; back.rsp != n;) {
		const struct request *q = back_place(&back, back.rsp);
		struct response r = { .id = q->id };

		back_put(&back, &r, sizeof(r));
	}
	back_show(&back);
	dev->ops->poll(dev);
	for (unsigned i = 0; i < REQUESTS; i++) {
		finish(&works[i]);
		FUZZ_ASSERT(!works[i].busy);
	}
	FUZZ_ASSERT(of(dev)->pool.nfree == of(dev)->pool.npages);
}

static void destroy(void)
{
	struct blkfront *d = of(dev);

	disconnect(d);
	free_pools(d);
	kfree(d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_input in = { data, data + len };
	uint8_t how = fuzz_byte(&in);

	fake_reset();
	xf_reset();
	set_good_figures(how);
	if (how & 128)
		back_set(nodes, ARRAY_SIZE(nodes), &in);
	xf_followed = come_up;
	if (xen_blkfront_probe(0, &dev) == 0) {
		FUZZ_ASSERT(dev->nsectors > 0 && dev->max_sectors > 0);
		for (unsigned i = 0; i < STEPS && fuzz_left(&in); i++)
			step(&in);
		if (!(how & 128))
			end_well(how);
		destroy();
	}
	for (unsigned i = 0; i < REQUESTS; i++) { /* of a disk that never came back */
		free(works[i].data);
		works[i] = (struct work){ 0 };
	}
	FUZZ_ASSERT(xf_grants() == 0 && check_failures == 0);
	return 0;
}
