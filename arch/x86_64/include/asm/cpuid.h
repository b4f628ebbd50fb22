// SPDX-License-Identifier: BSD-2-Clause
/* cpuid.h - what the CPU says of itself. Ref: Intel SDM vol. 2, CPUID. */
#pragma once
#include <stdint.h>

#define CPUID_1_ECX_X2APIC       (1u << 21)
#define CPUID_1_ECX_TSC_DEADLINE (1u << 24)
#define CPUID_1_ECX_XSAVE        (1u << 26)
#define CPUID_1_ECX_RDRAND       (1u << 30)
#define CPUID_1_ECX_HYPERVISOR   (1u << 31)
#define XCR0_VECTOR_STATE        0xe7 /* x87, SSE, AVX, AVX-512 */

/* What a hypervisor says of itself: eax the last leaf, ebx ecx edx its name. */
#define CPUID_HYPERVISOR         0x40000000
#define CPUID_HYPERVISOR_EBX_TCG 0x54474354 /* "TCGT", of TCGTCGTCGTCG */
#define CPUID_HYPERVISOR_EBX_XEN 0x566e6558 /* "XenV", of XenVMMXenVMM */
#define CPUID_HYPERVISOR_EBX_MS  0x7263694d /* "Micr", of Microsoft Hv, and who acts as if */

/* The hypervisor's ebx, 0 without one; constant after cpu_init_boot(). */
extern uint32_t cpu_hypervisor;

struct cpuid_regs {
	uint32_t eax, ebx, ecx, edx;
};

static inline struct cpuid_regs cpuid(uint32_t leaf, uint32_t subleaf)
{
	struct cpuid_regs r;

	__asm__ volatile("cpuid"
			 : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx)
			 : "a"(leaf), "c"(subleaf));
	return r;
}
