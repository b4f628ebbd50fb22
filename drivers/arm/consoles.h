// SPDX-License-Identifier: BSD-2-Clause
/*
 * consoles.h - the consoles that an ARM machine may have; drivers/console.h has the class.
 */
#pragma once
#include "drivers/console.h"

extern const struct console pl011;
