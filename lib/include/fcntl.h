// SPDX-License-Identifier: BSD-2-Clause
/*
 * fcntl.h - newlib's, with what it lacks of POSIX.1-2017 and Linux.
 *
 * open() of a path that is only known at run time, with flags that say at compile time that
 * nothing is written or made, is __unik_open_read(): a program with no other open() and nothing
 * else that changes files does not contain what changes files, nor the text files that are made
 * on demand under /proc and /etc. Without optimisation, and with compilers that cannot tell, every
 * open() is the full one.
 */
#pragma once
#include_next <fcntl.h>
#include <sys/cdefs.h>
#include <sys/types.h>

#define O_DSYNC 0x4000000 /* what is written is down when the call returns */
#define O_RSYNC O_SYNC

#define F_SETPIPE_SZ 1031 /* at least so many bytes of room in a pipe; returns what it became */
#define F_GETPIPE_SZ 1032

#define POSIX_FADV_NORMAL     0
#define POSIX_FADV_RANDOM     1
#define POSIX_FADV_SEQUENTIAL 2
#define POSIX_FADV_WILLNEED   3
#define POSIX_FADV_DONTNEED   4
#define POSIX_FADV_NOREUSE    5

/* fallocate() modes; only the first is supported. */
#define FALLOC_FL_KEEP_SIZE  1
#define FALLOC_FL_PUNCH_HOLE 2

__BEGIN_DECLS

int posix_fadvise(int __fd, off_t __at, off_t __len, int __advice);
int posix_fallocate(int __fd, off_t __at, off_t __len);
int fallocate(int __fd, int __mode, off_t __at, off_t __len);
int __unik_open_read(const char *__path, int __flags);

#if defined(__OPTIMIZE__) && defined(__GNUC__) && !defined(__clang__) && \
	!defined(__UNIK_NO_OPEN_READ)
int __unik_open(const char *__path, int __flags, ...) __asm__("open");

extern __inline __attribute__((__gnu_inline__, __always_inline__, __artificial__)) int
open(const char *__path, int __flags, ...)
{
	if (__builtin_constant_p(__flags) && !(__flags & (O_ACCMODE | O_CREAT | O_TRUNC)) &&
	    !__builtin_constant_p(*__path))
		return __unik_open_read(__path, __flags);
	return __unik_open(__path, __flags, __builtin_va_arg_pack());
}
#endif

__END_DECLS
