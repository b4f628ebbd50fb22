// SPDX-License-Identifier: BSD-2-Clause
/*
 * xen.h - the porting contract, part 10: what a guest of Xen does in its CPU's own way. For
 * drivers/xen; what is the same on all CPUs is there.
 *
 * Errors: -errno as Xen returns them (its public/errno.h has the numbers of Linux).
 */
#pragma once
#include "lib/base/compiler.h"

/*
 * arch_xen_start() - find Xen and make hypercalls possible. Once, by drivers/xen/xen.c, at boot.
 *
 * Returns whether this machine is a guest of Xen. Without one it costs a comparison: the CPU's
 * set-up has looked who the hypervisor is.
 */
bool arch_xen_start(void);

/* arch_xen_hypercall() - the call with this number (public/xen.h, __HYPERVISOR_*). What its
 * arguments point to lies in memory that is mapped. Context: any. */
long arch_xen_hypercall(unsigned number, unsigned long a, unsigned long b, unsigned long c);

/*
 * arch_xen_connect_upcall() - call upcall() in an interrupt whenever Xen has marked an event.
 *
 * Returns 0 or -errno. Context: thread or boot, once.
 */
int arch_xen_connect_upcall(void (*upcall)(void));

/* arch_xen_emergency_write() - text for the hypervisor's own log where the machine has a way for
 * that besides the hypercall. Context: any. */
void arch_xen_emergency_write(const char *text, size_t len);
