// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/socket.h - sockets (POSIX.1-2017, <sys/socket.h>).
 *
 * Numbers and layouts are those of Linux, which programs are tested on; there is no sa_len.
 * Threading: any thread, also several on one socket. Errors: -1 and errno.
 */
#pragma once
#include <sys/cdefs.h>
#include <sys/types.h>
#include <sys/timespec.h>
#include <sys/uio.h>

typedef __socklen_t socklen_t;
typedef __sa_family_t sa_family_t;

struct sockaddr {
	sa_family_t sa_family;
	char sa_data[14];
};

/* Room for, and alignment of, an address of any family. */
struct sockaddr_storage {
	sa_family_t ss_family;
	char __ss_padding[128 - sizeof(sa_family_t) - sizeof(unsigned long)];
	unsigned long __ss_align;
};

struct linger {
	int l_onoff;
	int l_linger; /* [s] */
};

struct msghdr {
	void *msg_name;
	socklen_t msg_namelen;
	struct iovec *msg_iov;
	size_t msg_iovlen; /* [struct iovec] */
	void *msg_control;
	size_t msg_controllen; /* [bytes] */
	int msg_flags;
};

/* For recvmmsg() and sendmmsg(). */
struct mmsghdr {
	struct msghdr msg_hdr;
	unsigned int msg_len; /* bytes moved */
};

/* SO_PEERCRED, SCM_CREDENTIALS. */
struct ucred {
	pid_t pid;
	uid_t uid;
	gid_t gid;
};

struct cmsghdr {
	size_t cmsg_len; /* header and data, without padding [bytes] */
	int cmsg_level;
	int cmsg_type;
};

#define __CMSG_ALIGN(n) (((n) + sizeof(size_t) - 1) & ~(sizeof(size_t) - 1))
#define CMSG_SPACE(n)   (__CMSG_ALIGN(sizeof(struct cmsghdr)) + __CMSG_ALIGN(n))
#define CMSG_LEN(n)     (__CMSG_ALIGN(sizeof(struct cmsghdr)) + (n))
#define CMSG_DATA(cmsg) ((unsigned char *)((struct cmsghdr *)(cmsg) + 1))
#define CMSG_FIRSTHDR(msg)                                                                      \
	((msg)->msg_controllen >= sizeof(struct cmsghdr) ? (struct cmsghdr *)(msg)->msg_control \
							 : (struct cmsghdr *)0)
#define CMSG_NXTHDR(msg, cmsg) __cmsg_next((msg), (cmsg))

/* The header after cmsg, or NULL where no whole one fits any more. */
static inline struct cmsghdr *__cmsg_next(const struct msghdr *__msg, struct cmsghdr *__cmsg)
{
	size_t __done = (size_t)((char *)__cmsg - (char *)__msg->msg_control);
	size_t __left = __msg->msg_controllen - __done;

	if (__cmsg->cmsg_len < sizeof(struct cmsghdr) || __cmsg->cmsg_len > __left ||
	    __left - __cmsg->cmsg_len < sizeof(struct cmsghdr) + sizeof(size_t) - 1)
		return (struct cmsghdr *)0;
	return (struct cmsghdr *)((char *)__cmsg + __CMSG_ALIGN(__cmsg->cmsg_len));
}

/* Kinds of socket, and what may be or'ed to them. */
#define SOCK_STREAM    1
#define SOCK_DGRAM     2
#define SOCK_RAW       3
#define SOCK_SEQPACKET 5
#define SOCK_NONBLOCK  04000
#define SOCK_CLOEXEC   02000000

/* Address families. */
#define AF_UNSPEC 0
#define AF_UNIX   1
#define AF_LOCAL  AF_UNIX
#define AF_INET   2
#define AF_INET6  10
#define AF_PACKET 17
#define PF_UNSPEC AF_UNSPEC
#define PF_UNIX   AF_UNIX
#define PF_LOCAL  AF_LOCAL
#define PF_INET   AF_INET
#define PF_INET6  AF_INET6
#define PF_PACKET AF_PACKET

/* Options of level SOL_SOCKET. */
#define SOL_SOCKET      1
#define SO_DEBUG        1
#define SO_REUSEADDR    2
#define SO_TYPE         3
#define SO_ERROR        4
#define SO_DONTROUTE    5
#define SO_BROADCAST    6
#define SO_SNDBUF       7
#define SO_RCVBUF       8
#define SO_KEEPALIVE    9
#define SO_OOBINLINE    10
#define SO_PRIORITY     12
#define SO_LINGER       13
#define SO_REUSEPORT    15
#define SO_PASSCRED     16
#define SO_PEERCRED     17
#define SO_RCVLOWAT     18
#define SO_SNDLOWAT     19
#define SO_RCVTIMEO     20
#define SO_SNDTIMEO     21
#define SO_BINDTODEVICE 25
#define SO_TIMESTAMP    29
#define SO_ACCEPTCONN   30
#define SO_TIMESTAMPNS  35
#define SO_MARK         36
#define SO_PROTOCOL     38
#define SO_DOMAIN       39

