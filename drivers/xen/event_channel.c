// SPDX-License-Identifier: BSD-2-Clause
#include "drivers/xen/event_channel.h"
#include <errno.h>
#include "kernel/sealed.h"
#include "kernel/spinlock.h"

/* public/event_channel.h */
#define EVTCHNOP_BIND_VIRQ     1
#define EVTCHNOP_CLOSE         3
#define EVTCHNOP_SEND          4
#define EVTCHNOP_ALLOC_UNBOUND 6
#define EVTCHNOP_UNMASK        9

struct alloc_unbound {
	xen_domid_t domain, remote;
	uint32_t port; /* out */
};

struct bind_virq {
	uint32_t virq, vcpu;
	uint32_t port; /* out */
};

static struct spinlock lock; /* over the list, and while handlers run */
static struct list events = LIST_INIT(events);
static struct xen_shared_info *shared; /* NULL: no event has been opened yet */

uint64_t (*SEALED xen_upcall_line)(void (*upcall)(void));

static void handle_port(uint32_t port)
{
	list_for_each (it, &events) {
		struct xen_event *e = list_entry(it, struct xen_event, node);

		if (e->port == port) {
			e->handle(e->arg);
			return;
		}
	}
}

/* The pending bit goes before the handler is called: what comes from then on is a new edge. */
static void handle_word(unsigned w)
{
	uint64_t bits = READ_ONCE(shared->pending[w]) & ~READ_ONCE(shared->mask[w]);

	for (; bits; bits &= bits - 1) {
		unsigned bit = (unsigned)__builtin_ctzll(bits);

		__atomic_fetch_and(&shared->pending[w], ~(1ULL << bit), __ATOMIC_SEQ_CST);
		handle_port(w * 64 + bit);
	}
}

/* Xen raises the interrupt again while upcall_pending is set, so it is cleared first. Interrupts
 * stay off until this one returns, however they were: one inside of it would use its stack. */
static void upcall(void)
{
	struct xen_vcpu_info *v = &shared->vcpu[0];
	uint64_t words;

	(void)spin_lock_irqsave(&lock);
	WRITE_ONCE(v->upcall_pending, 0);
	words = __atomic_exchange_n(&v->pending_sel, 0, __ATOMIC_SEQ_CST);
	for (; words; words &= words - 1)
		handle_word((unsigned)__builtin_ctzll(words));
	spin_unlock(&lock);
}

/* The first event of all. Everything is masked until somebody wants it. */
static int start(void)
{
	struct xen_shared_info *s = xen_present() ? xen_shared() : NULL;
	uint64_t via;
	int ret;

	if (shared)
		return 0;
	if (!s)
		return xen_present() ? -ENOMEM : -ENODEV;
	for (unsigned w = 0; w < XEN_EVENT_WORDS; w++)
		WRITE_ONCE(s->mask[w], UINT64_MAX);
	shared = s;
	via = arch_xen_connect_upcall(upcall);
	ret = via == XEN_NO_UPCALL ? -ENODEV : 0;
	if (via && !ret)
		ret = xen_set_param(XEN_PARAM_CALLBACK_IRQ, via);
	if (ret)
		shared = NULL;
	return ret;
}

static void op_port(unsigned op, uint32_t port)
{
	(void)xen_hypercall(XEN_EVENT_CHANNEL_OP, op, &port, 0);
}

static int open_port(struct xen_event *e, uint32_t port)
{
	irq_state_t s;

	if (port == 0 || port >= XEN_EVENT_WORDS * 64)
		return -EINVAL;
	s = spin_lock_irqsave(&lock);
	e->port = port;
	list_push_back(&events, &e->node);
	spin_unlock_irqrestore(&lock, s);
	xen_event_unmask(e);
	return 0;
}

int xen_event_connect(struct xen_event *e, uint32_t port)
{
	int ret = start();

	return ret ? ret : open_port(e, port);
}

int xen_event_open(struct xen_event *e, xen_domid_t remote)
{
	struct alloc_unbound a = { .domain = XEN_DOMID_SELF, .remote = remote };
	int ret = start();

	if (!ret)
		ret = (int)xen_hypercall(XEN_EVENT_CHANNEL_OP, EVTCHNOP_ALLOC_UNBOUND, &a, 0);
	return ret ? ret : open_port(e, a.port);
}

int xen_event_virq(struct xen_event *e, unsigned virq)
{
	struct bind_virq b = { .virq = virq, .vcpu = 0 };
	int ret = start();

	if (!ret)
		ret = (int)xen_hypercall(XEN_EVENT_CHANNEL_OP, EVTCHNOP_BIND_VIRQ, &b, 0);
	return ret ? ret : open_port(e, b.port);
}

void xen_event_close(struct xen_event *e)
{
	irq_state_t s;

	if (!e->port)
		return;
	xen_event_mask(e);
	s = spin_lock_irqsave(&lock);
	list_remove(&e->node);
	spin_unlock_irqrestore(&lock, s);
	op_port(EVTCHNOP_CLOSE, e->port);
	e->port = 0;
}

void xen_event_notify(uint32_t port)
{
	op_port(EVTCHNOP_SEND, port);
}

void xen_event_mask(const struct xen_event *e)
{
	__atomic_fetch_or(&shared->mask[e->port / 64], 1ULL << e->port % 64, __ATOMIC_SEQ_CST);
}

void xen_event_unmask(const struct xen_event *e)
{
	op_port(EVTCHNOP_UNMASK, e->port);
}
