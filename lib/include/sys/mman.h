// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/mman.h - mapped memory (POSIX.1-2017, <sys/mman.h>, and what Linux adds).
 *
 * Pages of anonymous memory come on their first touch; docs/memory.md says what a mapping of a
 * file is and what happens when memory is out. Rights are as asked for, writing and execution
 * together included. Flags that are not in this list are refused with EINVAL.
 */
#pragma once
#include <sys/cdefs.h>
#include <sys/types.h>

#define PROT_NONE  0
#define PROT_READ  1
#define PROT_WRITE 2
#define PROT_EXEC  4

#define MAP_SHARED          0x01
#define MAP_PRIVATE         0x02
#define MAP_SHARED_VALIDATE 0x03
#define MAP_TYPE            0x0f
#define MAP_FILE            0
#define MAP_FIXED           0x10
#define MAP_ANONYMOUS       0x20
#define MAP_ANON            MAP_ANONYMOUS
#define MAP_DENYWRITE       0x0800 /* nothing, as on Linux */
#define MAP_EXECUTABLE      0x1000 /* nothing, as on Linux */
#define MAP_LOCKED          0x2000 /* like MAP_POPULATE: nothing is ever paged out */
#define MAP_NORESERVE       0x4000 /* nothing is ever reserved */
#define MAP_POPULATE        0x8000
#define MAP_NONBLOCK        0x10000
#define MAP_STACK           0x20000
#define MAP_FIXED_NOREPLACE 0x100000

#define MAP_FAILED ((void *)-1)

#define MS_ASYNC      1
#define MS_INVALIDATE 2
#define MS_SYNC       4

#define MCL_CURRENT 1
#define MCL_FUTURE  2

#define MREMAP_MAYMOVE 1
#define MREMAP_FIXED   2

#define MADV_NORMAL         0
#define MADV_RANDOM         1
#define MADV_SEQUENTIAL     2
#define MADV_WILLNEED       3
#define MADV_DONTNEED       4
#define MADV_FREE           8
#define MADV_DONTFORK       10
#define MADV_DOFORK         11
#define MADV_MERGEABLE      12
#define MADV_UNMERGEABLE    13
#define MADV_HUGEPAGE       14
#define MADV_NOHUGEPAGE     15
#define MADV_DONTDUMP       16
#define MADV_DODUMP         17
#define MADV_COLD           20
#define MADV_PAGEOUT        21
#define MADV_POPULATE_READ  22
#define MADV_POPULATE_WRITE 23

#define POSIX_MADV_NORMAL     0
#define POSIX_MADV_RANDOM     1
#define POSIX_MADV_SEQUENTIAL 2
#define POSIX_MADV_WILLNEED   3
#define POSIX_MADV_DONTNEED   4

__BEGIN_DECLS

void *mmap(void *__addr, size_t __len, int __prot, int __flags, int __fd, off_t __offset);
int munmap(void *__addr, size_t __len);
int mprotect(void *__addr, size_t __len, int __prot);
void *mremap(void *__old, size_t __old_len, size_t __new_len, int __flags, ...);
int madvise(void *__addr, size_t __len, int __advice);
int posix_madvise(void *__addr, size_t __len, int __advice);
int msync(void *__addr, size_t __len, int __flags);
int mincore(void *__addr, size_t __len, unsigned char *__resident);
int mlock(const void *__addr, size_t __len);
int munlock(const void *__addr, size_t __len);
int mlockall(int __flags);
int munlockall(void);
int shm_open(const char *__name, int __flags, mode_t __mode);
int shm_unlink(const char *__name);

#if __GNU_VISIBLE
#define MFD_CLOEXEC       1
#define MFD_ALLOW_SEALING 2 /* EINVAL */
int memfd_create(const char *__name, unsigned __flags);
#endif

__END_DECLS
