// SPDX-License-Identifier: BSD-2-Clause
/*
 * file.h - an open file: what a descriptor refers to. Sockets, pipes, regular files, consoles,
 * epoll sets are all this, and nothing asks which.
 *
 * A file is made with one reference, which the descriptor holds; a call in progress holds
 * another, so a close in one thread does not pull the file from under a read in the other.
 *
 * Threading: any thread. Errors: ops return -errno; a missing op means what POSIX says for it
 * (read: -EBADF…), given by the wrappers of lib/libc/file_io.h.
 */
#pragma once
#include <sys/types.h>
#include <sys/uio.h>
#include "kernel/wait.h"

struct file;
struct socket_calls;
struct stat;

struct file_ops {
	/* read(), write() - up to the sum of the iov lengths, at f->offset where the file has one;
	 * honours O_NONBLOCK in f->flags. Return the byte count or -errno. */
	ssize_t (*read)(struct file *f, const struct iovec *iov, int niov);
	ssize_t (*write)(struct file *f, const struct iovec *iov, int niov);
	/* read_at(), write_at() - the same from `at` on, for what has offsets; f->offset stays. */
	ssize_t (*read_at)(struct file *f, const struct iovec *iov, int niov, off_t at);
	ssize_t (*write_at)(struct file *f, const struct iovec *iov, int niov, off_t at);
	off_t (*seek)(struct file *f, off_t offset, int whence);
	int (*stat)(struct file *f, struct stat *out);
	/* control() - ioctl requests and F_* that concern the object. */
	int (*control)(struct file *f, unsigned long request, void *arg);
	/* poll() - the POLL* events that hold now; those that `events` does not ask for may be
	 * missing, but for POLLERR and POLLHUP. Does not sleep. f->wait is woken on changes. */
	short (*poll)(struct file *f, short events);
	/*
	 * get_page() - the file's own page of memory, for a shared mapping.
	 *
	 * index  which page of the file              [pages of 4096 bytes]
	 * page   where it lies in the direct map, 4096 bytes; one that was a hole is made
	 *
	 * The page stays at its place, and is what read() and write() see, for as long as the
	 * caller holds a reference to f - also when the file is made shorter meanwhile.
	 *
	 * Returns 0; -ENXIO the page is wholly behind the end of the file; -ENOSPC, -ENOMEM
	 * no room for it; -ENODEV, as without this op: cannot be mapped shared. In a
	 * program that has nothing that changes files no regular file has this op, nor write().
	 * Context: thread, sleeps.
	 */
	int (*get_page)(struct file *f, uint64_t index, void **page);
	/* release() - the last reference is gone: free f. */
	void (*release)(struct file *f);
	/* What it answers as a socket (kernel/socket_calls.h); NULL: it is none. */
	const struct socket_calls *socket;
};

struct file {
	const struct file_ops *ops;
	uint32_t refs;
	uint32_t flags; /* O_* status flags; changed with atomic stores by fcntl() */
	off_t offset;   /* under lock of the object */
	struct wait_queue wait;
};

static inline void file_init(struct file *f, const struct file_ops *ops, uint32_t flags)
{
	f->ops = ops;
	f->refs = 1;
	f->flags = flags;
	f->offset = 0;
	wait_queue_init(&f->wait);
}

static inline struct file *file_get(struct file *f)
{
	__atomic_fetch_add(&f->refs, 1, __ATOMIC_RELAXED);
	return f;
}

/* file_get_live() - the same for who has no reference, but knows that *f is still there: false when
 * the last one is gone. */
static inline bool file_get_live(struct file *f)
{
	uint32_t refs = READ_ONCE(f->refs);

	while (refs != 0)
		if (__atomic_compare_exchange_n(&f->refs, &refs, refs + 1, false, __ATOMIC_ACQUIRE,
						__ATOMIC_RELAXED))
			return true;
	return false;
}

/* file_dispose() - f has no reference any more: a waiter that holds none (epoll's) is woken a last
 * time, finds that, and takes itself off the queue; then the file is released. Thread context. */
void file_dispose(struct file *f);

static inline void file_put(struct file *f)
{
	if (__atomic_sub_fetch(&f->refs, 1, __ATOMIC_ACQ_REL) == 0)
		file_dispose(f);
}
