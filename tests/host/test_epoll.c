// SPDX-License-Identifier: BSD-2-Clause
/* lib/posix/epoll.c on fake threads and files that are ready when the test says. */
// link: lib/posix/epoll.c lib/posix/epoll_set.c lib/posix/poll.c lib/libc/fd.c
// link: kernel/wait.c kernel/mutex.c
// flags: -Depoll_create=unik_epoll_create -Depoll_create1=unik_epoll_create1
// flags: -Depoll_ctl=unik_epoll_ctl -Depoll_wait=unik_epoll_wait
// flags: -Depoll_pwait=unik_epoll_pwait -Depoll_pwait2=unik_epoll_pwait2
#define _GNU_SOURCE /* POLLRDHUP */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include "kernel/heap.h"
#include "lib/libc/fd.h"
#include "tests/host/fake/fake.h"

#define CHECK_ERRNO(call, err)        \
	do {                          \
		errno = 0;            \
		CHECK_EQ((call), -1); \
		CHECK_EQ(errno, err); \
	} while (0)

/* A file that is ready for `events`. */
struct thing {
	struct file file;
	short events;
	int looks; /* how often poll() was called */
};

static short thing_poll(struct file *f, short events)
{
	struct thing *t = container_of(f, struct thing, file);

	t->looks++;
	return t->events;
}

static void thing_release(struct file *f)
{
	CHECK(list_empty(&f->wait.waiters));
	kfree(container_of(f, struct thing, file));
}

static const struct file_ops thing_ops = { .poll = thing_poll, .release = thing_release };
static const struct file_ops plain_ops = { .release = thing_release };

static struct thing *open_thing(int *fd)
{
	struct thing *t = kzalloc(sizeof(*t));

	file_init(&t->file, &thing_ops, O_RDWR);
	*fd = fd_alloc(&t->file, false);
	CHECK(*fd >= 0);
	return t;
}

static void make_ready(struct thing *t, short events)
{
	t->events = events;
	wait_queue_wake_all(&t->file.wait);
}

static int control(int ep, int op, int fd, uint32_t events)
{
	struct epoll_event e = { .events = events, .data.u64 = (uint64_t)fd + 1000 };

	return epoll_ctl(ep, op, fd, &e);
}

/* One look without waiting: CHECKs that exactly fd is reported with these events; 0: nothing. */
static void check_report(int ep, int fd, uint32_t events)
{
	struct epoll_event e[8];
	int n = epoll_wait(ep, e, 8, 0);

	CHECK_EQ(n, events != 0);
	if (n == 1) {
		CHECK_EQ(e[0].events, events);
		CHECK_EQ(e[0].data.u64, fd + 1000);
	}
}

static void test_errors(void)
{
	struct epoll_event e = { .events = EPOLLIN };
	volatile int negative = -1; /* not for the compiler to know */
	int ep = epoll_create1(EPOLL_CLOEXEC), fd, plain;
	struct thing *p;

	open_thing(&fd);
	p = open_thing(&plain);
	p->file.ops = &plain_ops;
	CHECK_EQ(fd_close_on_exec(ep), 1);
	CHECK_ERRNO(epoll_create(0), EINVAL);
	CHECK_ERRNO(epoll_create1(1), EINVAL);
	CHECK_ERRNO(epoll_ctl(99, EPOLL_CTL_ADD, fd, &e), EBADF);
	CHECK_ERRNO(epoll_ctl(ep, EPOLL_CTL_ADD, 99, &e), EBADF);
	CHECK_ERRNO(epoll_ctl(fd, EPOLL_CTL_ADD, fd, &e), EINVAL);
	CHECK_ERRNO(epoll_ctl(ep, EPOLL_CTL_ADD, ep, &e), EINVAL);
	CHECK_ERRNO(epoll_ctl(ep, EPOLL_CTL_ADD, plain, &e), EPERM);
	CHECK_ERRNO(epoll_ctl(ep, EPOLL_CTL_ADD, fd, NULL), EFAULT);
	CHECK_ERRNO(epoll_ctl(ep, 4, fd, &e), EINVAL);
	CHECK_ERRNO(epoll_ctl(ep, EPOLL_CTL_MOD, fd, &e), ENOENT);
	CHECK_ERRNO(epoll_ctl(ep, EPOLL_CTL_DEL, fd, NULL), ENOENT);
	CHECK_ERRNO(control(ep, EPOLL_CTL_ADD, fd, 1 << 20), EINVAL);
	CHECK_EQ(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e), 0);
	CHECK_ERRNO(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e), EEXIST);
	CHECK_EQ(epoll_ctl(ep, EPOLL_CTL_DEL, fd, NULL), 0);
	CHECK_ERRNO(epoll_wait(ep, &e, 0, 0), EINVAL);
	CHECK_ERRNO(epoll_wait(ep, &e, negative, 0), EINVAL);
	CHECK_ERRNO(epoll_wait(fd, &e, 1, 0), EINVAL);
	CHECK_ERRNO(epoll_wait(99, &e, 1, 0), EBADF);
	fd_close(fd);
	fd_close(plain);
	fd_close(ep);
}

