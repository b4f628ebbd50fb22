// SPDX-License-Identifier: BSD-2-Clause
/*
 * fcntl.h - newlib's, and the requests that it lacks.
 */
#pragma once
#include_next <fcntl.h>

#define F_SETPIPE_SZ 1031 /* at least so many bytes of room in a pipe; returns what it became */
#define F_GETPIPE_SZ 1032
