// SPDX-License-Identifier: BSD-2-Clause
/*
 * unik/blk.h - block devices: whole sectors, several requests in flight. See <unik/_blk.h>.
 *
 * A program that includes this and uses files has the devices in /dev as well: <linux/fs.h>.
 */
#pragma once
#include <sys/_blkpart.h>
#include <unik/_blk.h>
