// SPDX-License-Identifier: BSD-2-Clause
#include "drivers/arm/consoles.h"

struct console *const console_table[] = { &pl011, NULL };
