// SPDX-License-Identifier: BSD-2-Clause
/*
 * netinet/in.h - Internet addresses and options (POSIX.1-2017, <netinet/in.h>; RFC 3493).
 *
 * Ports and addresses in these structures are in network byte order.
 */
#pragma once
#include <stdint.h>
#include <sys/socket.h>
#include <machine/endian.h>

#ifndef _IN_ADDR_T_DECLARED
#define _IN_ADDR_T_DECLARED
typedef __uint32_t in_addr_t;
#endif
#ifndef _IN_PORT_T_DECLARED
#define _IN_PORT_T_DECLARED
typedef __uint16_t in_port_t;
#endif

struct in_addr {
	in_addr_t s_addr;
};

struct sockaddr_in {
	sa_family_t sin_family;
	in_port_t sin_port;
	struct in_addr sin_addr;
	unsigned char sin_zero[8];
};

struct in6_addr {
	union {
		uint8_t __s6_addr[16];
		uint16_t __s6_addr16[8];
		uint32_t __s6_addr32[4];
	} __in6_union;
};
#define s6_addr   __in6_union.__s6_addr
#define s6_addr16 __in6_union.__s6_addr16
#define s6_addr32 __in6_union.__s6_addr32

struct sockaddr_in6 {
	sa_family_t sin6_family;
	in_port_t sin6_port;
	uint32_t sin6_flowinfo;
	struct in6_addr sin6_addr;
	uint32_t sin6_scope_id;
};

struct ip_mreq {
	struct in_addr imr_multiaddr;
	struct in_addr imr_interface;
};

struct ip_mreqn {
	struct in_addr imr_multiaddr;
	struct in_addr imr_address;
	int imr_ifindex;
};

struct ipv6_mreq {
	struct in6_addr ipv6mr_multiaddr;
	unsigned int ipv6mr_interface;
};

struct in_pktinfo {
	int ipi_ifindex;
	struct in_addr ipi_spec_dst;
	struct in_addr ipi_addr;
};

struct in6_pktinfo {
	struct in6_addr ipi6_addr;
	unsigned int ipi6_ifindex;
};

#define IPPROTO_IP       0
#define IPPROTO_ICMP     1
#define IPPROTO_IGMP     2
#define IPPROTO_TCP      6
#define IPPROTO_UDP      17
#define IPPROTO_IPV6     41
#define IPPROTO_ROUTING  43
#define IPPROTO_FRAGMENT 44
#define IPPROTO_ICMPV6   58
#define IPPROTO_NONE     59
#define IPPROTO_DSTOPTS  60
#define IPPROTO_UDPLITE  136
#define IPPROTO_RAW      255
#define IPPROTO_MAX      256

#define INADDR_ANY       ((in_addr_t)0x00000000)
#define INADDR_BROADCAST ((in_addr_t)0xffffffff)
#define INADDR_NONE      ((in_addr_t)0xffffffff)
#define INADDR_LOOPBACK  ((in_addr_t)0x7f000001)

#define INADDR_UNSPEC_GROUP    ((in_addr_t)0xe0000000) /* 224.0.0.0 */
#define INADDR_ALLHOSTS_GROUP  ((in_addr_t)0xe0000001) /* 224.0.0.1 */
#define INADDR_ALLRTRS_GROUP   ((in_addr_t)0xe0000002) /* 224.0.0.2 */
#define INADDR_MAX_LOCAL_GROUP ((in_addr_t)0xe00000ff) /* 224.0.0.255 */

#define IN_CLASSA(a)    (((in_addr_t)(a)&0x80000000) == 0)
#define IN_CLASSB(a)    (((in_addr_t)(a)&0xc0000000) == 0x80000000)
#define IN_CLASSC(a)    (((in_addr_t)(a)&0xe0000000) == 0xc0000000)
#define IN_CLASSD(a)    (((in_addr_t)(a)&0xf0000000) == 0xe0000000)
#define IN_MULTICAST(a) IN_CLASSD(a)
#define IN_LOOPBACKNET  127

#define INET_ADDRSTRLEN  16
#define INET6_ADDRSTRLEN 46

#define IPPORT_RESERVED     1024
#define IPPORT_USERRESERVED 5000

/* Options and control messages of level IPPROTO_IP. */
#define SOL_IP                    0
#define IP_TOS                    1
#define IP_TTL                    2
#define IP_HDRINCL                3
#define IP_OPTIONS                4
#define IP_PKTINFO                8
#define IP_MTU_DISCOVER           10
#define IP_RECVERR                11
#define IP_RECVTTL                12
#define IP_RECVTOS                13
#define IP_MTU                    14
#define IP_MULTICAST_IF           32
#define IP_MULTICAST_TTL          33
#define IP_MULTICAST_LOOP         34
#define IP_ADD_MEMBERSHIP         35
#define IP_DROP_MEMBERSHIP        36
#define IP_DEFAULT_MULTICAST_TTL  1
#define IP_DEFAULT_MULTICAST_LOOP 1

