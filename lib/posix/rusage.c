// SPDX-License-Identifier: BSD-2-Clause
/* rusage.c - what a program or a thread has used. All time is the user's; there are no children. */
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include "kernel/thread.h"
#include "lib/libc/result.h"

UNIK_API int getrusage(int who, struct rusage *out)
{
	ns_t us = 0;

	if (who != RUSAGE_SELF && who != RUSAGE_THREAD && who != RUSAGE_CHILDREN)
		return (int)posix_result(-EINVAL);
	if (who != RUSAGE_CHILDREN)
		us = thread_cpu_time(who == RUSAGE_THREAD ? thread_current() : NULL) / NS_PER_US;
	memset(out, 0, sizeof(*out));
	out->ru_utime = (struct timeval){ .tv_sec = us / 1000000, .tv_usec = us % 1000000 };
	return 0;
}
