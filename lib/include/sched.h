// SPDX-License-Identifier: BSD-2-Clause
/*
 * sched.h - scheduling (POSIX.1-2017, <sched.h>) and sets of processors.
 *
 * All threads are SCHED_OTHER with the priority 0; they take turns. Errors: -1 and errno; ENOTSUP
 * for another policy.
 */
#pragma once
#include <sys/cpuset.h>
#include_next <sched.h>

#ifndef SCHED_BATCH
#define SCHED_BATCH 3
#define SCHED_IDLE  5
#endif

__BEGIN_DECLS

int sched_getaffinity(pid_t __pid, size_t __size, cpu_set_t *__set);
int sched_setaffinity(pid_t __pid, size_t __size, const cpu_set_t *__set);
int sched_getcpu(void);

__END_DECLS
