// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/errno.h - errno as a field of the thread's own state; numbers are newlib's.
 *
 * Part of the ABI: newlib and applications are compiled with the same copy.
 */
#pragma once
#include_next <sys/errno.h>

#ifndef _REENT_ONLY
#undef errno
#define errno (__tls_reent._errno)
#endif
