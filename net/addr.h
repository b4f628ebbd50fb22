// SPDX-License-Identifier: BSD-2-Clause
/*
 * addr.h - struct sockaddr and lwIP's addresses. IPv4 on an AF_INET6 socket is written as a
 * mapped address (RFC 4291, 2.5.5.2). No state, any context.
 */
#pragma once
#include <sys/socket.h>
#include <lwip/ip_addr.h>

/* addr_from_sockaddr() - 0; -EINVAL too short; -EAFNOSUPPORT not of `domain`. */
int addr_from_sockaddr(int domain, const struct sockaddr *sa, socklen_t len, ip_addr_t *a,
		       uint16_t *port);

/* addr_to_sockaddr() - writes at most *len bytes and sets *len to the whole length. */
void addr_to_sockaddr(int domain, const ip_addr_t *a, uint16_t port, struct sockaddr *sa,
		      socklen_t *len);
