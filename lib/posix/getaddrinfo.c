// SPDX-License-Identifier: BSD-2-Clause
/*
 * getaddrinfo.c - names of hosts and services to addresses.
 *
 * One block of memory holds the whole list, so that freeaddrinfo() frees one. Ref: RFC 3493, 6.1.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <net/_if.h>
#include <stdlib.h>
#include <string.h>
#include "lib/base/compiler.h"
#include "lib/posix/hosts.h"
#include "lib/posix/resolve_tcp.h"
#include "lib/posix/search.h"
#include "lib/posix/services.h"
#include "net/net.h"
#include "net/resolve.h"

#define HOSTS_MOST 2 /* one address of each family */
#define KINDS_MOST 2 /* stream and datagram */
#define FLAGS_KNOWN                                                                          \
	(AI_PASSIVE | AI_CANONNAME | AI_NUMERICHOST | AI_V4MAPPED | AI_ALL | AI_ADDRCONFIG | \
	 AI_NUMERICSERV)

struct host {
	int family;
	uint32_t scope;
	union {
		struct in_addr in;
		struct in6_addr in6;
	};
};

struct entry {
	struct addrinfo info; /* first: the list's head is the block */
	union {
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	};
};

static const struct {
	int type, protocol;
} kinds[KINDS_MOST] = { { SOCK_STREAM, IPPROTO_TCP }, { SOCK_DGRAM, IPPROTO_UDP } };

static const struct addrinfo no_hints;

/* "fe80::1%en1": the scope behind '%', by name or number; `text` is cut there. */
static uint32_t cut_scope(char *text)
{
	char *percent = strchr(text, '%');
	uint32_t scope;

	if (!percent)
		return 0;
	*percent = 0;
	scope = if_nametoindex(percent + 1);
	return scope ? scope : strtoul(percent + 1, NULL, 10);
}

static int map_to_v6(struct host *h)
{
	struct in_addr v4 = h->in;

	memset(&h->in6, 0, sizeof(h->in6));
	h->in6.s6_addr[10] = h->in6.s6_addr[11] = 0xff;
	memcpy(&h->in6.s6_addr[12], &v4, sizeof(v4));
	h->family = AF_INET6;
	return 1;
}

/* Returns 1 host, 0 when the text is not numeric, or an EAI_ number. */
static int numeric_host(const char *node, const struct addrinfo *hints, struct host *h)
{
	char text[INET6_ADDRSTRLEN + IF_NAMESIZE + 1];

	if (inet_aton(node, &h->in)) {
		h->family = AF_INET;
		if (hints->ai_family == AF_INET6)
			return hints->ai_flags & AI_V4MAPPED ? map_to_v6(h) : EAI_NONAME;
		return 1;
	}
	if (strlen(node) >= sizeof(text))
		return 0;
	strcpy(text, node);
	h->scope = cut_scope(text);
	if (inet_pton(AF_INET6, text, &h->in6) != 1)
		return 0;
	h->family = AF_INET6;
	return hints->ai_family == AF_INET ? EAI_NONAME : 1;
}

static int local_hosts(const struct addrinfo *hints, bool passive, struct host *h)
{
	int n = 0;

	if (hints->ai_family != AF_INET6) {
		h[n].family = AF_INET;
		h[n++].in.s_addr = htonl(passive ? INADDR_ANY : INADDR_LOOPBACK);
	}
	if (hints->ai_family != AF_INET) {
		h[n].family = AF_INET6;
		h[n++].in6 = passive ? in6addr_any : in6addr_loopback;
	}
	return n;
}

static int eai_of(int err)
{
	if (err == -ENOENT || err == -EINVAL)
		return EAI_NONAME;
	return err == -EAGAIN || err == -ENETUNREACH ? EAI_AGAIN : EAI_FAIL;
}

static int ask(const char *node, int family, void *address)
{
	struct net_server longer;
	int err = net_resolve(node, family, address, &longer);

	return err == -EMSGSIZE ? resolve_tcp(&longer, node, family, address) : err;
}

static int dns_hosts(const char *node, const struct addrinfo *hints, struct host *h)
{
	int n = 0, err4 = -ENOENT, err6 = -ENOENT;
	bool mapped = hints->ai_family == AF_INET6 && hints->ai_flags & AI_V4MAPPED;

	bool no_ipv6 = hints->ai_flags & AI_ADDRCONFIG && net_address_state(true) &&
		       net_address_state(false) == 0;

	if (hints->ai_family != AF_INET && !no_ipv6) {
		h[n].family = AF_INET6;
		err6 = ask(node, AF_INET6, &h[n].in6);
		n += !err6;
	}
	if (hints->ai_family != AF_INET6 || (mapped && (!n || hints->ai_flags & AI_ALL))) {
		h[n].family = AF_INET;
		err4 = ask(node, AF_INET, &h[n].in);
		if (!err4 && mapped)
			map_to_v6(&h[n]);
		n += !err4;
	}
	if (n)
		return n;
	return eai_of(err4 != -ENOENT ? err4 : err6);
}

/* The same for the names that it may stand for. A server that fails may have known the name. */
static int search_hosts(const char *node, const struct addrinfo *hints, struct host *h)
{
	int n = EAI_NONAME;
	struct search s;

	search_start(&s, node);
	while (n == EAI_NONAME && search_next(&s))
		n = dns_hosts(s.name, hints, h);
	return n;
}

