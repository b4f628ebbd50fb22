// SPDX-License-Identifier: BSD-2-Clause
#include "lib/base/pvclock.h"
#include "lib/base/mul.h"

#define READS_MAX 1000 /* it changes once in a while, not all the time */

bool pvclock_copy(void *to, const void *from, size_t len)
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

bool pvclock_is_sane(const struct pvclock_time *t)
{
	return t->tsc_to_system_mul && t->tsc_shift > -32 && t->tsc_shift < 32;
}

/* ns = (cycles << shift) * mul >> 32, so a second has 10^9 << 32 / mul >> shift cycles. */
uint64_t pvclock_hz(const struct pvclock_time *t)
{
	uint64_t hz = (1000000000ULL << 32) / t->tsc_to_system_mul;

	return t->tsc_shift < 0 ? hz << -t->tsc_shift : hz >> t->tsc_shift;
}

uint64_t pvclock_now(const struct pvclock_time *t, uint64_t cycles)
{
	cycles = cycles > t->tsc ? cycles - t->tsc : 0;
	cycles = t->tsc_shift < 0 ? cycles >> -t->tsc_shift : cycles << t->tsc_shift;
	return t->system_ns + mul_shift(cycles, t->tsc_to_system_mul, 32);
}
