// SPDX-License-Identifier: BSD-2-Clause
/*
 * reent.h - newlib's state of one thread: errno, and what strtok(), rand() or printf() keep.
 *
 * It is a thread-local variable, so a thread is born with it and finding it costs nothing.
 */
#pragma once

/* reent_reclaim() - free what newlib has allocated for the caller, a thread about to end. */
void reent_reclaim(void);
