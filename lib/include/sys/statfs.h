// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/statfs.h - Linux's way to ask what <sys/statvfs.h> says.
 */
#pragma once
#include <sys/cdefs.h>
#include <sys/types.h>

typedef struct {
	int __val[2];
} fsid_t;

struct statfs {
	long f_type; /* what kind of file system: *_MAGIC */
	long f_bsize;
	fsblkcnt_t f_blocks, f_bfree, f_bavail;
	fsfilcnt_t f_files, f_ffree;
	fsid_t f_fsid;
	long f_namelen, f_frsize, f_flags;
};

#define TMPFS_MAGIC 0x01021994

__BEGIN_DECLS

int statfs(const char *__path, struct statfs *__out);
int fstatfs(int __fd, struct statfs *__out);

__END_DECLS
