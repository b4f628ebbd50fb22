// SPDX-License-Identifier: BSD-2-Clause
/*
 * inet_class.c - addresses split by the classes of old (RFC 791, 3.2).
 */
#include <arpa/inet.h>
#include "lib/base/compiler.h"

/* How many bits of an address in host byte order name the host. */
static unsigned host_bits(in_addr_t a)
{
	return IN_CLASSA(a) ? 24 : IN_CLASSB(a) ? 16 : 8;
}

UNIK_API in_addr_t inet_lnaof(struct in_addr a)
{
	in_addr_t n = ntohl(a.s_addr);

	return n & ((1u << host_bits(n)) - 1);
}

UNIK_API in_addr_t inet_netof(struct in_addr a)
{
	in_addr_t n = ntohl(a.s_addr);

	return n >> host_bits(n);
}

/* A network of one byte is of class A, of two of class B, of three of class C. */
UNIK_API struct in_addr inet_makeaddr(in_addr_t network, in_addr_t host)
{
	unsigned bits = network < 0x80 ? 24 : network < 0x10000 ? 16 : network < 0x1000000 ? 8 : 0;

	return (struct in_addr){ htonl(network << bits | (host & ((1u << bits) - 1))) };
}

/* Up to four numbers of one byte each, shifted together. */
UNIK_API in_addr_t inet_network(const char *text)
{
	in_addr_t network = 0;

	for (int part = 0; part < 4; part++) {
		struct in_addr one;
		char number[8];
		unsigned i = 0;

		while (*text && *text != '.' && i < sizeof(number) - 1)
			number[i++] = *text++;
		number[i] = 0;
		if (!inet_aton(number, &one) || ntohl(one.s_addr) > 255)
			return INADDR_NONE;
		network = network << 8 | ntohl(one.s_addr);
		if (!*text)
			return network;
		if (*text++ != '.')
			return INADDR_NONE;
	}
	return INADDR_NONE;
}
