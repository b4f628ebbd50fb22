// SPDX-License-Identifier: BSD-2-Clause
/*
 * ulimit.h - the older form of <sys/resource.h> (POSIX.1-2017, XSI).
 */
#pragma once
#include <sys/cdefs.h>

#define UL_GETFSIZE 1
#define UL_SETFSIZE 2

__BEGIN_DECLS

long ulimit(int __command, ...);

__END_DECLS