/* Flags of send() and recv(). */
#define MSG_OOB          0x01
#define MSG_PEEK         0x02
#define MSG_DONTROUTE    0x04
#define MSG_CTRUNC       0x08
#define MSG_TRUNC        0x20
#define MSG_DONTWAIT     0x40
#define MSG_EOR          0x80
#define MSG_WAITALL      0x100
#define MSG_NOSIGNAL     0x4000
#define MSG_MORE         0x8000
#define MSG_WAITFORONE   0x10000
#define MSG_CMSG_CLOEXEC 0x40000000

#define SHUT_RD   0
#define SHUT_WR   1
#define SHUT_RDWR 2

#define SOMAXCONN 4096

/* Control messages of level SOL_SOCKET. */
#define SCM_RIGHTS      1
#define SCM_CREDENTIALS 2
#define SCM_TIMESTAMP   SO_TIMESTAMP
#define SCM_TIMESTAMPNS SO_TIMESTAMPNS

__BEGIN_DECLS

int socket(int __domain, int __type, int __protocol);
int socketpair(int __domain, int __type, int __protocol, int __fds[2]);
int bind(int __fd, const struct sockaddr *__addr, socklen_t __len);
int listen(int __fd, int __backlog);
int accept(int __fd, struct sockaddr *__addr, socklen_t *__len);
int accept4(int __fd, struct sockaddr *__addr, socklen_t *__len, int __flags);
int connect(int __fd, const struct sockaddr *__addr, socklen_t __len);
int shutdown(int __fd, int __how);
int getsockname(int __fd, struct sockaddr *__addr, socklen_t *__len);
int getpeername(int __fd, struct sockaddr *__addr, socklen_t *__len);
int getsockopt(int __fd, int __level, int __option, void *__value, socklen_t *__len);
int setsockopt(int __fd, int __level, int __option, const void *__value, socklen_t __len);
ssize_t send(int __fd, const void *__buf, size_t __len, int __flags);
ssize_t sendto(int __fd, const void *__buf, size_t __len, int __flags,
	       const struct sockaddr *__addr, socklen_t __addrlen);
ssize_t sendmsg(int __fd, const struct msghdr *__msg, int __flags);
ssize_t recv(int __fd, void *__buf, size_t __len, int __flags);
ssize_t recvfrom(int __fd, void *__buf, size_t __len, int __flags, struct sockaddr *__addr,
		 socklen_t *__addrlen);
ssize_t recvmsg(int __fd, struct msghdr *__msg, int __flags);
int recvmmsg(int __fd, struct mmsghdr *__vec, unsigned int __n, int __flags,
	     struct timespec *__timeout);
int sendmmsg(int __fd, struct mmsghdr *__vec, unsigned int __n, int __flags);
int sockatmark(int __fd);

/*
 * Options that most programs use, known when the call is compiled, take a way that has code for
 * them alone; setsockopt() itself knows all. To a program there is no difference but the size.
 */
int __unik_setsockopt_usual(int __fd, int __level, int __option, const void *__value,
			    socklen_t __len);
int __unik_getsockopt_usual(int __fd, int __level, int __option, void *__value, socklen_t *__len);
int __unik_setsockopt_any(int __fd, int __level, int __option, const void *__value,
			  socklen_t __len) __asm__("setsockopt");
int __unik_getsockopt_any(int __fd, int __level, int __option, void *__value,
			  socklen_t *__len) __asm__("getsockopt");

#define __UNIK_USUAL_OPTION(level, option)                                                 \
	((level) == SOL_SOCKET &&                                                          \
	 ((option) == SO_REUSEADDR || (option) == SO_TYPE || (option) == SO_ERROR ||       \
	  (option) == SO_BROADCAST || (option) == SO_SNDBUF || (option) == SO_RCVBUF ||    \
	  (option) == SO_KEEPALIVE || (option) == SO_LINGER || (option) == SO_PASSCRED ||  \
	  (option) == SO_PEERCRED || (option) == SO_RCVTIMEO || (option) == SO_SNDTIMEO || \
	  (option) == SO_ACCEPTCONN || (option) == SO_PROTOCOL || (option) == SO_DOMAIN))
/* TCP_NODELAY; IPV6_V6ONLY */
#define __UNIK_USUAL_TO_SET(level, option)                                        \
	(__UNIK_USUAL_OPTION(level, option) || ((level) == 6 && (option) == 1) || \
	 ((level) == 41 && (option) == 26))
#define __UNIK_INLINE extern __inline __attribute__((__gnu_inline__, __always_inline__))

__UNIK_INLINE int setsockopt(int __fd, int __level, int __option, const void *__value,
			     socklen_t __len)
{
	if (__builtin_constant_p(__UNIK_USUAL_TO_SET(__level, __option)) &&
	    __UNIK_USUAL_TO_SET(__level, __option))
		return __unik_setsockopt_usual(__fd, __level, __option, __value, __len);
	return __unik_setsockopt_any(__fd, __level, __option, __value, __len);
}

__UNIK_INLINE int getsockopt(int __fd, int __level, int __option, void *__value, socklen_t *__len)
{
	if (__builtin_constant_p(__UNIK_USUAL_OPTION(__level, __option)) &&
	    __UNIK_USUAL_OPTION(__level, __option))
		return __unik_getsockopt_usual(__fd, __level, __option, __value, __len);
	return __unik_getsockopt_any(__fd, __level, __option, __value, __len);
}

__END_DECLS
