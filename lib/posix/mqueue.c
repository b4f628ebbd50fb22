// SPDX-License-Identifier: BSD-2-Clause
/*
 * mqueue.c - message queues by name. The names are a list of the image's own: they are in no file
 * system and end with the machine.
 *
 * A queue lives as long as it has a name or somebody has it open; each mq_open() makes a file of
 * its own, with its own O_NONBLOCK. Its messages lie in order: those of higher priority first,
 * among equals the oldest.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>
#include "kernel/heap.h"
#include "kernel/mutex.h"
#include "kernel/sealed.h"
#include "lib/libc/fd.h"
#include "lib/libc/result.h"
#include "lib/posix/signals.h"
#include "lib/posix/thread.h"
#include "lib/posix/timespec.h"

#define MAXMSG_DEFAULT  10
#define MAXMSG_MAX      65536
#define MSGSIZE_DEFAULT 8192
#define MSGSIZE_MAX     (16 << 20)

struct message {
	struct list node;
	size_t size;
	unsigned priority;
	char bytes[];
};

struct queue {
	struct list node; /* of `queues` while it has its name */
	bool named;       /* this and nopen: under names_lock */
	uint32_t nopen;
	long maxmsg;
	long msgsize;
	struct spinlock lock; /* guards what follows */
	struct list opens;
	struct list messages;
	long count;
	uint32_t receivers;     /* that wait */
	struct opened *to_tell; /* who asked with mq_notify(); NULL: nobody */
	struct sigevent event;
	char name[];
};

struct opened {
	struct file file;
	struct queue *queue;
	struct list node; /* of queue->opens */
};

/* tell() where the image has mq_notify(): a program without it gets no signals by this. */
static void (*SEALED teller)(const struct sigevent *event);

static struct mutex names_lock = MUTEX_INIT(names_lock);
static struct list queues = LIST_INIT(queues);

static struct opened *of_file(struct file *f)
{
	return container_of(f, struct opened, file);
}

/* --- names -------------------------------------------------------------------------------- */

/* One leading slash is allowed and means nothing; others make no name. */
static int check_name(const char **name)
{
	if (**name == '/')
		++*name;
	if (strlen(*name) > NAME_MAX)
		return -ENAMETOOLONG;
	return !**name || strchr(*name, '/') ? -EINVAL : 0;
}

/* Under names_lock, like the next two. */
static struct queue *look_up(const char *name)
{
	list_for_each (it, &queues) {
		struct queue *q = list_entry(it, struct queue, node);

		if (!strcmp(q->name, name))
			return q;
	}
	return NULL;
}

static int make(const char *name, const struct mq_attr *attr, struct queue **out)
{
	long maxmsg = attr ? attr->mq_maxmsg : MAXMSG_DEFAULT;
	long msgsize = attr ? attr->mq_msgsize : MSGSIZE_DEFAULT;
	struct queue *q;

	if (maxmsg <= 0 || maxmsg > MAXMSG_MAX || msgsize <= 0 || msgsize > MSGSIZE_MAX)
		return -EINVAL;
	q = kzalloc(sizeof(*q) + strlen(name) + 1);
	if (!q)
		return -ENOSPC;
	strcpy(q->name, name);
	q->named = true;
	q->maxmsg = maxmsg;
	q->msgsize = msgsize;
	q->lock = (struct spinlock)SPINLOCK_INIT;
	list_init(&q->opens);
	list_init(&q->messages);
	list_push_back(&queues, &q->node);
	*out = q;
	return 0;
}

static void free_unused(struct queue *q)
{
	if (q->nopen != 0 || q->named)
		return;
	while (!list_empty(&q->messages)) {
		struct message *m = list_entry(q->messages.next, struct message, node);

		list_remove(&m->node);
		kfree(m);
	}
	kfree(q);
}

/* Takes the name off. Under names_lock. */
static void unlink_queue(struct queue *q)
{
	list_remove(&q->node);
	q->named = false;
	free_unused(q);
}

UNIK_API int mq_unlink(const char *name)
{
	int err = check_name(&name);
	struct queue *q;

	mutex_lock(&names_lock);
	q = err ? NULL : look_up(name);
	if (q)
		unlink_queue(q);
	else if (!err)
		err = -ENOENT;
	mutex_unlock(&names_lock);
	return (int)posix_result(err);
}

/* --- the open queue ----------------------------------------------------------------------- */

