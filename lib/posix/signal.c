// SPDX-License-Identifier: BSD-2-Clause
/*
 * signal.c - signals that a program sends to itself.
 *
 * There is nobody else to send one, and faults do not become signals. raise() and kill() run the
 * handler in the caller, before they return; SIGPIPE is never generated, EPIPE is returned.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
#include "lib/base/compiler.h"
#include "lib/libc/result.h"

static _sig_func_ptr handler[NSIG]; /* SIG_DFL is 0 */

static bool is_valid(int sig)
{
	return sig > 0 && sig < NSIG;
}

UNIK_API _sig_func_ptr signal(int sig, _sig_func_ptr new)
{
	if (!is_valid(sig) || sig == SIGKILL || sig == SIGSTOP) {
		errno = EINVAL;
		return SIG_ERR;
	}
	return __atomic_exchange_n(&handler[sig], new, __ATOMIC_ACQ_REL);
}

/* What happens by default to whom a signal is sent (POSIX.1-2017, <signal.h>). There is no
 * stopping and going on. */
static void by_default(int sig)
{
	if (sig == SIGCHLD || sig == SIGURG || sig == SIGCONT || sig == SIGWINCH)
		return;
	if (sig == SIGABRT)
		abort();
	_exit(128 + sig);
}

static int deliver(int sig)
{
	_sig_func_ptr f;

	if (sig == 0)
		return 0; /* only asks whether it could be sent */
	if (!is_valid(sig))
		return -EINVAL;
	f = __atomic_load_n(&handler[sig], __ATOMIC_ACQUIRE);
	if (f == SIG_DFL)
		by_default(sig);
	else if (f != SIG_IGN)
		f(sig);
	return 0;
}

UNIK_API int raise(int sig)
{
	return (int)posix_result(deliver(sig));
}

UNIK_API int kill(pid_t pid, int sig)
{
	if (pid != getpid() && pid != 0 && pid != -1)
		return (int)posix_result(-ESRCH);
	return (int)posix_result(deliver(sig));
}
