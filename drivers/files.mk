# SPDX-License-Identifier: BSD-2-Clause
src-y += drivers/netdev_table.c
src-y += drivers/entropy_table.c
src-y += drivers/console_table.c
src-y += drivers/blk.c
src-y += drivers/blk_table.c
src-y += drivers/drivers.c
cold-y += drivers/netdev_table.c
