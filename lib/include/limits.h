// SPDX-License-Identifier: BSD-2-Clause
/*
 * limits.h - POSIX limits of this system, where newlib has none or another system's.
 */
#pragma once
#include_next <limits.h>

#undef ARG_MAX
#define ARG_MAX 65536 /* bytes of argv and environ */
#undef CHILD_MAX      /* there are no processes */
#undef OPEN_MAX
#define OPEN_MAX 65536 /* descriptors */
#undef PATH_MAX
#define PATH_MAX 4096
#undef PIPE_BUF
#define PIPE_BUF 4096 /* bytes written to a pipe in one piece */
#undef IOV_MAX
#define IOV_MAX 1024

#ifndef SSIZE_MAX
#define SSIZE_MAX LONG_MAX
#endif
#define HOST_NAME_MAX  64
#define LINE_MAX       2048
#define LOGIN_NAME_MAX 256
#define NGROUPS_MAX    16
#define RE_DUP_MAX     255
#define NAME_MAX       255
#define SYMLINK_MAX    4095
#define SYMLOOP_MAX    40
#define TTY_NAME_MAX   32

#define DELAYTIMER_MAX INT_MAX /* overruns of a timer that are counted */
#define RTSIG_MAX      33
#define SIGQUEUE_MAX   1024 /* signals that are queued at once */
#define TIMER_MAX      256

#define AIO_LISTIO_MAX     64  /* requests of one lio_listio() */
#define AIO_MAX            256 /* requests that are not done */
#define AIO_PRIO_DELTA_MAX 20
#define MQ_OPEN_MAX        65536
#define SEM_NSEMS_MAX      2147483647 /* as many as there is memory for */
#define SEM_VALUE_MAX      0x7fffffff

#define PTHREAD_STACK_MIN             16384
#define PTHREAD_KEYS_MAX              128
#define PTHREAD_DESTRUCTOR_ITERATIONS 4

#define _POSIX_HOST_NAME_MAX                255
#define _POSIX_OPEN_MAX                     20
#define _POSIX_PATH_MAX                     256
#define _POSIX_NAME_MAX                     14
#define _POSIX_PIPE_BUF                     512
#define _POSIX_SSIZE_MAX                    32767
#define _POSIX_AIO_LISTIO_MAX               2
#define _POSIX_AIO_MAX                      1
#define _POSIX_ARG_MAX                      4096
#define _POSIX_CHILD_MAX                    25
#define _POSIX_CLOCKRES_MIN                 20000000
#define _POSIX_DELAYTIMER_MAX               32
#define _POSIX_LINK_MAX                     8
#define _POSIX_LOGIN_NAME_MAX               9
#define _POSIX_MAX_CANON                    255
#define _POSIX_MAX_INPUT                    255
#define _POSIX_MQ_OPEN_MAX                  8
#define _POSIX_MQ_PRIO_MAX                  32
#define _POSIX_NGROUPS_MAX                  8
#define _POSIX_RE_DUP_MAX                   255
#define _POSIX_RTSIG_MAX                    8
#define _POSIX_SEM_NSEMS_MAX                256
#define _POSIX_SEM_VALUE_MAX                32767
#define _POSIX_SIGQUEUE_MAX                 32
#define _POSIX_STREAM_MAX                   8
#define _POSIX_SYMLINK_MAX                  255
#define _POSIX_SYMLOOP_MAX                  8
#define _POSIX_THREAD_DESTRUCTOR_ITERATIONS 4
#define _POSIX_THREAD_KEYS_MAX              128
#define _POSIX_THREAD_THREADS_MAX           64
#define _POSIX_TIMER_MAX                    32
#define _POSIX_TTY_NAME_MAX                 9
#define _POSIX_TZNAME_MAX                   6
