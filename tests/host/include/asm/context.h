// SPDX-License-Identifier: BSD-2-Clause
/* asm/context.h on the host - a thread is a ucontext of tests/host/fake/thread.c. */
#pragma once

struct context {
	void *sp;
	void *tls;
	void *host; /* struct host_context of fake/thread.c */
};