static void mqueue_file_release(struct file *f)
{
	struct opened *o = of_file(f);
	struct queue *q = o->queue;
	irq_state_t irq;

	mutex_lock(&names_lock);
	irq = spin_lock_irqsave(&q->lock);
	list_remove(&o->node);
	if (q->to_tell == o)
		q->to_tell = NULL;
	spin_unlock_irqrestore(&q->lock, irq);
	q->nopen--;
	free_unused(q);
	mutex_unlock(&names_lock);
	kfree(o);
}

static short mqueue_file_poll(struct file *f, short events)
{
	const struct queue *q = of_file(f)->queue;
	long count = READ_ONCE(q->count);

	return (count > 0 ? POLLIN : 0) | (count < q->maxmsg ? POLLOUT : 0);
}

static const struct file_ops mqueue_ops = {
	.poll = mqueue_file_poll,
	.release = mqueue_file_release,
};

/* A file of q; the caller holds names_lock. Returns NULL when there is no memory. */
static struct opened *open_queue(struct queue *q, int flags)
{
	struct opened *o = kzalloc(sizeof(*o));
	irq_state_t irq;

	if (!o)
		return NULL;
	file_init(&o->file, &mqueue_ops, (uint32_t)flags & (O_ACCMODE | O_NONBLOCK));
	o->queue = q;
	q->nopen++;
	irq = spin_lock_irqsave(&q->lock);
	list_push_back(&q->opens, &o->node);
	spin_unlock_irqrestore(&q->lock, irq);
	return o;
}

