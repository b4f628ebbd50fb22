// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/errno.h - errno as a field of the thread's own state; numbers are newlib's.
 *
 * Part of the ABI: newlib and applications are compiled with the same copy.
 */
#pragma once
#include_next <sys/errno.h>

/* What newlib numbers only together with all of Linux's own errors. */
#ifndef ESOCKTNOSUPPORT
#define ESOCKTNOSUPPORT 124
#endif

/*
 * Programs see the field, which comes first in struct _reent, as a variable of its own: gcc takes
 * for granted that what a builtin function like malloc() or exp() sets is an external int, and
 * would keep a value from before the call of anything else.
 */
#ifndef _REENT_ONLY
#undef errno
#ifdef __UNIK_BUILDING_NEWLIB
#define errno (__tls_reent._errno)
#else
#ifdef __cplusplus
extern "C" {
#endif
extern __thread int __unik_errno __asm__("__tls_reent") __attribute__((tls_model("local-exec")));
#ifdef __cplusplus
}
#endif
#define errno __unik_errno
#endif
#endif
