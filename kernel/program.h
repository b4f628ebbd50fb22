// SPDX-License-Identifier: BSD-2-Clause
/*
 * program.h - what the kernel starts: supplied by the C library above it (lib/libc/start.c).
 */
#pragma once
#include <stdint.h>
#include "lib/base/compiler.h"

/* Stack of the main thread, in bytes: 64 KiB, or what the program's link was given with
 * -Wl,--defsym=unik_stack_bytes=N (linker.ld). */
extern const uint64_t image_stack_bytes;

/* program_start() - body of the main thread: set the C library up, call main(), exit. */
void program_start(void *unused);
