// SPDX-License-Identifier: BSD-2-Clause
/*
 * unix_path.c - sockets' names in the file system, and the way into images of the whole family.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include "lib/fs/change.h"
#include "lib/fs/vfs.h"
#include "lib/posix/unix_socket.h"

static int name_of_path(const char *path, bool make, struct vnode **out)
{
	int err = make ? vfs_make(AT_FDCWD, path, S_IFSOCK | 0777, NULL) : 0;

	if (err)
		return err == -EEXIST ? -EADDRINUSE : err;
	err = vfs_lookup(NULL, path, !make, out);
	if (err || S_ISSOCK((*out)->mode))
		return err;
	vnode_put(*out);
	return -ECONNREFUSED;
}

UNIK_API const struct __unik_socket_family __unik_unix_sockets = { unix_create, name_of_path };