/* What /etc/hosts says; 0: it does not know the name in a family that is wanted. */
static int file_hosts(const char *node, const struct addrinfo *hints, struct host *h)
{
	struct hosts_entry found;
	bool mapped = hints->ai_family == AF_INET6 && hints->ai_flags & AI_V4MAPPED;
	int n = 0;

	if (!hosts_find(node, &found))
		return 0;
	if (hints->ai_family != AF_INET && found.has_in6) {
		h[n].family = AF_INET6;
		h[n++].in6 = found.in6;
	}
	if (found.has_in &&
	    (hints->ai_family != AF_INET6 || (mapped && (!n || hints->ai_flags & AI_ALL)))) {
		h[n].family = AF_INET;
		h[n].in = found.in;
		if (mapped)
			map_to_v6(&h[n]);
		n++;
	}
	return n;
}

/* The addresses of node: how many, or an EAI_ number. */
static int find_hosts(const char *node, const struct addrinfo *hints, struct host *h)
{
	int n;

	if (!node)
		return local_hosts(hints, hints->ai_flags & AI_PASSIVE, h);
	n = numeric_host(node, hints, h);
	if (n)
		return n;
	if (hints->ai_flags & AI_NUMERICHOST)
		return EAI_NONAME;
	n = file_hosts(node, hints, h);
	if (n)
		return n;
	if (!strcmp(node, "localhost"))
		return local_hosts(hints, false, h);
	return search_hosts(node, hints, h);
}

static void fill(struct entry *e, const struct host *h, int port, int kind)
{
	e->info.ai_family = h->family;
	e->info.ai_socktype = kinds[kind].type;
	e->info.ai_protocol = kinds[kind].protocol;
	e->info.ai_addr = (struct sockaddr *)&e->in;
	if (h->family == AF_INET) {
		e->info.ai_addrlen = sizeof(e->in);
		e->in.sin_family = AF_INET;
		e->in.sin_port = htons(port);
		e->in.sin_addr = h->in;
		return;
	}
	e->info.ai_addrlen = sizeof(e->in6);
	e->in6.sin6_family = AF_INET6;
	e->in6.sin6_port = htons(port);
	e->in6.sin6_addr = h->in6;
	e->in6.sin6_scope_id = h->scope;
}

static bool kind_wanted(const struct addrinfo *hints, int kind)
{
	return (!hints->ai_socktype || hints->ai_socktype == kinds[kind].type) &&
	       (!hints->ai_protocol || hints->ai_protocol == kinds[kind].protocol);
}

static int build(const struct host *h, int nhosts, const struct addrinfo *hints, int port,
		 const char *canonical, struct addrinfo **result)
{
	size_t name_bytes = canonical ? strlen(canonical) + 1 : 0;
	struct entry *e = calloc(1, HOSTS_MOST * KINDS_MOST * sizeof(*e) + name_bytes);
	char *name;
	int n = 0;

	if (!e)
		return EAI_MEMORY;
	name = (char *)(e + HOSTS_MOST * KINDS_MOST);
	for (int i = 0; i < nhosts; i++)
		for (int kind = 0; kind < KINDS_MOST; kind++)
			if (kind_wanted(hints, kind))
				fill(&e[n++], &h[i], port, kind);
	for (int i = 0; i + 1 < n; i++)
		e[i].info.ai_next = &e[i + 1].info;
	if (canonical)
		e->info.ai_canonname = memcpy(name, canonical, name_bytes);
	*result = &e->info;
	return 0;
}

static int check(const char *node, const char *service, const struct addrinfo *hints)
{
	if (!node && !service)
		return EAI_NONAME;
	if (hints->ai_flags & ~FLAGS_KNOWN || (hints->ai_flags & AI_CANONNAME && !node))
		return EAI_BADFLAGS;
	if (hints->ai_family != AF_UNSPEC && hints->ai_family != AF_INET &&
	    hints->ai_family != AF_INET6)
		return EAI_FAMILY;
	for (int kind = 0; kind < KINDS_MOST; kind++)
		if (kind_wanted(hints, kind))
			return 0;
	return EAI_SOCKTYPE;
}

UNIK_API int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
			 struct addrinfo **result)
{
	struct host host[HOSTS_MOST] = { 0 };
	int n, port = 0;

	if (!hints)
		hints = &no_hints;
	n = check(node, service, hints);
	if (n)
		return n;
	if (service)
		port = service_port(service, hints->ai_flags & AI_NUMERICSERV);
	if (port < 0)
		return hints->ai_flags & AI_NUMERICSERV ? EAI_NONAME : EAI_SERVICE;
	n = find_hosts(node, hints, host);
	if (n <= 0)
		return n;
	return build(host, n, hints, port, hints->ai_flags & AI_CANONNAME ? node : NULL, result);
}

UNIK_API void freeaddrinfo(struct addrinfo *list)
{
	free(list);
}

UNIK_API const char *gai_strerror(int error)
{
	switch (error) {
	case EAI_BADFLAGS:
		return "Bad flags";
	case EAI_NONAME:
		return "Name or service not known";
	case EAI_AGAIN:
		return "Name server did not answer";
	case EAI_FAIL:
		return "Name server failed";
	case EAI_FAMILY:
		return "Address family not supported";
	case EAI_SOCKTYPE:
		return "Socket type not supported";
	case EAI_SERVICE:
		return "Service not known for this socket type";
	case EAI_MEMORY:
		return "Out of memory";
	case EAI_SYSTEM:
		return "System error";
	case EAI_OVERFLOW:
		return "Buffer too small";
	default:
		return "Unknown error";
	}
}