static int open_locked(const char *name, int flags, const struct mq_attr *attr, struct opened **out)
{
	struct queue *q = look_up(name);
	bool is_new = !q;
	int err;

	if (q && (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		return -EEXIST;
	if (!q && !(flags & O_CREAT))
		return -ENOENT;
	err = q ? 0 : make(name, attr, &q);
	if (err)
		return err;
	*out = open_queue(q, flags);
	if (!*out && is_new)
		unlink_queue(q);
	return *out ? 0 : -ENOMEM;
}

static int open_by_name(const char *name, int flags, const struct mq_attr *attr)
{
	int err = check_name(&name);
	struct opened *o = NULL;
	int fd;

	if ((flags & O_ACCMODE) == O_ACCMODE)
		err = -EINVAL;
	if (err)
		return err;
	mutex_lock(&names_lock);
	err = open_locked(name, flags, attr, &o);
	mutex_unlock(&names_lock);
	if (err)
		return err;
	fd = fd_alloc(&o->file, true);
	if (fd < 0)
		file_put(&o->file);
	return fd;
}

UNIK_API mqd_t mq_open(const char *name, int flags, ...)
{
	const struct mq_attr *attr = NULL;
	va_list ap;

	if (flags & O_CREAT) {
		va_start(ap, flags);
		(void)va_arg(ap, int); /* the mode: there are no users */
		attr = va_arg(ap, const struct mq_attr *);
		va_end(ap);
	}
	return (mqd_t)posix_result(open_by_name(name, flags, attr));
}

/* The open queue of a descriptor, with a reference to its file; NULL: it is none. */
static struct opened *get(mqd_t fd)
{
	struct file *f = fd_get(fd);

	if (f && f->ops != &mqueue_ops) {
		file_put(f);
		f = NULL;
	}
	return f ? of_file(f) : NULL;
}

UNIK_API int mq_close(mqd_t fd)
{
	struct opened *o = get(fd);
	int err = o ? fd_close(fd) : -EBADF;

	if (o)
		file_put(&o->file);
	return (int)posix_result(err);
}

UNIK_API int mq_setattr(mqd_t fd, const struct mq_attr *restrict attr, struct mq_attr *restrict old)
{
	struct opened *o = get(fd);
	uint32_t flags;

	if (!o)
		return (int)posix_result(-EBADF);
	flags = READ_ONCE(o->file.flags);
	if (old)
		*old = (struct mq_attr){ .mq_flags = flags & O_NONBLOCK,
					 .mq_maxmsg = o->queue->maxmsg,
					 .mq_msgsize = o->queue->msgsize,
					 .mq_curmsgs = READ_ONCE(o->queue->count) };
	if (attr)
		WRITE_ONCE(o->file.flags, (flags & ~(uint32_t)O_NONBLOCK) |
						  ((uint32_t)attr->mq_flags & O_NONBLOCK));
	file_put(&o->file);
	return 0;
}

UNIK_API int mq_getattr(mqd_t fd, struct mq_attr *attr)
{
	return mq_setattr(fd, NULL, attr);
}

/* --- telling ------------------------------------------------------------------------------ */

static void *call_function(void *arg)
{
	struct sigevent event = *(struct sigevent *)arg;

	kfree(arg);
	event.sigev_notify_function(event.sigev_value);
	return NULL;
}

/* Nobody is there to be told of a failure: then the call is not made. */
static void start_thread(const struct sigevent *event)
{
	struct sigevent *copy = kalloc(sizeof(*copy));
	pthread_t thread;

	if (!copy)
		return;
	*copy = *event;
	if (pthread_create(&thread, event->sigev_notify_attributes, call_function, copy))
		kfree(copy);
	else if (!event->sigev_notify_attributes)
		pthread_detach(thread);
}

/* At the boundary of the library: a signal may be delivered. */
static void tell(const struct sigevent *event)
{
	siginfo_t info = { .si_signo = event->sigev_signo,
			   .si_code = SI_MESGQ,
			   .si_pid = getpid(),
			   .si_value = event->sigev_value };

	if (event->sigev_notify == SIGEV_THREAD)
		start_thread(event);
	else if (event->sigev_notify == SIGEV_SIGNAL)
		signal_send(NULL, &info);
}

static bool is_event(const struct sigevent *e)
{
	switch (e->sigev_notify) {
	case SIGEV_NONE:
		return true;
	case SIGEV_SIGNAL:
		return signal_is_valid(e->sigev_signo);
	default:
		return e->sigev_notify == SIGEV_THREAD && e->sigev_notify_function;
	}
}

/* Who asks for nothing takes back what was asked for, whoever of the process asked. */
static int register_event(struct opened *o, const struct sigevent *event)
{
	struct queue *q = o->queue;
	irq_state_t irq = spin_lock_irqsave(&q->lock);
	int err = event && q->to_tell ? -EBUSY : 0;

	if (!event)
		q->to_tell = NULL;
	if (event && !err) {
		q->to_tell = o;
		q->event = *event;
	}
	spin_unlock_irqrestore(&q->lock, irq);
	return err;
}

UNIK_API int mq_notify(mqd_t fd, const struct sigevent *event)
{
	struct opened *o = get(fd);
	int err = o ? 0 : -EBADF;

	if (o && event && !is_event(event))
		err = -EINVAL;
	signal_start();
	sealed_set(&teller, tell);
	if (!err && !posix_thread_self())
		err = -ENOMEM;
	if (!err)
		err = register_event(o, event);
	if (o)
		file_put(&o->file);
	return (int)posix_result(err);
}

/* --- messages ----------------------------------------------------------------------------- */

static bool is_full(const struct queue *q)
{
	return READ_ONCE(q->count) >= q->maxmsg;
}

/* Under q->lock. */
static void wake_all(struct queue *q)
{
	list_for_each (it, &q->opens)
		wait_queue_wake_all(&list_entry(it, struct opened, node)->file.wait);
}

/* Behind the last one that has at least its priority. Under q->lock. */
static void insert(struct queue *q, struct message *m)
{
	struct list *before = q->messages.prev;

	while (before != &q->messages &&
	       list_entry(before, struct message, node)->priority < m->priority)
		before = before->prev;
	list_push_front(before, &m->node);
	q->count++;
}

/* Returns false when there is no room. event: what to tell, when asked for. */
static bool put(struct queue *q, struct message *m, struct sigevent *event)
{
	irq_state_t irq = spin_lock_irqsave(&q->lock);
	bool fits = !is_full(q);

	if (fits && q->count == 0 && q->receivers == 0 && q->to_tell) {
		*event = q->event;
		q->to_tell = NULL;
	}
	if (fits) {
		insert(q, m);
		wake_all(q);
	}
	spin_unlock_irqrestore(&q->lock, irq);
	return fits;
}

/* The first message, taken off; NULL: there is none. */
static struct message *take(struct queue *q)
{
	irq_state_t irq = spin_lock_irqsave(&q->lock);
	struct message *m = NULL;

	if (!list_empty(&q->messages)) {
		m = list_entry(q->messages.next, struct message, node);
		list_remove(&m->node);
		q->count--;
		wake_all(q);
	}
	spin_unlock_irqrestore(&q->lock, irq);
	return m;
}

/* Whether it may wait, and how long: an invalid time matters to who has to wait only. */
static int may_wait(struct opened *o, const struct timespec *until, ns_t *deadline)
{
	*deadline = NS_NEVER;
	if (READ_ONCE(o->file.flags) & O_NONBLOCK)
		return -EAGAIN;
	return until ? clock_deadline(CLOCK_REALTIME, until, deadline) : 0;
}

static int put_or_wait(struct opened *o, struct message *m, const struct timespec *until,
		       struct sigevent *event)
{
	struct queue *q = o->queue;
	ns_t deadline;
	int err = 0;

	while (!err && !put(q, m, event)) {
		err = may_wait(o, until, &deadline);
		if (!err)
			err = wait_event_interruptible_until(&o->file.wait, !is_full(q), deadline);
	}
	return err;
}

static int send_open(struct opened *o, const char *bytes, size_t size, unsigned priority,
		     const struct timespec *until, struct sigevent *event)
{
	struct message *m;
	int err;

	if ((o->file.flags & O_ACCMODE) == O_RDONLY)
		return -EBADF;
	if (priority >= MQ_PRIO_MAX)
		return -EINVAL;
	if (size > (size_t)o->queue->msgsize)
		return -EMSGSIZE;
	m = kalloc(sizeof(*m) + size);
	if (!m)
		return -ENOMEM;
	m->size = size;
	m->priority = priority;
	memcpy(m->bytes, bytes, size);
	err = put_or_wait(o, m, until, event);
	if (err)
		kfree(m);
	return err;
}

static int send(mqd_t fd, const char *bytes, size_t size, unsigned priority,
		const struct timespec *until)
{
	struct sigevent event = { .sigev_notify = SIGEV_NONE };
	struct opened *o = get(fd);
	int err;

	if (!o)
		return -EBADF;
	err = send_open(o, bytes, size, priority, until, &event);
	file_put(&o->file);
	if (event.sigev_notify != SIGEV_NONE)
		teller(&event);
	return err;
}

UNIK_API int mq_timedsend(mqd_t fd, const char *bytes, size_t size, unsigned priority,
			  const struct timespec *until)
{
	return (int)posix_call(send(fd, bytes, size, priority, until));
}

UNIK_API int mq_send(mqd_t fd, const char *bytes, size_t size, unsigned priority)
{
	return mq_timedsend(fd, bytes, size, priority, NULL);
}

static int take_or_wait(struct opened *o, const struct timespec *until, struct message **out)
{
	struct queue *q = o->queue;
	ns_t deadline;
	int err = 0;

	while (!err && !(*out = take(q))) {
		err = may_wait(o, until, &deadline);
		if (err)
			break;
		__atomic_fetch_add(&q->receivers, 1, __ATOMIC_SEQ_CST);
		err = wait_event_interruptible_until(&o->file.wait, READ_ONCE(q->count) != 0,
						     deadline);
		__atomic_fetch_sub(&q->receivers, 1, __ATOMIC_SEQ_CST);
	}
	return err;
}

static ssize_t receive_open(struct opened *o, char *bytes, size_t size, unsigned *priority,
			    const struct timespec *until)
{
	struct message *m;
	ssize_t n;

	if ((o->file.flags & O_ACCMODE) == O_WRONLY)
		return -EBADF;
	if (size < (size_t)o->queue->msgsize)
		return -EMSGSIZE;
	n = take_or_wait(o, until, &m);
	if (n < 0)
		return n;
	n = (ssize_t)m->size;
	memcpy(bytes, m->bytes, m->size);
	if (priority)
		*priority = m->priority;
	kfree(m);
	return n;
}

static ssize_t receive(mqd_t fd, char *bytes, size_t size, unsigned *priority,
		       const struct timespec *until)
{
	struct opened *o = get(fd);
	ssize_t n = o ? receive_open(o, bytes, size, priority, until) : -EBADF;

	if (o)
		file_put(&o->file);
	return n;
}

UNIK_API ssize_t mq_timedreceive(mqd_t fd, char *restrict bytes, size_t size,
				 unsigned *restrict priority, const struct timespec *restrict until)
{
	return posix_call(receive(fd, bytes, size, priority, until));
}

UNIK_API ssize_t mq_receive(mqd_t fd, char *bytes, size_t size, unsigned *priority)
{
	return mq_timedreceive(fd, bytes, size, priority, NULL);
}
