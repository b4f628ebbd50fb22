// SPDX-License-Identifier: BSD-2-Clause
/*
 * netdb.h - names of hosts and services (POSIX.1-2017, <netdb.h>; RFC 3493).
 *
 * Threading: any thread; getaddrinfo() may wait for the network. Errors: an EAI_ number, with
 * errno where it is EAI_SYSTEM.
 */
#pragma once
#include <netinet/in.h>

struct addrinfo {
	int ai_flags;
	int ai_family;
	int ai_socktype;
	int ai_protocol;
	socklen_t ai_addrlen;
	struct sockaddr *ai_addr;
	char *ai_canonname;
	struct addrinfo *ai_next;
};

struct hostent {
	char *h_name;
	char **h_aliases;
	int h_addrtype;
	int h_length; /* of an address [bytes] */
	char **h_addr_list;
};
#define h_addr h_addr_list[0]

struct servent {
	char *s_name;
	char **s_aliases;
	int s_port; /* network byte order */
	char *s_proto;
};

struct protoent {
	char *p_name;
	char **p_aliases;
	int p_proto;
};

/* Errors of the functions with struct hostent. */
#define HOST_NOT_FOUND 1
#define TRY_AGAIN      2
#define NO_RECOVERY    3
#define NO_DATA        4
#define NO_ADDRESS     NO_DATA
#define NETDB_INTERNAL (-1)
#define NETDB_SUCCESS  0

/* ai_flags */
#define AI_PASSIVE     0x0001
#define AI_CANONNAME   0x0002
#define AI_NUMERICHOST 0x0004
#define AI_V4MAPPED    0x0008
#define AI_ALL         0x0010
#define AI_ADDRCONFIG  0x0020
#define AI_NUMERICSERV 0x0400

/* Flags of getnameinfo(). */
#define NI_NUMERICHOST 0x01
#define NI_NUMERICSERV 0x02
#define NI_NOFQDN      0x04
#define NI_NAMEREQD    0x08
#define NI_DGRAM       0x10

#define NI_MAXHOST 1025
#define NI_MAXSERV 32

#define EAI_BADFLAGS -1
#define EAI_NONAME   -2
#define EAI_AGAIN    -3
#define EAI_FAIL     -4
#define EAI_NODATA   -5
#define EAI_FAMILY   -6
#define EAI_SOCKTYPE -7
#define EAI_SERVICE  -8
#define EAI_MEMORY   -10
#define EAI_SYSTEM   -11
#define EAI_OVERFLOW -12

__BEGIN_DECLS

int getaddrinfo(const char *__restrict __node, const char *__restrict __service,
		const struct addrinfo *__restrict __hints, struct addrinfo **__restrict __result);
void freeaddrinfo(struct addrinfo *__list);
const char *gai_strerror(int __error);
int getnameinfo(const struct sockaddr *__restrict __addr, socklen_t __addrlen,
		char *__restrict __host, socklen_t __hostlen, char *__restrict __service,
		socklen_t __servicelen, int __flags);

/* The older ones. Results last until the same thread's next call; the _r forms use the caller's
 * memory and return 0 or an error number. */
int *__unik_h_errno(void);
#define h_errno (*__unik_h_errno())
void herror(const char *__text);
const char *hstrerror(int __error);
struct hostent *gethostbyname(const char *__name);
struct hostent *gethostbyname2(const char *__name, int __family);
struct hostent *gethostbyaddr(const void *__addr, socklen_t __len, int __family);
int gethostbyname_r(const char *__name, struct hostent *__host, char *__buf, size_t __size,
		    struct hostent **__result, int *__error);
int gethostbyname2_r(const char *__name, int __family, struct hostent *__host, char *__buf,
		     size_t __size, struct hostent **__result, int *__error);
int gethostbyaddr_r(const void *__addr, socklen_t __len, int __family, struct hostent *__host,
		    char *__buf, size_t __size, struct hostent **__result, int *__error);
struct servent *getservbyname(const char *__name, const char *__proto);
struct servent *getservbyport(int __port, const char *__proto);
struct protoent *getprotobyname(const char *__name);
struct protoent *getprotobynumber(int __number);

__END_DECLS
