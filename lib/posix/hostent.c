// SPDX-License-Identifier: BSD-2-Clause
/*
 * hostent.c - gethostbyname() and its kin, on getaddrinfo().
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <string.h>
#include "lib/base/compiler.h"

#define ADDRESSES_MOST 8

static __thread int last_error;

UNIK_API int *__unik_h_errno(void)
{
	return &last_error;
}

/* Pieces of the caller's memory. */
struct room {
	char *at;
	size_t left;
};

static void *cut(struct room *r, size_t size, size_t align)
{
	size_t skip = -(uintptr_t)r->at & (align - 1);
	char *p = r->at + skip;

	if (r->left < skip || r->left - skip < size)
		return NULL;
	r->left -= skip + size;
	r->at = p + size;
	return p;
}

static int error_of(int eai)
{
	switch (eai) {
	case EAI_NONAME:
		return HOST_NOT_FOUND;
	case EAI_AGAIN:
		return TRY_AGAIN;
	default:
		return NO_RECOVERY;
	}
}

/* 0, or ERANGE: the memory is too small. */
static int build(const char *name, int family, const void *const *addresses, unsigned n,
		 struct hostent *h, struct room r)
{
	size_t size = family == AF_INET ? 4 : 16, len = strlen(name) + 1;
	char **list = cut(&r, (n + 2) * sizeof(char *), sizeof(char *));
	char *copy = cut(&r, len, 1), *bytes = cut(&r, n * size, 4);

	if (!list || !copy || !bytes)
		return ERANGE;
	for (unsigned i = 0; i < n; i++)
		list[i] = memcpy(bytes + i * size, addresses[i], size);
	list[n] = list[n + 1] = NULL;
	*h = (struct hostent){ memcpy(copy, name, len), &list[n + 1], family, (int)size, list };
	return 0;
}

static const void *address_in(const struct addrinfo *a)
{
	return a->ai_family == AF_INET ? (const void *)&((struct sockaddr_in *)a->ai_addr)->sin_addr
				       : &((struct sockaddr_in6 *)a->ai_addr)->sin6_addr;
}

UNIK_API int gethostbyname2_r(const char *name, int family, struct hostent *host, char *buf,
			      size_t size, struct hostent **result, int *error)
{
	struct addrinfo hints = { .ai_family = family, .ai_socktype = SOCK_STREAM }, *list;
	const void *addresses[ADDRESSES_MOST];
	unsigned n = 0;
	int err = getaddrinfo(name, NULL, &hints, &list);

	*result = NULL;
	if (err) {
		*error = error_of(err);
		return err == EAI_MEMORY ? ENOMEM : ENOENT;
	}
	for (struct addrinfo *a = list; a && n < ADDRESSES_MOST; a = a->ai_next)
		addresses[n++] = address_in(a);
	err = build(name, family, addresses, n, host, (struct room){ buf, size });
	freeaddrinfo(list);
	*error = err ? NETDB_INTERNAL : NETDB_SUCCESS;
	if (!err)
		*result = host;
	return err;
}

UNIK_API int gethostbyname_r(const char *name, struct hostent *host, char *buf, size_t size,
			     struct hostent **result, int *error)
{
	return gethostbyname2_r(name, AF_INET, host, buf, size, result, error);
}

/* There are no reverse look-ups: an address of this machine's own has the name "localhost", others
 * are not found. */
UNIK_API int gethostbyaddr_r(const void *address, socklen_t len, int family, struct hostent *host,
			     char *buf, size_t size, struct hostent **result, int *error)
{
	const uint32_t loopback = htonl(INADDR_LOOPBACK);
	bool local;
	int err;

	*result = NULL;
	*error = NO_RECOVERY;
	if ((family != AF_INET || len != 4) && (family != AF_INET6 || len != 16))
		return EINVAL;
	local = family == AF_INET ? !memcmp(address, &loopback, 4)
				  : !memcmp(address, &in6addr_loopback, 16);
	*error = HOST_NOT_FOUND;
	if (!local)
		return ENOENT;
	err = build("localhost", family, &address, 1, host, (struct room){ buf, size });
	*error = err ? NETDB_INTERNAL : NETDB_SUCCESS;
	if (!err)
		*result = host;
	return err;
}

/* The old forms have memory of their thread's own. */
static __thread struct {
	struct hostent host;
	char buf[512];
} own;

UNIK_API struct hostent *gethostbyname2(const char *name, int family)
{
	struct hostent *result;

	gethostbyname2_r(name, family, &own.host, own.buf, sizeof(own.buf), &result, &last_error);
	return result;
}

UNIK_API struct hostent *gethostbyname(const char *name)
{
	return gethostbyname2(name, AF_INET);
}

UNIK_API struct hostent *gethostbyaddr(const void *address, socklen_t len, int family)
{
	struct hostent *result;

	gethostbyaddr_r(address, len, family, &own.host, own.buf, sizeof(own.buf), &result,
			&last_error);
	return result;
}

UNIK_API const char *hstrerror(int error)
{
	static const char *const texts[] = { "No error", "Unknown host",
					     "Name server did not answer", "Name server failed",
					     "Name has no address" };

	return (unsigned)error < ARRAY_SIZE(texts) ? texts[error] : "Unknown resolver error";
}