/* Options and control messages of level IPPROTO_IPV6. */
#define SOL_IPV6             41
#define IPV6_UNICAST_HOPS    16
#define IPV6_MULTICAST_IF    17
#define IPV6_MULTICAST_HOPS  18
#define IPV6_MULTICAST_LOOP  19
#define IPV6_JOIN_GROUP      20
#define IPV6_LEAVE_GROUP     21
#define IPV6_ADD_MEMBERSHIP  IPV6_JOIN_GROUP
#define IPV6_DROP_MEMBERSHIP IPV6_LEAVE_GROUP
#define IPV6_MTU             24
#define IPV6_V6ONLY          26
#define IPV6_RECVPKTINFO     49
#define IPV6_PKTINFO         50
#define IPV6_RECVHOPLIMIT    51
#define IPV6_HOPLIMIT        52
#define IPV6_RECVTCLASS      66
#define IPV6_TCLASS          67

#define IN6ADDR_ANY_INIT                                                       \
	{                                                                      \
		{                                                              \
			{                                                      \
				0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 \
			}                                                      \
		}                                                              \
	}
#define IN6ADDR_LOOPBACK_INIT                                                  \
	{                                                                      \
		{                                                              \
			{                                                      \
				0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 \
			}                                                      \
		}                                                              \
	}

#define __IN6_WORD(a, i) (((const struct in6_addr *)(a))->s6_addr32[i])
#define __IN6_BYTE(a, i) (((const struct in6_addr *)(a))->s6_addr[i])

#define IN6_ARE_ADDR_EQUAL(a, b) (__builtin_memcmp((a), (b), sizeof(struct in6_addr)) == 0)
#define __IN6_TOP_IS_0(a)        (__IN6_WORD(a, 0) == 0 && __IN6_WORD(a, 1) == 0)
#define IN6_IS_ADDR_UNSPECIFIED(a) \
	(__IN6_TOP_IS_0(a) && __IN6_WORD(a, 2) == 0 && __IN6_WORD(a, 3) == 0)
#define IN6_IS_ADDR_LOOPBACK(a) \
	(__IN6_TOP_IS_0(a) && __IN6_WORD(a, 2) == 0 && __IN6_WORD(a, 3) == __htonl(1))
#define IN6_IS_ADDR_V4MAPPED(a) (__IN6_TOP_IS_0(a) && __IN6_WORD(a, 2) == __htonl(0xffff))
#define IN6_IS_ADDR_V4COMPAT(a) \
	(__IN6_TOP_IS_0(a) && __IN6_WORD(a, 2) == 0 && __ntohl(__IN6_WORD(a, 3)) > 1)
#define IN6_IS_ADDR_MULTICAST(a)    (__IN6_BYTE(a, 0) == 0xff)
#define IN6_IS_ADDR_LINKLOCAL(a)    (__IN6_BYTE(a, 0) == 0xfe && (__IN6_BYTE(a, 1) & 0xc0) == 0x80)
#define IN6_IS_ADDR_SITELOCAL(a)    (__IN6_BYTE(a, 0) == 0xfe && (__IN6_BYTE(a, 1) & 0xc0) == 0xc0)
#define __IN6_IS_MC(a, scope)       (IN6_IS_ADDR_MULTICAST(a) && (__IN6_BYTE(a, 1) & 0x0f) == (scope))
#define IN6_IS_ADDR_MC_NODELOCAL(a) __IN6_IS_MC(a, 1)
#define IN6_IS_ADDR_MC_LINKLOCAL(a) __IN6_IS_MC(a, 2)
#define IN6_IS_ADDR_MC_SITELOCAL(a) __IN6_IS_MC(a, 5)
#define IN6_IS_ADDR_MC_ORGLOCAL(a)  __IN6_IS_MC(a, 8)
#define IN6_IS_ADDR_MC_GLOBAL(a)    __IN6_IS_MC(a, 14)

__BEGIN_DECLS

extern const struct in6_addr in6addr_any;
extern const struct in6_addr in6addr_loopback;

uint32_t htonl(uint32_t __host);
uint16_t htons(uint16_t __host);
uint32_t ntohl(uint32_t __net);
uint16_t ntohs(uint16_t __net);

__END_DECLS

#define htonl(x) __htonl(x)
#define htons(x) __htons(x)
#define ntohl(x) __ntohl(x)
#define ntohs(x) __ntohs(x)
