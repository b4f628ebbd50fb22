// SPDX-License-Identifier: BSD-2-Clause
/*
 * arpa/inet.h - Internet addresses as text (POSIX.1-2017, <arpa/inet.h>).
 *
 * Threading: any thread; inet_ntoa()'s result lasts until the same thread's next call.
 * Errors: inet_pton() 1 good, 0 not an address, -1 and errno EAFNOSUPPORT; inet_ntop() NULL.
 */
#pragma once
#include <netinet/in.h>

__BEGIN_DECLS

int inet_aton(const char *__text, struct in_addr *__addr);
in_addr_t inet_addr(const char *__text);
char *inet_ntoa(struct in_addr __addr);
int inet_pton(int __family, const char *__restrict __text, void *__restrict __addr);
const char *inet_ntop(int __family, const void *__restrict __addr, char *__restrict __text,
		      socklen_t __len);

/* With the classes of old (RFC 791, 3.2); in host byte order where a number is meant. */
in_addr_t inet_network(const char *__text);
struct in_addr inet_makeaddr(in_addr_t __network, in_addr_t __host);
in_addr_t inet_lnaof(struct in_addr __addr);
in_addr_t inet_netof(struct in_addr __addr);

__END_DECLS
