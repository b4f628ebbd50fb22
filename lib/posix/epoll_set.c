// SPDX-License-Identifier: BSD-2-Clause
#include "lib/posix/epoll_set.h"
#include <errno.h>
#include <fcntl.h>
#include "kernel/heap.h"
#include "lib/libc/fd.h"
#include "lib/posix/poll_wait.h"

#define WATCHES_MAX (2 * FD_MAX) /* items of all sets: then ENOSPC */

static uint32_t watches; /* items of all sets; atomic */

/* --- the table ------------------------------------------------------------------------------ */

/* Where the item of (fd, file) hangs, or the end of its bucket. Under set->lock. */
static struct epoll_item **find(struct epoll_set *set, int fd, const struct file *f)
{
	struct epoll_item **at = &set->bucket[(unsigned)fd & (set->nbuckets - 1)];

	while (*at && ((*at)->fd != fd || (*at)->file != f))
		at = &(*at)->next;
	return at;
}

static struct epoll_item *take_out(struct epoll_set *set, struct epoll_item **at)
{
	struct epoll_item *item = *at;

	*at = item->next;
	set->nitems--;
	return item;
}

static struct epoll_item *lookup(struct epoll_set *set, int fd, const struct file *f)
{
	irq_state_t irq = spin_lock_irqsave(&set->lock);
	struct epoll_item *item = *find(set, fd, f);

	spin_unlock_irqrestore(&set->lock, irq);
	return item;
}

/* Use the larger table `to`. Under set->lock; returns the old one. */
static struct epoll_item **rehash(struct epoll_set *set, struct epoll_item **to, unsigned nbuckets)
{
	struct epoll_item **old = set->bucket;
	unsigned nold = set->nbuckets;

	set->bucket = to;
	set->nbuckets = nbuckets;
	for (unsigned i = 0; i < nold; i++) {
		struct epoll_item *item, *next;

		for (item = old[i]; item; item = next) {
			struct epoll_item **head = &to[(unsigned)item->fd & (nbuckets - 1)];

			next = item->next;
			item->next = *head;
			*head = item;
		}
	}
	return old;
}

/* An item for each bucket is enough. Without memory the chains get longer, that is all. */
static void make_room(struct epoll_set *set)
{
	unsigned nbuckets = set->nbuckets * 4;
	struct epoll_item **to, **old;
	irq_state_t irq;

	if (READ_ONCE(set->nitems) < set->nbuckets)
		return;
	to = kzalloc(nbuckets * sizeof(struct epoll_item *));
	if (!to)
		return;
	irq = spin_lock_irqsave(&set->lock);
	old = rehash(set, to, nbuckets);
	spin_unlock_irqrestore(&set->lock, irq);
	if (old != set->first_bucket)
		kfree(old);
}

/* --- becoming ready ------------------------------------------------------------------------- */

static bool has_ready(const struct epoll_set *set)
{
	return READ_ONCE(set->ready.next) != &set->ready;
}

/* The item is to be looked at by the next epoll_wait(). */
static void make_ready(struct epoll_set *set, struct epoll_item *item)
{
	irq_state_t irq = spin_lock_irqsave(&set->lock);
	bool idle = list_empty(&item->ready);

	if (idle)
		list_push_back(&set->ready, &item->ready);
	spin_unlock_irqrestore(&set->lock, irq);
	if (idle)
		wait_queue_wake_one(&set->file.wait);
}

/* The file is gone, and so is the item. Under the file's wait_queue.lock, from which nobody calls
 * back any more. */
static void orphan(struct epoll_set *set, struct epoll_item *item)
{
	irq_state_t irq = spin_lock_irqsave(&set->lock);

	list_remove(&item->waiter.node);
	take_out(set, find(set, item->fd, item->file));
	list_remove(&item->ready);
	list_push_back(&set->dead, &item->ready);
	spin_unlock_irqrestore(&set->lock, irq);
}

/* The file's queue was woken. */
static void item_woken(struct waiter *w)
{
	struct epoll_item *item = container_of(w, struct epoll_item, waiter);

	if (unlikely(READ_ONCE(item->file->refs) == 0))
		orphan(item->set, item);
	else if (READ_ONCE(item->events) & ~EPOLL_ITEM_FLAGS)
		make_ready(item->set, item);
}

struct epoll_item *epoll_item_of(struct waiter *w)
{
	return w->wake == item_woken ? container_of(w, struct epoll_item, waiter) : NULL;
}

static void free_item(struct epoll_item *item)
{
	__atomic_fetch_sub(&watches, 1, __ATOMIC_RELAXED);
	kfree(item);
}

