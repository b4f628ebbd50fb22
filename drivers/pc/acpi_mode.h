// SPDX-License-Identifier: BSD-2-Clause
/* acpi_mode.h - taking the chipset's fixed hardware over from the firmware (ACPI 4.8.2.5). */
#pragma once
#include "lib/base/compiler.h"

/* acpi_mode_enable() - with the port of the PM1a control register. Until then the chipset does not
 * listen. Context: any. */
void acpi_mode_enable(uint16_t pm1a);
