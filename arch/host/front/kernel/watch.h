// SPDX-License-Identifier: BSD-2-Clause
/*
 * watch.h - for who wants to know of each lock: the order of them (tests/sim/locks.c). The headers
 * of this folder stand in front of the kernel's own where an image is a process; without a watcher
 * the functions are not there, and nobody is told.
 *
 * what   the expression that names the lock, for people
 */
#pragma once
#include <stdbool.h>
#include "lib/base/compiler.h"

/* lock_wanted() - the thread will wait for it. lock_taken() - now it has it, also where it only
 * tried. lock_given() - no longer. */
void lock_wanted(const void *lock, const char *what, bool sleeps) UNIK_WEAK;
void lock_taken(const void *lock, const char *what, bool sleeps) UNIK_WEAK;
void lock_given(const void *lock, bool sleeps) UNIK_WEAK;
