// SPDX-License-Identifier: BSD-2-Clause
#include "net/interfaces.h"
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
