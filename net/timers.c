// SPDX-License-Identifier: BSD-2-Clause
/*
 * The protocols' clocks, without a tick while there is nothing to wait for.
 *
 * Each protocol has a tick function that it wants called at a period, and a condition under
 * which that matters. While anything was entered lately or TCP waits for something, the base
 * tick of TCP runs; when nothing needs it, it stops, and the kernel timer is armed for the next
 * thing that is really due, if there is one. Connections that wait for nothing, as most of a
 * server's do, are asleep: behind the others in lwIP's list, where no timer looks. The first entry
 * after a pause sets TCP's tick count to what it would have been, and ages the neighbour caches by
 * the time that went by.
 */
#include "net/net.h"
#include "kernel/heap.h"
#include "kernel/idle.h"
#include "kernel/timer.h"
#include "net/mem.h"
#include "net/netif.h"
#include <lwip/dhcp.h>
#include <lwip/etharp.h>
#include <lwip/ip4_frag.h>
#include <lwip/ip6_frag.h>
#include <lwip/mld6.h>
#include <lwip/nd6.h>
#include <lwip/priv/nd6_priv.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/prot/dhcp.h>

#define BASE_NS  (TCP_TMR_INTERVAL * NS_PER_MS)
#define SLOW_NS  (TCP_SLOW_INTERVAL * NS_PER_MS)
#define AGING_NS NS_PER_S

/* The states of lwIP's neighbour discovery in which it waits for an answer. */
#define ND6_WAITS(state) ((state) == ND6_INCOMPLETE || (state) == ND6_DELAY || (state) == ND6_PROBE)

bool net_in_tick;
uint32_t net_aging_seconds = 1;

static struct timer kernel_timer; /* fires at the earliest of what follows */
static ns_t armed = NS_NEVER;
static ns_t base_next;           /* next base tick, while net_state.ticking */
static ns_t tcp_next = NS_NEVER; /* what TCP waits for while the base tick is off */
static ns_t aged;                /* the neighbour caches are right up to here */

static bool dhcp_talks(void)
{
	struct netif *n = netif_default;
	struct dhcp *d = n ? netif_dhcp_data(n) : NULL;

	return d && d->state != DHCP_STATE_OFF && d->state != DHCP_STATE_BOUND;
}

static bool dhcp_has_lease(void)
{
	return netif_default && netif_dhcp_data(netif_default);
}

static bool mld_reports(void)
{
	struct netif *n = netif_default;
	struct mld_group *g = n ? netif_mld6_data(n) : NULL;

	while (g && !g->timer)
		g = g->next;
	return g != NULL;
}

static bool has_tentative_address(const struct netif *n)
{
	for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++)
		if (ip6_addr_istentative(netif_ip6_addr_state(n, i)))
			return true;
	return false;
}

static bool neighbours_wait(void)
{
	struct netif *n;

	for (int i = 0; i < LWIP_ND6_NUM_NEIGHBORS; i++)
		if (ND6_WAITS(neighbor_cache[i].state))
			return true;
	for (n = netif_list; n; n = n->next) {
		if (n->rs_count && netif_is_up(n) && netif_is_link_up(n) &&
		    !ip6_addr_isinvalid(netif_ip6_addr_state(n, 0)))
			return true;
		if (has_tentative_address(n))
			return true;
	}
	return false;
}

static bool arp_waits(void)
{
	return etharp_tmr_needed();
}

static bool fragments_wait(void)
{
	return ip_reass_tmr_needed() || ip6_reass_tmr_needed();
}

static void fragments_tick(void)
{
	ip_reass_tmr();
	ip6_reass_tmr();
}

/* Ages both neighbour caches by the whole seconds since they were last right. */
static void neighbours_age(void)
{
	ns_t now = time_now();
	uint64_t seconds = (now - aged) / NS_PER_S;

	if (!seconds)
		return;
	aged += seconds * NS_PER_S;
	net_aging_seconds = MIN(seconds, 3600u);
	etharp_tmr();
	nd6_tmr();
	net_aging_seconds = 1;
}

static bool neighbour_caches_wait(void)
{
	return arp_waits() || neighbours_wait();
}

static struct net_clock_state states[5];
static const struct net_clock builtin[] = {
	{ neighbours_age, neighbour_caches_wait, 1000, &states[0] },
	{ fragments_tick, fragments_wait, 1000, &states[1] },
	{ mld6_tmr, mld_reports, MLD6_TMR_INTERVAL, &states[2] },
	{ dhcp_fine_tmr, dhcp_talks, DHCP_FINE_TIMER_MSECS, &states[3] },
	{ dhcp_coarse_tmr, dhcp_has_lease, DHCP_COARSE_TIMER_MSECS, &states[4] },
};
static const struct net_clock *clocks;

void net_clock_add(const struct net_clock *c)
{
	*c->state = (struct net_clock_state){ NS_NEVER, clocks };
	clocks = c;
}

/* lwIP says that a connection was registered; net_enter() started the base tick already. */
void tcp_timer_needed(void)
{
}

static void set_tcp_ticks(ns_t now)
{
	tcp_ticks = (u32_t)(now / SLOW_NS);
}

static bool pcb_waits(const struct tcp_pcb *p)
{
	return p->unacked || p->unsent || p->ooseq || p->refused_data || p->poll ||
	       p->persist_backoff || p->state < ESTABLISHED ||
	       (p->flags & (TF_ACK_DELAY | TF_ACK_NOW | TF_CLOSEPEND | TF_NAGLEMEMERR));
}

