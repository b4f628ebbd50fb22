// SPDX-License-Identifier: BSD-2-Clause
/*
 * xen.h - the porting contract, part 10: what a guest of Xen does in its CPU's own way. For
 * drivers/xen; what is the same on all CPUs is there.
 *
 * struct xen_shared_info, struct xen_vcpu_info and XEN_CPUS (how many of the latter are in the
 * former) come from <asm/xen.h>; the fields that all architectures have are vcpu[].upcall_pending,
 * .pending_sel, .time   pending[], mask[]   wall. XEN_LOG_IS_CONSOLE: whether a domain without a
 * console ring writes to the hypervisor's log, or the machine's other consoles are asked.
 *
 * Errors: -errno as Xen returns them (its public/errno.h has the numbers of Linux).
 */
#pragma once
#include "lib/base/compiler.h"
#include <asm/xen.h>

/*
 * arch_xen_start() - find Xen and make hypercalls possible. Once, by drivers/xen/xen.c, at boot.
 *
 * Returns whether this machine is a guest of Xen. Without one it costs little: a comparison,
 * or a look at the device tree.
 */
bool arch_xen_start(void);

/* xen_is_guest - what arch_xen_start() has found. In drivers/xen/hypercall.c. */
extern bool xen_is_guest;

/* arch_xen_hypercall() - the call with this number (public/xen.h, __HYPERVISOR_*). What its
 * arguments point to lies in memory that is mapped. Context: any. */
long arch_xen_hypercall(unsigned number, unsigned long a, unsigned long b, unsigned long c);

/*
 * arch_xen_connect_upcall() - call upcall() in an interrupt whenever Xen has marked an event.
 *
 * Returns what Xen must be told by HVM_PARAM_CALLBACK_IRQ (public/hvm/params.h); 0: nothing;
 * XEN_NO_UPCALL: there is no way, or none yet (xen_upcall_line). Context: any.
 */
#define XEN_NO_UPCALL UINT64_MAX
uint64_t arch_xen_connect_upcall(void (*upcall)(void));

/* xen_upcall_line() - the same by a line of a device, where the CPU has no way of its own. NULL
 * until drivers/xen/platform.h has set it. Context: thread. In drivers/xen/event_channel.c. */
extern uint64_t (*xen_upcall_line)(void (*upcall)(void));

/* arch_xen_emergency_write() - text for the hypervisor's own log where the machine has a way for
 * that besides the hypercall. Context: any. */
void arch_xen_emergency_write(const char *text, size_t len);

/*
 * xen_timer_start() - drivers/xen/timer.c, for architectures whose own timer need not be there:
 *                     Xen's timer of the boot CPU, off. Returns whether this is Xen and has one.
 * xen_timer_set()   - as arch_timer_set() in arch/clock.h.
 */
bool xen_timer_start(void);
void xen_timer_set(int64_t span_ns);
