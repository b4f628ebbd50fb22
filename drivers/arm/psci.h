// SPDX-License-Identifier: BSD-2-Clause
/*
 * psci.h - the firmware's power services. Ref: Arm DEN 0022, Power State Coordination Interface.
 */
#pragma once
#include "lib/base/compiler.h"

/* Function identifiers, 5.1. */
#define PSCI_CPU_ON_64    0xc4000003u
#define PSCI_SYSTEM_OFF   0x84000008u
#define PSCI_SYSTEM_RESET 0x84000009u

#define PSCI_NOT_SUPPORTED (-1) /* 5.2.2 */

/*
 * psci_call() - call the firmware, by HVC or SMC as the device tree says.
 *
 * Returns what it returns; PSCI_NOT_SUPPORTED where there is none. Context: any.
 */
int64_t psci_call(uint32_t function, uint64_t arg0, uint64_t arg1, uint64_t arg2);
