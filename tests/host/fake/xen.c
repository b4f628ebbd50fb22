// SPDX-License-Identifier: BSD-2-Clause
#include "tests/host/fake/xen.h"
#include <errno.h>

/* public/event_channel.h */
#define BIND_VIRQ     1
#define CLOSE         3
#define SEND          4
#define ALLOC_UNBOUND 6
#define UNMASK        9

#define REGISTER_RUNSTATE 5 /* public/vcpu.h */
#define SET_VERSION       8 /* public/grant_table.h */

struct fake_xen fake_xen = { .ended = -1, .grant_frames_max = 64 };
bool xen_is_guest = true;

static void (*upcall)(void);
static bool in_upcall;

void fake_xen_reset(void)
{
	for (unsigned i = 0; i < ARRAY_SIZE(fake_xen.grant_frame); i++)
		if (fake_xen.grant_frame[i])
			page_free(fake_xen.grant_frame[i], 0);
	memset(&fake_xen, 0, sizeof(fake_xen));
	fake_xen.ended = -1;
	fake_xen.grant_frames_max = 64;
	xen_is_guest = true;
	host_cpu.irq_on = true;
}

bool xen_init(void)
{
	return xen_is_guest = !fake_xen.absent;
}

int xen_get_param(enum xen_param which, uint64_t *value)
{
	*value = fake_xen.param[which];
	return 0;
}

int xen_set_param(enum xen_param which, uint64_t value)
{
	fake_xen.param[which] = value;
	return 0;
}

void *xen_map_frame(uint64_t frame)
{
	return frame >= 1 && frame <= FAKE_XEN_FRAMES ? fake_xen.frame[frame - 1] : NULL;
}

int xen_map_space(enum xen_space space, unsigned long index, void *page)
{
	if (space != XEN_SPACE_GRANT_TABLE || index >= fake_xen.grant_frames_max)
		return -EINVAL;
	memset(page, 0, PAGE_SIZE);
	fake_xen.grant_frame[index] = page;
	return 0;
}

struct xen_shared_info *xen_shared(void)
{
	return &fake_xen.shared;
}

void xen_yield(void)
{
	fake_xen.yields++;
	fake_time += NS_PER_MS;
}

void xen_shutdown(enum xen_shutdown reason)
{
	fake_xen.ended = (int)reason;
}

uint64_t arch_xen_connect_upcall(void (*fn)(void))
{
	upcall = fn;
	return 1;
}

void fake_xen_deliver(void)
{
	struct xen_vcpu_info *v = &fake_xen.shared.vcpu[0];

	while (v->upcall_pending && upcall && !in_upcall && host_cpu.irq_on) {
		in_upcall = true;
		host_cpu.irq_on = false;
		upcall();
		host_cpu.irq_on = true;
		in_upcall = false;
	}
}

static void mark(uint32_t port)
{
	fake_xen.shared.vcpu[0].pending_sel |= 1ULL << port / 64;
	fake_xen.shared.vcpu[0].upcall_pending = 1;
	fake_xen_deliver();
}

void fake_xen_raise(uint32_t port)
{
	uint64_t bit = 1ULL << port % 64;

	fake_xen.shared.pending[port / 64] |= bit;
	if (!(fake_xen.shared.mask[port / 64] & bit))
		mark(port);
}

static long new_port(uint32_t *out)
{
	long refuse = fake_xen.refuse;

	fake_xen.refuse = 0;
	if (refuse)
		return refuse;
	for (uint32_t p = 8; p < FAKE_XEN_PORTS; p++)
		if (!fake_xen.port[p].open) {
			fake_xen.port[p].open = true;
			*out = p;
			return 0;
		}
	return -ENOSPC;
}

static long unmask(uint32_t port)
{
	uint64_t bit = 1ULL << port % 64;

	fake_xen.unmasks++;
	fake_xen.shared.mask[port / 64] &= ~bit;
	if (fake_xen.shared.pending[port / 64] & bit)
		mark(port);
	return 0;
}

static long event_op(unsigned long op, void *arg)
{
	struct {
		uint16_t domain, remote;
		uint32_t port;
	} *unbound = arg;
	struct {
		uint32_t virq, vcpu, port;
	} *virq = arg;
	uint32_t port = *(uint32_t *)arg;
	long ret;

	switch (op) {
	case ALLOC_UNBOUND:
		ret = new_port(&unbound->port);
		if (!ret)
			fake_xen.port[unbound->port].remote = unbound->remote;
		return ret;
	case BIND_VIRQ:
		ret = new_port(&virq->port);
		if (!ret)
			fake_xen.port[virq->port].virq = virq->virq;
		return ret;
	case CLOSE:
		if (port < FAKE_XEN_PORTS)
			fake_xen.port[port].open = false;
		return 0;
	case SEND:
		if (fake_xen.notified)
			fake_xen.notified(port);
		return 0;
	case UNMASK:
		return unmask(port);
	default:
		return -ENOSYS;
	}
}

long arch_xen_hypercall(unsigned number, unsigned long a, unsigned long b, unsigned long c)
{
	if (number == XEN_EVENT_CHANNEL_OP)
		return event_op(a, (void *)b);
	if (number == XEN_VCPU_OP && a == REGISTER_RUNSTATE && b == 0) {
		fake_xen.runstate = *(uint64_t **)c;
		fake_xen.runstate[5] = fake_xen.offline;
		return 0;
	}
	if (number == XEN_GRANT_TABLE_OP && a == SET_VERSION && c == 1 && !fake_xen.version_refused)
		fake_xen.grant_version = *(uint32_t *)b;
	if (number == XEN_GRANT_TABLE_OP && a == SET_VERSION)
		return fake_xen.version_refused;
	return -ENOSYS;
}

void arch_xen_emergency_write(const char *text, size_t len)
{
	(void)text;
	(void)len;
}
