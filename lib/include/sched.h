// SPDX-License-Identifier: BSD-2-Clause
/*
 * sched.h - scheduling (POSIX.1-2017, <sched.h>) and sets of processors.
 *
 * SCHED_OTHER has the priority 0; SCHED_FIFO and SCHED_RR have 1 to 99, go before it, and differ in
 * whether threads of one priority take turns. The library's own work for the network goes before
 * all of them. What is set for a process (0, or getpid()) is set for the calling thread. Errors: -1
 * and errno.
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
