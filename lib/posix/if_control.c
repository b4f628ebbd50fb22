// SPDX-License-Identifier: BSD-2-Clause
/*
 * if_control.c - the SIOCGIF requests.
 */
#include <errno.h>
#include <net/_if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include "net/interfaces.h"

#define ARPHRD_ETHER    1
#define ARPHRD_LOOPBACK 772

/* The first IPv4 address of n, or an address of zeros: the requests know no other family. */
static void put_address(struct sockaddr *out, const struct sockaddr_storage *from)
{
	memset(out, 0, sizeof(*out));
	out->sa_family = AF_INET;
	if (from && from->ss_family == AF_INET)
		memcpy(out, from, sizeof(*out));
}

static int list_all(struct ifconf *c)
{
	struct net_interface n;
	size_t room = c->ifc_len / sizeof(struct ifreq), count = 0;

	for (unsigned i = 1; i <= NET_INTERFACES_MAX; i++) {
		if (!net_interface_get(i, &n) || !n.naddresses ||
		    n.address[0].address.ss_family != AF_INET)
			continue;
		if (c->ifc_buf && count == room)
			break;
		if (c->ifc_buf) {
			strcpy(c->ifc_req[count].ifr_name, n.name);
			put_address(&c->ifc_req[count].ifr_addr, &n.address[0].address);
		}
		count++;
	}
	c->ifc_len = (int)(count * sizeof(struct ifreq));
	return 0;
}

static int ask_address(const struct net_interface *n, unsigned long request, struct ifreq *r)
{
	if (!n->naddresses || n->address[0].address.ss_family != AF_INET)
		return -EADDRNOTAVAIL;
	put_address(&r->ifr_addr, request == SIOCGIFADDR      ? &n->address[0].address
				  : request == SIOCGIFNETMASK ? &n->address[0].mask
							      : &n->address[0].broadcast);
	return 0;
}

static int ask(const struct net_interface *n, unsigned long request, struct ifreq *r)
{
	switch (request) {
	case SIOCGIFADDR:
	case SIOCGIFNETMASK:
	case SIOCGIFBRDADDR:
		return ask_address(n, request, r);
	case SIOCGIFFLAGS:
		r->ifr_flags = (short)n->flags;
		return 0;
	case SIOCGIFMTU:
		r->ifr_mtu = (int)n->mtu;
		return 0;
	case SIOCGIFMETRIC:
		r->ifr_metric = 0;
		return 0;
	case SIOCGIFINDEX:
		r->ifr_ifindex = (int)n->index;
		return 0;
	case SIOCGIFHWADDR:
		memset(&r->ifr_hwaddr, 0, sizeof(r->ifr_hwaddr));
		r->ifr_hwaddr.sa_family = n->has_hw_address ? ARPHRD_ETHER : ARPHRD_LOOPBACK;
		memcpy(r->ifr_hwaddr.sa_data, n->hw_address, sizeof(n->hw_address));
		return 0;
	default:
		return -ENOTTY;
	}
}

UNIK_API int __unik_interface_control(unsigned long request, void *arg)
{
	struct ifreq *r = arg;
	struct net_interface n;

	if (request == SIOCGIFCONF)
		return list_all(arg);
	if (request == SIOCGIFNAME)
		return net_interface_name((unsigned)r->ifr_ifindex, r->ifr_name) ? 0 : -ENODEV;
	if (request < SIOCGIFNAME || request > SIOCGIFINDEX)
		return -ENOTTY;
	r->ifr_name[IFNAMSIZ - 1] = 0;
	if (!net_interface_get(net_interface_index(r->ifr_name), &n))
		return -ENODEV;
	return ask(&n, request, r);
}
