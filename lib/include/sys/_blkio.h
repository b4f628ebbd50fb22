// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/_blkio.h - the ioctl() requests of block devices, with Linux's numbers, and the word by which
 * a program has them. Programs include <linux/fs.h> or <unik/blk.h>.
 */
#pragma once
#include <sys/cdefs.h>

#define BLKROGET     0x125e     /* int *: 1 it cannot be written to */
#define BLKGETSIZE   0x1260     /* unsigned long *: its size [512 bytes] */
#define BLKFLSBUF    0x1261     /* no argument: as fsync() */
#define BLKSSZGET    0x1268     /* int *: the sector [bytes] */
#define BLKBSZGET    0x80081270 /* int *: the block that is best for it [bytes] */
#define BLKGETSIZE64 0x80081272 /* uint64_t *: its size [bytes] */
#define BLKDISCARD   0x1277     /* uint64_t[2]: from where, how much [bytes, whole sectors] */
#define BLKPBSZGET   0x127b     /* unsigned *: the sector [bytes] */

__BEGIN_DECLS

int __unik_block_devices(void);

__END_DECLS
