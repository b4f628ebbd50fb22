// SPDX-License-Identifier: BSD-2-Clause
/*
 * console.h - Xen's console: the ring that xenconsoled reads; drivers/console.h has the class.
 *
 * What the ring does not take within a second, because nobody reads it, goes to the hypervisor's
 * own log if that is open to this domain, and else to the machine's emergency port.
 */
#pragma once
#include "drivers/console.h"

extern const struct console xen_console;

/* xen_console_drain() - wait until `deadline` at the longest for what was written to be read. */
void xen_console_drain(ns_t deadline);
