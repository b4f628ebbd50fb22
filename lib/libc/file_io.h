// SPDX-License-Identifier: BSD-2-Clause
/*
 * file_io.h - operations on an open file with what POSIX says where the file lacks one.
 *
 * Threading: any thread; the caller holds a reference. Errors: -errno.
 */
#pragma once
#include <fcntl.h>
#include "kernel/file.h"

/* Requests of ours to control(). IS_TERMINAL: 0 from what is one. READ_ENTRY: arg is a struct
 * dirent; returns 1, or 0 at the end of the directory. VNODE: arg is a struct vnode **, which gets
 * a reference to what f is open on. */
#define FILE_CONTROL_IS_TERMINAL 0x7501ul
#define FILE_CONTROL_READ_ENTRY  0x7502ul
/* GET_ROOM, SET_ROOM: arg is an int *, the bytes that fit into a pipe. */
#define FILE_CONTROL_GET_ROOM 0x7510ul
#define FILE_CONTROL_SET_ROOM 0x7511ul
#define FILE_CONTROL_VNODE    0x7503ul
/* SYNC: what was written is on the medium, by what is below f; -ENOTTY where nothing is. */
#define FILE_CONTROL_SYNC 0x7504ul

/* file_may_read(), file_may_write() - was f opened for that? */
static inline bool file_may_read(const struct file *f)
{
	return (f->flags & O_ACCMODE) != O_WRONLY;
}
static inline bool file_may_write(const struct file *f)
{
	return (f->flags & O_ACCMODE) != O_RDONLY;
}

/*
 * file_readv(), file_writev() - move bytes between f and memory, at its offset.
 *
 * Return the byte count; -EBADF f is not open for that; whatever the file says.
 */
ssize_t file_readv(struct file *f, const struct iovec *iov, int niov);
ssize_t file_writev(struct file *f, const struct iovec *iov, int niov);

/* file_control() - an ioctl; -ENOTTY where f knows none. */
int file_control(struct file *f, unsigned long request, void *arg);
