// SPDX-License-Identifier: BSD-2-Clause
#include "kernel/sealed.h"
#include "arch/mmu.h"
#include "kernel/panic.h"

extern uintptr_t image_sealed_start[], image_sealed_end[];

UNIK_COLD void sealed_write(uintptr_t *word, uintptr_t value)
{
	if (*word == value)
		return;
	ASSERT(word >= image_sealed_start && word < image_sealed_end);
	mmu_write_sealed(word, value);
}
