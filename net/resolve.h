// SPDX-License-Identifier: BSD-2-Clause
/*
 * resolve.h - names to addresses by DNS.
 */
#pragma once
#include "lib/base/compiler.h"

struct net_server {
	int family; /* AF_INET, AF_INET6; 0: none */
	uint8_t address[16];
};

/*
 * net_resolve() - ask the name servers for an address of that kind.
 *
 * name      up to 255 bytes
 * family    AF_INET, AF_INET6
 * address   a struct in_addr or in6_addr
 * longer    who has the answer, where that is too long for UDP
 *
 * Returns 0 and *address; -EMSGSIZE *longer has to be asked by TCP; -ENOENT no such name, or no
 * address of that kind; -EAGAIN too many questions at once, or nobody answered; -ENETUNREACH no
 * network; -EINVAL the name is too long. Context: thread, net_lock not held; sleeps for as long as
 * lwIP tries (about ten seconds).
 */
int net_resolve(const char *name, int family, void *address, struct net_server *longer);

/* net_name_server() - the i-th server that is known: by unik.dns=, or from DHCP when that has been
 * through. False: there is none. Does not start the network. Context: thread, net_lock not held. */
bool net_name_server(unsigned i, struct net_server *out);
