// SPDX-License-Identifier: BSD-2-Clause
/*
 * timerfd.c - timers behind descriptors.
 *
 * The kernel timer is armed for the first expiry that nobody knows of; those that follow are
 * counted when somebody asks. So an interval, however short, is one interrupt for each read.
 *
 * An absolute time on CLOCK_REALTIME stays a time of that clock: a waiter on time_wall_changed
 * arms the timer anew when the clock is set. Everything else is kept in monotonic time.
 */
#define _GNU_SOURCE
#include <sys/timerfd.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include "kernel/heap.h"
#include "kernel/timer.h"
#include "lib/libc/fd.h"
#include "lib/libc/result.h"
#include "lib/posix/iov_word.h"
#include "lib/posix/timespec.h"

struct timerfd {
	struct file file;
	struct timer timer;
	struct waiter wall; /* on time_wall_changed, for CLOCK_REALTIME */
	clockid_t clock;
	struct spinlock lock; /* guards what follows; inside of it only timers */
	bool on_wall;         /* `next` is wall time */
	bool cancel_on_set;
	bool canceled;
	ns_t next;     /* expiry not yet in count; NS_NEVER: none */
	ns_t interval; /* 0: expires once */
	uint64_t count;
};

struct setting {
	ns_t value, interval;
};

static struct timerfd *of_file(struct file *f)
{
	return container_of(f, struct timerfd, file);
}

static ns_t clock_now(const struct timerfd *t)
{
	return t->on_wall ? time_wall() : time_now();
}

/* Count what has expired. Under lock. */
static void settle(struct timerfd *t)
{
	ns_t late = clock_now(t) - t->next;

	if (t->next == NS_NEVER || late < 0)
		return;
	if (t->interval == 0) {
		t->count++;
		t->next = NS_NEVER;
		return;
	}
	t->count += (uint64_t)(late / t->interval) + 1;
	if (__builtin_add_overflow(t->next, (late / t->interval + 1) * t->interval, &t->next))
		t->next = NS_NEVER;
}

/* Under lock. */
static void arm(struct timerfd *t)
{
	if (t->next == NS_NEVER)
		timer_cancel(&t->timer);
	else if (t->on_wall)
		timer_arm(&t->timer, time_deadline(t->next - time_wall()));
	else
		timer_arm(&t->timer, t->next);
}

/* Interrupt context. */
static void fire(struct timer *timer)
{
	struct timerfd *t = container_of(timer, struct timerfd, timer);
	irq_state_t irq = spin_lock_irqsave(&t->lock);

	settle(t);
	if (t->count == 0) /* early: the wall clock was set back */
		arm(t);
	spin_unlock_irqrestore(&t->lock, irq);
	wait_queue_wake_all(&t->file.wait);
}

/* The wall clock was set. */
static void wall_changed(struct waiter *w)
{
	struct timerfd *t = container_of(w, struct timerfd, wall);
	irq_state_t irq = spin_lock_irqsave(&t->lock);
	bool concerned = t->on_wall;

	if (concerned) {
		t->canceled = t->cancel_on_set;
		if (t->count == 0)
			arm(t);
	}
	spin_unlock_irqrestore(&t->lock, irq);
	if (concerned)
		wait_queue_wake_all(&t->file.wait);
}

static bool is_ready(struct timerfd *t)
{
	irq_state_t irq = spin_lock_irqsave(&t->lock);
	bool ready;

	settle(t);
	ready = t->count != 0 || t->canceled;
	spin_unlock_irqrestore(&t->lock, irq);
	return ready;
}

/* Returns 0 and the expirations; -EAGAIN, -ECANCELED. */
static int take(struct timerfd *t, uint64_t *count)
{
	irq_state_t irq = spin_lock_irqsave(&t->lock);
	int err;

	settle(t);
	err = t->canceled ? -ECANCELED : t->count == 0 ? -EAGAIN : 0;
	if (err != -EAGAIN) {
		*count = t->count;
		t->count = 0;
		t->canceled = false;
		arm(t);
	}
	spin_unlock_irqrestore(&t->lock, irq);
	return err;
}

static ssize_t timerfd_read(struct file *f, const struct iovec *iov, int niov)
{
	struct timerfd *t = of_file(f);
	uint64_t count;
	int err;

	if (!iov_has_word(iov, niov))
		return -EINVAL;
	while ((err = take(t, &count)) == -EAGAIN) {
		if (READ_ONCE(f->flags) & O_NONBLOCK)
			return -EAGAIN;
		if (wait_event_interruptible(&f->wait, is_ready(t)))
			return -EINTR;
	}
	if (err)
		return err;
	iov_move_word(iov, &count, true);
	return sizeof(count);
}

