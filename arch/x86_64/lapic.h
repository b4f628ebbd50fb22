// SPDX-License-Identifier: BSD-2-Clause
/*
 * lapic.h - the local APIC: end of interrupt, the one-shot timer, messages to this CPU.
 * Ref: Intel SDM vol. 3, chapter 10.
 */
#pragma once
#include "lib/base/compiler.h"

/* lapic_init() - once, before the first interrupt can come; later calls do nothing. */
void lapic_init(void);

uint32_t lapic_id(void);

/* lapic_in_service() - the vector of the interrupt that was delivered last and has not ended; 0:
 * there is none. */
unsigned lapic_in_service(void);
