// SPDX-License-Identifier: BSD-2-Clause
/*
 * linux/fs.h - block devices as files: their ioctl() requests, with Linux's names and numbers.
 *
 * /dev has the machine's disks in the images of programs that include this header or <unik/blk.h>,
 * and not in others: vda, vdb... by virtio, xvda, xvdb... by Xen. They are looked for at the first
 * path that the program uses.
 *
 * read() and write() go to the device at once, there is no cache here: any offset and length will
 * do, and whole sectors in memory from malloc() are moved without a copy. write() behind the end
 * is ENOSPC, read() there 0, lseek() beyond it EINVAL. What was written is safe from a power cut
 * when a later fsync() or fdatasync() has returned 0, or with O_SYNC when write() has. A disk that
 * cannot be written to is opened with O_RDONLY only (EACCES).
 *
 * Threading: any thread. Parts of one sector may be written from several threads at once.
 * Errors: EIO the device says no, ENODEV it is out of service; of BLKDISCARD also EOPNOTSUPP.
 */
#pragma once
#include <sys/_blkpart.h>
