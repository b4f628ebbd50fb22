// SPDX-License-Identifier: BSD-2-Clause
/*
 * getnameinfo.c - addresses to names. There are no reverse lookups: a host's name is its address
 * as text, which POSIX allows where no name is found. Ref: RFC 3493, 6.2.
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <net/_if.h>
#include <string.h>
#include "lib/base/fmt.h"
#include "lib/posix/services.h"

static int put_text(char *out, socklen_t size, const char *text)
{
	if (strlen(text) >= size)
		return EAI_OVERFLOW;
	strcpy(out, text);
	return 0;
}

static int put_host(const struct sockaddr *name, char *out, socklen_t size)
{
	const struct sockaddr_in *in = (const void *)name;
	const struct sockaddr_in6 *in6 = (const void *)name;
	char text[INET6_ADDRSTRLEN + IF_NAMESIZE + 1], scope[IF_NAMESIZE];
	size_t len;

	if (name->sa_family == AF_INET) {
		inet_ntop(AF_INET, &in->sin_addr, text, sizeof(text));
		return put_text(out, size, text);
	}
	inet_ntop(AF_INET6, &in6->sin6_addr, text, sizeof(text));
	len = strlen(text);
	if (in6->sin6_scope_id && if_indextoname(in6->sin6_scope_id, scope))
		fmt_snprintf(text + len, sizeof(text) - len, "%%%s", scope);
	return put_text(out, size, text);
}

static int put_service(const struct sockaddr *name, char *out, socklen_t size, int flags)
{
	/* The port is at the same place in both structures. */
	unsigned port = ntohs(((const struct sockaddr_in *)(const void *)name)->sin_port);
	const char *known = flags & NI_NUMERICSERV ? NULL : service_name(port);
	char number[8];

	fmt_snprintf(number, sizeof(number), "%u", port);
	return put_text(out, size, known ? known : number);
}

UNIK_API int getnameinfo(const struct sockaddr *name, socklen_t len, char *host,
			 socklen_t host_size, char *service, socklen_t service_size, int flags)
{
	size_t least = name->sa_family == AF_INET ? sizeof(struct sockaddr_in)
						  : sizeof(struct sockaddr_in6);
	int err = 0;

	if ((name->sa_family != AF_INET && name->sa_family != AF_INET6) || len < least)
		return EAI_FAMILY;
	if (flags & NI_NAMEREQD || (!host && !service))
		return EAI_NONAME;
	if (host && host_size)
		err = put_host(name, host, host_size);
	if (!err && service && service_size)
		err = put_service(name, service, service_size, flags);
	return err;
}
