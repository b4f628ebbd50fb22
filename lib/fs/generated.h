// SPDX-License-Identifier: BSD-2-Clause
/*
 * generated.h - files whose text is made when they are opened.
 *
 * An open file has the text of the moment; its size is told as 0 under /proc, as on Linux, and
 * right elsewhere.
 *
 * Threading: any thread. Errors: -errno.
 */
#pragma once
#include "lib/fs/ramfs.h"

/* Text that grows; what does not fit is only counted. */
struct text {
	char *out;
	size_t size, len;
};
void text_printf(struct text *t, const char *format, ...) UNIK_PRINTF(2, 3);
void text_bytes(struct text *t, const void *bytes, size_t len);

typedef void generator(struct text *t);

/* One row: a file by a generator, a file with this text, or a symbolic link. */
struct generated {
	const char *path;
	generator *make;
	const char *text;
	const char *target;
};
extern const struct generated generated_table[]; /* lib/fs/proc.c */
extern const size_t generated_table_len;

/* proc_name_servers() - write what the resolver knows into /etc/resolv.conf; false: nothing, then
 * there is what the command line says. NULL without a resolver. */
extern bool (*proc_name_servers)(struct text *t);

/* proc_fd_ops - lib/fs/proc_fd.c: a directory of the open descriptors. */
extern const struct vnode_ops proc_fd_ops;
