// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/select.h - waiting for descriptors by bit sets (POSIX.1-2017, <sys/select.h>).
 *
 * A set holds the descriptors 0..FD_SETSIZE-1; a program with more uses poll().
 * Threading: any thread. Errors: -1 and errno.
 */
#pragma once
#include <sys/cdefs.h>
#include <sys/_sigset.h>
#include <sys/_timeval.h>
#include <sys/timespec.h>

#ifndef _SIGSET_T_DECLARED
#define _SIGSET_T_DECLARED
typedef __sigset_t sigset_t;
#endif

/* newlib's other headers look for this one to know that fd_set is there. */
#define _SYS_TYPES_FD_SET

#define FD_SETSIZE 1024

typedef unsigned long fd_mask;
#define NFDBITS ((int)(sizeof(fd_mask) * 8))

typedef struct fd_set {
	fd_mask fds_bits[FD_SETSIZE / (sizeof(fd_mask) * 8)];
} fd_set;

#define __FD_WORD(fd, set) ((set)->fds_bits[(unsigned int)(fd) / NFDBITS])
#define __FD_BIT(fd)       (1UL << ((unsigned int)(fd) % NFDBITS))

#define FD_SET(fd, set)   ((void)(__FD_WORD(fd, set) |= __FD_BIT(fd)))
#define FD_CLR(fd, set)   ((void)(__FD_WORD(fd, set) &= ~__FD_BIT(fd)))
#define FD_ISSET(fd, set) ((__FD_WORD(fd, set) & __FD_BIT(fd)) != 0)
#define FD_ZERO(set)      ((void)__builtin_memset((set), 0, sizeof(fd_set)))

__BEGIN_DECLS

int select(int __nfds, fd_set *__readfds, fd_set *__writefds, fd_set *__exceptfds,
	   struct timeval *__timeout);
int pselect(int __nfds, fd_set *__readfds, fd_set *__writefds, fd_set *__exceptfds,
	    const struct timespec *__timeout, const sigset_t *__sigmask);

__END_DECLS
