// SPDX-License-Identifier: BSD-2-Clause
/*
 * machine/time.h - the unit of clock_t, the same for all machines (POSIX.1-2017, <time.h>, XSI).
 */
#pragma once
#define _CLOCKS_PER_SEC_ 1000000
