// SPDX-License-Identifier: BSD-2-Clause
/*
 * resolve.h - names to addresses by DNS.
 */
#pragma once
#include "lib/base/compiler.h"

/*
 * net_resolve() - ask the name servers for an address of that kind.
 *
 * name      up to 255 bytes
 * family    AF_INET, AF_INET6
 * address   a struct in_addr or in6_addr
 *
 * Returns 0 and *address; -ENOENT no such name, or no address of that kind; -EAGAIN too many
 * questions at once, or nobody answered; -ENETUNREACH no network; -EINVAL the name is too long.
 * Context: thread, net_lock not held; sleeps for as long as lwIP tries (about ten seconds).
 */
int net_resolve(const char *name, int family, void *address);

/* net_name_server() - the i-th server that is known: by unik.dns=, or from DHCP when that has been
 * through. Returns AF_INET or AF_INET6 and *address, or 0: there is none. Does not start the
 * network. Context: thread, net_lock not held. */
int net_name_server(unsigned i, void *address);
