// SPDX-License-Identifier: BSD-2-Clause
/*
 * ucontext.c - the parts of <ucontext.h> that are the same for all machines; lib/libc/ARCH has the
 * registers.
 */
#include <ucontext.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include "lib/base/compiler.h"

/* What the assembly knows. */
_Static_assert(offsetof(ucontext_t, uc_flags) == 0, "as in ucontext.S");
_Static_assert(offsetof(ucontext_t, uc_mcontext) == 40, "as in ucontext.S");

/* The end of getcontext(). */
int ucontext_keep_mask(ucontext_t *c);
int ucontext_keep_mask(ucontext_t *c)
{
	return sigprocmask(SIG_SETMASK, NULL, &c->uc_sigmask);
}

/* The beginning of setcontext(). */
void ucontext_set_mask(const ucontext_t *c);
void ucontext_set_mask(const ucontext_t *c)
{
	sigprocmask(SIG_SETMASK, &c->uc_sigmask, NULL);
}

/* The function of a context has returned. */
UNIK_NORETURN void ucontext_ended(const ucontext_t *c);
UNIK_NORETURN void ucontext_ended(const ucontext_t *c)
{
	if (c->uc_link)
		setcontext(c->uc_link);
	pthread_exit(NULL);
}
