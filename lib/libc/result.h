// SPDX-License-Identifier: BSD-2-Clause
/*
 * result.h - the one edge at which errno is set.
 *
 * Everything below returns a value or -errno; the functions that a program calls turn that into
 * what POSIX says with these. No locks; errno is the calling thread's.
 */
#pragma once
#include <errno.h>
#include "kernel/sealed.h"
#include "lib/base/compiler.h"

/*
 * posix_failed() - what must happen where a call has failed: errno is set. A wait that was
 * interrupted (-EINTR) has its signals delivered, or ends a cancelled thread; -EPIPE raises
 * SIGPIPE.
 *
 * Returns whether the call is to be made again (SA_RESTART). Context: thread, no lock and no
 * reference held, for it need not return.
 */
bool posix_failed(long err);
bool posix_failed_quietly(long err); /* the same without SIGPIPE */
long posix_error(long err);          /* the same, for what is not made again; returns -1 */

/* posix_log_exhausted() - one line in the log for the first of each error that says that memory,
 * descriptors and the like are used up. posix_failed() does it; for calls that return errors. */
void posix_log_exhausted(long err);

/* posix_event - does that for -EINTR and -EPIPE; for 0 it delivers signals, without cancellation.
 * NULL until signals are used. */
extern bool (*posix_event)(long err);

/* posix_without_signals() - posix_event of a program that may get EPIPE and uses no signals:
 * SIGPIPE's default action ends it. posix_expect_broken_pipes() - set that. */
bool posix_without_signals(long err);
static inline void posix_expect_broken_pipes(void)
{
	if (!posix_event)
		sealed_set(&posix_event, posix_without_signals);
}

/*
 * posix_result() - the return value of a POSIX function.
 *
 * value   a result >= 0, or -errno
 *
 * Returns value, or -1 with errno set. Context: as posix_failed().
 */
static inline long posix_result(long value)
{
	return unlikely(value < 0) ? posix_error(value) : value;
}

/* posix_call() - the same for a call that SA_RESTART makes again. */
#define posix_call(call)                                                \
	({                                                              \
		long result_;                                           \
		do                                                      \
			result_ = (call);                               \
		while (unlikely(result_ < 0) && posix_failed(result_)); \
		result_ < 0 ? -1 : result_;                             \
	})
