// SPDX-License-Identifier: BSD-2-Clause
/*
 * xen.h - a make-believe Xen, in place of drivers/xen/hypercall.c and of the architecture: events
 * with their bits in a shared page, parameters, frames, and a table of what was granted.
 *
 * Events are delivered at once, from within what raises them, unless interrupts are off: then by
 * the next fake_xen_deliver().
 */
#pragma once
#include "drivers/xen/hypercall.h"
#include "tests/host/fake/fake.h"

#define FAKE_XEN_PORTS  64
#define FAKE_XEN_FRAMES 4

struct fake_xen {
	bool absent; /* this is no guest of Xen */
	struct xen_shared_info shared;
	uint64_t param[32]; /* by enum xen_param */
	/* xen_map_frame(n) gives frame[n - 1]. */
	UNIK_ALIGNED(4096) char frame[FAKE_XEN_FRAMES][PAGE_SIZE];
	struct {
		bool open, is_virq;
		xen_domid_t remote;
		unsigned virq;
	} port[FAKE_XEN_PORTS];
	void (*notified)(uint32_t port); /* this side notifies a peer; NULL: nobody minds */
	char *grant_frame[64];           /* pages that became the grant table, in order */
	unsigned grant_frames_max;
	long version_refused;   /* what setting the table's version gives, or 0 */
	uint32_t grant_version; /* 0: as at the machine's birth, 1 */
	long refuse; /* the next event operation that makes a port fails with this -errno */
	unsigned unmasks, yields;
	uint64_t *runstate; /* where the CPU's times go: state, since when, and four spans */
	uint64_t offline;   /* the fourth, at first */
	int ended;          /* enum xen_shutdown of the last xen_shutdown(), -1 */
};

extern struct fake_xen fake_xen;

/* fake_xen_reset() - a fresh machine; pages that became parts of the old one are freed. */
void fake_xen_reset(void);

/* fake_xen_raise() - the peer notifies one of our ports. fake_xen_deliver() - the upcall, if one is
 * due. */
void fake_xen_raise(uint32_t port);
void fake_xen_deliver(void);
