// SPDX-License-Identifier: BSD-2-Clause
/*
 * consoles.h - the consoles that a PC may have; drivers/console.h has the class.
 */
#pragma once
#include "drivers/console.h"

extern struct console debugcon;
extern struct console uart16550;
