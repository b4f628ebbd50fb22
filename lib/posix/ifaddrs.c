// SPDX-License-Identifier: BSD-2-Clause
/*
 * ifaddrs.c - getifaddrs(). The list is one block.
 */
#include <errno.h>
#include <ifaddrs.h>
#include <net/_if.h>
#include <stdlib.h>
#include <string.h>
#include "net/interfaces.h"

struct entry {
	struct ifaddrs info; /* first: the list's head is the block */
	char name[IF_NAMESIZE];
	struct sockaddr_storage address, mask, broadcast;
};

static void fill(struct entry *e, const struct net_interface *n, unsigned i)
{
	strcpy(e->name, n->name);
	e->info.ifa_name = e->name;
	e->info.ifa_flags = n->flags;
	if (i == n->naddresses) /* an interface without addresses shows itself */
		return;
	e->address = n->address[i].address;
	e->mask = n->address[i].mask;
	e->broadcast = n->address[i].broadcast;
	e->info.ifa_addr = (struct sockaddr *)&e->address;
	e->info.ifa_netmask = (struct sockaddr *)&e->mask;
	if (e->broadcast.ss_family)
		e->info.ifa_broadaddr = (struct sockaddr *)&e->broadcast;
}

UNIK_API int getifaddrs(struct ifaddrs **list)
{
	const size_t most = NET_INTERFACES_MAX * NET_ADDRESSES_MAX;
	struct entry *e = calloc(most, sizeof(*e));
	struct net_interface n;
	size_t count = 0;

	if (!e)
		return -1;
	for (unsigned index = 1; index <= NET_INTERFACES_MAX; index++) {
		if (!net_interface_get(index, &n))
			continue;
		for (unsigned i = 0; i < n.naddresses + !n.naddresses; i++)
			fill(&e[count++], &n, i);
	}
	for (size_t i = 0; i + 1 < count; i++)
		e[i].info.ifa_next = &e[i + 1].info;
	*list = count ? &e->info : NULL;
	if (!count)
		free(e);
	return 0;
}

UNIK_API void freeifaddrs(struct ifaddrs *list)
{
	free(list);
}
