// SPDX-License-Identifier: BSD-2-Clause
/*
 * What lwIP's unit tests need of us, and the suites that have nothing to test: those parts of
 * lwIP are not in the library.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include "net/hooks.h"
#include "net/lwipopts.h"
#include <lwip/priv/tcp_priv.h>
#include <lwip/sys.h>

struct net_tuning net_tuning;
uint32_t net_aging_seconds = 1;
u32_t lwip_sys_now;

Suite *mem_suite(void), *timers_suite(void), *mdns_suite(void), *mqtt_suite(void),
	*sockets_suite(void);

static Suite *skipped(const char *name, const char *why)
{
	printf("# skip %s: %s\n", name, why);
	return suite_create(name);
}

Suite *mem_suite(void)
{
	return skipped("mem", "the heap is net/mem.c");
}

Suite *timers_suite(void)
{
	return skipped("timers", "the timers are net/timers.c");
}

Suite *mdns_suite(void)
{
	return skipped("mdns", "not in the library");
}

Suite *mqtt_suite(void)
{
	return skipped("mqtt", "not in the library");
}

Suite *sockets_suite(void)
{
	return skipped("sockets", "the sockets are net/socket.c");
}

u32_t sys_now(void)
{
	return lwip_sys_now;
}

err_t net_loop_queued(void)
{
	return ERR_OK; /* tcpip_thread_poll_one() looks anyway */
}

uint32_t random_u32(void)
{
	return rand();
}

void net_lwip_assert(const char *what)
{
	printf("lwIP assertion: %s\n", what);
	abort();
}

u32_t net_tcp_isn(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
		  u16_t remote_port)
{
	static u32_t last = 6510; /* as lwIP does itself, which the tests know */

	(void)local, (void)local_port, (void)remote, (void)remote_port;
	last += tcp_ticks;
	return last;
}

int net_listen_full(struct tcp_pcb_listen *listener)
{
	(void)listener;
	return 0;
}

void net_icmp_error(const struct pbuf *p, int ipv6)
{
	(void)p, (void)ipv6;
}

void net_dns_truncated(const ip_addr_t *server)
{
	(void)server;
}
