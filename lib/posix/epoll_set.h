// SPDX-License-Identifier: BSD-2-Clause
/*
 * epoll_set.h - a set of files that wait together, and the items in it.
 *
 * An item registers a callback on its file's wait queue and stays there. The callback puts the
 * item on the set's ready list; epoll_set_wait() looks at the items of that list only, so idle
 * files cost nothing. A level-triggered item that was reported stays on the list, and leaves it
 * when it is looked at and not ready.
 *
 * An item has no reference on its file. Whoever drops the last one wakes the queue
 * (file_dispose()), and the callback then takes the item out of the set; it only moves lists, so
 * it may come from any context, and the memory is freed by the next call into the set.
 *
 * Locks: set->mutex keeps calls into one set apart: who has it may use items that are in the
 * table, and files that it has got a reference for. set->lock guards lists and table against the
 * callbacks; it is inside of a file's wait_queue.lock. A set that watches another takes the other's
 * mutex inside of its own.
 * Threading: threads; all functions sleep. Errors: -errno.
 */
#pragma once
#include <sys/epoll.h>
#include "kernel/file.h"
#include "kernel/mutex.h"
#include "kernel/time.h"

#define EPOLL_BUCKETS_FIRST 16u

/* What an item says about itself; the rest of its events are asked of the file. */
#define EPOLL_ITEM_FLAGS (EPOLLET | EPOLLONESHOT | EPOLLEXCLUSIVE | EPOLLWAKEUP)
#define EPOLL_ITEM_KNOWN                                                                   \
	(EPOLLIN | EPOLLPRI | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLRDNORM | EPOLLRDBAND | \
	 EPOLLWRNORM | EPOLLWRBAND | EPOLLMSG | EPOLLRDHUP)

struct epoll_item {
	struct waiter waiter; /* on file->wait */
	struct list ready;    /* on set->ready, a batch, or set->dead; or none. Under set->lock */
	struct epoll_item *next; /* in the bucket; under set->lock */
	struct epoll_set *set;
	struct file *file;
	int fd;
	uint32_t events; /* EPOLL_ITEM_FLAGS alone: a one-shot that has fired. Under set->mutex */
	epoll_data_t data;
};

struct epoll_set {
	struct file file; /* its queue is woken when an item becomes ready */
	struct mutex mutex;
	struct spinlock lock;       /* guards what follows */
	struct list ready;          /* items to look at */
	struct list dead;           /* items whose file is gone, to be freed */
	struct epoll_item **bucket; /* by the low bits of the descriptor */
	unsigned nbuckets;          /* power of two */
	unsigned nitems;
	struct epoll_item *first_bucket[EPOLL_BUCKETS_FIRST];
};

extern const struct file_ops epoll_file_ops;

/* epoll_set_of() - the set that f is, or NULL. */
static inline struct epoll_set *epoll_set_of(struct file *f)
{
	return f->ops == &epoll_file_ops ? container_of(f, struct epoll_set, file) : NULL;
}

/*
 * epoll_set_control() - add, change or delete the item of (fd, f).
 *
 * op      EPOLL_CTL_*
 * f       the caller has a reference
 * event   checked; not used by EPOLL_CTL_DEL
 *
 * Returns 0; -EEXIST, -ENOENT, -ENOMEM, -ENOSPC; -EINVAL no such op, or an exclusive item is to be
 * changed.
 */
int epoll_set_control(struct epoll_set *set, int op, int fd, struct file *f,
		      const struct epoll_event *event);

/* epoll_set_wait() - report up to `max` events; wait for the first one until `deadline`, 0: only
 * look. Returns the count, 0 in time; -EINTR. */
int epoll_set_wait(struct epoll_set *set, struct epoll_event *out, int max, ns_t deadline);

/* epoll_set_poll() - is an item ready? */
bool epoll_set_poll(struct epoll_set *set);

/* epoll_item_of() - the item that a waiter on a wait queue is, or NULL. */
struct epoll_item *epoll_item_of(struct waiter *w);

/* epoll_set_open() - a set with one reference, or NULL. epoll_set_free() - nobody has one. */
struct epoll_set *epoll_set_open(void);
void epoll_set_free(struct epoll_set *set);
