// SPDX-License-Identifier: BSD-2-Clause
/*
 * valgrind.h - what Valgrind has to be told of an image that is a process: its stacks, and that
 * memory below a stack pointer is about to be used. Without Valgrind nothing happens.
 *
 * Ref: Valgrind manual, "The client request mechanism", and its Memcheck chapter.
 */
#pragma once
#include "lib/base/compiler.h"

#define VALGRIND_STACK_REGISTER 0x1501     /* first and last byte */
#define VALGRIND_MAKE_UNDEFINED 0x4d430001 /* Memcheck: start, bytes */

/* valgrind_tell() - a request, by instructions that do nothing elsewhere: on amd64 rotations of
 * %rdi by 128 in all, and an exchange of %rbx with itself. Any context. */
__attribute__((no_sanitize("address", "undefined"))) static inline void
valgrind_tell(uint64_t request, uintptr_t a, uintptr_t b)
{
	volatile uint64_t words[6] = { request, a, b };
	uint64_t answer = 0;

	__asm__ volatile("rolq $3, %%rdi; rolq $13, %%rdi; rolq $61, %%rdi; rolq $51, %%rdi\n\t"
			 "xchgq %%rbx, %%rbx"
			 : "+d"(answer)
			 : "a"(words)
			 : "cc", "memory");
}
