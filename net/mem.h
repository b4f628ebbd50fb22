// SPDX-License-Identifier: BSD-2-Clause
/*
 * mem.h - the network's memory: blocks of a few sizes from the kernel heap, kept on free lists,
 * within a budget that is a share of RAM. Serves lwIP's heap and pools and the socket layer.
 *
 * The last eighth of the budget is for small blocks only, so that a connection whose peer does
 * not read cannot take the memory that acknowledgements need.
 *
 * Threading: under net_lock. Errors: NULL when the budget or the heap is used up.
 */
#pragma once
#include "lib/base/compiler.h"

/* net_mem_init() - set the budget [bytes]. */
void net_mem_init(size_t budget_bytes);

/* net_alloc(), net_free() - a block whose size the caller remembers. */
void *net_alloc(size_t size) UNIK_MUST_CHECK;
void net_free(void *p, size_t size);

/* Is the memory for payload as good as used up? */
extern bool net_mem_low;

#define NET_MEM_SEGMENT_BYTES 1600 /* the block of a full TCP segment */

/* How many bytes of blocks one connection may hold for what it has to send, now. */
extern uint32_t net_mem_share;

/* net_mem_held_bytes() - what the network holds of the heap now, free lists included. */
size_t net_mem_held_bytes(void);

/* net_mem_trim() - give the free lists back to the heap. */
void net_mem_trim(void);
