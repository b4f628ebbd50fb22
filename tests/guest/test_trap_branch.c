// SPDX-License-Identifier: BSD-2-Clause
// run: --cpu max
// expect aarch64: panic status=134 output="no branch target" output="victim "
// expect: panic status=134 output="null pointer"
/* A jump into the middle of a function is caught, where the CPU looks for landing pads; elsewhere
 * one to where there is no code is. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

__attribute__((noinline)) static void victim(void)
{
	__asm__ volatile("nop\n\tnop\n\tnop" ::: "memory");
	puts("not caught");
	exit(0);
}

static void jump(uintptr_t target)
{
#ifdef __aarch64__
	__asm__ volatile("mov x3, %0\n\tbr x3" ::"r"(target) : "x3", "memory");
#else
	((void (*)(void))(target & 1))(); /* there are no landing pads on this architecture */
#endif
}

int main(void)
{
	jump((uintptr_t)victim + 8);
	puts("came back");
	return 0;
}
