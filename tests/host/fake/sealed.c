// SPDX-License-Identifier: BSD-2-Clause
#include "kernel/sealed.h"

void sealed_write(uintptr_t *word, uintptr_t value)
{
	*word = value;
}
