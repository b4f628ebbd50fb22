// SPDX-License-Identifier: BSD-2-Clause
/*
 * memory_watch.h - blocks and pages come into use and go out of it: AddressSanitizer is told, where
 * it is there, so that an access to a freed one is found.
 *
 * host_block_taken(), host_block_given() - a block of a heap, all of its bytes; before anybody
 * else can have it. Told once or several times for the same event.
 */
#pragma once
#include <stddef.h>

struct heap;
void host_pages_taken(void *p, size_t bytes);
void host_block_taken(struct heap *h, void *p, size_t bytes);
void host_block_given(struct heap *h, void *p, size_t bytes);