static UNIK_NOINLINE void free_dead(struct epoll_set *set)
{
	struct list *node;
	irq_state_t irq;

	do {
		irq = spin_lock_irqsave(&set->lock);
		node = list_pop_front(&set->dead);
		spin_unlock_irqrestore(&set->lock, irq);
		if (node)
			free_item(list_entry(node, struct epoll_item, ready));
	} while (node);
}

/* Enter a set: afterwards no item is dead that this call may meet. */
static void enter(struct epoll_set *set)
{
	mutex_lock(&set->mutex);
	if (unlikely(READ_ONCE(set->dead.next) != &set->dead))
		free_dead(set);
}

/* --- looking at what is ready --------------------------------------------------------------- */

/* Everything that follows `at` is moved behind `to`. Under set->lock. */
static void move_all(struct list *from, struct list *to)
{
	if (list_empty(from))
		return;
	from->next->prev = to;
	from->prev->next = to->next;
	to->next->prev = from->prev;
	to->next = from->next;
	list_init(from);
}

/* The next item of the batch, with a reference on its file; NULL: there is none. Items whose file
 * has lost its last reference, and which are about to be orphaned, are passed over. Under lock. */
static struct epoll_item *next_live(struct list *batch)
{
	struct list *node;

	while ((node = list_pop_front(batch))) {
		struct epoll_item *item = list_entry(node, struct epoll_item, ready);

		if (likely(file_get_live(item->file)))
			return item;
	}
	return NULL;
}

/* What of the item's events holds. */
static uint32_t look(const struct epoll_item *item)
{
	return (uint16_t)poll_look(item->file, (short)(item->events & EPOLL_ITEM_KNOWN)) &
	       item->events;
}

/*
 * Look at the ready items and report up to `max` that are. What was reported and is
 * level-triggered is ready for the next call, behind the others. Under set->mutex. An item that
 * is woken while it is looked at goes on the ready list again. Returns the count.
 */
static int harvest(struct epoll_set *set, struct epoll_event *out, int max)
{
	struct list batch = LIST_INIT(batch);
	struct epoll_item *item, *again = NULL;
	struct file *done = NULL;
	int n = 0;
	irq_state_t irq = spin_lock_irqsave(&set->lock);

	move_all(&set->ready, &batch);
	for (;;) {
		if (again && list_empty(&again->ready))
			list_push_back(&set->ready, &again->ready);
		item = n < max ? next_live(&batch) : NULL;
		if (!item)
			move_all(&batch, &set->ready);
		spin_unlock_irqrestore(&set->lock, irq);
		if (done)
			file_put(done);
		if (!item)
			return n;
		done = item->file;
		again = NULL;
		uint32_t events = look(item);

		if (events) {
			out[n++] = (struct epoll_event){ .events = events, .data = item->data };
			if (item->events & EPOLLONESHOT)
				item->events &= EPOLL_ITEM_FLAGS;
			else if (!(item->events & EPOLLET))
				again = item;
		}
		irq = spin_lock_irqsave(&set->lock);
	}
}

/* Is an item ready? Those that are not leave the list. Under set->mutex. */
static bool any_ready(struct epoll_set *set)
{
	struct list batch = LIST_INIT(batch);
	struct epoll_item *item = NULL;
	struct file *done = NULL;
	bool found = false;
	irq_state_t irq = spin_lock_irqsave(&set->lock);

	move_all(&set->ready, &batch);
	for (;;) {
		if (found && list_empty(&item->ready))
			list_push_front(&set->ready, &item->ready);
		item = found ? NULL : next_live(&batch);
		if (!item)
			move_all(&batch, &set->ready);
		spin_unlock_irqrestore(&set->lock, irq);
		if (done)
			file_put(done);
		if (!item)
			return found;
		done = item->file;
		found = look(item) != 0;
		irq = spin_lock_irqsave(&set->lock);
	}
}

bool epoll_set_poll(struct epoll_set *set)
{
	bool ready = false;

	if (has_ready(set)) {
		enter(set);
		ready = any_ready(set);
		mutex_unlock(&set->mutex);
	}
	return ready;
}

static int collect(struct epoll_set *set, struct epoll_event *out, int max)
{
	int n = 0;

	if (has_ready(set)) {
		enter(set);
		n = harvest(set, out, max);
		mutex_unlock(&set->mutex);
	}
	return n;
}

/* One thread is woken for each item that becomes ready. Who leaves while more are tells another. */
int epoll_set_wait(struct epoll_set *set, struct epoll_event *out, int max, ns_t deadline)
{
	int n = collect(set, out, max);

	if (n == 0 && deadline != 0) {
		struct waiter w;
		int err = 0;

		wait_add_self(&set->file.wait, &w);
		w.exclusive = true;
		while (n == 0 && !err) {
			err = has_ready(set) ? 0 : thread_park_interruptible(deadline);
			n = collect(set, out, max);
		}
		if (n == 0 && err == -EINTR)
			n = err;
		wait_remove(&w);
	}
	if (has_ready(set))
		wait_queue_wake_one(&set->file.wait);
	return n;
}

