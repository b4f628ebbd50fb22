// SPDX-License-Identifier: BSD-2-Clause
/*
 * igmp_hooks.h - IGMP for lwIP's IPv4, once somebody has joined a group (net/groups.c). lwIP's
 * ip4.c and netif.c are compiled to call these in the place of IGMP itself, so that an image
 * without multicast has none. Under net_lock.
 */
#pragma once
#include <lwip/igmp.h>
#include <lwip/netif.h>
#include <lwip/pbuf.h>

struct igmp_hooks {
	struct igmp_group *(*lookfor_group)(struct netif *n, const ip4_addr_t *group);
	void (*input)(struct pbuf *p, struct netif *n, const ip4_addr_t *dest);
	void (*report_groups)(struct netif *n);
};
extern const struct igmp_hooks *igmp_hooks; /* NULL: nobody has joined */

struct igmp_group *net_igmp_lookfor_group(struct netif *n, const ip4_addr_t *group);
void net_igmp_input(struct pbuf *p, struct netif *n, const ip4_addr_t *dest);
void net_igmp_report_groups(struct netif *n);
err_t net_igmp_start(struct netif *n);
err_t net_igmp_stop(struct netif *n);
