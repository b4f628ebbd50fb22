// SPDX-License-Identifier: BSD-2-Clause
/* asm/context.h - a thread that is not running on AArch64: callee-saved registers are on its
 * stack, this says where. */
#pragma once
#include <asm/cpu_offsets.h>

struct context {
	void *sp;
	void *tls; /* thread pointer: TPIDR_EL0 (AAELF64, TLS variant I) */
};

_Static_assert(offsetof(struct context, sp) == CONTEXT_SP, "cpu_offsets.h");
_Static_assert(offsetof(struct context, tls) == CONTEXT_TLS, "cpu_offsets.h");
