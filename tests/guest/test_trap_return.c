// SPDX-License-Identifier: BSD-2-Clause
// run: --cpu max
// expect: panic status=134 output="panic"
/* A return address that was written over is not returned to, where the CPU signs such addresses;
 * elsewhere a return to where there is no code is caught. */
#include <stdint.h>
#include <stdio.h>

static void elsewhere(void)
{
	puts("not caught");
}

__attribute__((noinline)) static void victim(void (*target)(void))
{
	uintptr_t *frame = __builtin_frame_address(0);

#ifdef __aarch64__
	frame[1] = (uintptr_t)target;
#else
	frame[1] = (uintptr_t)target & 1; /* this architecture's addresses are not signed */
#endif
	__asm__ volatile("" ::: "memory");
}

int main(void)
{
	victim(elsewhere);
	puts("came back");
	return 0;
}
