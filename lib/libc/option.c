// SPDX-License-Identifier: BSD-2-Clause
#include "lib/libc/option.h"
#include "kernel/boot_info.h"

UNIK_API bool __unik_option(const char *name, char *out, size_t size)
{
	return boot_option(name, out, size);
}
