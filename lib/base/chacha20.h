// SPDX-License-Identifier: BSD-2-Clause
/*
 * chacha20.h - the ChaCha20 block function.
 *
 * No state, any context, no errors. Time and addresses do not depend on the key.
 *
 * Ref: RFC 8439, 2.3.
 */
#pragma once
#include "lib/base/compiler.h"

#define CHACHA20_KEY_BYTES   32
#define CHACHA20_BLOCK_BYTES 64

/* chacha20_block() - the 64 bytes of key stream at a block counter. The words are in the CPU's
 * order, which is that of the RFC on the little-endian machines that we have. */
void chacha20_block(const uint32_t key[8], uint32_t counter, const uint32_t nonce[3],
		    uint32_t out[16]);
