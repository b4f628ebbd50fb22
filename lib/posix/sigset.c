// SPDX-License-Identifier: BSD-2-Clause
/*
 * sigset.c - sets of signals, jumps that restore the mask, and System V's functions.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include "lib/libc/result.h"
#include "lib/posix/signals.h"

static int check(int sig)
{
	return signal_is_valid(sig) ? 0 : -EINVAL;
}

UNIK_API int sigemptyset(sigset_t *set)
{
	*set = 0;
	return 0;
}

UNIK_API int sigfillset(sigset_t *set)
{
	*set = ~0UL;
	return 0;
}

UNIK_API int sigaddset(sigset_t *set, int sig)
{
	int err = check(sig);

	if (!err)
		*set |= SIGNAL_BIT(sig);
	return (int)posix_result(err);
}

UNIK_API int sigdelset(sigset_t *set, int sig)
{
	int err = check(sig);

	if (!err)
		*set &= ~SIGNAL_BIT(sig);
	return (int)posix_result(err);
}

UNIK_API int sigismember(const sigset_t *set, int sig)
{
	int err = check(sig);

	return (int)posix_result(err ? err : (int)(*set >> (sig - 1) & 1));
}

UNIK_API int sigisemptyset(const sigset_t *set)
{
	return *set == 0;
}

UNIK_API int sigandset(sigset_t *out, const sigset_t *a, const sigset_t *b)
{
	*out = *a & *b;
	return 0;
}

UNIK_API int sigorset(sigset_t *out, const sigset_t *a, const sigset_t *b)
{
	*out = *a | *b;
	return 0;
}

/* --- jumps --------------------------------------------------------------------------- */

UNIK_API void __unik_save_mask(sigjmp_buf env, int save)
{
	env->__has_mask = save;
	if (save)
		sigprocmask(SIG_SETMASK, NULL, &env->__mask);
}

UNIK_API void siglongjmp(sigjmp_buf env, int value)
{
	if (env->__has_mask)
		sigprocmask(SIG_SETMASK, &env->__mask, NULL);
	longjmp(env->__registers, value);
}

UNIK_API void _longjmp(jmp_buf env, int value)
{
	longjmp(env, value);
}

/* --- System V ------------------------------------------------------------------------ */

static int change_mask(int how, int sig)
{
	sigset_t set;

	sigemptyset(&set);
	return sigaddset(&set, sig) || sigprocmask(how, &set, NULL) ? -1 : 0;
}

UNIK_API int sighold(int sig)
{
	return change_mask(SIG_BLOCK, sig);
}

UNIK_API int sigrelse(int sig)
{
	return change_mask(SIG_UNBLOCK, sig);
}

UNIK_API int sigignore(int sig)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	return sigaction(sig, &ignore, NULL);
}

UNIK_API _sig_func_ptr sigset(int sig, _sig_func_ptr handler)
{
	struct sigaction new = { .sa_handler = handler }, old;
	sigset_t mask;

	if (sigprocmask(SIG_SETMASK, NULL, &mask) ||
	    sigaction(sig, handler == SIG_HOLD ? NULL : &new, &old))
		return SIG_ERR;
	if (sig == SIGKILL || sig == SIGSTOP) {
		errno = EINVAL;
		return SIG_ERR;
	}
	if (change_mask(handler == SIG_HOLD ? SIG_BLOCK : SIG_UNBLOCK, sig))
		return SIG_ERR;
	return sigismember(&mask, sig) ? SIG_HOLD : old.sa_handler;
}
