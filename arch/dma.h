// SPDX-License-Identifier: BSD-2-Clause
/*
 * dma.h - the porting contract, part 10: memory that a device reads and writes past the caches.
 *
 * Most devices snoop: virtio's always do, and everything on x86-64; for them the dma_*() barriers
 * (arch/mmio.h) are all there is to do. For others the caches are told what goes where. What they
 * are told is whole lines, so a buffer that a device writes shares no line with anything else:
 * aligned to DMA_LINE_BYTES_MAX and a multiple of it long.
 *
 * Threading: any context.
 */
#pragma once
#include <asm/mmio.h>
#include "lib/base/compiler.h"

/* Architecture: to memory what caches hold of the range; then, with discard, away from them. */
void dma_cache_clean(const void *p, size_t len, bool discard);

/*
 * dma_to_device()   - what was written is where the device reads it, before a later register write.
 * dma_from_device() - what the device has written is what is read from now on. The CPU has not
 *                     written there since dma_to_device().
 *
 * snoops   what the device is known for: `dma-coherent` in a device tree
 */
static inline void dma_to_device(const void *p, size_t len, bool snoops)
{
	if (!DMA_ALL_SNOOP && !snoops)
		dma_cache_clean(p, len, false);
	else
		dma_wmb();
}
static inline void dma_from_device(void *p, size_t len, bool snoops)
{
	if (!DMA_ALL_SNOOP && !snoops)
		dma_cache_clean(p, len, true);
	else
		dma_rmb();
}
