// SPDX-License-Identifier: BSD-2-Clause
/*
 * pvclock.h - the two structures by which KVM and Xen tell a guest the time: system time as a
 * function of the x86 time-stamp counter, and the time of day at which system time began.
 *
 * The hypervisor changes them now and then: copy one with pvclock_copy(), then use the copy.
 * Pure functions, any context. Ref: Xen public/xen.h (struct vcpu_time_info), Linux kernel
 * documentation, virt/kvm/x86/msr.
 */
#pragma once
#include "lib/base/compiler.h"

/* `version` is odd while the hypervisor writes, and another one afterwards. */
struct pvclock_time {
	uint32_t version;
	uint32_t pad;
	uint64_t tsc;
	uint64_t system_ns;         /* at tsc */
	uint32_t tsc_to_system_mul; /* [2^-32 ns], after the shift */
	int8_t tsc_shift;
	uint8_t flags;
	uint8_t pad2[2];
};

struct pvclock_wall { /* when system time was 0 */
	uint32_t version;
	uint32_t seconds;
	uint32_t nanoseconds;
};

/* pvclock_copy() - a copy of either structure; false when it never holds still or was never
 * written. */
bool pvclock_copy(void *to, const void *from, size_t len);

/* pvclock_is_sane() - can t be used with the functions below? */
bool pvclock_is_sane(const struct pvclock_time *t);

/* pvclock_hz() - the counter's rate. pvclock_now() - system time when the counter is at `cycles`,
 * which is not much before t->tsc. [ns] */
uint64_t pvclock_hz(const struct pvclock_time *t);
uint64_t pvclock_now(const struct pvclock_time *t, uint64_t cycles);
