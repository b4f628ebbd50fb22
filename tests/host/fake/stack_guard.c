// SPDX-License-Identifier: BSD-2-Clause
#include "arch/boot.h"

uintptr_t __stack_chk_guard = 0xd1f7a5c30401ee00;
