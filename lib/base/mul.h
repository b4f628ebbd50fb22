// SPDX-License-Identifier: BSD-2-Clause
/*
 * mul.h - multiplication that keeps the high half, for rates as fixed-point fractions.
 *
 * Pure functions, any context. No errors: a result that does not fit loses its upper bits.
 */
#pragma once
#include "lib/base/compiler.h"

/* mul_shift() - a * b >> shift, exact in between; shift is 0..63. */
static inline uint64_t mul_shift(uint64_t a, uint64_t b, unsigned shift)
{
	return (uint64_t)((unsigned __int128)a * b >> shift);
}
