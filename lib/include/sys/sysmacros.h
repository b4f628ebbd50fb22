// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/sysmacros.h - a device number's halves: 12 bits of major number above 20 of minor, and the
 * rest of both above those.
 */
#pragma once

#define major(dev) \
	((unsigned)(((unsigned long)(dev) >> 8 & 0xfff) | ((unsigned long)(dev) >> 32 & ~0xfffUL)))
#define minor(dev) \
	((unsigned)(((unsigned long)(dev)&0xff) | ((unsigned long)(dev) >> 12 & ~0xffUL)))
#define makedev(major, minor)                                                                 \
	(((unsigned long)((major)&0xfff) << 8) | ((unsigned long)((major) & ~0xfffu) << 32) | \
	 ((unsigned long)((minor)&0xff)) | ((unsigned long)((minor) & ~0xffu) << 12))
