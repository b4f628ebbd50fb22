// SPDX-License-Identifier: BSD-2-Clause
/*
 * timer.c - Xen's one-shot timer of a CPU (public/vcpu.h), which needs no local APIC.
 */
#include "arch/xen.h"
#include "drivers/xen/clock.h"
#include "drivers/xen/event_channel.h"
#include "kernel/timer.h"

#define VCPUOP_STOP_PERIODIC_TIMER   7
#define VCPUOP_SET_SINGLESHOT_TIMER  8
#define VCPUOP_STOP_SINGLESHOT_TIMER 9
#define VIRQ_TIMER                   0

struct set_singleshot {
	uint64_t deadline; /* system time, ns; one that has passed fires at once */
	uint32_t flags;
};

static void fire(void *arg UNIK_UNUSED)
{
	timer_interrupt();
}

bool xen_timer_start(void)
{
	static struct xen_event event;

	event.handle = fire;
	if (!xen_present() || xen_event_virq(&event, VIRQ_TIMER))
		return false;
	(void)xen_hypercall(XEN_VCPU_OP, VCPUOP_STOP_PERIODIC_TIMER, 0, 0);
	return true;
}

void xen_timer_set(ns_t span)
{
	struct set_singleshot s = { 0 };

	if (span == NS_NEVER) {
		(void)xen_hypercall(XEN_VCPU_OP, VCPUOP_STOP_SINGLESHOT_TIMER, 0, 0);
		return;
	}
	if (!xen_clock_now(&s.deadline))
		return;
	s.deadline += (uint64_t)MAX(span, (ns_t)0);
	(void)xen_hypercall(XEN_VCPU_OP, VCPUOP_SET_SINGLESHOT_TIMER, 0, &s);
}
