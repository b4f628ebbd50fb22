// SPDX-License-Identifier: BSD-2-Clause
/*
 * host.h - the devices of a process: what each is on the other side says <asm/host.h>.
 */
#pragma once
#include "arch/cpu.h"
#include <asm/host.h>

extern const struct host_machine *host_machine;

/* An operation of the host. Interrupts are off. */
#define HOST_CALL(operation, ...) host_machine->ops->operation(host_machine->host, ##__VA_ARGS__)

struct netdev;
struct blk;
extern const struct console host_console;

/* host_net_probe() - the n-th wire. 0; -ENODEV there is none.
 * host_disk_probe() - the n-th disk; the same. */
int host_net_probe(unsigned n, struct netdev **out);
int host_disk_probe(unsigned n, struct blk **out);
