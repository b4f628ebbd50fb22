// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/statvfs.h - how much room a file system has (POSIX.1-2017, <sys/statvfs.h>).
 */
#pragma once
#include <sys/cdefs.h>
#include <sys/types.h>

struct statvfs {
	unsigned long f_bsize;  /* bytes */
	unsigned long f_frsize; /* bytes; the unit of the next three */
	fsblkcnt_t f_blocks, f_bfree, f_bavail;
	fsfilcnt_t f_files, f_ffree, f_favail;
	unsigned long f_fsid;
	unsigned long f_flag; /* ST_* */
	unsigned long f_namemax;
};

#define ST_RDONLY 1
#define ST_NOSUID 2

__BEGIN_DECLS

int statvfs(const char *__restrict __path, struct statvfs *__restrict __out);
int fstatvfs(int __fd, struct statvfs *__out);

__END_DECLS
