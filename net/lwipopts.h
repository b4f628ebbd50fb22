// SPDX-License-Identifier: BSD-2-Clause
/*
 * lwipopts.h - how lwIP 2.1.3 is configured. What is not named here has lwIP's default.
 *
 * Sizes that depend on the machine's memory are fields of net_tuning, computed at the start;
 * there are no static pools (see net/mem.c). Every entry into lwIP is made under net_lock.
 */
#pragma once
#include <stdint.h>

/* Set once by net_start() from the size of RAM, before the first connection. */
struct net_tuning {
	uint32_t tcp_window_bytes;      /* receive window of a connection */
	uint32_t tcp_send_buffer_bytes; /* unacknowledged and unsent data of a connection */
	uint32_t tcp_time_wait_max;     /* connections in TIME-WAIT; then the oldest go */
};
extern struct net_tuning net_tuning;

/* How many seconds one call of the neighbour caches' timers stands for (net/timers.c). */
extern uint32_t net_aging_seconds;

/* No threads inside: net_lock is the core lock, the callers run the stack. */
#define NO_SYS               1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_TIMERS          0 /* net/timers.c */
#define LWIP_NETCONN         0
#define LWIP_SOCKET          0
#define LWIP_STATS           0
#define LWIP_HOOK_FILENAME   "net/hooks.h"

/* Memory: net/mem.c takes the place of lwIP's heap and pools. */
#define MEM_LIBC_MALLOC          1
#define MEMP_MEM_MALLOC          1
#define MEM_ALIGNMENT            8
#define LWIP_SUPPORT_CUSTOM_PBUF 1
#define PBUF_POOL_SIZE           0
#define MEMCPY(to, from, len)    __builtin_memcpy(to, from, len)
#define SMEMCPY(to, from, len)   __builtin_memcpy(to, from, len)

/* IP */
#define LWIP_IPV4                           1
#define LWIP_IPV6                           1
#define LWIP_RAW                            0
#define LWIP_IGMP                           1 /* net/igmp_hooks.h */
#define IP_REASS_MAX_PBUFS                  64
#define LWIP_IPV6_FORWARD                   0
#define IPV6_FRAG_COPYHEADER                1 /* two pointers do not fit into a fragment header */
#define IP_FORWARD                          0
#define LWIP_BROADCAST_PING                 0
#define LWIP_MULTICAST_PING                 0
#define LWIP_ICMP_ECHO_CHECK_INPUT_PBUF_LEN 1
#define ARP_TABLE_SIZE                      32
#define ETHARP_TMR_STEP                     net_aging_seconds
#define ND6_TMR_INTERVAL                    (net_aging_seconds * 1000)
#define ARP_QUEUEING                        1
#define ARP_QUEUE_LEN                       4
#define LWIP_ND6_NUM_NEIGHBORS              16
#define LWIP_ND6_NUM_DESTINATIONS           16
#define LWIP_ND6_TCP_REACHABILITY_HINTS     1
#define LWIP_IPV6_DUP_DETECT_ATTEMPTS       1

/* Interfaces */
#define LWIP_HAVE_LOOPIF 1
/* Loopback frames wait until net_leave(): lwIP says so when the first is queued. */
#define LWIP_NETIF_LOOPBACK_MULTITHREADING  1
#define tcpip_try_callback(function, netif) net_loop_queued()
signed char net_loop_queued(void);
#define LWIP_NETIF_LOOPBACK          1
#define LWIP_NETIF_STATUS_CALLBACK   1
#define LWIP_NETIF_HWADDRHINT        1
#define LWIP_CHECKSUM_CTRL_PER_NETIF 1
#define LWIP_INLINE_IP_CHKSUM        1
#define LWIP_CHKSUM                  net_checksum

/* UDP, DHCP, DNS */
#define LWIP_DHCP           1
#define DHCP_DOES_ARP_CHECK 0 /* would delay the first packet by a second */
#define LWIP_DNS            1
#define DNS_TABLE_SIZE      4
#define DNS_MAX_TTL         600 /* seconds; entries age when the resolver is used */
#define LWIP_UDPLITE        0

/* Sockets' needs */
#define SO_REUSE           1
#define IP_SOF_BROADCAST   1
#define LWIP_TCP_KEEPALIVE 1

/* TCP */
#undef TCP_MSS /* glibc's <netinet/tcp.h>, in host builds */
#define TCP_MSS                        1460
#define LWIP_WND_SCALE                 1
#define TCP_RCV_SCALE                  4
#define TCP_WND                        (net_tuning.tcp_window_bytes)
#define TCP_SND_BUF                    (net_tuning.tcp_send_buffer_bytes)
#define TCP_SND_QUEUELEN               2048 /* pbufs of a connection */
#define TCP_OVERSIZE                   TCP_MSS
#define TCP_QUEUE_OOSEQ                1
#define TCP_OOSEQ_MAX_PBUFS            256
#define LWIP_TCP_SACK_OUT              1
#define TCP_LISTEN_BACKLOG             1
#define TCP_TMR_INTERVAL               50 /* ms; a delayed ACK waits at most this long */
#define TCP_MSL                        5000UL
#define LWIP_TCP_TIME_WAIT_MAX         (net_tuning.tcp_time_wait_max)
#define LWIP_TCP_RTO_TIME              1000 /* ms; RFC 6298, 2.1 */
#define LWIP_DISABLE_TCP_SANITY_CHECKS 1    /* they want constants; net_start() keeps the rules */

/* The stack's invariants are checked in the host builds, where its unit tests run as well. */
#ifndef NET_HOST_TEST
#define LWIP_NOASSERT 1
#endif