/* Slow ticks after p->tmr at which something happens to a connection that waits for nothing. */
static u32_t pcb_idle_ticks(const struct tcp_pcb *p)
{
	if (p->state == FIN_WAIT_2 && (p->flags & TF_RXCLOSED))
		return TCP_FIN_WAIT_TIMEOUT / TCP_SLOW_INTERVAL + 1;
	if (ip_get_option(p, SOF_KEEPALIVE))
		return (p->keep_idle + p->keep_cnt_sent * p->keep_intvl) / TCP_SLOW_INTERVAL + 1;
	return UINT32_MAX;
}

/* Slow ticks until something happens to a connection: 0 now, UINT32_MAX never. */
static u32_t pcb_ticks(const struct tcp_pcb *p)
{
	u32_t after, gone = tcp_ticks - p->tmr;

	if (pcb_waits(p))
		return 0;
	after = pcb_idle_ticks(p);
	if (after == UINT32_MAX)
		return UINT32_MAX;
	return after > gone ? after - gone : 0;
}

/*
 * Looks at the connections that are awake. Those that wait for nothing go to sleep, behind the
 * others, and are not looked at again until they are touched. Returns the least of their ticks.
 */
static u32_t review_connections(void)
{
	struct tcp_pcb *p, *next, *idle = NULL, **end = &tcp_active_pcbs;
	u32_t least = UINT32_MAX;

	for (p = tcp_active_pcbs; p && !p->asleep; p = next) {
		u32_t ticks = pcb_ticks(p);

		next = p->next;
		if (ticks == UINT32_MAX) {
			tcp_pcb_unlink(p);
			tcp_pcb_link(&idle, p);
		} else {
			least = MIN(least, ticks);
			end = &p->next;
		}
	}
	while ((p = idle)) {
		tcp_pcb_unlink(p);
		tcp_pcb_link(end, p);
		p->asleep = 1;
	}
	return least;
}

/* Slow ticks from now until TCP has something to do: 0 now, UINT32_MAX never. */
static u32_t tcp_idle_ticks(void)
{
	u32_t least = review_connections();

	for (struct tcp_pcb *p = tcp_tw_pcbs; p && least; p = p->next) {
		u32_t after = 2 * TCP_MSL / TCP_SLOW_INTERVAL + 1, gone = tcp_ticks - p->tmr;

		least = MIN(least, after > gone ? after - gone : 0);
	}
	return least;
}

static void tcp_tick(ns_t now)
{
	net_in_tick = true;
	tcp_fasttmr();
	if ((u32_t)(now / SLOW_NS) != tcp_ticks) {
		set_tcp_ticks(now - SLOW_NS); /* tcp_slowtmr() counts up itself */
		tcp_slowtmr();
	}
	net_in_tick = false;
}

/* Start the clocks that have become needed, stop those that are not. */
static void clocks_review(ns_t now)
{
	for (const struct net_clock *c = clocks; c; c = c->state->link) {
		if (!c->needed())
			c->state->next = NS_NEVER;
		else if (c->state->next == NS_NEVER)
			c->state->next = now + c->period_ms * NS_PER_MS;
	}
}

static void clocks_run(ns_t now)
{
	for (const struct net_clock *c = clocks; c; c = c->state->link) {
		if (now < c->state->next)
			continue;
		c->tick();
		c->state->next = NS_NEVER; /* clocks_review() starts it again */
	}
}

static void arm(void)
{
	ns_t next = net_state.ticking ? base_next : tcp_next;

	for (const struct net_clock *c = clocks; c; c = c->state->link)
		next = MIN(next, c->state->next);
	if (next == armed)
		return;
	armed = next;
	if (next == NS_NEVER)
		timer_cancel(&kernel_timer);
	else
		timer_arm(&kernel_timer, next);
}

/* The load is over: what was kept for its next packet goes back to whoever may need it. */
static UNIK_COLD void give_memory_back(void)
{
	net_mem_trim();
	heap_trim(&kernel_heap);
}

/* One base tick; decides whether there will be another one. */
static void base_tick(ns_t now)
{
	u32_t idle;

	tcp_tick(now);
	idle = tcp_idle_ticks();
	net_state.ticking = idle == 0;
	if (!net_state.ticking)
		give_memory_back();
	base_next = now + BASE_NS;
	tcp_next = idle == UINT32_MAX ? NS_NEVER : now + idle * SLOW_NS;
}

void net_timers_run(void)
{
	ns_t now = time_now();

	WRITE_ONCE(net_state.timer_due, false);
	armed = NS_NEVER;
	if (!net_state.ticking && now >= tcp_next)
		net_timers_resume();
	if (net_state.ticking && now >= base_next)
		base_tick(now);
	clocks_run(now);
	clocks_review(now);
	arm();
}

void net_timers_resume(void)
{
	ns_t now = time_now();

	set_tcp_ticks(now);
	net_state.ticking = true;
	base_next = now >= tcp_next ? now : now + BASE_NS;
	tcp_next = NS_NEVER;
	if (now - aged >= AGING_NS)
		neighbours_age();
	arm();
}

void net_timers_kick(void)
{
	clocks_review(time_now());
	arm();
}

/* Interrupt context. The poller or the net thread does the work. */
static void timer_fired(struct timer *t)
{
	(void)t;
	WRITE_ONCE(net_state.timer_due, true);
	net_wake();
}

void net_timers_init(void)
{
	timer_init(&kernel_timer, timer_fired);
	for (size_t i = 0; i < ARRAY_SIZE(builtin); i++)
		net_clock_add(&builtin[i]);
	aged = time_now();
	set_tcp_ticks(aged);
}
