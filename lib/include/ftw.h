// SPDX-License-Identifier: BSD-2-Clause
/*
 * ftw.h - walking a tree of files (POSIX.1-2017, <ftw.h>). FTW_CHDIR is not supported: ENOTSUP.
 */
#pragma once
#include <sys/cdefs.h>
#include <sys/stat.h>

/* The type that the function is told. */
#define FTW_F   0 /* not a directory */
#define FTW_D   1 /* a directory, before what is in it */
#define FTW_DNR 2 /* a directory that cannot be read */
#define FTW_NS  3 /* stat() failed */
#define FTW_SL  4 /* a symbolic link */
#define FTW_DP  5 /* a directory, after what is in it */
#define FTW_SLN 6 /* a symbolic link that leads nowhere */

/* Flags of nftw(). */
#define FTW_PHYS  1 /* do not follow links */
#define FTW_MOUNT 2 /* stay in one file system */
#define FTW_CHDIR 4
#define FTW_DEPTH 8 /* a directory after what is in it */

struct FTW {
	int base;  /* where the last component begins */
	int level; /* 0: the top */
};

__BEGIN_DECLS

int ftw(const char *__path, int (*__fn)(const char *, const struct stat *, int), int __nopen);
int nftw(const char *__path, int (*__fn)(const char *, const struct stat *, int, struct FTW *),
	 int __nopen, int __flags);

__END_DECLS
