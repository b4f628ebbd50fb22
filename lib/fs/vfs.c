// SPDX-License-Identifier: BSD-2-Clause
#include "lib/fs/vfs.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include "kernel/heap.h"
#include "kernel/mutex.h"
#include "lib/fs/path.h"

static struct mutex lock = MUTEX_INIT(lock); /* guards what follows */
static char root_path[] = "/";
static char *cwd = root_path; /* in normal form */
static struct vnode *root;    /* constant once set */

/* Make the tree. Under the lock. */
static int start(void)
{
	struct vnode *top = rootfs_start(), *dev;

	if (!top)
		return -ENOMEM;
	dev = rootfs_mkdir("dev");
	if (!dev)
		return -ENOMEM;
	dev->mounted = devfs_root();
	root = top;
	return 0;
}

/* The normal form of a path in out[PATH_MAX]. */
static int absolute(char *out, const char *path)
{
	int len;

	mutex_lock(&lock);
	len = root ? 0 : start();
	if (len == 0)
		len = path_normalise(out, PATH_MAX, cwd, path);
	mutex_unlock(&lock);
	return len;
}

/* Follow a path in normal form from the root. */
static int walk(const char *path, struct vnode **out)
{
	struct vnode *v = root;
	int err;

	while (*path++ == '/' && *path) {
		size_t len = strcspn(path, "/");

		if (!v->ops->lookup)
			return -ENOTDIR;
		err = v->ops->lookup(v, path, len, &v);
		if (err)
			return err;
		if (v->mounted)
			v = v->mounted;
		path += len;
	}
	*out = v;
	return 0;
}

/* The object, and its path in normal form in out[PATH_MAX]. */
static int lookup(char *full, const char *path, struct vnode **out)
{
	int err = absolute(full, path);

	if (err < 0)
		return err;
	err = walk(full, out);
	if (!err && !S_ISDIR((*out)->mode) && path_wants_directory(path))
		err = -ENOTDIR;
	return err;
}

int vfs_lookup(const char *path, struct vnode **out)
{
	char full[PATH_MAX];

	return lookup(full, path, out);
}

/* May an existing object be opened like this? The file systems so far cannot be written to. */
static int check_flags(const struct vnode *v, uint32_t flags)
{
	bool writes = (flags & O_ACCMODE) != O_RDONLY;

	if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		return -EEXIST;
	if (S_ISDIR(v->mode))
		return writes || (flags & O_CREAT) ? -EISDIR : 0;
	if (flags & O_DIRECTORY)
		return -ENOTDIR;
	if (S_ISLNK(v->mode))
		return -ELOOP;
	return writes && S_ISREG(v->mode) ? -EROFS : 0;
}

int vfs_open(const char *path, uint32_t flags, struct file **out)
{
	struct vnode *v;
	int err;

	if ((flags & O_ACCMODE) == O_ACCMODE)
		return -EINVAL;
	err = vfs_lookup(path, &v);
	if (err == -ENOENT && (flags & O_CREAT))
		return -EROFS;
	if (!err)
		err = check_flags(v, flags);
	if (err)
		return err;
	flags &= O_ACCMODE | O_APPEND | O_NONBLOCK;
	return v->ops->open ? v->ops->open(v, flags, out) : vnode_file_open(v, flags, out);
}

int vfs_chdir(const char *path)
{
	char full[PATH_MAX], *copy;
	struct vnode *v;
	int err = lookup(full, path, &v);

	if (err)
		return err;
	if (!S_ISDIR(v->mode))
		return -ENOTDIR;
	copy = kalloc(strlen(full) + 1);
	if (!copy)
		return -ENOMEM;
	strcpy(copy, full);
	mutex_lock(&lock);
	char *old = cwd;

	cwd = copy;
	mutex_unlock(&lock);
	if (old != root_path)
		kfree(old);
	return 0;
}

int vfs_getcwd(char *out, size_t size)
{
	size_t len;

	mutex_lock(&lock);
	len = strlen(cwd);
	if (len < size)
		memcpy(out, cwd, len + 1);
	mutex_unlock(&lock);
	return len < size ? (int)len : -ERANGE;
}
