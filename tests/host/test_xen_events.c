// SPDX-License-Identifier: BSD-2-Clause
/* drivers/xen/event_channel.c and grant.c on a make-believe Xen. */
// link: drivers/xen/grant.c
#include "tests/host/fake/xen.h"
#include "drivers/xen/event_channel.c"
#include "drivers/xen/grant.h"

static unsigned calls[4];
static struct xen_event raise_again;

static void count(void *arg)
{
	calls[(uintptr_t)arg]++;
}

static struct xen_event event(uintptr_t which)
{
	return (struct xen_event){ .handle = count, .arg = (void *)which };
}

/* As at boot: what the last test left goes. */
static void fresh(void)
{
	fake_xen_reset();
	list_init(&events);
	shared = NULL;
	memset(calls, 0, sizeof(calls));
}

static void test_events_reach_their_handlers(void)
{
	struct xen_event a = event(0), b = event(1);

	fresh();
	CHECK_EQ(xen_event_open(&a, 5), 0);
	CHECK_EQ(xen_event_connect(&b, 2), 0);
	CHECK_EQ(fake_xen.port[a.port].remote, 5);
	CHECK_EQ(fake_xen.param[XEN_PARAM_CALLBACK_IRQ], 1);
	fake_xen_raise(a.port);
	fake_xen_raise(2);
	fake_xen_raise(2);
	CHECK_EQ(calls[0], 1);
	CHECK_EQ(calls[1], 2);
	CHECK_EQ(fake_xen.shared.pending[0], 0);
	xen_event_close(&a);
	xen_event_close(&b);
	CHECK_EQ(a.port, 0);
	CHECK(!fake_xen.port[8].open);
}

static void test_what_comes_masked_is_kept(void)
{
	struct xen_event a = event(0), high = event(1);

	fresh();
	CHECK_EQ(xen_event_open(&a, 0), 0);
	CHECK_EQ(xen_event_connect(&high, 4095), 0);
	xen_event_mask(&a);
	xen_event_mask(&high);
	fake_xen_raise(a.port);
	fake_xen_raise(a.port);
	fake_xen_raise(4095);
	CHECK_EQ(calls[0] + calls[1], 0);
	xen_event_unmask(&a);
	CHECK_EQ(calls[0], 1);
	xen_event_unmask(&high);
	CHECK_EQ(calls[1], 1);
	xen_event_close(&a);
	xen_event_close(&high);
	xen_event_close(&high); /* harmless */
}

/* Ports that nobody has opened are masked: an event there does nothing, and lets others through. */
static void test_unknown_ports_are_silent(void)
{
	struct xen_event a = event(0);

	fresh();
	CHECK_EQ(xen_event_open(&a, 0), 0);
	for (uint32_t port = 0; port < XEN_EVENT_WORDS * 64; port += 7)
		if (port != a.port)
			fake_xen_raise(port);
	CHECK_EQ(calls[0], 0);
	/* Even where the mask is broken, and with selector bits that stand for nothing. */
	fake_xen.shared.mask[3] = 0;
	fake_xen.shared.vcpu[0].pending_sel = UINT64_MAX;
	fake_xen_raise(a.port);
	CHECK_EQ(calls[0], 1);
	xen_event_close(&a);
}

static void raise_once_more(void *arg)
{
	count(arg);
	if (calls[2] < 3)
		fake_xen_raise(raise_again.port);
}

/* The bit goes before the handler is called, so an edge that comes while it runs is not lost. */
static void test_edge_while_handling(void)
{
	fresh();
	raise_again = (struct xen_event){ .handle = raise_once_more, .arg = (void *)2 };
	CHECK_EQ(xen_event_open(&raise_again, 0), 0);
	fake_xen_raise(raise_again.port);
	CHECK_EQ(calls[2], 3);
	xen_event_close(&raise_again);
}