static short timerfd_poll(struct file *f, short events)
{
	return is_ready(of_file(f)) ? POLLIN : 0;
}

static void timerfd_release(struct file *f)
{
	struct timerfd *t = of_file(f);

	wait_remove(&t->wall);
	timer_cancel(&t->timer);
	kfree(t);
}

static const struct file_ops timerfd_ops = {
	.read = timerfd_read,
	.poll = timerfd_poll,
	.release = timerfd_release,
};

static int create(clockid_t clock, int flags)
{
	struct timerfd *t;
	int fd;

	if ((clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC && clock != CLOCK_BOOTTIME) ||
	    flags & ~(TFD_CLOEXEC | TFD_NONBLOCK))
		return -EINVAL;
	t = kzalloc(sizeof(*t));
	if (!t)
		return -ENOMEM;
	file_init(&t->file, &timerfd_ops, O_RDWR | (uint32_t)(flags & TFD_NONBLOCK));
	timer_init(&t->timer, fire);
	t->clock = clock;
	t->next = NS_NEVER;
	t->wall.wake = wall_changed;
	list_init(&t->wall.node);
	t->wall.queue = &time_wall_changed;
	if (clock == CLOCK_REALTIME) {
		(void)time_wall(); /* the clock is read from its device now, not with a lock held */
		wait_add(&time_wall_changed, &t->wall);
	}
	fd = fd_alloc(&t->file, flags & TFD_CLOEXEC);
	if (fd < 0)
		timerfd_release(&t->file);
	return fd;
}

static struct itimerspec current(struct timerfd *t)
{
	struct itimerspec out = { 0 };

	settle(t);
	if (t->next != NS_NEVER)
		out.it_value = timespec_of_ns(MAX(t->next - clock_now(t), (ns_t)1));
	out.it_interval = timespec_of_ns(t->interval);
	return out;
}

static void set(struct timerfd *t, int flags, const struct setting *to, struct itimerspec *old)
{
	bool on_wall = t->clock == CLOCK_REALTIME && flags & TFD_TIMER_ABSTIME;
	irq_state_t irq = spin_lock_irqsave(&t->lock);

	*old = current(t);
	t->on_wall = on_wall;
	t->cancel_on_set = on_wall && flags & TFD_TIMER_CANCEL_ON_SET;
	t->canceled = false;
	t->count = 0;
	t->interval = to->interval;
	t->next = to->value == 0              ? NS_NEVER
		  : flags & TFD_TIMER_ABSTIME ? to->value
					      : time_deadline(to->value);
	arm(t);
	spin_unlock_irqrestore(&t->lock, irq);
}

static struct timerfd *get_timer(int fd, int *err)
{
	struct file *f = fd_get(fd);

	*err = 0;
	if (f && f->ops == &timerfd_ops)
		return of_file(f);
	*err = f ? -EINVAL : -EBADF;
	if (f)
		file_put(f);
	return NULL;
}

static int settime(int fd, int flags, const struct itimerspec *new, struct itimerspec *old)
{
	struct itimerspec before;
	struct setting to;
	struct timerfd *t;
	int err;

	if (flags & ~(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET) ||
	    timespec_to_ns(&new->it_value, &to.value) ||
	    timespec_to_ns(&new->it_interval, &to.interval))
		return -EINVAL;
	t = get_timer(fd, &err);
	if (!t)
		return err;
	set(t, flags, &to, &before);
	file_put(&t->file);
	if (old)
		*old = before;
	return 0;
}

static int gettime(int fd, struct itimerspec *value)
{
	struct timerfd *t;
	irq_state_t irq;
	int err;

	t = get_timer(fd, &err);
	if (!t)
		return err;
	irq = spin_lock_irqsave(&t->lock);
	*value = current(t);
	spin_unlock_irqrestore(&t->lock, irq);
	file_put(&t->file);
	return 0;
}

UNIK_API int timerfd_create(clockid_t clock, int flags)
{
	return (int)posix_result(create(clock, flags));
}

UNIK_API int timerfd_settime(int fd, int flags, const struct itimerspec *new,
			     struct itimerspec *old)
{
	return (int)posix_result(settime(fd, flags, new, old));
}

UNIK_API int timerfd_gettime(int fd, struct itimerspec *value)
{
	return (int)posix_result(gettime(fd, value));
}
