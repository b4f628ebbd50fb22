// SPDX-License-Identifier: BSD-2-Clause
/*
 * sched.h - newlib's, with sets of processors for programs that see GNU names.
 */
#pragma once
#include <sys/features.h>
#if __GNU_VISIBLE
#include <stdlib.h>
#include <sys/cpuset.h>
#endif
#include_next <sched.h>
