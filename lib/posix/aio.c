// SPDX-License-Identifier: BSD-2-Clause
/*
 * aio.c - asynchronous I/O: a queue of requests and threads that do them.
 *
 * A request is on the queue until it is done. Workers take the first that no earlier one stands in
 * the way of; there are as many as requests that can go on at once, up to a limit, and who finds
 * nothing to do for a while ends. A request may block its worker: reading from a pipe does.
 */
#define _GNU_SOURCE
#include <aio.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <unistd.h>
#include "kernel/heap.h"
#include "kernel/mutex.h"
#include "lib/libc/fd.h"
#include "lib/libc/file_io.h"
#include "lib/libc/futex.h"
#include "lib/libc/result.h"
#include "lib/posix/notice.h"
#include "lib/posix/timespec.h"

#define WORKERS_MAX 32
#define IDLE_NS     (100 * NS_PER_MS) /* what a worker waits for the next request */

/* aiocb.__state; what was never a request has neither. */
#define STATE_BUSY 0xa10b0057u
#define STATE_DONE 0xa10d0e00u /* and its result was not asked for yet */

enum op { OP_READ, OP_WRITE, OP_SYNC };

/* What lio_listio() made together. */
struct batch {
	uint32_t left; /* futex: requests that are not done, and one until all are made; under lock
			*/
	uint32_t refs; /* the same, and who waits; under lock */
	bool failed;
	struct notice *notice;
};

struct request {
	struct list node; /* under lock, as running */
	bool running;
	enum op op;
	struct aiocb *cb;
	struct file *file;
	int sync_fd, sync_how; /* of OP_SYNC: a descriptor of its own, O_SYNC or O_DSYNC */
	struct batch *batch;   /* NULL: alone */
	struct notice *notice; /* NULL: nobody is told */
};

static struct mutex lock = MUTEX_INIT(lock);
static struct list queue = LIST_INIT(queue); /* in order of arrival */
static unsigned nrequests, nworkers, nidle;  /* under lock */
static uint32_t arrivals;                    /* futex: workers wait for changes of it */
static uint32_t completions;                 /* futex: aio_suspend() does */

/* --- completion --------------------------------------------------------------------------- */

/* Under lock. Returns what is to be told. */
static struct notice *leave_batch(struct batch *b, bool failed)
{
	struct notice *n = NULL;

	b->failed |= failed;
	if (--b->left == 0) {
		n = b->notice;
		futex_wake(&b->left, FUTEX_ALL);
	}
	if (--b->refs == 0)
		kfree(b);
	return n;
}

static void set_done(struct aiocb *cb, ssize_t result)
{
	cb->__result = result < 0 ? -1 : result;
	cb->__error = result < 0 ? (int)-result : 0;
	__atomic_store_n(&cb->__state, STATE_DONE, __ATOMIC_RELEASE);
}

/* r is off the queue. The program may use the aiocb again at once. Its signal comes first: who
 * waits for it runs the handler before the wait is over. */
static void complete(struct request *r, ssize_t result)
{
	struct notice *of_batch = NULL;

	set_done(r->cb, result);
	notice_send(r->notice);
	mutex_lock(&lock);
	if (r->batch)
		of_batch = leave_batch(r->batch, result < 0);
	__atomic_fetch_add(&completions, 1, __ATOMIC_RELEASE);
	mutex_unlock(&lock);
	futex_wake(&completions, FUTEX_ALL);
	notice_send(of_batch);
	if (r->op == OP_SYNC)
		close(r->sync_fd);
	file_put(r->file);
	kfree(r);
}

/* --- workers ------------------------------------------------------------------------------ */

static ssize_t perform(const struct request *r)
{
	struct iovec iov = { (void *)r->cb->aio_buf, r->cb->aio_nbytes };
	const struct file_ops *ops = r->file->ops;

	switch (r->op) {
	case OP_READ:
		return ops->read_at ? ops->read_at(r->file, &iov, 1, r->cb->aio_offset)
				    : file_readv(r->file, &iov, 1);
	case OP_WRITE:
		return ops->write_at && !(r->file->flags & O_APPEND)
			       ? ops->write_at(r->file, &iov, 1, r->cb->aio_offset)
			       : file_writev(r->file, &iov, 1);
	default:
		if (r->sync_how == O_SYNC ? fsync(r->sync_fd) : fdatasync(r->sync_fd))
			return -errno;
		return 0;
	}
}

