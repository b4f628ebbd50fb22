// SPDX-License-Identifier: BSD-2-Clause
/*
 * hosts.h - names in /etc/hosts: lines of an address and the names that it has, '#' begins
 * a comment. Without the file no name is in it.
 *
 * Threading: any thread. Errors: what cannot be read or understood is not there.
 */
#pragma once
#include <netinet/in.h>
#include "lib/base/compiler.h"

struct hosts_entry {
	bool has_in, has_in6;
	struct in_addr in;
	struct in6_addr in6;
};

/* hosts_find() - the first address of each family that the name has. True if it has one. */
bool hosts_find(const char *name, struct hosts_entry *out);
