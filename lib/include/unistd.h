// SPDX-License-Identifier: BSD-2-Clause
/*
 * unistd.h - newlib's, with what Linux and the BSDs add.
 */
#pragma once
#include_next <unistd.h>

#define _CS_PATH 0

__BEGIN_DECLS

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
