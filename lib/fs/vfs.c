// SPDX-License-Identifier: BSD-2-Clause
#include "lib/fs/vfs.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include "kernel/heap.h"
#include "kernel/mutex.h"
#include "lib/fs/ramfs.h"

static struct mutex lock = MUTEX_INIT(lock); /* guards cwd */
static struct vnode *cwd;                    /* with a reference; NULL before the first path */

struct vnode *vfs_cwd(void)
{
	struct vnode *v = NULL;

	mutex_lock(&lock);
	if (cwd || ramfs_start() == 0) {
		if (!cwd)
			cwd = vnode_get(&ramfs.root.vnode);
		v = vnode_get(cwd);
	}
	mutex_unlock(&lock);
	return v;
}

struct vnode *vfs_root(void)
{
	struct vnode *v = vfs_cwd();

	if (!v)
		return NULL;
	vnode_put(v);
	return vnode_get(&ramfs.root.vnode);
}

int vfs_chdir(struct vnode *v)
{
	struct vnode *old;

	if (!S_ISDIR(v->mode)) {
		vnode_put(v);
		return -ENOTDIR;
	}
	mutex_lock(&lock);
	old = cwd;
	cwd = v;
	mutex_unlock(&lock);
	if (old)
		vnode_put(old);
	return 0;
}

int vfs_open(const char *path, uint32_t flags, struct file **out)
{
	struct vnode *v;
	int err = vfs_lookup(NULL, path, !(flags & O_NOFOLLOW), &v);

	if (err)
		return err;
	if ((flags & O_DIRECTORY) && !S_ISDIR(v->mode))
		err = -ENOTDIR;
	else if (S_ISLNK(v->mode))
		err = -ELOOP;
	else
		err = v->ops->open(v, flags & (O_ACCMODE | O_APPEND | O_NONBLOCK), out);
	if (err)
		vnode_put(v);
	return err;
}

/* Write the name that `child` has in `dir`, with a slash, in front of out[*at]. */
static int prepend_name(struct vnode *dir, struct vnode *child, char *out, size_t *at)
{
	struct dirent e;
	struct stat st;
	off_t position = 0;
	size_t len;

	vnode_stat(child->covers ? child->covers : child, &st);
	do
		if (dir->ops->readdir(dir, &position, &e) != 1)
			return -ENOENT;
	while (e.d_ino != st.st_ino);
	len = strlen(e.d_name);
	if (*at < len + 1)
		return -ERANGE;
	*at -= len + 1;
	out[*at] = '/';
	memcpy(out + *at + 1, e.d_name, len);
	return 0;
}

int vfs_path(struct vnode *dir, char *out, size_t size)
{
	struct vnode *v = vnode_get(dir), *up;
	size_t at = size;
	int err = size < 2 ? -ERANGE : 0;

	if (!err)
		out[--at] = '\0';
	while (!err && v != &ramfs.root.vnode) {
		err = vfs_step(v, "..", 2, &up);
		if (err)
			break;
		err = prepend_name(up, v, out, &at);
		vnode_put(v);
		v = up;
	}
	vnode_put(v);
	if (err)
		return err;
	if (at == size - 1)
		out[--at] = '/';
	memmove(out, out + at, size - at);
	return (int)(size - at - 1);
}
