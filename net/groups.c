// SPDX-License-Identifier: BSD-2-Clause
/*
 * Groups of multicast that sockets have joined, and IGMP, which nobody needs without.
 */
#include <errno.h>
#include <string.h>
#include "kernel/sealed.h"
#include "net/igmp_hooks.h"
#include "net/mem.h"
#include "net/net.h"
#include "net/sockopt.h"
#include <lwip/igmp.h>
#include <lwip/mld6.h>
#include <lwip/netif.h>

struct membership {
	struct list node;
	ip_addr_t group;
	uint8_t interface;
};

static const struct igmp_hooks igmp = { igmp_lookfor_group, igmp_input, igmp_report_groups };

static bool reports_wait(void)
{
	struct netif *n;

	for (n = netif_list; n; n = n->next)
		for (struct igmp_group *g = netif_igmp_data(n); g; g = g->next)
			if (g->timer)
				return true;
	return false;
}

static struct net_clock_state igmp_state;
static const struct net_clock igmp_clock = { igmp_tmr, reports_wait, IGMP_TMR_INTERVAL,
					     &igmp_state };

static void start_igmp(void)
{
	struct netif *n;

	if (igmp_hooks)
		return;
	igmp_init();
	for (n = netif_list; n; n = n->next) {
		netif_set_flags(n, NETIF_FLAG_IGMP);
		igmp_start(n);
	}
	sealed_set(&igmp_hooks, &igmp);
	net_clock_add(&igmp_clock);
}

static err_t tell(const ip_addr_t *group, struct netif *on, bool join)
{
	err_t err;

	if (IP_IS_V4(group)) {
		start_igmp();
		err = join ? igmp_joingroup_netif(on, ip_2_ip4(group))
			   : igmp_leavegroup_netif(on, ip_2_ip4(group));
	} else {
		err = join ? mld6_joingroup_netif(on, ip_2_ip6(group))
			   : mld6_leavegroup_netif(on, ip_2_ip6(group));
	}
	net_timers_kick();
	return err;
}

static struct membership *look_up(struct socket *s, const ip_addr_t *group, uint8_t interface)
{
	list_for_each (it, &s->groups) {
		struct membership *m = list_entry(it, struct membership, node);

		if (m->interface == interface && ip_addr_cmp_zoneless(&m->group, group))
			return m;
	}
	return NULL;
}

static void forget(struct membership *m)
{
	list_remove(&m->node);
	net_free(m, sizeof(*m));
}

static int join_group(struct socket *s, const ip_addr_t *group, struct netif *on)
{
	struct membership *m = net_alloc(sizeof(*m));

	if (!m)
		return -ENOBUFS;
	m->group = *group;
	m->interface = netif_get_index(on);
	list_push_back(&s->groups, &m->node);
	if (tell(group, on, true) == ERR_OK)
		return 0;
	forget(m);
	return -ENOBUFS;
}

int groups_change(struct socket *s, const ip_addr_t *group, struct netif *on, bool join)
{
	struct membership *m = look_up(s, group, netif_get_index(on));

	if (join)
		return m ? -EADDRINUSE : join_group(s, group, on);
	if (!m)
		return -EADDRNOTAVAIL;
	tell(group, on, false);
	forget(m);
	return 0;
}

void groups_leave_all(struct socket *s)
{
	while (!list_empty(&s->groups)) {
		struct membership *m = list_entry(s->groups.next, struct membership, node);
		struct netif *on = netif_get_by_index(m->interface);

		if (on)
			tell(&m->group, on, false);
		forget(m);
	}
}
