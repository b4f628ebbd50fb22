// SPDX-License-Identifier: BSD-2-Clause
/*
 * exhausted.c - the first time that something is used up, the log says so: a program that hides
 * the error is found out, and one that meets it a thousand times a second does not fill the log.
 */
#include <errno.h>
#include "kernel/log.h"
#include "lib/libc/result.h"

static const struct {
	uint8_t error;
	char what[23];
} kinds[] = {
	{ ENOMEM, "memory" },
	{ EMFILE, "descriptors" },
	{ ENFILE, "files" },
	{ ENOSPC, "room in the file system" },
	{ ENOBUFS, "network buffers" },
};
static uint32_t logged; /* a bit for each kind */

void posix_log_exhausted(long err)
{
	for (unsigned i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].error == -err && !(logged & 1u << i)) {
			logged |= 1u << i;
			log_warn("a call failed: no %.23s left (logged once)", kinds[i].what);
		}
}
