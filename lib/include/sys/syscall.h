// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/syscall.h - there are no system calls: syscall() is ENOSYS for any number, and no number has
 * a name.
 */
#pragma once
#include <sys/cdefs.h>

__BEGIN_DECLS

long syscall(long __number, ...);

__END_DECLS
