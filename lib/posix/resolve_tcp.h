/* SPDX-License-Identifier: BSD-2-Clause
 *
 * resolve_tcp.h - a name server asked by TCP, because what it says is too long for UDP (RFC 7766).
 */
#pragma once
#include "net/resolve.h"

/*
 * resolve_tcp() - ask this server for an address of that family, AF_INET or AF_INET6.
 *
 * Returns 0 and *address; -ENOENT no such name or address; -EAGAIN the server does not answer, or
 * not so that it can be understood; -EINVAL this cannot be a name.
 * Context: thread; sleeps for at most a few seconds for each piece of the answer.
 */
int resolve_tcp(const struct net_server *server, const char *name, int family, void *address);
