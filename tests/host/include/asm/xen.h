// SPDX-License-Identifier: BSD-2-Clause
/* asm/xen.h on the host - the form that x86-64 has. */
#pragma once
#include "arch/x86_64/include/asm/xen.h"
