// SPDX-License-Identifier: BSD-2-Clause
/*
 * ramfs_space.h - how much the root file system may hold.
 *
 * The limit counts pages of files, nodes and names: half of RAM, or unik.ramfs=SIZE with a suffix
 * K, M, G or % (of RAM); 0 makes the root read-only
 * (lib/fs/change.h). What the boot archives hold is not counted.
 * Besides, a part of RAM always stays free for everybody else.
 *
 * Threading: under ramfs_lock(). Errors: -ENOSPC.
 */
#pragma once
#include "lib/base/compiler.h"

/* ramfs_room() - is there room for so much more? 0 or -ENOSPC. */
int ramfs_room(uint64_t bytes) UNIK_MUST_CHECK;

uint64_t ramfs_limit(void);      /* bytes */
uint64_t ramfs_free_bytes(void); /* what ramfs_room() would grant */

/* ramfs_parse_size() - the option's value; `whole` is 100 %. False: not a size. */
bool ramfs_parse_size(const char *text, uint64_t whole, uint64_t *out);
