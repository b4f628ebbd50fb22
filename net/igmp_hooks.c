// SPDX-License-Identifier: BSD-2-Clause
#include "kernel/sealed.h"
#include "net/igmp_hooks.h"

const struct igmp_hooks *SEALED igmp_hooks;

/* lwIP asks only on interfaces with NETIF_FLAG_IGMP, which come with the hooks. */
struct igmp_group *net_igmp_lookfor_group(struct netif *n, const ip4_addr_t *group)
{
	return igmp_hooks->lookfor_group(n, group);
}

void net_igmp_report_groups(struct netif *n)
{
	igmp_hooks->report_groups(n);
}

void net_igmp_input(struct pbuf *p, struct netif *n, const ip4_addr_t *dest)
{
	if (igmp_hooks)
		igmp_hooks->input(p, n, dest);
	else
		pbuf_free(p);
}

/* When interfaces come and go there are no groups. */
err_t net_igmp_start(struct netif *n)
{
	return ERR_OK;
}

err_t net_igmp_stop(struct netif *n)
{
	return ERR_OK;
}
