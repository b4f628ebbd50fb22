// SPDX-License-Identifier: BSD-2-Clause
#include "net/addr.h"
#include "lib/base/compiler.h"
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

static const uint8_t mapped_prefix[12] = { [10] = 0xff, [11] = 0xff };

static void from_in(const struct sockaddr_in *in, ip_addr_t *a, uint16_t *port)
{
	ip_addr_set_ip4_u32_val(*a, in->sin_addr.s_addr);
	*port = lwip_ntohs(in->sin_port);
}

static void from_in6(const struct sockaddr_in6 *in, ip_addr_t *a, uint16_t *port)
{
	const uint8_t *bytes = in->sin6_addr.s6_addr;
	u32_t word[4];

	*port = lwip_ntohs(in->sin6_port);
	memcpy(word, bytes, sizeof(word));
	if (!memcmp(bytes, mapped_prefix, sizeof(mapped_prefix))) {
		ip_addr_set_ip4_u32_val(*a, word[3]);
		return;
	}
	IP_ADDR6(a, word[0], word[1], word[2], word[3]);
	if (ip6_addr_has_scope(ip_2_ip6(a), IP6_UNKNOWN))
		ip6_addr_set_zone(ip_2_ip6(a), in->sin6_scope_id);
}

int addr_from_sockaddr(int domain, const struct sockaddr *sa, socklen_t len, ip_addr_t *a,
		       uint16_t *port)
{
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	if (!sa || len < sizeof(sa->sa_family))
		return -EINVAL;
	if (sa->sa_family != domain)
		return -EAFNOSUPPORT;
	if (domain == AF_INET) {
		if (len < sizeof(in))
			return -EINVAL;
		memcpy(&in, sa, sizeof(in)); /* the caller's may be unaligned */
		from_in(&in, a, port);
		return 0;
	}
	if (len < sizeof(in6))
		return -EINVAL;
	memcpy(&in6, sa, sizeof(in6));
	from_in6(&in6, a, port);
	return 0;
}

static void copy_out(const void *from, size_t size, struct sockaddr *sa, socklen_t *len)
{
	memcpy(sa, from, MIN((size_t)*len, size));
	*len = size;
}

static void fill_in6(struct sockaddr_in6 *in6, const ip_addr_t *a)
{
	uint8_t *bytes = in6->sin6_addr.s6_addr;

	if (IP_IS_V4(a)) {
		/* Any address of lwIP's IPv4 type is a peer's or ours: never unspecified there. */
		if (ip_addr_isany_val(*a))
			return;
		memcpy(bytes, mapped_prefix, sizeof(mapped_prefix));
		memcpy(bytes + 12, &ip_2_ip4(a)->addr, 4);
		return;
	}
	memcpy(bytes, ip_2_ip6(a)->addr, 16);
	in6->sin6_scope_id = ip6_addr_zone(ip_2_ip6(a));
}

void addr_to_sockaddr(int domain, const ip_addr_t *a, uint16_t port, struct sockaddr *sa,
		      socklen_t *len)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = lwip_htons(port) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = lwip_htons(port) };

	if (domain == AF_INET) {
		if (IP_IS_V4(a))
			in.sin_addr.s_addr = ip_2_ip4(a)->addr;
		copy_out(&in, sizeof(in), sa, len);
		return;
	}
	fill_in6(&in6, a);
	copy_out(&in6, sizeof(in6), sa, len);
}
