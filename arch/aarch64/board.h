// SPDX-License-Identifier: BSD-2-Clause
/*
 * board.h - a Raspberry Pi 3 whose loader gives no device tree: its firmware, set up so, and QEMU.
 * It leaves a list of tags; the tree is in the image (board.S), RAM is asked of the firmware.
 *
 * Threading: the boot context, before relocation. Errors: false.
 */
#pragma once
#include "kernel/page.h"

extern const char board_tree[]; /* a device tree */

/*
 * board_read() - is it such a board? If so, boot_info has its RAM, words and module.
 *
 * tags   what the loader has left in x0; 0: at the place where they usually are
 */
bool board_read(paddr_t tags);