static void test_level(void)
{
	int ep = epoll_create(1), fd;
	struct thing *t = open_thing(&fd);

	t->events = POLLIN | POLLOUT;
	CHECK_EQ(control(ep, EPOLL_CTL_ADD, fd, EPOLLIN), 0);
	check_report(ep, fd, EPOLLIN);
	check_report(ep, fd, EPOLLIN);
	CHECK_EQ(control(ep, EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLOUT | EPOLLRDNORM), 0);
	check_report(ep, fd, EPOLLIN | EPOLLOUT | EPOLLRDNORM);
	t->events = 0;
	check_report(ep, fd, 0);
	/* It has left the list: nobody looks at it any more. */
	t->looks = 0;
	check_report(ep, fd, 0);
	CHECK_EQ(t->looks, 0);
	make_ready(t, POLLHUP | POLLERR);
	check_report(ep, fd, EPOLLHUP | EPOLLERR);
	CHECK_EQ(control(ep, EPOLL_CTL_MOD, fd, EPOLLRDHUP), 0);
	make_ready(t, POLLIN | POLLRDHUP);
	check_report(ep, fd, EPOLLRDHUP);
	fd_close(fd);
	check_report(ep, fd, 0);
	fd_close(ep);
}

static void test_edge(void)
{
	int ep = epoll_create(1), fd;
	struct thing *t = open_thing(&fd);

	t->events = POLLIN;
	CHECK_EQ(control(ep, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLET), 0);
	check_report(ep, fd, EPOLLIN);
	check_report(ep, fd, 0);
	make_ready(t, POLLIN);
	check_report(ep, fd, EPOLLIN);
	check_report(ep, fd, 0);
	CHECK_EQ(control(ep, EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLET), 0);
	check_report(ep, fd, EPOLLIN);
	fd_close(ep);
	fd_close(fd);
}

static void test_one_shot(void)
{
	int ep = epoll_create(1), fd;
	struct thing *t = open_thing(&fd);

	t->events = POLLIN;
	CHECK_EQ(control(ep, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLONESHOT), 0);
	check_report(ep, fd, EPOLLIN);
	make_ready(t, POLLIN | POLLHUP);
	check_report(ep, fd, 0);
	CHECK_EQ(control(ep, EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLONESHOT), 0);
	check_report(ep, fd, EPOLLIN | EPOLLHUP);
	check_report(ep, fd, 0);
	fd_close(fd);
	fd_close(ep);
}

static void test_exclusive(void)
{
	int ep = epoll_create(1), other = epoll_create(1), fd;
	struct thing *t = open_thing(&fd);
	struct epoll_event e;

	CHECK_EQ(control(ep, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLEXCLUSIVE), 0);
	CHECK_EQ(control(other, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLEXCLUSIVE), 0);
	CHECK_ERRNO(control(ep, EPOLL_CTL_MOD, fd, EPOLLIN), EINVAL);
	CHECK_ERRNO(control(ep, EPOLL_CTL_ADD, other, EPOLLIN | EPOLLEXCLUSIVE), EINVAL);
	CHECK_EQ(epoll_ctl(ep, EPOLL_CTL_DEL, fd, NULL), 0);
	CHECK_ERRNO(control(ep, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT),
		    EINVAL);
	CHECK_EQ(control(ep, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLEXCLUSIVE), 0);
	/* A queue that wakes one wakes them in turn. */
	for (int i = 0; i < 4; i++) {
		t->events = POLLIN;
		wait_queue_wake_one(&t->file.wait);
		CHECK_EQ(epoll_wait(i % 2 ? ep : other, &e, 1, 0), 1);
		t->events = 0;
		CHECK_EQ(epoll_wait(ep, &e, 1, 0), 0);
		CHECK_EQ(epoll_wait(other, &e, 1, 0), 0);
	}
	/* Its last waker finds the file gone. */
	wait_queue_wake_one(&t->file.wait);
	fd_close(fd);
	CHECK_EQ(epoll_wait(ep, &e, 1, 0), 0);
	fd_close(ep);
	fd_close(other);
}

