// SPDX-License-Identifier: BSD-2-Clause
/*
 * backtrace.h - the porting contract, part 7: who called whom, for a panic.
 *
 * The image carries no unwind tables. The guest prints every word on the stack that can be a
 * return address, as offsets into the image; tools/unik, which has the ELF file, keeps those
 * that the unwind information confirms and adds names and lines.
 */
#pragma once
#include "lib/base/compiler.h"

#define BACKTRACE_BYTES 2048 /* how much of a stack is looked at */

/* backtrace_print() - through panic_print(), from an instruction and a stack pointer on.
 * backtrace_print_here() - from the caller on. */
void backtrace_print(uintptr_t pc, uintptr_t sp);
void backtrace_print_here(void);

/*
 * backtrace_collect() - the possible return addresses on the caller's stack, from its own caller
 * on, at most max. Returns how many. Context: thread.
 * backtrace_image_offset() - an address as the ELF file has it.
 */
size_t backtrace_collect(uintptr_t *out, size_t max);
uintptr_t backtrace_image_offset(uintptr_t pc);
