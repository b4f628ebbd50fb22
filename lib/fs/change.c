// SPDX-License-Identifier: BSD-2-Clause
#include "lib/fs/change.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include "lib/fs/at.h"
#include "lib/fs/parts.h"
#include "lib/fs/ramfs.h"
#include "lib/fs/ramfs_space.h"

#define OPEN_STATUS \
	(O_ACCMODE | O_APPEND | O_NONBLOCK | O_SYNC | O_DSYNC) /* flags that a file keeps */

static mode_t umask_bits = 022; /* atomic */

mode_t vfs_umask(mode_t mask)
{
	return __atomic_exchange_n(&umask_bits, mask & 0777, __ATOMIC_RELAXED);
}

const struct vnode_change_ops *vfs_change(const struct vnode *v)
{
	if (v->ops == &ramfs_ops)
		return ramfs_limit() > 0 ? fs_change_ramfs : NULL;
	return v->ops->change;
}

static struct vnode_name name_of(const struct walk *w)
{
	return (struct vnode_name){ w->dir, w->name, w->len };
}

/* "/", "." and "..": there, but not names that can be made or taken away. */
static bool is_special(const struct walk *w)
{
	return w->len == 0 ||
	       (w->name[0] == '.' && (w->len == 1 || (w->len == 2 && w->name[1] == '.')));
}

/* Is the last component there? 0 if not; -EEXIST; what else is wrong. */
static int check_absent(const struct walk *w)
{
	struct vnode *v;
	int err = vfs_step(w->dir, w->name, w->len, &v);

	if (err)
		return err == -ENOENT ? 0 : err;
	vnode_put(v);
	return -EEXIST;
}

/* --- open() -------------------------------------------------------------------------------- */

static int create_file(const struct walk *w, mode_t mode, struct vnode **out)
{
	const struct vnode_change_ops *change = vfs_change(w->dir);
	struct vnode_name name = name_of(w);

	if (!change)
		return -EROFS;
	mode &= 07777 & ~READ_ONCE(umask_bits);
	return change->create(&name, S_IFREG | mode, NULL, out);
}

/* The last component may not be followed further: is it what the flags want? */
static int check_last(const struct vnode *v, uint32_t flags, bool slash)
{
	bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC);

	if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		return -EEXIST;
	if (S_ISDIR(v->mode))
		return writes || (flags & O_CREAT) ? -EISDIR : 0;
	if ((flags & O_DIRECTORY) || slash)
		return -ENOTDIR;
	if (S_ISLNK(v->mode))
		return -ELOOP;
	return writes && S_ISREG(v->mode) && !vfs_change(v) ? -EROFS : 0;
}

/* Find or make what the path names. */
static int find(struct walk *w, uint32_t flags, mode_t mode, bool *made, struct vnode **out)
{
	bool exclusive = (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL);
	struct vnode *v;
	int err = 0;

	for (;;) {
		if ((flags & O_CREAT) && w->slash && !is_special(w))
			return -EISDIR;
		err = vfs_step(w->dir, w->name, w->len, &v);
		*made = err == -ENOENT && (flags & O_CREAT);
		if (*made) {
			err = create_file(w, mode, &v);
			if (err == -EEXIST && !exclusive)
				continue; /* somebody was faster: use that */
		}
		if (err)
			return err;
		if (!S_ISLNK(v->mode) || exclusive || ((flags & O_NOFOLLOW) && !w->slash))
			break;
		err = walk_follow(w, v);
		vnode_put(v);
		if (err)
			return err;
	}
	*out = v;
	return 0;
}

static int open_vnode(struct vnode *v, uint32_t flags, struct file **out)
{
	const struct vnode_change_ops *change = vfs_change(v);
	int err = 0;

	if (!S_ISREG(v->mode) || !change)
		return v->ops->open(v, flags & OPEN_STATUS, out);
	if (flags & O_TRUNC)
		err = change->truncate(v, 0);
	return err ? err : vnode_file_open_write(v, flags & OPEN_STATUS, out);
}

int vfs_open_any(struct vnode *start, const char *path, uint32_t flags, mode_t mode,
		 struct file **out)
{
	struct vnode *v = NULL;
	struct walk w;
	bool made = false;
	int err;

	if ((flags & O_ACCMODE) == O_ACCMODE ||
	    (flags & (O_CREAT | O_DIRECTORY)) == (O_CREAT | O_DIRECTORY))
		return -EINVAL;
	err = walk_start(&w, start, path);
	if (!err)
		err = find(&w, flags, mode, &made, &v);
	if (!err && !made)
		err = check_last(v, flags, w.slash);
	if (!err)
		err = open_vnode(v, made ? flags & ~(uint32_t)O_TRUNC : flags, out);
	if (err && v)
		vnode_put(v);
	walk_end(&w);
	return err;
}

