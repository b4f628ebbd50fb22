// SPDX-License-Identifier: BSD-2-Clause
/*
 * program.h - what the kernel starts: supplied by the C library above it (lib/libc/start.c).
 */
#pragma once
#include "lib/base/compiler.h"

#define PROGRAM_STACK_BYTES (64 * 1024UL) /* of the main thread */

/* program_start() - body of the main thread: set the C library up, call main(), exit. */
void program_start(void *unused);
