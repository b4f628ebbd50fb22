// SPDX-License-Identifier: BSD-2-Clause
#include "lib/libc/result.h"
#include <signal.h>
#include <unistd.h>
#include "kernel/panic_report.h"
#include "kernel/sealed.h"

bool (*SEALED posix_event)(long err);

bool posix_without_signals(long err)
{
	if (err == -EPIPE) {
		panic_print("\nunik: ended by signal %d\n", SIGPIPE);
		_exit(128 + SIGPIPE);
	}
	return false;
}

/* A handler may have changed errno, so it is set at the end. */
bool posix_failed(long err)
{
	bool again = (err == -EINTR || err == -EPIPE) && posix_event && posix_event(err);

	if (err != -EAGAIN)
		posix_log_exhausted(err);
	errno = (int)-err;
	return again;
}

bool posix_failed_quietly(long err)
{
	if (err != -EPIPE)
		return posix_failed(err);
	errno = EPIPE;
	return false;
}

long posix_error(long err)
{
	posix_failed(err);
	return -1;
}
