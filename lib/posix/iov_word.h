// SPDX-License-Identifier: BSD-2-Clause
/*
 * iov_word.h - the 8-byte values that event descriptors read and write.
 *
 * No state. Errors: false, the vector has fewer than 8 bytes.
 */
#pragma once
#include <string.h>
#include <sys/uio.h>
#include "lib/base/compiler.h"

static inline bool iov_has_word(const struct iovec *iov, int niov)
{
	size_t len = 0;

	for (int i = 0; i < niov && len < sizeof(uint64_t); i++)
		len += MIN(iov[i].iov_len, sizeof(uint64_t));
	return len >= sizeof(uint64_t);
}

/* iov_move_word() - copy *word into the vector, which is long enough, or out of it. */
static inline void iov_move_word(const struct iovec *iov, uint64_t *word, bool into)
{
	char *at = (char *)word;

	for (size_t left = sizeof(*word); left > 0; iov++) {
		size_t n = MIN(left, iov->iov_len);

		if (n == 0)
			continue;
		if (into)
			memcpy(iov->iov_base, at, n);
		else
			memcpy(at, iov->iov_base, n);
		at += n;
		left -= n;
	}
}