static void set_events(struct epoll_item *item, const struct epoll_event *event)
{
	WRITE_ONCE(item->events, event->events | EPOLLERR | EPOLLHUP);
	item->data = event->data;
}

static struct epoll_item *alloc_item(int *err)
{
	struct epoll_item *item = NULL;

	if (__atomic_add_fetch(&watches, 1, __ATOMIC_RELAXED) > WATCHES_MAX)
		*err = -ENOSPC;
	else if (!(item = kalloc(sizeof(*item))))
		*err = -ENOMEM;
	if (!item)
		__atomic_fetch_sub(&watches, 1, __ATOMIC_RELAXED);
	return item;
}

static int add(struct epoll_set *set, int fd, struct file *f, const struct epoll_event *event)
{
	int err = 0;
	struct epoll_item *item, **at;
	irq_state_t irq;

	if (lookup(set, fd, f))
		return -EEXIST;
	item = alloc_item(&err);
	if (!item)
		return err;
	make_room(set);
	item->set = set;
	item->file = f;
	item->fd = fd;
	list_init(&item->ready);
	set_events(item, event);
	item->waiter.wake = item_woken;
	item->waiter.exclusive = event->events & EPOLLEXCLUSIVE;
	wait_add(&f->wait, &item->waiter);
	irq = spin_lock_irqsave(&set->lock);
	at = find(set, fd, f);
	item->next = NULL;
	*at = item;
	set->nitems++;
	spin_unlock_irqrestore(&set->lock, irq);
	if (look(item))
		make_ready(set, item);
	return 0;
}

static int change(struct epoll_set *set, int fd, struct file *f, const struct epoll_event *event)
{
	struct epoll_item *item = lookup(set, fd, f);

	if (!item)
		return -ENOENT;
	if (item->events & EPOLLEXCLUSIVE)
		return -EINVAL;
	set_events(item, event);
	if (look(item))
		make_ready(set, item);
	return 0;
}

/* The caller's reference on f keeps the item from being orphaned meanwhile. */
static int delete (struct epoll_set *set, int fd, struct file *f)
{
	irq_state_t irq = spin_lock_irqsave(&set->lock);
	struct epoll_item **at = find(set, fd, f), *item = *at;

	if (item)
		take_out(set, at);
	spin_unlock_irqrestore(&set->lock, irq);
	if (!item)
		return -ENOENT;
	wait_remove(&item->waiter);
	irq = spin_lock_irqsave(&set->lock);
	list_remove(&item->ready);
	spin_unlock_irqrestore(&set->lock, irq);
	free_item(item);
	return 0;
}

int epoll_set_control(struct epoll_set *set, int op, int fd, struct file *f,
		      const struct epoll_event *event)
{
	int err = -EINVAL;

	enter(set);
	if (op == EPOLL_CTL_ADD)
		err = add(set, fd, f, event);
	else if (op == EPOLL_CTL_MOD)
		err = change(set, fd, f, event);
	else if (op == EPOLL_CTL_DEL)
		err = delete (set, fd, f);
	mutex_unlock(&set->mutex);
	return err;
}

/* --- the set itself ------------------------------------------------------------------------- */

/* Nobody calls into the set any more, but files that go may orphan items meanwhile: the two locks
 * are taken in the wrong order here, so the inner one is given back when the outer is held. */
static void drop_items(struct epoll_set *set)
{
	for (unsigned i = 0; i < set->nbuckets;) {
		irq_state_t irq = spin_lock_irqsave(&set->lock);
		struct epoll_item *item = set->bucket[i];
		bool removed = item && wait_try_remove(&item->waiter);

		if (removed) {
			take_out(set, &set->bucket[i]);
			list_remove(&item->ready);
		}
		spin_unlock_irqrestore(&set->lock, irq);
		if (removed)
			free_item(item);
		else if (!item)
			i++;
	}
}

struct epoll_set *epoll_set_open(void)
{
	struct epoll_set *set = kzalloc(sizeof(*set));

	if (!set)
		return NULL;
	file_init(&set->file, &epoll_file_ops, O_RDWR);
	mutex_init(&set->mutex);
	list_init(&set->ready);
	list_init(&set->dead);
	set->bucket = set->first_bucket;
	set->nbuckets = EPOLL_BUCKETS_FIRST;
	return set;
}

void epoll_set_free(struct epoll_set *set)
{
	drop_items(set);
	free_dead(set);
	if (set->bucket != set->first_bucket)
		kfree(set->bucket);
	kfree(set);
}
