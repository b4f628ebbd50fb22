// SPDX-License-Identifier: BSD-2-Clause
/*
 * unistd.h - newlib's, with what it declares for some systems only, and what Linux and the BSDs
 * add.
 */
#pragma once
#include_next <unistd.h>

/* Options (POSIX.1-2017, 2.1.3), besides those of <sys/features.h>; -1: not there. */
#define _POSIX_ADVISORY_INFO              200809L
#define _POSIX_ASYNCHRONOUS_IO            200809L
#define _POSIX_CHOWN_RESTRICTED           0
#define _POSIX_JOB_CONTROL                (-1)
#define _POSIX_MAPPED_FILES               200809L
#define _POSIX_MEMLOCK                    200809L
#define _POSIX_MEMLOCK_RANGE              200809L
#define _POSIX_MEMORY_PROTECTION          200809L
#define _POSIX_MESSAGE_PASSING            200809L
#define _POSIX_SAVED_IDS                  1
#define _POSIX_SEMAPHORES                 200809L
#define _POSIX_SHARED_MEMORY_OBJECTS      200809L
#define _POSIX_SHELL                      (-1)
#define _POSIX_SPAWN                      (-1)
#define _POSIX_SYNCHRONIZED_IO            200809L
#define _POSIX_THREAD_PRIO_INHERIT        200809L
#define _POSIX_THREAD_PRIO_PROTECT        200809L
#define _POSIX_THREAD_PROCESS_SHARED      200809L
#define _POSIX_THREAD_ROBUST_PRIO_INHERIT (-1)
#define _POSIX_THREAD_ROBUST_PRIO_PROTECT (-1)
#define _POSIX_TRACE                      (-1)
#define _POSIX_TYPED_MEMORY_OBJECTS       (-1)

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
