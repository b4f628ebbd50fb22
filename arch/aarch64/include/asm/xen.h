// SPDX-License-Identifier: BSD-2-Clause
/*
 * asm/xen.h - what Xen shares with an AArch64 guest. The contract is in arch/xen.h; include that.
 * Ref: public/xen.h (vcpu_info, shared_info), public/arch-arm.h.
 */
#pragma once
#include "lib/base/pvclock.h"

#define XEN_IO_PROTOCOL "arm-abi" /* public/io/protocols.h: the layout of rings */
#define XEN_CPUS        1         /* XEN_LEGACY_MAX_VCPUS */
#define XEN_EVENT_WORDS 64        /* of as many ports each */

/* Without a ring, the PL011 that Xen imitates is the console, if anything is. */
#define XEN_LOG_IS_CONSOLE false

struct xen_vcpu_info {
	uint8_t upcall_pending;
	uint64_t pending_sel;
	struct pvclock_time time; /* not kept here: the CPU's own counter is the time */
};

struct xen_shared_info {
	struct xen_vcpu_info vcpu[XEN_CPUS];
	uint64_t pending[XEN_EVENT_WORDS], mask[XEN_EVENT_WORDS];
	struct pvclock_wall wall;
	uint32_t wall_seconds_high;
};

_Static_assert(sizeof(struct xen_vcpu_info) == 48, "public/xen.h");
_Static_assert(offsetof(struct xen_shared_info, wall) == 1072, "public/xen.h");
