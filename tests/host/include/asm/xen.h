// SPDX-License-Identifier: BSD-2-Clause
/* asm/xen.h on the host - the page that Xen shares with x86-64 guests, in ordinary memory. */
#pragma once
#include "arch/x86_64/include/asm/xen.h"
