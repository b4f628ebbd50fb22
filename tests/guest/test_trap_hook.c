// SPDX-License-Identifier: BSD-2-Clause
// expect: panic status=134 output="write to read-only memory"
// expect host: exit status=0 output="not caught"
/* Nobody but kernel/sealed.h changes a pointer to a function that is set while the program runs. */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>

extern uintptr_t image_sealed_start[], image_sealed_end[];

static void attack(void)
{
}

int main(void)
{
	volatile uintptr_t *hook = image_sealed_start;

	signal(SIGUSR1, SIG_IGN); /* sets several */
	while (hook < image_sealed_end && *hook == 0)
		hook++;
	if (hook == image_sealed_end)
		return 1;
	*hook = (uintptr_t)attack;
	puts("not caught");
	return 0;
}
