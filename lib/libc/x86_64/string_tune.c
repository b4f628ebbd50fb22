// SPDX-License-Identifier: BSD-2-Clause
/*
 * Which string instructions this processor is fast at.
 *
 * With "enhanced rep movsb/stosb" (Intel SDM vol. 1, 7.3.9.3) bytes are moved in lines at any
 * alignment, where words are slow unless both ends are aligned. Without it, and in QEMU's
 * emulator, which claims it, each byte is a step of its own.
 */
#include <cpuid.h>
#include <stdint.h>
#include "lib/libc/x86_64/string_tune.h"

#define CPUID_1_ECX_HYPERVISOR (1u << 31)
#define CPUID_7_EBX_ERMS       (1u << 9)
#define HYPERVISOR_LEAF        0x40000000
#define HYPERVISOR_TCG_EBX     0x54474354 /* "TCGT" of "TCGTCGTCGTCG" */

static bool has_erms(void)
{
	unsigned int eax, ebx, ecx, edx;

	return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) && (ebx & CPUID_7_EBX_ERMS);
}

static bool is_emulated(void)
{
	unsigned int eax, ebx, ecx, edx;

	__cpuid(1, eax, ebx, ecx, edx);
	if (!(ecx & CPUID_1_ECX_HYPERVISOR))
		return false;
	__cpuid(HYPERVISOR_LEAF, eax, ebx, ecx, edx);
	return ebx == HYPERVISOR_TCG_EBX;
}

static void __attribute__((constructor)) string_tune(void)
{
	string_by_bytes = has_erms() && !is_emulated();
}
