// SPDX-License-Identifier: BSD-2-Clause
/*
 * interfaces.h - the network interfaces: "lo0", "en1", … with numbers from 1.
 *
 * Threading: any thread; takes net_lock and starts the network.
 */
#pragma once
#include "lib/base/compiler.h"

#include <sys/socket.h>

#define NET_INTERFACES_MAX 16
#define NET_ADDRESSES_MAX  4 /* of one interface */

/* An interface as getifaddrs() and the ioctls show it. */
struct net_interface {
	char name[16];
	unsigned index;
	unsigned flags; /* IFF_* */
	unsigned mtu;   /* [bytes] */
	uint8_t hw_address[6];
	bool has_hw_address;
	unsigned naddresses;
	struct {
		struct sockaddr_storage address, mask;
		struct sockaddr_storage broadcast; /* ss_family 0: none */
	} address[NET_ADDRESSES_MAX];
};

/* net_interface_get() - what is true of interface `index` now; false when there is none. */
bool net_interface_get(unsigned index, struct net_interface *out);

/* net_interface_index() - the number of a name, 0 for none. */
unsigned net_interface_index(const char *name);

/* net_interface_name() - the name of a number into name[16]; false when there is none. */
bool net_interface_name(unsigned index, char *name);
