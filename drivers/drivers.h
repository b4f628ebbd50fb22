// SPDX-License-Identifier: BSD-2-Clause
/*
 * drivers.h - which drivers there are, for the tables of the classes; each list NULL-terminated, in
 * order of preference. drivers/drivers.c has them for machines, drivers/host/drivers.c for
 * a process. What a program does not use is not linked, list by list.
 */
#pragma once
#include <stddef.h>

struct netdev;
struct blk;
struct console;

/* The n-th device of a driver: 0 and *out; -ENODEV no more; others: that one cannot be used. */
extern int (*const netdev_drivers[])(unsigned n, struct netdev **out);
extern int (*const blk_drivers[])(unsigned n, struct blk **out);
/* Consoles that are opened by name. */
extern const struct console *const named_consoles[];
