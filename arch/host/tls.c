// SPDX-License-Identifier: BSD-2-Clause
/*
 * tls.c - thread-local storage. The image's variables are part of the executable's TLS segment,
 * which each thread has a copy of, below what %gs points to (arch/host/bin/as).
 */
#include <string.h>
#include "arch/context.h"
#include "arch/host/machine.h"
#include "kernel/heap.h"

/* Variant II (ELF Handling For Thread-Local Storage, 3.4.6): the segment lies below the thread
 * control block, whose first word points to itself. */
#define TCB_BYTES 64

static size_t tls_offset(void)
{
	return ALIGN_UP(host_machine->tls_bytes, host_machine->tls_align);
}

void *tls_alloc(void)
{
	size_t offset = tls_offset(), align = MAX(host_machine->tls_align, (size_t)TCB_BYTES);
	char *block = heap_alloc_aligned(&kernel_heap, align, offset + TCB_BYTES);
	void **tcb;

	if (!block)
		return NULL;
	memset(block, 0, offset + TCB_BYTES);
	memcpy(block, host_machine->tls_template, host_machine->tls_template_bytes);
	tcb = (void **)(block + offset);
	tcb[0] = tcb;
	return tcb;
}

void tls_free(void *tls)
{
	if (tls)
		kfree((char *)tls - tls_offset());
}
