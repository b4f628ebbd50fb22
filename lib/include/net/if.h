// SPDX-License-Identifier: BSD-2-Clause
/*
 * net/if.h - network interfaces by name and number (POSIX.1-2017, <net/if.h>).
 *
 * Threading: any thread. Errors: 0 or NULL, and errno.
 */
#pragma once
#include <sys/cdefs.h>

#define IF_NAMESIZE 16
#define IFNAMSIZ    IF_NAMESIZE

/* State of an interface. */
#define IFF_UP        0x0001
#define IFF_BROADCAST 0x0002
#define IFF_LOOPBACK  0x0008
#define IFF_RUNNING   0x0040
#define IFF_MULTICAST 0x1000

struct if_nameindex {
	unsigned int if_index;
	char *if_name;
};

__BEGIN_DECLS

unsigned int if_nametoindex(const char *__name);
char *if_indextoname(unsigned int __index, char *__name);
struct if_nameindex *if_nameindex(void);
void if_freenameindex(struct if_nameindex *__list);

__END_DECLS
