// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/_blkpart.h - the word by which the file system finds the block devices: an entry of the
 * table of its parts, which the linker keeps only where there is a file system.
 */
#pragma once
#include <sys/_blkio.h>

__BEGIN_DECLS

extern int (*const __unik_part_block_devices)(void)
	__attribute__((__weak__, __section__(".data.rel.ro.fs_part")));
int (*const __unik_part_block_devices)(void) = __unik_block_devices;

__END_DECLS