/* The pair of descriptor and file is what is registered. */
static void test_dup(void)
{
	int ep = epoll_create(1), fd, copy;
	struct thing *t = open_thing(&fd);

	CHECK_EQ(control(ep, EPOLL_CTL_ADD, fd, EPOLLIN), 0);
	copy = fd_alloc(file_get(&t->file), false);
	CHECK_EQ(control(ep, EPOLL_CTL_ADD, copy, EPOLLIN | EPOLLONESHOT), 0);
	CHECK_EQ(epoll_ctl(ep, EPOLL_CTL_DEL, copy, NULL), 0);
	fd_close(fd);
	make_ready(t, POLLIN);
	check_report(ep, fd, EPOLLIN); /* fd is closed, the file is not */
	CHECK_ERRNO(epoll_ctl(ep, EPOLL_CTL_DEL, fd, NULL), EBADF);
	CHECK_EQ(fd_replace(fd, file_get(&t->file), false), fd);
	fd_close(copy);
	CHECK_ERRNO(control(ep, EPOLL_CTL_ADD, fd, EPOLLIN), EEXIST);
	fd_close(fd);
	check_report(ep, fd, 0);
	/* The number is free for another file. */
	t = open_thing(&copy);
	CHECK_EQ(copy, fd);
	t->events = POLLIN;
	check_report(ep, fd, 0);
	CHECK_EQ(control(ep, EPOLL_CTL_ADD, fd, EPOLLIN), 0);
	check_report(ep, fd, EPOLLIN);
	fd_close(fd);
	fd_close(ep);
}

/* A few at a time: nobody starves. */
static void test_max_events(void)
{
	int ep = epoll_create(1), fd[10], seen[10] = { 0 };
	struct epoll_event e[3];

	for (int i = 0; i < 10; i++) {
		open_thing(&fd[i])->events = POLLIN;
		CHECK_EQ(control(ep, EPOLL_CTL_ADD, fd[i], EPOLLIN), 0);
	}
	for (int round = 0; round < 10; round++) {
		CHECK_EQ(epoll_wait(ep, e, 3, 0), 3);
		for (int i = 0; i < 3; i++)
			seen[e[i].data.u64 - 1000 - (uint64_t)fd[0]]++;
	}
	for (int i = 0; i < 10; i++) {
		CHECK_EQ(seen[i], 3);
		fd_close(fd[i]);
	}
	fd_close(ep);
}

/* What idle descriptors cost epoll_wait(): nothing. */
static void test_idle(void)
{
	enum { MANY = 1000 };
	static int fd[MANY];
	static struct thing *t[MANY];
	int ep = epoll_create(1), looks = 0;

	for (int i = 0; i < MANY; i++) {
		t[i] = open_thing(&fd[i]);
		CHECK_EQ(control(ep, EPOLL_CTL_ADD, fd[i], EPOLLIN), 0);
		t[i]->looks = 0;
	}
	make_ready(t[777], POLLIN);
	for (int i = 0; i < 10; i++)
		check_report(ep, fd[777], EPOLLIN);
	for (int i = 0; i < MANY; i++)
		looks += t[i]->looks;
	CHECK_EQ(looks, 10);
	for (int i = 0; i < MANY; i += 2)
		CHECK_EQ(epoll_ctl(ep, EPOLL_CTL_DEL, fd[i], NULL), 0);
	for (int i = 0; i < MANY; i++)
		fd_close(fd[i]);
	fd_close(ep);
}

static struct epoll_event got[8];
static int wait_result[4], wait_fd;

static void waiting_thread(void *arg)
{
	*(int *)arg = epoll_wait(wait_fd, &got[(int *)arg - wait_result], 1, -1);
}

static void start_waiting(int n)
{
	struct thread *t;

	for (int i = 0; i < n; i++) {
		wait_result[i] = -9;
		CHECK_EQ(thread_create(&t, "waiter", 0, waiting_thread, &wait_result[i]), 0);
	}
	fake_threads_run();
}

