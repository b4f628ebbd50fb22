// SPDX-License-Identifier: BSD-2-Clause
/*
 * resource.c - limits, usage, priorities (<sys/resource.h>, <ulimit.h>).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/resource.h>
#include <ulimit.h>
#include <unistd.h>
#include "kernel/page.h"
#include "kernel/program.h"
#include "kernel/thread.h"
#include "kernel/time.h"
#include "lib/libc/fd.h"
#include "lib/libc/result.h"

static int get_limit(int which, struct rlimit *out)
{
	switch (which) {
	case RLIMIT_NOFILE:
		*out = (struct rlimit){ fd_limit(), FD_MAX };
		return 0;
	case RLIMIT_STACK: /* the main thread's */
		*out = (struct rlimit){ image_stack_bytes, image_stack_bytes };
		return 0;
	case RLIMIT_NPROC:
		*out = (struct rlimit){ 1, 1 };
		return 0;
	case RLIMIT_RTPRIO:
		*out = (struct rlimit){ THREAD_PRIORITY_MAX, THREAD_PRIORITY_MAX };
		return 0;
	case RLIMIT_CORE:
	case RLIMIT_MSGQUEUE:
	case RLIMIT_NICE:
		*out = (struct rlimit){ 0, 0 };
		return 0;
	default:
		if (which < 0 || which >= RLIMIT_NLIMITS)
			return -EINVAL;
		*out = (struct rlimit){ RLIM_INFINITY, RLIM_INFINITY };
		return 0;
	}
}

/* The hard limit of descriptors is the size of their table and is not lowered. */
static int set_limit(int which, const struct rlimit *new)
{
	struct rlimit now;
	int err = get_limit(which, &now);

	if (err)
		return err;
	if (new->rlim_cur > new->rlim_max)
		return -EINVAL;
	if (which == RLIMIT_NOFILE && new->rlim_max <= now.rlim_max) {
		fd_set_limit((unsigned)new->rlim_cur);
		return 0;
	}
	return memcmp(new, &now, sizeof(now)) ? -EPERM : 0;
}

UNIK_API int getrlimit(int which, struct rlimit *out)
{
	return (int)posix_result(get_limit(which, out));
}

UNIK_API int setrlimit(int which, const struct rlimit *new)
{
	return (int)posix_result(set_limit(which, new));
}

UNIK_API int prlimit(pid_t pid, int which, const struct rlimit *new, struct rlimit *old)
{
	struct rlimit now, wanted;
	int err = pid == 0 || pid == getpid() ? get_limit(which, &now) : -ESRCH;

	if (new)
		wanted = *new;
	if (!err && new)
		err = set_limit(which, &wanted);
	if (!err && old)
		*old = now;
	return (int)posix_result(err);
}

/* The threads of one process are all that runs: there is nobody to be nicer to. */
static int check_who(int which, id_t who)
{
	if (which != PRIO_PROCESS && which != PRIO_PGRP && which != PRIO_USER)
		return -EINVAL;
	if (which == PRIO_USER)
		return who == 0 ? 0 : -ESRCH;
	return who == 0 || who == (id_t)getpid() ? 0 : -ESRCH;
}

UNIK_API int getpriority(int which, id_t who)
{
	return (int)posix_result(check_who(which, who));
}

UNIK_API int setpriority(int which, id_t who, int value)
{
	int err = check_who(which, who);

	return (int)posix_result(err == 0 && value != 0 ? -EPERM : err);
}

UNIK_API int nice(int by)
{
	return (int)posix_result(by ? -EPERM : 0);
}

UNIK_API long ulimit(int command, ...)
{
	if (command == UL_GETFSIZE)
		return (long)(RLIM_INFINITY >> 10);
	return posix_result(command == UL_SETFSIZE ? -EPERM : -EINVAL);
}

UNIK_API int getdtablesize(void)
{
	return (int)fd_limit();
}
