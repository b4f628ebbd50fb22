// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/config.h - how newlib is configured, beyond its own <sys/config.h>.
 *
 * Per-thread C library state (errno, strtok, mprec, ...) is `struct _reent`. newlib asks for the
 * caller's with __getreent(); here that is a thread-local variable that the library defines, so
 * that finding errno costs one instruction. The local-exec model is always right: an image has
 * no shared objects.
 *
 * Part of the ABI: newlib and applications are compiled with the same copy.
 */
#pragma once

/*
 * newlib's parts are linked together, so they can address each other relative to the program
 * counter: hidden visibility says so to the compiler, and no global offset table is needed.
 */
#ifdef __UNIK_BUILDING_NEWLIB
#pragma GCC visibility push(hidden)
#endif

#define __DYNAMIC_REENT__
#define __getreent() (&__tls_reent)

/* POSIX's types for read() and write(); newlib's default is int. */
#define _READ_WRITE_RETURN_TYPE  _ssize_t
#define _READ_WRITE_BUFSIZE_TYPE __SIZE_TYPE__

#define __FILENAME_MAX__ 4096

#include_next <sys/config.h>

#ifdef __cplusplus
extern "C" {
#endif

struct _reent;
extern __thread struct _reent __tls_reent __attribute__((tls_model("local-exec")));

#ifdef __cplusplus
}
#endif
