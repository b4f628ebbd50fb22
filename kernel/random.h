// SPDX-License-Identifier: BSD-2-Clause
/*
 * random.h - unpredictable bytes: a ChaCha20 generator with fast key erasure, seeded from the
 * CPU, the machine's entropy device and timing.
 *
 * Threading: threads, one short lock; not in interrupts (random_add_timing() may be). Never fails
 * and never blocks; where the machine offers no entropy source one warning says so.
 *
 * Ref: RFC 8439 (ChaCha20); Bernstein, "Fast-key-erasure random-number generators" (2017).
 */
#pragma once
#include "lib/base/compiler.h"

void random_bytes(void *out, size_t len);
uint32_t random_u32(void);
uint64_t random_u64(void);

/* random_add() - mix bytes into the pool; credits nothing by itself. */
void random_add(const void *bytes, size_t len);

/* random_add_timing() - mix in when this happened. Any context. */
void random_add_timing(void);
