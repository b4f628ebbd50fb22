// SPDX-License-Identifier: BSD-2-Clause
/*
 * time.h - newlib's, with the names of POSIX for what it names with an underscore.
 */
#ifndef _UNIK_TIME_H
#define _UNIK_TIME_H
#include_next <time.h>

__BEGIN_DECLS

/* Seconds west of Greenwich, and whether there is ever a summer time: set by tzset(). */
#if __XSI_VISIBLE && !defined(_REENT_ONLY)
extern long timezone __asm__("_timezone");
extern int daylight __asm__("_daylight");
#endif

__END_DECLS
#endif
