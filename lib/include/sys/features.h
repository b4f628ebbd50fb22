// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/features.h - the POSIX options that programs may count on.
 *
 * newlib hides declarations behind these, and programs ask them what they may use.
 *
 * _POSIX_THREADS is not defined while newlib itself is built: its stdio would then switch the
 * cancellation state twice in every call, and our stdio has no cancellation points.
 */
#pragma once
#include_next <sys/features.h>

#define _POSIX_VERSION               200809L
#define _POSIX_CLOCK_SELECTION       200809L
#define _POSIX_CPUTIME               200809L
#define _POSIX_FSYNC                 200809L
#define _POSIX_IPV6                  200809L
#define _POSIX_MONOTONIC_CLOCK       200809L
#define _POSIX_NO_TRUNC              1
#define _POSIX_REALTIME_SIGNALS      200809L
#define _POSIX_REGEXP                1
#define _POSIX_THREAD_SAFE_FUNCTIONS 200809L
#define _POSIX_THREAD_CPUTIME        200809L
#define _POSIX_TIMEOUTS              200809L
#define _POSIX_TIMERS                200809L

#ifndef __UNIK_BUILDING_NEWLIB
#define _POSIX_BARRIERS                   200809L
#define _POSIX_PRIORITY_SCHEDULING        200809L
#define _POSIX_READER_WRITER_LOCKS        200809L
#define _POSIX_SPIN_LOCKS                 200809L
#define _POSIX_THREADS                    200809L
#define _POSIX_THREAD_ATTR_STACKADDR      200809L
#define _POSIX_THREAD_ATTR_STACKSIZE      200809L
#define _POSIX_THREAD_PRIORITY_SCHEDULING 200809L
#define _UNIX98_THREAD_MUTEX_ATTRIBUTES   1
#endif