static void test_errors_of_opening(void)
{
	struct xen_event a = event(0);

	fresh();
	CHECK_EQ(xen_event_connect(&a, 0), -EINVAL);
	CHECK_EQ(xen_event_connect(&a, 4096), -EINVAL);
	fake_xen.refuse = -ENOSPC;
	CHECK_EQ(xen_event_open(&a, 0), -ENOSPC);
	fake_xen.refuse = -EEXIST;
	CHECK_EQ(xen_event_virq(&a, 0), -EEXIST);
	CHECK(list_empty(&events));
	shared = NULL;
	xen_is_guest = false;
	CHECK_EQ(xen_event_open(&a, 0), -ENODEV);
}

/* --- grants ---------------------------------------------------------------------------------- */

struct wire_entry { /* public/grant_table.h, grant_entry_v1 */
	uint16_t flags, peer;
	uint32_t frame;
};

static struct wire_entry *wire(grant_ref_t ref)
{
	return (struct wire_entry *)fake_xen.grant_frame[ref / 512] + ref % 512;
}

/* One test for all of it: the table stays for the life of the program. */
static void test_grants(void)
{
	static grant_ref_t refs[64 * 512];
	static UNIK_ALIGNED(4096) char page[8192];
	long live = fake_live_blocks;
	unsigned n = 0;

	fresh();
	xen_is_guest = false;
	CHECK_EQ(grant_alloc(&refs[0]), -ENODEV);
	xen_is_guest = true;
	fake_xen.grant_version = 2; /* as somebody before us has left it */
	fake_xen.version_refused = -EBUSY;
	CHECK_EQ(grant_alloc(&refs[0]), -ENODEV);
	fake_xen.version_refused = -ENOSYS; /* knows of one version only */
	fake_fail_at(1);
	CHECK_EQ(grant_alloc(&refs[0]), -ENOMEM);
	fake_xen.version_refused = 0;
	fake_fail_at(1);
	CHECK_EQ(grant_alloc(&refs[0]), -ENOMEM);
	CHECK_EQ(fake_xen.grant_version, 1);
	fake_fail_at(0);
	fake_xen.grant_frames_max = 2;

	CHECK_EQ(grant_page(&refs[n++], 7, page + 4096 + 5, true), 0);
	CHECK(refs[0] >= 8);
	CHECK_EQ(wire(refs[0])->flags, 1 | 4);
	CHECK_EQ(wire(refs[0])->peer, 7);
	CHECK_EQ(wire(refs[0])->frame, (uint32_t)((uintptr_t)(page + 4096) >> 12));

	/* In use by the peer: stays as it is. */
	wire(refs[0])->flags |= 8;
	CHECK(!grant_clear(refs[0]));
	CHECK_EQ(wire(refs[0])->flags, 1 | 4 | 8);
	wire(refs[0])->flags = 1 | 4 | 16;
	CHECK(!grant_clear(refs[0]));
	wire(refs[0])->flags = 1 | 4;
	CHECK(grant_clear(refs[0]));
	CHECK_EQ(wire(refs[0])->flags, 0);

	/* All of them, each once, none of Xen's own; then no more, and again after one is back. */
	while (grant_alloc(&refs[n]) == 0)
		n++;
	CHECK_EQ(n, 2 * 512 - 8);
	for (unsigned i = 0; i < n; i++) {
		CHECK(refs[i] >= 8 && refs[i] < 1024);
		CHECK_EQ(wire(refs[i])->flags, 0);
		grant_set(refs[i], 1, page, false);
	}
	CHECK_EQ(grant_alloc(&refs[n]), -ENOSPC);
	for (unsigned i = 0; i < n; i++) {
		CHECK_EQ(wire(refs[i])->flags, 1);
		CHECK(grant_clear(refs[i]));
		grant_free(refs[i]);
	}
	CHECK_EQ(grant_alloc(&refs[0]), 0);
	grant_free(refs[0]);
	fake_live_blocks = live; /* the table's own pages are for good */
}

int main(void)
{
	RUN(test_events_reach_their_handlers);
	RUN(test_what_comes_masked_is_kept);
	RUN(test_unknown_ports_are_silent);
	RUN(test_edge_while_handling);
	RUN(test_errors_of_opening);
	RUN(test_grants);
	return check_done();
}
