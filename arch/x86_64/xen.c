// SPDX-License-Identifier: BSD-2-Clause
/*
 * xen.c - Xen as an x86-64 guest that runs in hardware mode (PVH, HVM) sees it.
 *
 * Ref: public/arch-x86/cpuid.h; docs/guest-guide/x86/hypercall-abi. Calls are made with the CPU's
 * instruction for that. (The page of call stubs that Xen writes on request has the same
 * instruction in it; it would be both writable and executable. docs/decisions/xen.md)
 */
#include "arch/xen.h"
#include <asm/cpuid.h>
#include <asm/port.h>

#define HYPERVISOR_END  0x40010000
#define HYPERVISOR_STEP 0x100
#define NAME_ECX        0x65584d4d /* "MMXe" */
#define NAME_EDX        0x4d4d566e /* "nVMM" */

#define VENDOR_EBX_AMD   0x68747541 /* "Auth" of AuthenticAMD */
#define VENDOR_EBX_HYGON 0x6f677948 /* "Hygo" of HygonGenuine */

#define DEBUG_PORT 0xe9

/* public/xen.h, public/version.h, public/features.h */
#define XEN_VERSION_OP              17
#define XENVER_GET_FEATURES         6
#define FEATURE_HVM_CALLBACK_VECTOR 8

struct feature_info {
	uint32_t submap_index;
	uint32_t submap; /* out */
};

static bool calls_as_amd;

/* One hypervisor's leaves follow on another's where Xen acts as Microsoft's. */
static bool find_xen(void)
{
	struct cpuid_regs r;

	if (cpu_hypervisor != CPUID_HYPERVISOR_EBX_XEN && cpu_hypervisor != CPUID_HYPERVISOR_EBX_MS)
		return false;
	for (uint32_t leaf = CPUID_HYPERVISOR; leaf < HYPERVISOR_END; leaf += HYPERVISOR_STEP) {
		r = cpuid(leaf, 0);
		if (r.ebx == CPUID_HYPERVISOR_EBX_XEN && r.ecx == NAME_ECX && r.edx == NAME_EDX)
			return true;
	}
	return false;
}

bool arch_xen_start(void)
{
	uint32_t vendor;

	if (!find_xen())
		return false;
	vendor = cpuid(0, 0).ebx;
	calls_as_amd = vendor == VENDOR_EBX_AMD || vendor == VENDOR_EBX_HYGON;
	return true;
}

/* A debug build of Xen overwrites the registers of the arguments. */
long arch_xen_hypercall(unsigned number, unsigned long a, unsigned long b, unsigned long c)
{
	long result = number;

	if (calls_as_amd)
		__asm__ volatile("vmmcall" : "+a"(result), "+D"(a), "+S"(b), "+d"(c)::"memory");
	else
		__asm__ volatile("vmcall" : "+a"(result), "+D"(a), "+S"(b), "+d"(c)::"memory");
	return result;
}

bool arch_xen_has_vector(void)
{
	struct feature_info f = { .submap_index = 0 };

	return arch_xen_hypercall(XEN_VERSION_OP, XENVER_GET_FEATURES, (unsigned long)&f, 0) == 0 &&
	       f.submap >> FEATURE_HVM_CALLBACK_VECTOR & 1;
}

void arch_xen_emergency_write(const char *text, size_t len)
{
	port_out8_string(DEBUG_PORT, text, len);
}
