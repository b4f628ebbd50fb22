// SPDX-License-Identifier: BSD-2-Clause
/*
 * unistd.h - newlib's, with what it declares for some systems only, and what Linux and the BSDs
 * add.
 */
#pragma once
#include_next <unistd.h>

#define _CS_PATH 0

#define CLOSE_RANGE_UNSHARE (1U << 1) /* EINVAL: there is one table */
#define CLOSE_RANGE_CLOEXEC (1U << 2) /* set the flag instead of closing */

__BEGIN_DECLS

/* close_range() - close the descriptors first..last, those that are open. */
int close_range(unsigned int __first, unsigned int __last, int __flags);
void closefrom(int __first);

/* copy_file_range() - up to len bytes from one file to another; NULL: at the file's own offset. */
ssize_t copy_file_range(int __in, off_t *__in_at, int __out, off_t *__out_at, size_t __len,
			unsigned int __flags);
int syncfs(int __fd);
#if __MISC_VISIBLE || __GNU_VISIBLE
int brk(void *__end);
long syscall(long __number, ...);
#endif
#if __GNU_VISIBLE
int getresuid(uid_t *__ruid, uid_t *__euid, uid_t *__suid);
int getresgid(gid_t *__ruid, gid_t *__euid, gid_t *__suid);
int setresuid(uid_t __ruid, uid_t __euid, uid_t __suid);
int setresgid(gid_t __ruid, gid_t __euid, gid_t __suid);
int setdomainname(const char *__name, size_t __len);
#endif

__END_DECLS
