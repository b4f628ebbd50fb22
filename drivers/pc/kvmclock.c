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
#include "lib/base/mul.h"

#define LEAF_FEATURES   0x40000001
#define FEATURE_CLOCK   (1u << 3) /* with the MSRs below */
#define MSR_WALL_CLOCK  0x4b564d00
#define MSR_SYSTEM_TIME 0x4b564d01
#define SYSTEM_ENABLE   1

#define READS_MAX 1000 /* the host changes the structures once in a while, not all the time */
#define HZ_MIN    1000000ULL

/* `version` is odd while the host writes, and another one afterwards. */
struct system_time {
	uint32_t version;
	uint32_t pad;
	uint64_t tsc;
	uint64_t system_ns;         /* at tsc */
	uint32_t tsc_to_system_mul; /* [2^-32 ns], after the shift */
	int8_t tsc_shift;
	uint8_t flags;
	uint8_t pad2[2];
};

struct wall_time { /* when system time was 0 */
	uint32_t version;
	uint32_t seconds;
	uint32_t nanoseconds;
};

/* Neither crosses a page; the host writes them behind the compiler's back. */
static UNIK_ALIGNED(32) struct system_time system_time;
static UNIK_ALIGNED(16) struct wall_time wall_time;

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

/* Copy what the host may be changing; false when it never holds still, or was never written. */
static bool read_versioned(void *to, const void *from, size_t len)
{
	const uint32_t *version = from;

	for (unsigned i = 0; i < READS_MAX; i++) {
		uint32_t before = __atomic_load_n(version, __ATOMIC_ACQUIRE);

		__builtin_memcpy(to, from, len);
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		if (!(before & 1) && READ_ONCE(*version) == before)
			return before != 0;
	}
	return false;
}

/* The page stays ours only for the moment: the host is told to stop writing to it. */
static bool read_system_time(struct system_time *out)
{
	bool ok;

	if (!kvm_has_clock())
		return false;
	write_msr(MSR_SYSTEM_TIME, mmu_dma_addr(&system_time) | SYSTEM_ENABLE);
	ok = read_versioned(out, &system_time, sizeof(*out));
	write_msr(MSR_SYSTEM_TIME, 0);
	return ok && out->tsc_to_system_mul && out->tsc_shift > -32 && out->tsc_shift < 32;
}

/* ns = (cycles << shift) * mul >> 32, so a second has 10^9 << 32 / mul >> shift cycles. */
uint64_t clock_cycles_hz(void)
{
	struct system_time t;
	uint64_t hz;

	if (!read_system_time(&t))
		return 0;
	hz = ((uint64_t)NS_PER_S << 32) / t.tsc_to_system_mul;
	hz = t.tsc_shift < 0 ? hz << -t.tsc_shift : hz >> t.tsc_shift;
	return hz < HZ_MIN ? 0 : hz;
}

static uint64_t system_now(const struct system_time *t)
{
	uint64_t cycles = cpu_cycles() - t->tsc;

	cycles = t->tsc_shift < 0 ? cycles >> -t->tsc_shift : cycles << t->tsc_shift;
	return t->system_ns + mul_shift(cycles, t->tsc_to_system_mul, 32);
}

static bool kvmclock_read(struct wallclock *c UNIK_UNUSED, ns_t *wall)
{
	struct system_time t;
	struct wall_time w;

	if (!read_system_time(&t))
		return false;
	write_msr(MSR_WALL_CLOCK, mmu_dma_addr(&wall_time));
	if (!read_versioned(&w, &wall_time, sizeof(w)) || !w.seconds)
		return false;
	*wall = w.seconds * NS_PER_S + w.nanoseconds + (ns_t)system_now(&t);
	return true;
}

struct wallclock kvmclock = { .name = "kvmclock", .read = kvmclock_read };
