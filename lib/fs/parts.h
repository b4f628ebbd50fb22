// SPDX-License-Identifier: BSD-2-Clause
/*
 * parts.h - what is in the file system only when the program asks for it.
 *
 * The linker script collects the entries of two tables and does not keep them: an entry is in the
 * image when some function that is in the image names it with FS_NEED(). So mkdir() brings what
 * changes the tree, and open() by a name that nobody knows before the program runs brings the
 * files of /proc; a program that opens for reading, and says so where the compiler sees it
 * (<fcntl.h>), has neither.
 *
 * Threading: constant. No errors.
 */
#pragma once
#include "lib/fs/vnode.h"

/* A part that puts something into the tree when it is brought up. 0 or -ENOMEM. */
typedef int fs_part(void);

#define FS_PART(name, function) \
	fs_part *const fs_part_##name __attribute__((section(".data.rel.ro.fs_part"))) = function
#define FS_NEED(name)                                      \
	do {                                               \
		extern fs_part *const fs_part_##name;      \
		asm volatile("" : : "r"(&fs_part_##name)); \
	} while (0)

/* FS_ACCEPT() - in the function that brings the parts up: an entry that only a header of the
 * program makes (<sys/_blkpart.h>). It is in the table where there are both, and costs nothing:
 * what refers to it is a relocation that does nothing. */
#define FS_ACCEPT(name) asm volatile(".weak " #name "\n.reloc ., BFD_RELOC_NONE, " #name)

extern fs_part *const fs_parts[], *const fs_parts_end[];

/* What changes the root file system: one entry, or none. */
extern const struct vnode_change_ops *const fs_change[], *const fs_change_end[];
extern const struct vnode_change_ops *const fs_change_ramfs;
