// SPDX-License-Identifier: BSD-2-Clause
/*
 * fuzz.h - what the fuzz targets share: the entry that libFuzzer calls, and taking the input apart.
 *
 * A target defines LLVMFuzzerTestOneInput(). Whatever it finds out to be wrong it says with
 * FUZZ_ASSERT(), which ends the program as a sanitizer's report does.
 *
 * Threading: one host thread.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define FUZZ_ASSERT(cond)                                                                  \
	do {                                                                               \
		if (!(cond)) {                                                             \
			fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #cond); \
			abort();                                                           \
		}                                                                          \
	} while (0)

/* The input as a stream; past its end there are zeros. */
struct fuzz_input {
	const uint8_t *at, *end;
};

static inline size_t fuzz_left(const struct fuzz_input *in)
{
	return (size_t)(in->end - in->at);
}

static inline uint8_t fuzz_byte(struct fuzz_input *in)
{
	return in->at < in->end ? *in->at++ : 0;
}

static inline uint16_t fuzz_u16(struct fuzz_input *in)
{
	uint16_t low = fuzz_byte(in);

	return (uint16_t)(low | fuzz_byte(in) << 8);
}

static inline uint32_t fuzz_u32(struct fuzz_input *in)
{
	uint32_t low = fuzz_u16(in);

	return low | (uint32_t)fuzz_u16(in) << 16;
}

/* Up to `len` bytes of it; *got says how many. */
static inline const uint8_t *fuzz_bytes(struct fuzz_input *in, size_t len, size_t *got)
{
	const uint8_t *p = in->at;

	*got = len < fuzz_left(in) ? len : fuzz_left(in);
	in->at += *got;
	return p;
}

/* A copy in memory that ends with it, for the sanitizer to see the first byte beyond. */
static inline void *fuzz_copy(const void *data, size_t len)
{
	void *copy = malloc(len ? len : 1);

	memcpy(copy, data, len);
	return copy;
}
