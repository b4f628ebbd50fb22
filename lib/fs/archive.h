// SPDX-License-Identifier: BSD-2-Clause
/*
 * archive.h - archives that lie in memory become a part of the tree; the files' bytes stay where
 * they are.
 *
 * Two formats: cpio "newc" (header magic 070701, and 070702, whose checksum is not looked at), as
 * written by `cpio -o -H newc` and bsdcpio; and tar as POSIX.1-2017 has it under pax (ustar, with
 * extended headers for long names), and with GNU's long names. Files, directories, symbolic and
 * hard links; device nodes are left out, /dev is ours.
 *
 * Several archives may be added: what comes later replaces what has the same name, directories
 * are merged. Directories that an archive leaves out are implied. What is read is not trusted:
 * every length is checked against what is left of the bytes, and no name leads out of the tree.
 *
 * Threading: before the tree is used. Errors: -EINVAL not (or not any more) an archive, or a name
 * that cannot be; -ENOMEM. What came before the error is in the tree.
 */
#pragma once
#include "lib/fs/ramfs.h"

/* archive_is() - do these bytes begin like an archive? */
bool archive_is(const void *bytes, size_t len);

/* archive_add() - put an archive into ramfs; `bytes` must stay where they are. */
int archive_add(const void *bytes, size_t len) UNIK_MUST_CHECK;

/* --- for the formats ----------------------------------------------------------------------- */

/* A member. */
struct member {
	const char *name; /* not terminated */
	size_t name_len;
	const void *data;
	uint64_t size;
	mode_t mode; /* with the type; 0 for a hard link of `same` */
	uint32_t mtime_s;
	struct ramfs_node *same;
};

/*
 * archive_put() - make or replace what a member's name says.
 *
 * out     its node; NULL: something that is left out
 */
int archive_put(const struct member *m, struct ramfs_node **out) UNIK_MUST_CHECK;

/* archive_find() - the node of a name in the archive, or NULL. */
struct ramfs_node *archive_find(const char *name, size_t len);

bool archive_cpio_is(const void *bytes, size_t len);
bool archive_tar_is(const void *bytes, size_t len);
int archive_cpio_add(const uint8_t *bytes, size_t len) UNIK_MUST_CHECK;
int archive_tar_add(const uint8_t *bytes, size_t len) UNIK_MUST_CHECK;
