// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/epoll.h - waiting for many descriptors, at a cost that the idle ones have no part in.
 *
 * A set remembers pairs of descriptor and open file. A pair leaves it by EPOLL_CTL_DEL, or when
 * the last descriptor of the file is closed.
 * Threading: any thread, also many in epoll_wait() on one set. Errors: -1 and errno.
 */
#pragma once
#include <fcntl.h>
#include <stdint.h>
#include <sys/cdefs.h>
#include <sys/_sigset.h>
#include <sys/timespec.h>

#ifndef _SIGSET_T_DECLARED
#define _SIGSET_T_DECLARED
typedef __sigset_t sigset_t;
#endif

enum EPOLL_EVENTS {
	EPOLLIN = 0x001,
	EPOLLPRI = 0x002,
	EPOLLOUT = 0x004,
	EPOLLERR = 0x008, /* always reported, as is the next */
	EPOLLHUP = 0x010,
	EPOLLRDNORM = 0x040,
	EPOLLRDBAND = 0x080,
	EPOLLWRNORM = 0x100,
	EPOLLWRBAND = 0x200,
	EPOLLMSG = 0x400, /* never reported */
	EPOLLRDHUP = 0x2000,
	EPOLLEXCLUSIVE = 1 << 28, /* not all of several sets need be woken; EPOLL_CTL_ADD only */
	EPOLLWAKEUP = 1 << 29,    /* no meaning without system sleep */
	EPOLLONESHOT = 1 << 30,   /* after one report nothing until EPOLL_CTL_MOD */
	EPOLLET = 1u << 31,       /* report when something happens, not while it lasts */
};
#define EPOLLIN        EPOLLIN
#define EPOLLPRI       EPOLLPRI
#define EPOLLOUT       EPOLLOUT
#define EPOLLERR       EPOLLERR
#define EPOLLHUP       EPOLLHUP
#define EPOLLRDNORM    EPOLLRDNORM
#define EPOLLRDBAND    EPOLLRDBAND
#define EPOLLWRNORM    EPOLLWRNORM
#define EPOLLWRBAND    EPOLLWRBAND
#define EPOLLMSG       EPOLLMSG
#define EPOLLRDHUP     EPOLLRDHUP
#define EPOLLEXCLUSIVE EPOLLEXCLUSIVE
#define EPOLLWAKEUP    EPOLLWAKEUP
#define EPOLLONESHOT   EPOLLONESHOT
#define EPOLLET        EPOLLET

#define EPOLL_CTL_ADD 1
#define EPOLL_CTL_DEL 2
#define EPOLL_CTL_MOD 3

#define EPOLL_CLOEXEC O_CLOEXEC /* epoll_create1() */

typedef union epoll_data {
	void *ptr;
	int fd;
	uint32_t u32;
	uint64_t u64;
} epoll_data_t;

struct epoll_event {
	uint32_t events;   /* EPOLL* */
	epoll_data_t data; /* the program's own, given back as it is */
};

__BEGIN_DECLS

/* epoll_create() - `size` must be above 0 and has no other meaning. */
int epoll_create(int __size);
int epoll_create1(int __flags);

/* epoll_ctl() - EEXIST, ENOENT, EPERM (the file is always ready), ELOOP, ENOMEM, ENOSPC. */
int epoll_ctl(int __epfd, int __op, int __fd, struct epoll_event *__event);

int epoll_wait(int __epfd, struct epoll_event *__events, int __maxevents, int __timeout_ms);
int epoll_pwait(int __epfd, struct epoll_event *__events, int __maxevents, int __timeout_ms,
		const sigset_t *__sigmask);
int epoll_pwait2(int __epfd, struct epoll_event *__events, int __maxevents,
		 const struct timespec *__timeout, const sigset_t *__sigmask);

__END_DECLS
