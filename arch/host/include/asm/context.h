// SPDX-License-Identifier: BSD-2-Clause
/* asm/context.h - a thread that is not running: callee-saved registers are on its stack. */
#pragma once
#include <asm/cpu_offsets.h>

struct context {
	void *sp;
	void *tls; /* from tls_alloc() */
};

_Static_assert(offsetof(struct context, sp) == CONTEXT_SP, "cpu_offsets.h");
