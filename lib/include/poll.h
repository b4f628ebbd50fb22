// SPDX-License-Identifier: BSD-2-Clause
/*
 * poll.h - waiting for several descriptors (POSIX.1-2017, <poll.h>).
 *
 * Threading: any thread. Errors: -1 and errno; a bad descriptor is POLLNVAL in its revents.
 */
#pragma once
#include <sys/cdefs.h>
#include <sys/_sigset.h>
#include <sys/timespec.h>

#ifndef _SIGSET_T_DECLARED
#define _SIGSET_T_DECLARED
typedef __sigset_t sigset_t;
#endif

struct pollfd {
	int fd; /* negative: ignored */
	short events;
	short revents;
};

typedef unsigned long nfds_t;

#define POLLIN     0x0001
#define POLLPRI    0x0002
#define POLLOUT    0x0004
#define POLLERR    0x0008 /* revents only, as are the next two */
#define POLLHUP    0x0010
#define POLLNVAL   0x0020
#define POLLRDNORM 0x0040
#define POLLRDBAND 0x0080
#define POLLWRNORM 0x0100
#define POLLWRBAND 0x0200
#define POLLRDHUP  0x2000

__BEGIN_DECLS

int poll(struct pollfd *__fds, nfds_t __nfds, int __timeout_ms);
int ppoll(struct pollfd *__fds, nfds_t __nfds, const struct timespec *__timeout,
	  const sigset_t *__sigmask);

__END_DECLS