/* May r be done while `before`, an earlier one, is not? */
static bool must_wait(const struct request *r, const struct request *before)
{
	if (r->file != before->file)
		return false;
	return r->op == before->op || (r->op == OP_SYNC && before->op == OP_WRITE);
}

static bool may_start(const struct request *r)
{
	if (r->running)
		return false;
	list_for_each (it, &queue) {
		const struct request *before = list_entry(it, struct request, node);

		if (before == r)
			break;
		if (must_wait(r, before))
			return false;
	}
	return true;
}

/* Under lock. */
static struct request *next(void)
{
	list_for_each (it, &queue) {
		struct request *r = list_entry(it, struct request, node);

		if (may_start(r))
			return r;
	}
	return NULL;
}

/* Under lock, which is released meanwhile. Returns whether the time passed in vain. */
static bool idle(void)
{
	uint32_t seen = __atomic_load_n(&arrivals, __ATOMIC_RELAXED);
	int err;

	nidle++;
	mutex_unlock(&lock);
	err = futex_wait(&arrivals, seen, time_deadline(IDLE_NS));
	mutex_lock(&lock);
	nidle--;
	return err == -ETIMEDOUT && !next();
}

static void take_off(struct request *r)
{
	list_remove(&r->node);
	nrequests--;
}

static void *work(void *unused);

/* Workers take no signals. Under lock. */
static int add_worker(void)
{
	sigset_t all, old;
	pthread_t t;
	int err;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_create(&t, NULL, work, NULL);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (err)
		return -EAGAIN;
	pthread_detach(t);
	nworkers++;
	return 0;
}

/* Under lock, which is released meanwhile. */
static void do_one(struct request *r)
{
	ssize_t result;

	r->running = true;
	/* This one may take long: others that can go on are for somebody else. */
	if (nidle == 0 && nworkers < WORKERS_MAX && next())
		(void)add_worker();
	mutex_unlock(&lock);
	result = perform(r);
	mutex_lock(&lock);
	take_off(r);
	mutex_unlock(&lock);
	complete(r, result);
	mutex_lock(&lock);
}

static void *work(void *unused)
{
	struct request *r;

	mutex_lock(&lock);
	do
		while ((r = next()) != NULL)
			do_one(r);
	while (!idle());
	nworkers--;
	mutex_unlock(&lock);
	return NULL;
}

/* --- requests ----------------------------------------------------------------------------- */

static int enqueue(struct request *r)
{
	int err = 0;

	mutex_lock(&lock);
	if (nrequests >= AIO_MAX)
		err = -EAGAIN;
	else if (nidle == 0 && nworkers < WORKERS_MAX)
		err = add_worker();
	if (nworkers > 0 && nrequests < AIO_MAX)
		err = 0; /* then another does it, later */
	if (!err) {
		nrequests++;
		r->cb->__state = STATE_BUSY;
		list_push_back(&queue, &r->node);
		if (r->batch) {
			r->batch->left++;
			r->batch->refs++;
		}
		__atomic_fetch_add(&arrivals, 1, __ATOMIC_RELEASE);
	}
	mutex_unlock(&lock);
	futex_wake(&arrivals, 1);
	return err;
}

static int check(const struct request *r)
{
	const struct aiocb *cb = r->cb;

	if (r->op == OP_READ ? !file_may_read(r->file) : !file_may_write(r->file))
		return -EBADF;
	if (r->op == OP_SYNC)
		return 0;
	return cb->aio_offset < 0 || cb->aio_nbytes > SSIZE_MAX || cb->aio_reqprio < 0 ||
			       cb->aio_reqprio > AIO_PRIO_DELTA_MAX
		       ? -EINVAL
		       : 0;
}

