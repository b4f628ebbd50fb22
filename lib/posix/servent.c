// SPDX-License-Identifier: BSD-2-Clause
/*
 * servent.c - services and protocols by name and number.
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <string.h>
#include "lib/base/compiler.h"
#include "lib/posix/services.h"

static char *no_aliases[1];

static const char *proto_of(const char *proto)
{
	if (!proto || !strcmp(proto, "tcp"))
		return "tcp";
	return strcmp(proto, "udp") ? NULL : "udp";
}

static struct servent *fill(const char *name, int port, const char *proto)
{
	static __thread struct servent s;

	s = (struct servent){ (char *)name, no_aliases, htons(port), (char *)proto };
	return &s;
}

UNIK_API struct servent *getservbyname(const char *name, const char *proto)
{
	const char *known = proto_of(proto);
	int port = *name >= '0' && *name <= '9' ? -1 : service_port(name, false);

	return known && port >= 0 ? fill(service_name(port), port, known) : NULL;
}

UNIK_API struct servent *getservbyport(int port, const char *proto)
{
	const char *known = proto_of(proto), *name = service_name(ntohs((uint16_t)port));

	return known && name ? fill(name, ntohs((uint16_t)port), known) : NULL;
}

static const struct {
	char name[12];
	uint8_t number;
} protocols[] = {
	{ "ip", IPPROTO_IP },
	{ "icmp", IPPROTO_ICMP },
	{ "igmp", IPPROTO_IGMP },
	{ "tcp", IPPROTO_TCP },
	{ "udp", IPPROTO_UDP },
	{ "ipv6", IPPROTO_IPV6 },
	{ "ipv6-icmp", IPPROTO_ICMPV6 },
};

static struct protoent *fill_protocol(size_t i)
{
	static __thread struct protoent p;

	p = (struct protoent){ (char *)protocols[i].name, no_aliases, protocols[i].number };
	return &p;
}

UNIK_API struct protoent *getprotobyname(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(protocols); i++)
		if (!strncmp(protocols[i].name, name, sizeof(protocols[i].name)))
			return fill_protocol(i);
	return NULL;
}

UNIK_API struct protoent *getprotobynumber(int number)
{
	for (size_t i = 0; i < ARRAY_SIZE(protocols); i++)
		if (protocols[i].number == number)
			return fill_protocol(i);
	return NULL;
}