/* --- names --------------------------------------------------------------------------------- */

static int make(struct walk *w, mode_t mode, const char *target)
{
	const struct vnode_change_ops *change = vfs_change(w->dir);
	struct vnode_name name = name_of(w);
	struct vnode *v;
	int err;

	if (is_special(w))
		return -EEXIST;
	err = check_absent(w);
	if (err)
		return err;
	if (w->slash && !S_ISDIR(mode))
		return -ENOENT;
	if (!change)
		return -EROFS;
	if (!target)
		mode &= ~READ_ONCE(umask_bits);
	err = change->create(&name, mode, target, &v);
	if (!err)
		vnode_put(v);
	return err;
}

int vfs_make(int fd, const char *path, mode_t mode, const char *target)
{
	struct vnode *start;
	struct walk w;
	int err = at_start(fd, path, &start);

	if (err)
		return err;
	err = walk_start(&w, start, path);
	if (!err)
		err = make(&w, mode, target);
	walk_end(&w);
	at_end(start);
	return err;
}

/* What rmdir() and unlink() say to "/", "." and "..". */
static int refuse_special(const struct walk *w, bool directory)
{
	if (!directory)
		return -EISDIR;
	return w->len == 0 ? -EBUSY : w->len == 1 ? -EINVAL : -ENOTEMPTY;
}

static int remove_name(struct walk *w, bool directory)
{
	const struct vnode_change_ops *change = vfs_change(w->dir);
	struct vnode_name name = name_of(w);
	struct vnode *v;
	mode_t mode;
	int err;

	if (is_special(w))
		return refuse_special(w, directory);
	err = vfs_step(w->dir, w->name, w->len, &v);
	if (err)
		return err;
	mode = v->mode;
	vnode_put(v);
	if (!directory && w->slash)
		return S_ISDIR(mode) ? -EISDIR : -ENOTDIR;
	return change ? change->unlink(&name, directory) : -EROFS;
}

int vfs_remove(int fd, const char *path, bool directory)
{
	struct vnode *start;
	struct walk w;
	int err = at_start(fd, path, &start);

	if (err)
		return err;
	err = walk_start(&w, start, path);
	if (!err)
		err = remove_name(&w, directory);
	walk_end(&w);
	at_end(start);
	return err;
}

static int link_to(struct vnode *v, struct walk *w)
{
	const struct vnode_change_ops *change = vfs_change(w->dir);
	struct vnode_name name = name_of(w);
	int err = is_special(w) ? -EEXIST : check_absent(w);

	if (err)
		return err;
	if (w->slash)
		return -ENOENT;
	if (v->ops != w->dir->ops)
		return -EXDEV;
	if (S_ISDIR(v->mode))
		return -EPERM;
	return change ? change->link(&name, v) : -EROFS;
}

int vfs_link(int from_fd, const char *from, int to_fd, const char *to, bool follow)
{
	struct vnode *v, *start;
	struct walk w;
	int err = at_lookup(from_fd, from, follow ? 0 : AT_SYMLINK_NOFOLLOW, &v);

	if (err)
		return err;
	err = at_start(to_fd, to, &start);
	if (!err) {
		err = walk_start(&w, start, to);
		if (!err)
			err = link_to(v, &w);
		walk_end(&w);
		at_end(start);
	}
	vnode_put(v);
	return err;
}

static int rename_walked(struct walk *from, struct walk *to, bool keep)
{
	const struct vnode_change_ops *change = vfs_change(from->dir);
	struct vnode_name from_name = name_of(from), to_name = name_of(to);
	struct vnode *v;
	mode_t mode;
	int err;

	if (from->dir->ops != to->dir->ops)
		return -EXDEV;
	if (is_special(from) || is_special(to))
		return keep && is_special(to) && !is_special(from) ? -EEXIST : -EBUSY;
	err = vfs_step(from->dir, from->name, from->len, &v);
	if (err)
		return err;
	mode = v->mode;
	vnode_put(v);
	err = check_absent(to);
	if (err && (err != -EEXIST || keep))
		return err;
	if (!S_ISDIR(mode) && (from->slash || to->slash))
		return -ENOTDIR;
	return change ? change->rename(&from_name, &to_name, keep) : -EROFS;
}

int vfs_rename(int from_fd, const char *from, int to_fd, const char *to, bool keep)
{
	struct vnode *from_start, *to_start;
	struct walk w1, w2;
	int err = at_start(from_fd, from, &from_start);

	if (err)
		return err;
	err = at_start(to_fd, to, &to_start);
	if (!err) {
		err = walk_start(&w1, from_start, from);
		if (!err) {
			err = walk_start(&w2, to_start, to);
			if (!err)
				err = rename_walked(&w1, &w2, keep);
			walk_end(&w2);
		}
		walk_end(&w1);
		at_end(to_start);
	}
	at_end(from_start);
	return err;
}
