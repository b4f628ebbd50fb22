// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/xattr.h - extended attributes: no file has any, ENOTSUP.
 */
#pragma once
#include <sys/cdefs.h>
#include <sys/types.h>

#define XATTR_CREATE  1
#define XATTR_REPLACE 2

__BEGIN_DECLS

ssize_t getxattr(const char *__path, const char *__name, void *__out, size_t __size);
ssize_t lgetxattr(const char *__path, const char *__name, void *__out, size_t __size);
ssize_t fgetxattr(int __fd, const char *__name, void *__out, size_t __size);
int setxattr(const char *__path, const char *__name, const void *__value, size_t __size,
	     int __flags);
int lsetxattr(const char *__path, const char *__name, const void *__value, size_t __size,
	      int __flags);
int fsetxattr(int __fd, const char *__name, const void *__value, size_t __size, int __flags);
ssize_t listxattr(const char *__path, char *__out, size_t __size);
ssize_t llistxattr(const char *__path, char *__out, size_t __size);
ssize_t flistxattr(int __fd, char *__out, size_t __size);
int removexattr(const char *__path, const char *__name);
int lremovexattr(const char *__path, const char *__name);
int fremovexattr(int __fd, const char *__name);

__END_DECLS
