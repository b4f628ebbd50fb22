// SPDX-License-Identifier: BSD-2-Clause
/*
 * if.c - network interfaces by name and number. Asking for one starts the network.
 */
#include <errno.h>
#include <net/_if.h>
#include <stdlib.h>
#include <string.h>
#include "lib/base/compiler.h"
#include "net/interfaces.h"

UNIK_API unsigned if_nametoindex(const char *name)
{
	unsigned index = net_interface_index(name);

	if (!index)
		errno = ENODEV;
	return index;
}

UNIK_API char *if_indextoname(unsigned index, char *name)
{
	if (net_interface_name(index, name))
		return name;
	errno = ENXIO;
	return NULL;
}

/* The list and the names are one block; the entry with index 0 ends it. */
UNIK_API struct if_nameindex *if_nameindex(void)
{
	struct named {
		char name[IF_NAMESIZE];
	};
	const size_t most = NET_INTERFACES_MAX;
	struct if_nameindex *list =
		calloc(1, (most + 1) * sizeof(*list) + most * sizeof(struct named));
	struct named *named;
	size_t n = 0;

	if (!list)
		return NULL;
	named = (struct named *)(list + most + 1);
	for (unsigned i = 1; i <= most; i++) {
		if (!net_interface_name(i, named[n].name))
			continue;
		list[n].if_index = i;
		list[n].if_name = named[n].name;
		n++;
	}
	return list;
}

UNIK_API void if_freenameindex(struct if_nameindex *list)
{
	free(list);
}
