// SPDX-License-Identifier: BSD-2-Clause
#include "drivers/arm/psci.h"
#include "drivers/bus/dt.h"

/* SMC calling convention (Arm DEN 0028, 2.6): x0 to x3 are arguments and results, x4 to x17 may be
 * changed. */
#define CALL(instruction, f, a, b, c)                                                              \
	({                                                                                         \
		register uint64_t x0_ __asm__("x0") = (f);                                         \
		register uint64_t x1_ __asm__("x1") = (a);                                         \
		register uint64_t x2_ __asm__("x2") = (b);                                         \
		register uint64_t x3_ __asm__("x3") = (c);                                         \
		__asm__ volatile(instruction " #0"                                                 \
				 : "+r"(x0_), "+r"(x1_), "+r"(x2_), "+r"(x3_)                      \
				 :                                                                 \
				 : "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", \
				   "x14", "x15", "x16", "x17", "memory");                          \
		(int64_t) x0_;                                                                     \
	})

int64_t psci_call(uint32_t function, uint64_t arg0, uint64_t arg1, uint64_t arg2)
{
	const struct fdt *f = dt_get();
	enum fdt_psci way = f ? fdt_psci(f) : FDT_PSCI_NONE;

	if (way == FDT_PSCI_HVC)
		return CALL("hvc", function, arg0, arg1, arg2);
	if (way == FDT_PSCI_SMC)
		return CALL("smc", function, arg0, arg1, arg2);
	return PSCI_NOT_SUPPORTED;
}
