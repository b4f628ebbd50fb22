// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/prctl.h - attributes of the process (as on Linux): the thread's name. All else is EINVAL.
 */
#pragma once
#include <sys/cdefs.h>

#define PR_SET_PDEATHSIG    1
#define PR_GET_DUMPABLE     3
#define PR_SET_DUMPABLE     4
#define PR_GET_KEEPCAPS     7
#define PR_SET_KEEPCAPS     8
#define PR_SET_NAME         15
#define PR_GET_NAME         16
#define PR_SET_TIMERSLACK   29
#define PR_SET_NO_NEW_PRIVS 38
#define PR_SET_THP_DISABLE  41

__BEGIN_DECLS

int prctl(int __option, ...);

__END_DECLS