static void test_threads(void)
{
	int ep = epoll_create(1), fd[2];
	struct thing *t[2] = { open_thing(&fd[0]), open_thing(&fd[1]) };

	wait_fd = ep;
	CHECK_EQ(control(ep, EPOLL_CTL_ADD, fd[0], EPOLLIN | EPOLLET), 0);
	CHECK_EQ(control(ep, EPOLL_CTL_ADD, fd[1], EPOLLIN | EPOLLET), 0);
	start_waiting(3);
	make_ready(t[0], POLLOUT); /* not what anybody waits for */
	fake_threads_run();
	CHECK_EQ(fake_threads_alive(), 3);
	make_ready(t[0], POLLIN); /* one event, one thread */
	fake_threads_run();
	CHECK_EQ(fake_threads_alive(), 2);
	make_ready(t[0], POLLIN);
	make_ready(t[1], POLLIN);
	fake_threads_run();
	CHECK_EQ(fake_threads_alive(), 0);
	for (int i = 0; i < 3; i++)
		CHECK_EQ(wait_result[i], 1);
	/* A level-triggered condition is told to all, one after the other. */
	t[0]->events = 0;
	t[1]->events = 0;
	CHECK_EQ(control(ep, EPOLL_CTL_MOD, fd[0], EPOLLIN), 0);
	start_waiting(4);
	CHECK_EQ(fake_threads_alive(), 4);
	make_ready(t[0], POLLIN);
	fake_threads_run();
	CHECK_EQ(fake_threads_alive(), 0);
	fd_close(fd[0]);
	fd_close(fd[1]);
	fd_close(ep);
}

static void test_timeout(void)
{
	struct timespec span = { 1, 500 }, bad = { 0, 1000000000 };
	int ep = epoll_create(1), fd;
	struct epoll_event e;

	open_thing(&fd);
	CHECK_EQ(control(ep, EPOLL_CTL_ADD, fd, EPOLLIN), 0);
	CHECK_EQ(epoll_wait(ep, &e, 1, 0), 0);
	CHECK_EQ(fake_time, 0);
	CHECK_EQ(epoll_wait(ep, &e, 1, 25), 0);
	CHECK_EQ(fake_time, 25 * NS_PER_MS);
	CHECK_EQ(epoll_pwait2(ep, &e, 1, &span, NULL), 0);
	CHECK_EQ(fake_time, 1025 * NS_PER_MS + 500);
	CHECK_ERRNO(epoll_pwait2(ep, &e, 1, &bad, NULL), EINVAL);
	fd_close(fd);
	fd_close(ep);
}

/* A file that is closed while a thread waits for it. */
static void test_close_while_waiting(void)
{
	int ep = epoll_create(1), fd[2];
	struct thing *t[2] = { open_thing(&fd[0]), open_thing(&fd[1]) };

	wait_fd = ep;
	CHECK_EQ(control(ep, EPOLL_CTL_ADD, fd[0], EPOLLIN), 0);
	CHECK_EQ(control(ep, EPOLL_CTL_ADD, fd[1], EPOLLIN), 0);
	start_waiting(1);
	make_ready(t[0], POLLIN);
	fd_close(fd[0]);
	fake_threads_run();
	CHECK_EQ(fake_threads_alive(), 1);
	make_ready(t[1], POLLIN);
	fake_threads_run();
	CHECK_EQ(wait_result[0], 1);
	CHECK_EQ(got[0].data.u64, fd[1] + 1000);
	/* The set itself: a thread that waits in it keeps it. */
	t[1]->events = 0;
	start_waiting(1);
	fd_close(ep);
	fake_threads_run();
	CHECK_EQ(fake_threads_alive(), 1);
	make_ready(t[1], POLLIN);
	fake_threads_run();
	CHECK_EQ(fake_threads_alive(), 0);
	fd_close(fd[1]);
}

static void test_nested(void)
{
	int inner = epoll_create(1), outer = epoll_create(1), fd;
	struct thing *t = open_thing(&fd);

	CHECK_EQ(control(inner, EPOLL_CTL_ADD, fd, EPOLLIN), 0);
	CHECK_EQ(control(outer, EPOLL_CTL_ADD, inner, EPOLLIN), 0);
	CHECK_ERRNO(control(inner, EPOLL_CTL_ADD, outer, EPOLLIN), ELOOP);
	check_report(outer, inner, 0);
	make_ready(t, POLLIN);
	check_report(outer, inner, EPOLLIN);
	check_report(inner, fd, EPOLLIN);
	check_report(outer, inner, EPOLLIN);
	t->events = 0;
	check_report(outer, inner, 0);
	make_ready(t, POLLOUT); /* wakes both for nothing */
	check_report(outer, inner, 0);
	fd_close(inner);
	make_ready(t, POLLIN);
	check_report(outer, inner, 0);
	fd_close(fd);
	fd_close(outer);
}

