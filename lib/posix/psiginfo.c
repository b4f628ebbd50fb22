// SPDX-License-Identifier: BSD-2-Clause
/*
 * psiginfo.c - what a signal says, for people (POSIX.1-2017, psiginfo()).
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "lib/base/compiler.h"

static const char *source_of(int code)
{
	switch (code) {
	case SI_USER:
		return "by kill()";
	case SI_KERNEL:
		return "by the system";
	case SI_QUEUE:
		return "by sigqueue()";
	case SI_TIMER:
		return "by a timer";
	case SI_MESGQ:
		return "by a message queue";
	case SI_ASYNCIO:
		return "by asynchronous I/O";
	case SI_TKILL:
		return "by pthread_kill()";
	default:
		return "code";
	}
}

UNIK_API void psiginfo(const siginfo_t *info, const char *text)
{
	bool named = text && *text;

	fprintf(stderr, "%s%s%s (%s %d)\n", named ? text : "", named ? ": " : "",
		strsignal(info->si_signo), source_of(info->si_code), info->si_code);
}
