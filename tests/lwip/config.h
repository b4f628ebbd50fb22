// SPDX-License-Identifier: BSD-2-Clause
/* config.h - what lwIP's tests take for granted, and find elsewhere without an operating system. */
#pragma once
#include <arpa/inet.h>
#include <stdio.h>
#include <lwip/memp.h>
#include <lwip/netif.h>
#include <lwip/stats.h>

/* With threads, loopback frames wait for lwIP's own; without, whoever wants them polls. */
static inline void tcpip_thread_poll_one(void)
{
	struct netif *n;

	NETIF_FOREACH(n)
	netif_poll(n);
}