static void test_nesting_depth(void)
{
	int ep[7];

	for (int i = 0; i < 7; i++)
		ep[i] = epoll_create(1);
	for (int i = 0; i < 4; i++)
		CHECK_EQ(control(ep[i], EPOLL_CTL_ADD, ep[i + 1], EPOLLIN), 0);
	CHECK_ERRNO(control(ep[4], EPOLL_CTL_ADD, ep[5], EPOLLIN), ELOOP);
	CHECK_ERRNO(control(ep[5], EPOLL_CTL_ADD, ep[0], EPOLLIN), ELOOP);
	CHECK_ERRNO(control(ep[4], EPOLL_CTL_ADD, ep[0], EPOLLIN), ELOOP);
	CHECK_EQ(control(ep[3], EPOLL_CTL_ADD, ep[5], EPOLLIN), 0);
	CHECK_EQ(epoll_ctl(ep[2], EPOLL_CTL_DEL, ep[3], NULL), 0);
	CHECK_EQ(control(ep[4], EPOLL_CTL_ADD, ep[6], EPOLLIN), 0);
	for (int i = 0; i < 7; i++)
		fd_close(ep[i]);
}

static void test_no_memory(void)
{
	int fd[40];

	for (int i = 0; i < 40; i++)
		open_thing(&fd[i])->events = POLLIN;
	FAKE_FAIL_EACH
	{
		struct epoll_event e[40];
		int n = 0, ep = epoll_create(1);

		if (ep < 0)
			CHECK(errno == ENOMEM && fake_failed());
		for (int i = 0; i < 40 && ep >= 0; i++) {
			int err = control(ep, EPOLL_CTL_ADD, fd[i], EPOLLIN);

			n += err == 0;
			CHECK(err == 0 || (errno == ENOMEM && fake_failed()));
		}
		if (ep >= 0) {
			CHECK_EQ(epoll_wait(ep, e, 40, 0), n);
			fd_close(ep);
		}
	}
	for (int i = 0; i < 40; i++)
		fd_close(fd[i]);
}

static void test_no_space(void)
{
	int fd, ep[FD_MAX * 2 / 1000 + 1], copy[1000], n = 0, sets = 0, err = 0;
	struct thing *t = open_thing(&fd);

	for (int i = 0; i < 1000; i++)
		copy[i] = fd_alloc(file_get(&t->file), false);
	while (!err && sets < (int)ARRAY_SIZE(ep)) {
		ep[sets] = epoll_create(1);
		for (int i = 0; i < 1000 && !err; i++) {
			err = control(ep[sets], EPOLL_CTL_ADD, copy[i], EPOLLIN);
			n += !err;
		}
		sets++;
	}
	CHECK_EQ(err, -1);
	CHECK_EQ(errno, ENOSPC);
	CHECK_EQ(n, 2 * FD_MAX);
	fd_close(ep[--sets]);
	CHECK_EQ(control(ep[0], EPOLL_CTL_ADD, fd, EPOLLIN), 0);
	while (sets--)
		fd_close(ep[sets]);
	for (int i = 0; i < 1000; i++)
		fd_close(copy[i]);
	fd_close(fd);
}

/* Random calls against a table that says what must come out. */
enum { THINGS = 6, SLOTS = 24, STEPS = 60000 };

static struct {
	struct thing *thing; /* NULL: descriptor is closed */
	int fd;
} slot[SLOTS];

static struct known { /* registered pairs; they outlive the descriptor */
	int fd;
	struct thing *thing;
	uint32_t events;
	bool woken, armed;
} known[200];
static int nknown;
static uint32_t seed;

