// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/resource.h - limits, usage and priorities (POSIX.1-2017, <sys/resource.h>; numbers are
 * Linux's).
 *
 * RLIMIT_NOFILE is in force. The others are what they are: they can be read, and set to what they
 * are already.
 */
#pragma once
#include <sys/cdefs.h>
#include <sys/time.h>
#include <sys/types.h>

typedef unsigned long rlim_t;

#define RLIM_INFINITY  (~0UL)
#define RLIM_SAVED_MAX RLIM_INFINITY
#define RLIM_SAVED_CUR RLIM_INFINITY

struct rlimit {
	rlim_t rlim_cur;
	rlim_t rlim_max;
};

#define RLIMIT_CPU        0
#define RLIMIT_FSIZE      1
#define RLIMIT_DATA       2
#define RLIMIT_STACK      3
#define RLIMIT_CORE       4
#define RLIMIT_RSS        5
#define RLIMIT_NPROC      6
#define RLIMIT_NOFILE     7
#define RLIMIT_OFILE      RLIMIT_NOFILE
#define RLIMIT_MEMLOCK    8
#define RLIMIT_AS         9
#define RLIMIT_LOCKS      10
#define RLIMIT_SIGPENDING 11
#define RLIMIT_MSGQUEUE   12
#define RLIMIT_NICE       13
#define RLIMIT_RTPRIO     14
#define RLIMIT_RTTIME     15
#define RLIMIT_NLIMITS    16
#define RLIM_NLIMITS      RLIMIT_NLIMITS

#define RUSAGE_SELF     0
#define RUSAGE_CHILDREN (-1)
#define RUSAGE_THREAD   1

struct rusage {
	struct timeval ru_utime; /* all processor time: there is one privilege level */
	struct timeval ru_stime; /* 0 */
	long ru_maxrss;          /* memory in use now, in KiB */
	long ru_ixrss, ru_idrss, ru_isrss;
	long ru_minflt, ru_majflt, ru_nswap;
	long ru_inblock, ru_oublock;
	long ru_msgsnd, ru_msgrcv, ru_nsignals;
	long ru_nvcsw, ru_nivcsw;
};

#define PRIO_PROCESS 0
#define PRIO_PGRP    1
#define PRIO_USER    2
#define PRIO_MIN     (-20)
#define PRIO_MAX     20

__BEGIN_DECLS

int getrlimit(int __which, struct rlimit *__out);
int setrlimit(int __which, const struct rlimit *__new);
int prlimit(pid_t __pid, int __which, const struct rlimit *__new, struct rlimit *__old);
int getrusage(int __who, struct rusage *__out);
int getpriority(int __which, id_t __who);
int setpriority(int __which, id_t __who, int __value);

__END_DECLS
