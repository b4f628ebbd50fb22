// SPDX-License-Identifier: BSD-2-Clause
/*
 * consoles.h - the consoles that a PC may have; drivers/console.h has the class.
 */
#pragma once
#include "drivers/console.h"

extern const struct console debugcon;
extern const struct console uart16550;
