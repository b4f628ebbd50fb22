// SPDX-License-Identifier: BSD-2-Clause
/*
 * mntent.h - the table of what is mounted. There is none: setmntent() fails with ENOENT.
 */
#pragma once
#include <stdio.h>

#define MOUNTED "/etc/mtab"
#define MNTTAB  "/etc/fstab"

struct mntent {
	char *mnt_fsname, *mnt_dir, *mnt_type, *mnt_opts;
	int mnt_freq, mnt_passno;
};

__BEGIN_DECLS

FILE *setmntent(const char *__path, const char *__mode);
struct mntent *getmntent(FILE *__table);
int endmntent(FILE *__table);
char *hasmntopt(const struct mntent *__entry, const char *__option);

__END_DECLS
