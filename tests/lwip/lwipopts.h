// SPDX-License-Identifier: BSD-2-Clause
/*
 * lwipopts.h - net/lwipopts.h as lwIP's own unit tests need it: the statistics that they look at,
 * and constants where we have variables. Everything else is what the image runs.
 */
#pragma once
#define NET_HOST_TEST 1
#include "net/lwipopts.h"

/* What the tests count with: lwIP's own pools, which some of them fill up. What is of variable
 * size comes from malloc(), so that the sanitizer sees each block. */
#undef MEMP_MEM_MALLOC
#define MEMP_MEM_MALLOC      0
#define MEMP_NUM_TCP_SEG     40
#define MEMP_NUM_SYS_TIMEOUT (LWIP_NUM_SYS_TIMEOUT_INTERNAL + 8)
#undef PBUF_POOL_SIZE
#define PBUF_POOL_SIZE 400
#undef LWIP_STATS
#define LWIP_STATS       1
#define LWIP_STATS_LARGE 1
#define MEM_STATS        1
#define MEMP_STATS       1
#define MIB2_STATS       1
#undef LWIP_TIMERS
#define LWIP_TIMERS 1
#undef ND6_TMR_INTERVAL
#define LWIP_TESTMODE 1

/* The tests inject sequence numbers relative to these. */
#undef TCP_WND
#undef TCP_SND_BUF
#undef TCP_SND_QUEUELEN
#undef TCP_RCV_SCALE
#define TCP_WND          (10 * TCP_MSS)
#define TCP_SND_BUF      (12 * TCP_MSS)
#define TCP_SND_QUEUELEN 40
#define TCP_RCV_SCALE    0
#undef LWIP_TCP_TIME_WAIT_MAX
#undef TCP_MSS
#define TCP_MSS 536
/* A test waits for lwIP's own retransmission time-out, six ticks of half a second: this and one. */
#undef LWIP_TCP_RTO_TIME
#define LWIP_TCP_RTO_TIME 2500
#undef TCP_TMR_INTERVAL

/* The DHCP tests count the packets of a client that checks its address by ARP. */
#undef DHCP_DOES_ARP_CHECK
#define DHCP_DOES_ARP_CHECK 1

#define ETHARP_SUPPORT_STATIC_ENTRIES  1
#define LWIP_NETIF_EXT_STATUS_CALLBACK 1
#undef LWIP_DNS
#define LWIP_DNS 0 /* allocates at its start, which the leak checks do not expect */
