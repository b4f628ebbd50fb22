// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/resource.h - what a program has used (POSIX.1-2017, <sys/resource.h>).
 *
 * Only times are counted; the other fields are 0.
 */
#pragma once
#include <sys/cdefs.h>
#include <sys/time.h>
#include <sys/types.h>

#define RUSAGE_SELF     0
#define RUSAGE_CHILDREN (-1)
#define RUSAGE_THREAD   1

struct rusage {
	struct timeval ru_utime;
	struct timeval ru_stime;
	long ru_maxrss;
	long ru_ixrss;
	long ru_idrss;
	long ru_isrss;
	long ru_minflt;
	long ru_majflt;
	long ru_nswap;
	long ru_inblock;
	long ru_oublock;
	long ru_msgsnd;
	long ru_msgrcv;
	long ru_nsignals;
	long ru_nvcsw;
	long ru_nivcsw;
};

__BEGIN_DECLS

int getrusage(int __who, struct rusage *__usage);

__END_DECLS
