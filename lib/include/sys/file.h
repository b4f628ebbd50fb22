// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/file.h - flock(). There is one process, which always gets the lock.
 */
#pragma once
#include <fcntl.h>

#ifndef LOCK_SH
#define LOCK_SH 1
#define LOCK_EX 2
#define LOCK_NB 4
#define LOCK_UN 8
#endif

#ifndef L_SET
#define L_SET  0
#define L_INCR 1
#define L_XTND 2
#endif

__BEGIN_DECLS

int flock(int __fd, int __operation);

__END_DECLS
