// SPDX-License-Identifier: BSD-2-Clause
/*
 * clock.c - what the CPU and the hypervisor say about the rate of the time-stamp counter.
 *
 * Leaf 0x40000010 is VMware's "timing information" leaf (kHz), which KVM under QEMU
 * (vmware-cpuid-freq), Firecracker and others offer too; leaf 0x15 is Intel's own (SDM vol. 2).
 */
#include "arch/clock.h"
#include <asm/cpuid.h>

#define HYPERVISOR_TIMING 0x40000010
#define HZ_MIN            1000000ULL /* below this a leaf is nonsense */

static uint64_t hypervisor_hz(void)
{
	if (!(cpuid(1, 0).ecx & CPUID_1_ECX_HYPERVISOR) ||
	    cpuid(CPUID_HYPERVISOR, 0).eax < HYPERVISOR_TIMING)
		return 0;
	return cpuid(HYPERVISOR_TIMING, 0).eax * 1000ULL;
}

/* Crystal rate times the ratio of the counter to it; any of them may be left out. */
static uint64_t leaf_15_hz(void)
{
	struct cpuid_regs r;

	if (cpuid(0, 0).eax < 0x15)
		return 0;
	r = cpuid(0x15, 0);
	return r.eax ? (uint64_t)r.ecx * r.ebx / r.eax : 0;
}

uint64_t arch_cycles_hz(void)
{
	uint64_t hz = hypervisor_hz();

	if (hz < HZ_MIN)
		hz = leaf_15_hz();
	return hz < HZ_MIN ? 0 : hz;
}
