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