/* The descriptor may be closed before the request has its turn. */
static int prepare_sync(struct request *r)
{
	if (fsync(r->cb->aio_fildes))
		return -errno;
	r->sync_fd = fcntl(r->cb->aio_fildes, F_DUPFD_CLOEXEC, 0);
	return r->sync_fd < 0 ? -EAGAIN : 0;
}

static int submit(struct aiocb *cb, enum op op, int sync_how, struct batch *batch)
{
	struct request *r = kzalloc(sizeof(*r));
	int err;

	if (!r)
		return -EAGAIN;
	r->op = op;
	r->cb = cb;
	r->batch = batch;
	r->sync_how = sync_how;
	r->file = fd_get(cb->aio_fildes);
	err = r->file ? check(r) : -EBADF;
	if (err)
		goto free_request;
	err = notice_make(&cb->aio_sigevent, SI_ASYNCIO, &r->notice);
	if (err)
		goto free_request;
	err = op == OP_SYNC ? prepare_sync(r) : 0;
	if (err)
		goto free_notice;
	err = enqueue(r);
	if (!err)
		return 0;
	if (op == OP_SYNC)
		close(r->sync_fd);
free_notice:
	notice_free(r->notice);
free_request:
	if (r->file)
		file_put(r->file);
	kfree(r);
	return err;
}

UNIK_API int aio_read(struct aiocb *cb)
{
	return (int)posix_result(submit(cb, OP_READ, 0, NULL));
}

UNIK_API int aio_write(struct aiocb *cb)
{
	return (int)posix_result(submit(cb, OP_WRITE, 0, NULL));
}

UNIK_API int aio_fsync(int how, struct aiocb *cb)
{
	if (how != O_SYNC && how != O_DSYNC)
		return (int)posix_result(-EINVAL);
	return (int)posix_result(submit(cb, OP_SYNC, how, NULL));
}

UNIK_API int aio_error(const struct aiocb *cb)
{
	unsigned state = __atomic_load_n(&cb->__state, __ATOMIC_ACQUIRE);

	if (state == STATE_BUSY)
		return EINPROGRESS;
	return state == STATE_DONE ? cb->__error : (int)posix_result(-EINVAL);
}

UNIK_API ssize_t aio_return(struct aiocb *cb)
{
	unsigned state = __atomic_load_n(&cb->__state, __ATOMIC_ACQUIRE);

	if (state != STATE_DONE)
		return posix_result(state == STATE_BUSY ? -EINPROGRESS : -EINVAL);
	cb->__state = 0;
	if (cb->__error)
		errno = cb->__error;
	return cb->__result;
}

/* The first request for f (and cb, unless NULL) that nobody has begun, taken off the queue.
 * Tells whether there are others that somebody has. */
static struct request *take_waiting(const struct file *f, const struct aiocb *cb, bool *running)
{
	struct request *found = NULL;

	mutex_lock(&lock);
	list_for_each (it, &queue) {
		struct request *r = list_entry(it, struct request, node);

		if (r->file != f || (cb && r->cb != cb))
			continue;
		if (!r->running) {
			found = r;
			take_off(r);
			break;
		}
		*running = true;
	}
	mutex_unlock(&lock);
	return found;
}

UNIK_API int aio_cancel(int fd, struct aiocb *cb)
{
	struct file *f = fd_get(fd);
	bool running = false, some = false;
	struct request *r;

	if (!f)
		return (int)posix_result(-EBADF);
	while ((r = take_waiting(f, cb, &running)) != NULL) {
		complete(r, -ECANCELED);
		some = true;
	}
	file_put(f);
	return running ? AIO_NOTCANCELED : some ? AIO_CANCELED : AIO_ALLDONE;
}

/* --- waiting ------------------------------------------------------------------------------ */

static bool is_one_done(const struct aiocb *const list[], int n)
{
	for (int i = 0; i < n; i++)
		if (list[i] && __atomic_load_n(&list[i]->__state, __ATOMIC_ACQUIRE) != STATE_BUSY)
			return true;
	return false;
}

