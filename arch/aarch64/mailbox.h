// SPDX-License-Identifier: BSD-2-Clause
/*
 * mailbox.h - questions to the firmware of a Raspberry Pi, which runs on the graphics processor and
 * does not see this CPU's caches.
 *
 * Threading: one at a time; the boot context, before relocation. Errors: false: it does not answer,
 * or not what was asked.
 */
#pragma once
#include "kernel/page.h"

struct mailbox {
	char *regs;
	uint32_t *message; /* DMA_LINE_BYTES_MAX bytes, and aligned so (arch/dma.h) */
	paddr_t at;        /* where that is in memory */
};

/*
 * mailbox_memory() - the RAM that is this CPU's.
 *
 * start   [bytes], and how many
 */
bool mailbox_memory(const struct mailbox *m, uint32_t *start, uint32_t *len) UNIK_MUST_CHECK;