static uint32_t pick(uint32_t n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

static void wake_known(const struct thing *t)
{
	for (int i = 0; i < nknown; i++)
		if (known[i].thing == t)
			known[i].woken = true;
}

static struct known *find_known(int fd, const struct thing *t)
{
	for (int i = 0; i < nknown; i++)
		if (known[i].fd == fd && known[i].thing == t)
			return &known[i];
	return NULL;
}

static void close_slot(int i)
{
	struct thing *t = slot[i].thing;
	bool last = t->file.refs == 1;

	for (int k = nknown - 1; last && k >= 0; k--)
		if (known[k].thing == t)
			known[k] = known[--nknown];
	fd_close(slot[i].fd);
	slot[i].thing = NULL;
	if (!last)
		wake_known(t);
}

static void random_open(int i)
{
	int from = (int)pick(SLOTS);

	if (slot[i].thing)
		return;
	if (pick(2) && slot[from].thing) {
		slot[i].thing = slot[from].thing;
		slot[i].fd = fd_alloc(file_get(&slot[i].thing->file), false);
	} else {
		slot[i].thing = open_thing(&slot[i].fd);
	}
}

static void random_control(int ep, int i)
{
	static const uint32_t flags[] = { 0, 0, EPOLLET, EPOLLONESHOT };
	int op = (int)pick(3) + 1, fd = slot[i].fd, err = 0;
	uint32_t events = pick(8) | flags[pick(4)];
	struct known *k;

	if (!slot[i].thing)
		return;
	k = find_known(fd, slot[i].thing);
	if (op == EPOLL_CTL_ADD && k)
		err = EEXIST;
	else if (op != EPOLL_CTL_ADD && !k)
		err = ENOENT;
	if (op == EPOLL_CTL_ADD && !k && nknown == ARRAY_SIZE(known))
		return;
	errno = 0;
	CHECK_EQ(control(ep, op, fd, events), err ? -1 : 0);
	CHECK_EQ(errno, err);
	if (err)
		return;
	if (op == EPOLL_CTL_DEL) {
		*k = known[--nknown];
		return;
	}
	if (op == EPOLL_CTL_ADD)
		k = &known[nknown++];
	*k = (struct known){ fd, slot[i].thing, events | EPOLLERR | EPOLLHUP, true, true };
}

static bool must_report(const struct known *k)
{
	if (!k->armed || !((uint32_t)k->thing->events & k->events))
		return false;
	return !(k->events & EPOLLET) || k->woken;
}

static void check_all(int ep)
{
	struct epoll_event e[ARRAY_SIZE(known)];
	int n = epoll_wait(ep, e, ARRAY_SIZE(known), 0), expected = 0;

	for (int i = 0; i < nknown; i++) {
		struct known *k = &known[i];
		bool must = must_report(k), found = false;

		expected += must;
		for (int j = 0; j < n; j++)
			found |= (int)e[j].data.u64 == k->fd + 1000 &&
				 e[j].events == ((uint32_t)k->thing->events & k->events);
		CHECK(found || !must);
		k->woken = false;
		k->armed &= !(must && k->events & EPOLLONESHOT);
	}
	CHECK_EQ(n, expected);
}

static void test_random(void)
{
	int ep = epoll_create(1);

	seed = 1;
	nknown = 0;
	for (int step = 0; step < STEPS && !check_failures; step++) {
		int i = (int)pick(SLOTS);

		switch (pick(6)) {
		case 0:
			random_open(i);
			break;
		case 1:
			if (slot[i].thing)
				close_slot(i);
			break;
		case 2:
		case 3:
			random_control(ep, i);
			break;
		case 4:
			if (!slot[i].thing)
				break;
			wake_known(slot[i].thing);
			make_ready(slot[i].thing, (short)(pick(2) ? 0 : pick(32)));
			break;
		default:
			check_all(ep);
		}
	}
	for (int i = 0; i < SLOTS; i++)
		if (slot[i].thing)
			close_slot(i);
	fd_close(ep);
}

/* The table of descriptors stays as large as it has become. */
static void grow_table(void)
{
	int fd;
	struct thing *t = open_thing(&fd);

	CHECK_EQ(fd_replace(4000, file_get(&t->file), false), 4000);
	fd_close(4000);
	fd_close(fd);
}

int main(void)
{
	grow_table();
	RUN(test_errors);
	RUN(test_level);
	RUN(test_edge);
	RUN(test_one_shot);
	RUN(test_exclusive);
	RUN(test_dup);
	RUN(test_max_events);
	RUN(test_idle);
	RUN(test_threads);
	RUN(test_timeout);
	RUN(test_close_while_waiting);
	RUN(test_nested);
	RUN(test_nesting_depth);
	RUN(test_no_memory);
	RUN(test_no_space);
	RUN(test_random);
	return check_done();
}
