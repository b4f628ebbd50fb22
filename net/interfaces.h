// SPDX-License-Identifier: BSD-2-Clause
/*
 * interfaces.h - the network interfaces: "lo0", "en1", … with numbers from 1.
 *
 * Threading: any thread; takes net_lock and starts the network.
 */
#pragma once
#include "lib/base/compiler.h"

#define NET_INTERFACES_MAX 16

/* net_interface_index() - the number of a name, 0 for none. */
unsigned net_interface_index(const char *name);

/* net_interface_name() - the name of a number into name[16]; false when there is none. */
bool net_interface_name(unsigned index, char *name);
