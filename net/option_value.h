// SPDX-License-Identifier: BSD-2-Clause
/*
 * option_value.h - the values of setsockopt() and getsockopt() to and from the caller's memory,
 * which may be unaligned. No state. Errors: -errno.
 */
#pragma once
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include "kernel/time.h"

static inline int option_get_int(const void *value, socklen_t len, int *out)
{
	if (!value || len < sizeof(*out))
		return -EINVAL;
	memcpy(out, value, sizeof(*out));
	return 0;
}

/* option_get_timeout() - NS_NEVER for 0; -EDOM no such time. */
static inline int option_get_timeout(const void *value, socklen_t len, ns_t *out)
{
	struct timeval tv;

	if (!value || len < sizeof(tv))
		return -EINVAL;
	memcpy(&tv, value, sizeof(tv));
	if (tv.tv_usec < 0 || tv.tv_usec >= 1000000 || tv.tv_sec < 0)
		return -EDOM;
	if (!tv.tv_sec && !tv.tv_usec)
		*out = NS_NEVER;
	else if (tv.tv_sec > INT32_MAX)
		*out = INT32_MAX * NS_PER_S;
	else
		*out = tv.tv_sec * NS_PER_S + tv.tv_usec * NS_PER_US;
	return 0;
}

/* option_put() - as much of it as *len allows; sets *len. */
static inline int option_put(const void *from, size_t size, void *value, socklen_t *len)
{
	memcpy(value, from, MIN((size_t)*len, size));
	*len = MIN((size_t)*len, size);
	return 0;
}

static inline int option_put_int(int n, void *value, socklen_t *len)
{
	return option_put(&n, sizeof(n), value, len);
}

static inline int option_put_timeout(ns_t span, void *value, socklen_t *len)
{
	struct timeval tv = { 0 };

	if (span != NS_NEVER) {
		tv.tv_sec = span / NS_PER_S;
		tv.tv_usec = span % NS_PER_S / NS_PER_US;
	}
	return option_put(&tv, sizeof(tv), value, len);
}
