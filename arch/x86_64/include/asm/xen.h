// SPDX-License-Identifier: BSD-2-Clause
/*
 * asm/xen.h - what Xen shares with an x86-64 guest. The contract is in arch/xen.h; include that.
 * Ref: public/xen.h (vcpu_time_info, vcpu_info, shared_info), public/arch-x86/xen.h.
 */
#pragma once
#include "lib/base/pvclock.h"

#define XEN_IO_PROTOCOL "x86_64-abi" /* public/io/protocols.h: the layout of rings */
#define XEN_CPUS        32           /* XEN_LEGACY_MAX_VCPUS */
#define XEN_EVENT_WORDS 64           /* of as many ports each */

/* Without a ring, what arch_xen_emergency_write() does is the console. */
#define XEN_LOG_IS_CONSOLE true

/* arch_xen_has_vector() - does Xen interrupt by a vector that the local APIC has no part in? Since
 * 4.1 it does. */
bool arch_xen_has_vector(void);

struct xen_vcpu_info {
	uint8_t upcall_pending;
	uint8_t upcall_mask; /* for guests without an interrupt flag of their own */
	uint64_t pending_sel;
	uint64_t arch[2];
	struct pvclock_time time;
};

struct xen_shared_info {
	struct xen_vcpu_info vcpu[XEN_CPUS];
	uint64_t pending[XEN_EVENT_WORDS], mask[XEN_EVENT_WORDS];
	struct pvclock_wall wall;
	uint32_t wall_seconds_high;
};

_Static_assert(sizeof(struct xen_vcpu_info) == 64, "public/xen.h");
_Static_assert(offsetof(struct xen_shared_info, wall) == 3072, "public/xen.h");
