// SPDX-License-Identifier: BSD-2-Clause
#include "net/interfaces.h"
#include <net/_if.h>
#include <netinet/in.h>
#include <string.h>
#include "net/addr.h"
#include "net/net.h"
#include <lwip/netif.h>

unsigned net_interface_index(const char *name)
{
	unsigned index;

	if (net_start())
		return 0;
	net_enter();
	index = netif_name_to_index(name);
	net_leave();
	return index;
}

bool net_interface_name(unsigned index, char *name)
{
	char *found;

	if (index > NET_INTERFACES_MAX || net_start())
		return false;
	net_enter();
	found = netif_index_to_name(index, name);
	net_leave();
	return found != NULL;
}

static unsigned flags_of(const struct netif *n)
{
	unsigned flags = 0;

	if (netif_is_up(n))
		flags |= IFF_UP;
	if (netif_is_link_up(n))
		flags |= IFF_RUNNING;
	if (!n->hwaddr_len)
		return flags | IFF_LOOPBACK | IFF_RUNNING;
	return flags | IFF_BROADCAST | IFF_MULTICAST;
}

static void put_v4(struct sockaddr_storage *out, uint32_t address)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr.s_addr = address };

	memcpy(out, &in, sizeof(in));
}

static void add_v4(const struct netif *n, struct net_interface *out)
{
	uint32_t address = netif_ip4_addr(n)->addr, mask = netif_ip4_netmask(n)->addr;
	unsigned i = out->naddresses;

	if (!address)
		return;
	put_v4(&out->address[i].address, address);
	put_v4(&out->address[i].mask, mask);
	if (n->hwaddr_len)
		put_v4(&out->address[i].broadcast, address | ~mask);
	out->naddresses++;
}

/* Prefixes have 64 bits (RFC 4291, 2.5.4), but for the loopback address. */
static void add_v6(const struct netif *n, int which, struct net_interface *out)
{
	struct sockaddr_in6 mask = { .sin6_family = AF_INET6 };
	unsigned i = out->naddresses;
	socklen_t len = sizeof(out->address[0].address);

	if (i == NET_ADDRESSES_MAX || !ip6_addr_isvalid(netif_ip6_addr_state(n, which)))
		return;
	addr_to_sockaddr(AF_INET6, netif_ip_addr6(n, which), 0,
			 (struct sockaddr *)&out->address[i].address, &len);
	memset(&mask.sin6_addr, 0xff, n->hwaddr_len ? 8 : 16);
	memcpy(&out->address[i].mask, &mask, sizeof(mask));
	out->naddresses++;
}

static void fill(const struct netif *n, struct net_interface *out)
{
	memset(out, 0, sizeof(*out));
	netif_index_to_name(netif_get_index(n), out->name);
	out->index = netif_get_index(n);
	out->flags = flags_of(n);
	out->mtu = n->hwaddr_len ? n->mtu : 65535; /* lwIP has none for its loopback */
	out->has_hw_address = n->hwaddr_len == sizeof(out->hw_address);
	memcpy(out->hw_address, n->hwaddr, sizeof(out->hw_address));
	add_v4(n, out);
	for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++)
		add_v6(n, i, out);
}

bool net_interface_get(unsigned index, struct net_interface *out)
{
	struct netif *n;

	if (index > NET_INTERFACES_MAX || net_start())
		return false;
	net_enter();
	n = netif_get_by_index(index);
	if (n)
		fill(n, out);
	net_leave();
	return n != NULL;
}
