// SPDX-License-Identifier: BSD-2-Clause
/*
 * sockopt.c - setsockopt() and getsockopt() for every option that there is. Calls that name a
 * usual one are compiled into others (<sys/socket.h>), so that few images have this. That header
 * has an inline function of either name; the function behind it has the name in the assembler.
 */
#include <errno.h>
#include "lib/libc/fd.h"
#include "lib/libc/result.h"
#include "lib/posix/socket_fd.h"
#include "net/sockets.h"

/* Calls for the usual options are compiled into others, so the rare ones are tried first: their
 * values may be shorter than the int that the table's call looks for before it knows the option. */
static long set_any(struct file *f, int level, int option, const void *value, socklen_t len)
{
	long ret = net_set_rare_option(f, level, option, value, len);

	if (ret == -ENOPROTOOPT)
		ret = f->ops->socket->set_option(f, level, option, value, len);
	return ret;
}

UNIK_API int __unik_setsockopt_any(int fd, int level, int option, const void *value, socklen_t len)
{
	long ret;
	struct file *f = socket_fd_get(fd, &ret);

	if (f) {
		ret = set_any(f, level, option, value, len);
		file_put(f);
	}
	return (int)posix_result(ret);
}

UNIK_API int __unik_getsockopt_any(int fd, int level, int option, void *value, socklen_t *len)
{
	long ret;
	struct file *f = socket_fd_get(fd, &ret);

	if (f) {
		ret = f->ops->socket->get_option(f, level, option, value, len);
		if (ret == -ENOPROTOOPT)
			ret = net_get_rare_option(f, level, option, value, len);
		file_put(f);
	}
	return (int)posix_result(ret);
}