static void handle_signals(void)
{
	if (thread_interrupted() && posix_event)
		posix_event(0);
}

static int suspend(const struct aiocb *const list[], int n, ns_t deadline)
{
	for (;;) {
		uint32_t seen = __atomic_load_n(&completions, __ATOMIC_ACQUIRE);
		int err;

		if (is_one_done(list, n)) {
			handle_signals();
			return 0;
		}
		err = futex_wait_interruptible(&completions, seen, deadline);
		if (err == -ETIMEDOUT || err == -EINTR)
			return err == -EINTR ? err : is_one_done(list, n) ? 0 : -EAGAIN;
	}
}

UNIK_API int aio_suspend(const struct aiocb *const list[], int n, const struct timespec *span)
{
	ns_t deadline = NS_NEVER;
	int err = n < 0 ? -EINVAL : 0;

	if (!err && span) {
		err = timespec_to_ns(span, &deadline);
		deadline = time_deadline(deadline);
	}
	return (int)posix_call(err ? err : suspend(list, n, deadline));
}

static bool is_transfer(const struct aiocb *cb)
{
	return cb->aio_lio_opcode == LIO_READ || cb->aio_lio_opcode == LIO_WRITE;
}

/* All that is to be done. Returns -EAGAIN where that is too much, -EIO for what is no operation;
 * what else is wrong with a request, its aio_error() says. */
static int submit_all(struct batch *b, struct aiocb *restrict const list[], int n)
{
	int result = 0;

	for (int i = 0; i < n; i++) {
		int err = 0;

		if (!list[i] || list[i]->aio_lio_opcode == LIO_NOP)
			continue;
		if (is_transfer(list[i]))
			err = submit(list[i],
				     list[i]->aio_lio_opcode == LIO_READ ? OP_READ : OP_WRITE, 0,
				     b);
		else
			err = -EINVAL;
		if (err) {
			set_done(list[i], err);
			b->failed = true;
			if (err == -EAGAIN || !is_transfer(list[i]))
				result = err == -EAGAIN ? err : -EIO;
		}
	}
	return result;
}

static int wait_all(struct batch *b)
{
	uint32_t left;

	while ((left = __atomic_load_n(&b->left, __ATOMIC_ACQUIRE)) != 0)
		if (futex_wait_interruptible(&b->left, left, NS_NEVER) == -EINTR)
			return -EINTR;
	handle_signals();
	return b->failed ? -EIO : 0;
}

static void put_batch(struct batch *b)
{
	mutex_lock(&lock);
	if (--b->refs == 0)
		kfree(b);
	mutex_unlock(&lock);
}

static int do_list(int mode, struct aiocb *restrict const list[], int n,
		   const struct sigevent *event)
{
	struct batch *b = kzalloc(sizeof(*b));
	struct notice *told;
	int err = 0;

	if (!b)
		return -EAGAIN;
	b->left = 1;
	b->refs = mode == LIO_WAIT ? 2 : 1;
	if (mode == LIO_NOWAIT && event)
		err = notice_make(event, SI_ASYNCIO, &b->notice);
	if (err) {
		kfree(b);
		return err;
	}
	err = submit_all(b, list, n);
	mutex_lock(&lock);
	told = leave_batch(b, err);
	mutex_unlock(&lock);
	notice_send(told);
	if (mode == LIO_NOWAIT)
		return err;
	/* What is made again is the wait. Cancelled in it, the caller leaves b behind. */
	for (;;) {
		int waited = wait_all(b);

		if (waited != -EINTR || !posix_failed(waited)) {
			put_batch(b);
			return waited == -EINTR || !err ? waited : err;
		}
	}
}

UNIK_API int lio_listio(int mode, struct aiocb *restrict const list[restrict], int n,
			struct sigevent *restrict event)
{
	if ((mode != LIO_WAIT && mode != LIO_NOWAIT) || n < 0 || n > AIO_LISTIO_MAX)
		return (int)posix_result(-EINVAL);
	return (int)posix_result(do_list(mode, list, n, event));
}
