// SPDX-License-Identifier: BSD-2-Clause
/*
 * checksum.h - the porting contract, part 8: a sum with end-around carry, for which C has no
 * operator and CPUs have an instruction.
 *
 *   uint64_t arch_sum_blocks(const void *p, size_t nblocks, uint64_t sum)
 *
 * adds nblocks * ARCH_SUM_BYTES bytes at p (any alignment), as 64-bit words of memory's byte
 * order, to `sum` in ones' complement. Any context, no errors. Ref: RFC 1071, 2.
 */
#pragma once
#include "lib/base/compiler.h"

#define ARCH_SUM_BYTES 64
#include <asm/checksum.h>
