// SPDX-License-Identifier: BSD-2-Clause
/*
 * edition.h - before the tests of asynchronous I/O: they take any number for the option that is not
 * that of POSIX's edition of 2001 for "not there".
 */
#include <unistd.h>

#if _POSIX_ASYNCHRONOUS_IO > 200112L
#undef _POSIX_ASYNCHRONOUS_IO
#define _POSIX_ASYNCHRONOUS_IO 200112L
#endif
