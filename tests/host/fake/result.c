// SPDX-License-Identifier: BSD-2-Clause
/* No signals: what failed is not made again. */
#include "lib/libc/result.h"

bool (*posix_event)(long err);

bool posix_without_signals(long err)
{
	return false;
}

bool posix_failed(long err)
{
	errno = (int)-err;
	return false;
}

bool posix_failed_quietly(long err)
{
	return posix_failed(err);
}

long posix_error(long err)
{
	posix_failed(err);
	return -1;
}

void posix_log_exhausted(long err)
{
	(void)err;
}
