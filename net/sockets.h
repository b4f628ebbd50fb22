// SPDX-License-Identifier: BSD-2-Clause
/*
 * sockets.h - the Internet families for the C library; the rest is kernel/socket_calls.h.
 *
 * Threading: any thread. Errors: -errno.
 */
#pragma once
#include "kernel/socket_calls.h"

/*
 * net_socket_create() - a new socket; the first one starts the network.
 *
 * domain, type, protocol   as in POSIX socket(); SOCK_NONBLOCK in type is honoured
 *
 * Returns 0 and *out with one reference; -EAFNOSUPPORT, -EPROTONOSUPPORT, -EPROTOTYPE, -ENOMEM.
 */
int net_socket_create(int domain, int type, int protocol, struct file **out) UNIK_MUST_CHECK;

/*
 * net_socket_connect() - connect() of the Internet families, which have none in their table: who
 * calls socket() has them, but need not call this.
 */
int net_socket_connect(struct file *f, const struct sockaddr *name, socklen_t len);

/*
 * net_set_rare_option(), net_get_rare_option() - what the table's calls do not know. Apart from
 * these, so that a program that uses none has no code for them.
 *
 * Return 0; -ENOPROTOOPT no such option, or f is a socket of another family.
 */
int net_set_rare_option(struct file *f, int level, int option, const void *value, socklen_t len);
int net_get_rare_option(struct file *f, int level, int option, void *value, socklen_t *len);

/* net_end() - close the TCP connections and give what is under way a second at most. Context:
 * thread; nothing happens where it may not sleep. */
void net_end(void);
