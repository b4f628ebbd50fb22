// SPDX-License-Identifier: BSD-2-Clause
/*
 * ifaddrs.h - the addresses of this machine's interfaces, as BSD and Linux list them.
 *
 * Threading: any thread; starts the network. Errors: -1 and errno.
 */
#pragma once
#include <sys/socket.h>

struct ifaddrs {
	struct ifaddrs *ifa_next;
	char *ifa_name;
	unsigned int ifa_flags; /* IFF_* */
	struct sockaddr *ifa_addr;
	struct sockaddr *ifa_netmask;
	union {
		struct sockaddr *ifu_broadaddr;
		struct sockaddr *ifu_dstaddr;
	} ifa_ifu;
	void *ifa_data;
};
#define ifa_broadaddr ifa_ifu.ifu_broadaddr
#define ifa_dstaddr   ifa_ifu.ifu_dstaddr

__BEGIN_DECLS

int getifaddrs(struct ifaddrs **__list);
void freeifaddrs(struct ifaddrs *__list);

__END_DECLS
