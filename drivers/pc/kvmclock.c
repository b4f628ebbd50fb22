// SPDX-License-Identifier: BSD-2-Clause
/*
 * kvmclock.c - what KVM tells a guest about the time-stamp counter and the time of day, by
 * structures in the guest's memory that the host fills in.
 *
 * Ref: Linux kernel documentation, virt/kvm/x86/cpuid and virt/kvm/x86/msr.
 */
#include "arch/cpu.h"
#include "arch/mmu.h"
#include <asm/cpuid.h>
#include "drivers/pc/clocks.h"
#include "lib/base/pvclock.h"

#define LEAF_FEATURES   0x40000001
#define FEATURE_CLOCK   (1u << 3) /* with the MSRs below */
#define MSR_WALL_CLOCK  0x4b564d00
#define MSR_SYSTEM_TIME 0x4b564d01
#define SYSTEM_ENABLE   1

#define HZ_MIN 1000000ULL

/* Neither crosses a page; the host writes them behind the compiler's back. */
static UNIK_ALIGNED(32) struct pvclock_time system_time;
static UNIK_ALIGNED(16) struct pvclock_wall wall_time;

static bool kvm_has_clock(void)
{
	struct cpuid_regs r;

	if (!(cpuid(1, 0).ecx & CPUID_1_ECX_HYPERVISOR))
		return false;
	r = cpuid(CPUID_HYPERVISOR, 0);
	if (r.ebx != 0x4b4d564b || r.ecx != 0x564b4d56 || r.edx != 0x4d) /* "KVMKVMKVM" */
		return false;
	return cpuid(LEAF_FEATURES, 0).eax & FEATURE_CLOCK;
}

static void write_msr(uint32_t msr, uint64_t v)
{
	__asm__ volatile("wrmsr" ::"c"(msr), "a"((uint32_t)v), "d"((uint32_t)(v >> 32)) : "memory");
}

/* The page stays ours only for the moment: the host is told to stop writing to it. */
static bool read_system_time(struct pvclock_time *out)
{
	bool ok;

	if (!kvm_has_clock())
		return false;
	write_msr(MSR_SYSTEM_TIME, mmu_dma_addr(&system_time) | SYSTEM_ENABLE);
	ok = pvclock_copy(out, &system_time, sizeof(*out));
	write_msr(MSR_SYSTEM_TIME, 0);
	return ok && pvclock_is_sane(out);
}

uint64_t kvmclock_hz(void)
{
	struct pvclock_time t;
	uint64_t hz;

	if (!read_system_time(&t))
		return 0;
	hz = pvclock_hz(&t);
	return hz < HZ_MIN ? 0 : hz;
}

static bool kvmclock_read(const struct wallclock *c UNIK_UNUSED, ns_t *wall)
{
	struct pvclock_time t;
	struct pvclock_wall w;

	if (!read_system_time(&t))
		return false;
	write_msr(MSR_WALL_CLOCK, mmu_dma_addr(&wall_time));
	if (!pvclock_copy(&w, &wall_time, sizeof(w)) || !w.seconds)
		return false;
	*wall = w.seconds * NS_PER_S + w.nanoseconds + (ns_t)pvclock_now(&t, cpu_cycles());
	return true;
}

const struct wallclock kvmclock = { .name = "kvmclock", .read = kvmclock_read };
