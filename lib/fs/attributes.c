// SPDX-License-Identifier: BSD-2-Clause
/*
 * attributes.c - modes, owners, times and lengths of files.
 *
 * There are no users: everybody may do everything, and what is recorded is only told again.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>
#include <utime.h>
#include "lib/fs/at.h"
#include "lib/fs/change.h"
#include "lib/libc/fd.h"
#include "lib/libc/file_io.h"
#include "lib/libc/result.h"

/* There are no users: only what is impossible is denied. */
UNIK_API int faccessat(int fd, const char *path, int how, int flags)
{
	struct vnode *v;
	int err;

	if ((how & ~(R_OK | W_OK | X_OK)) ||
	    (flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)))
		return (int)posix_result(-EINVAL);
	err = at_lookup(fd, path, flags, &v);
	if (err)
		return (int)posix_result(err);
	if ((how & W_OK) && !S_ISCHR(v->mode) && !vfs_change(v))
		err = -EROFS;
	if ((how & X_OK) && !S_ISDIR(v->mode) && !(v->mode & 0111))
		err = -EACCES;
	vnode_put(v);
	return (int)posix_result(err);
}

UNIK_API int access(const char *path, int how)
{
	return faccessat(AT_FDCWD, path, how, 0);
}

/* Set attributes of v, whose reference goes; err: there is none, because of that. */
static int set(int err, struct vnode *v, const struct vnode_attr *attr)
{
	const struct vnode_change_ops *change;

	if (!err) {
		change = vfs_change(v);
		err = change ? change->setattr(v, attr) : -EROFS;
		vnode_put(v);
	}
	return (int)posix_result(err);
}

static int set_path(int fd, const char *path, int flags, const struct vnode_attr *attr)
{
	struct vnode *v = NULL;
	int err;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return (int)posix_result(-EINVAL);
	err = at_lookup(fd, path, flags, &v);
	return set(err, v, attr);
}

static int set_fd(int fd, const struct vnode_attr *attr)
{
	struct vnode *v = NULL;
	int err;

	err = at_vnode(fd, &v);
	return set(err, v, attr);
}

/* --- modes and owners ---------------------------------------------------------------------- */

UNIK_API int fchmodat(int fd, const char *path, mode_t mode, int flags)
{
	struct vnode_attr attr = { .set = VNODE_MODE, .mode = mode };

	if (flags & AT_SYMLINK_NOFOLLOW)
		return (int)posix_result(-EOPNOTSUPP); /* a link's mode means nothing */
	return set_path(fd, path, flags, &attr);
}

UNIK_API int chmod(const char *path, mode_t mode)
{
	return fchmodat(AT_FDCWD, path, mode, 0);
}

UNIK_API int fchmod(int fd, mode_t mode)
{
	struct vnode_attr attr = { .set = VNODE_MODE, .mode = mode };

	return set_fd(fd, &attr);
}

static struct vnode_attr owner(uid_t uid, gid_t gid)
{
	return (struct vnode_attr){
		.set = (uid == (uid_t)-1 ? 0u : VNODE_UID) | (gid == (gid_t)-1 ? 0u : VNODE_GID),
		.uid = uid,
		.gid = gid,
	};
}

UNIK_API int fchownat(int fd, const char *path, uid_t uid, gid_t gid, int flags)
{
	struct vnode_attr attr = owner(uid, gid);

	return set_path(fd, path, flags, &attr);
}

UNIK_API int chown(const char *path, uid_t uid, gid_t gid)
{
	return fchownat(AT_FDCWD, path, uid, gid, 0);
}

UNIK_API int lchown(const char *path, uid_t uid, gid_t gid)
{
	return fchownat(AT_FDCWD, path, uid, gid, AT_SYMLINK_NOFOLLOW);
}

UNIK_API int fchown(int fd, uid_t uid, gid_t gid)
{
	struct vnode_attr attr = owner(uid, gid);

	return set_fd(fd, &attr);
}

/* --- times --------------------------------------------------------------------------------- */

/* One time as utimensat() has it. */
static int set_time(struct vnode_attr *attr, unsigned which, const struct timespec *t, ns_t now)
{
	ns_t ns, *to = which == VNODE_ATIME ? &attr->atime : &attr->mtime;

	if (t && t->tv_nsec == UTIME_OMIT)
		return 0;
	attr->set |= which;
	*to = now;
	if (!t || t->tv_nsec == UTIME_NOW)
		return 0;
	if (t->tv_nsec < 0 || t->tv_nsec >= NS_PER_S)
		return -EINVAL;
	if (__builtin_mul_overflow(t->tv_sec, NS_PER_S, &ns) ||
	    __builtin_add_overflow(ns, t->tv_nsec, &ns))
		ns = t->tv_sec < 0 ? INT64_MIN : INT64_MAX; /* the nearest that can be kept */
	*to = ns;
	return 0;
}

static int times(struct vnode_attr *attr, const struct timespec *t)
{
	ns_t now = time_wall();
	int err;

	attr->set = 0;
	err = set_time(attr, VNODE_ATIME, t, now);
	return err ? err : set_time(attr, VNODE_MTIME, t ? t + 1 : NULL, now);
}

UNIK_API int utimensat(int fd, const char *path, const struct timespec *t, int flags)
{
	struct vnode_attr attr;
	int err = times(&attr, t);

	return err ? (int)posix_result(err) : set_path(fd, path, flags, &attr);
}

UNIK_API int futimens(int fd, const struct timespec *t)
{
	struct vnode_attr attr;
	int err = times(&attr, t);

	return err ? (int)posix_result(err) : set_fd(fd, &attr);
}

/* Microseconds as nanoseconds; what is no microsecond stays no nanosecond. */
static const struct timespec *from_us(const struct timeval *tv, struct timespec *out)
{
	if (!tv)
		return NULL;
	for (int i = 0; i < 2; i++) {
		bool valid = tv[i].tv_usec >= 0 && tv[i].tv_usec < 1000000;

		out[i].tv_sec = tv[i].tv_sec;
		out[i].tv_nsec = valid ? tv[i].tv_usec * NS_PER_US : NS_PER_S;
	}
	return out;
}

UNIK_API int utimes(const char *path, const struct timeval *tv)
{
	struct timespec t[2];

	return utimensat(AT_FDCWD, path, from_us(tv, t), 0);
}

UNIK_API int lutimes(const char *path, const struct timeval *tv)
{
	struct timespec t[2];

	return utimensat(AT_FDCWD, path, from_us(tv, t), AT_SYMLINK_NOFOLLOW);
}

UNIK_API int futimes(int fd, const struct timeval *tv)
{
	struct timespec t[2];

	return futimens(fd, from_us(tv, t));
}

UNIK_API int utime(const char *path, const struct utimbuf *times)
{
	struct timespec t[2] = { { 0, 0 }, { 0, 0 } };

	if (times) {
		t[0].tv_sec = times->actime;
		t[1].tv_sec = times->modtime;
	}
	return utimensat(AT_FDCWD, path, times ? t : NULL, 0);
}
