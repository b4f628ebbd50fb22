// SPDX-License-Identifier: BSD-2-Clause
/*
 * option.h - words of the command line that are the system's, for those parts of libunik.a that
 * are members of their own and so do not see the kernel's functions.
 */
#pragma once
#include "lib/base/compiler.h"

/* __unik_option() - boot_option() of kernel/boot_info.h. */
bool __unik_option(const char *name, char *out, size_t size);
