// SPDX-License-Identifier: BSD-2-Clause
/* lib/posix/poll.c and select.c on fake threads and files that are ready when the test says. */
// link: lib/posix/poll.c lib/posix/select.c lib/libc/fd.c kernel/wait.c
// flags: -Dpoll=unik_poll -Dppoll=unik_ppoll -Dselect=unik_select -Dpselect=unik_pselect
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/select.h>
#include <time.h>
#include "kernel/heap.h"
#include "lib/libc/fd.h"
#include "tests/host/fake/fake.h"

#define NFILES 40

struct thing {
	struct file file;
	short events; /* ready for */
	int looks;    /* how often poll() was called */
};

static struct thing things[NFILES];

static short thing_poll(struct file *f, short events)
{
	struct thing *t = container_of(f, struct thing, file);

	t->looks++;
	return t->events;
}

static void thing_release(struct file *f)
{
	CHECK(list_empty(&f->wait.waiters));
}

static const struct file_ops thing_ops = { .poll = thing_poll, .release = thing_release };
static const struct file_ops plain_ops = { .release = thing_release };

static void start(void)
{
	for (int i = 0; i < NFILES; i++) {
		file_init(&things[i].file, &thing_ops, O_RDWR);
		things[i].events = 0;
		things[i].looks = 0;
		CHECK_EQ(fd_alloc(&things[i].file, false), i);
	}
}

static void end(void)
{
	for (int i = 0; i < NFILES; i++) {
		CHECK_EQ(things[i].file.refs, 1);
		fd_close(i);
	}
	CHECK_EQ(fake_threads_alive(), 0);
}

static void make_ready(struct thing *t, short events)
{
	t->events = events;
	wait_queue_wake_all(&t->file.wait);
}

static void test_ready_at_once(void)
{
	struct pollfd p[] = { { 0, POLLIN, 0 }, { 1, POLLIN, 9 }, { -1, POLLIN, 9 },
			      { 99, 0, 0 },     { 2, 0, 0 },      { 3, POLLOUT | POLLWRNORM, 0 } };

	start();
	things[0].events = POLLIN | POLLOUT;
	things[2].events = POLLHUP | POLLIN;
	things[3].events = POLLOUT;
	CHECK_EQ(poll(p, 6, -1), 4);
	CHECK_EQ(p[0].revents, POLLIN);
	CHECK_EQ(p[1].revents, 0);
	CHECK_EQ(p[2].revents, 0);
	CHECK_EQ(p[3].revents, POLLNVAL);
	CHECK_EQ(p[4].revents, POLLHUP);
	CHECK_EQ(p[5].revents, POLLOUT | POLLWRNORM);
	CHECK_EQ(things[1].looks, 1);
	end();
}

static void test_file_that_is_always_ready(void)
{
	struct pollfd p = { 0, POLLIN | POLLOUT, 0 };

	start();
	things[0].file.ops = &plain_ops;
	CHECK_EQ(poll(&p, 1, -1), 1);
	CHECK_EQ(p.revents, POLLIN | POLLOUT);
	end();
}

static void test_timeout(void)
{
	struct pollfd p[] = { { 0, POLLIN, 0 }, { -1, POLLIN, 0 } };
	struct timespec span = { 1, 500 }, bad = { 0, 1000000000 };
	volatile nfds_t too_many = FD_MAX + 1; /* not for the compiler to know */

	start();
	CHECK_EQ(poll(p, 2, 0), 0);
	CHECK_EQ(fake_time, 0);
	CHECK_EQ(poll(p, 2, 25), 0);
	CHECK_EQ(fake_time, 25 * NS_PER_MS);
	CHECK_EQ(ppoll(p, 2, &span, NULL), 0);
	CHECK_EQ(fake_time, 1025 * NS_PER_MS + 500);
	CHECK_EQ(ppoll(p, 2, &bad, NULL), -1);
	CHECK_EQ(errno, EINVAL);
	CHECK_EQ(poll(p, too_many, 0), -1);
	CHECK_EQ(errno, EINVAL);
	CHECK_EQ(poll(NULL, 0, 5), 0);
	end();
}

static struct pollfd waiting[NFILES];
static int result;

static void polling_thread(void *arg)
{
	(void)arg;
	result = poll(waiting, NFILES, -1);
}

static void start_polling(void)
{
	struct thread *t;

	for (int i = 0; i < NFILES; i++)
		waiting[i] = (struct pollfd){ i, POLLIN, 0 };
	result = -1;
	CHECK_EQ(thread_create(&t, "poller", 0, polling_thread, NULL), 0);
	fake_threads_run();
	CHECK_EQ(result, -1);
}

static void test_wakes(void)
{
	start();
	start_polling();
	/* Not what it waits for: it goes on sleeping, and looks at nobody else. */
	int before = things[5].looks;

	make_ready(&things[7], POLLOUT);
	fake_threads_run();
	CHECK_EQ(result, -1);
	CHECK_EQ(things[5].looks, before);
	make_ready(&things[7], POLLIN);
	make_ready(&things[30], POLLIN);
	fake_threads_run();
	CHECK_EQ(result, 2);
	CHECK_EQ(waiting[7].revents, POLLIN);
	CHECK_EQ(waiting[30].revents, POLLIN);
	CHECK_EQ(waiting[5].revents, 0);
	CHECK_EQ(things[5].looks, before);
	end();
}

static void test_closed_while_waiting(void)
{
	start();
	start_polling();
	fd_close(3);
	make_ready(&things[3], POLLIN);
	fake_threads_run();
	CHECK_EQ(result, 1);
	CHECK_EQ(waiting[3].revents, POLLIN);
	file_init(&things[3].file, &thing_ops, O_RDWR);
	CHECK_EQ(fd_alloc(&things[3].file, false), 3);
	end();
}

static void test_no_memory(void)
{
	start();
	for (int i = 0; i < NFILES; i++)
		waiting[i] = (struct pollfd){ i, POLLIN, 0 };
	FAKE_FAIL_EACH
	{
		int ret = poll(waiting, NFILES, 1);

		CHECK(ret == 0 || (ret == -1 && errno == ENOMEM && fake_failed()));
	}
	end();
}

static void test_select(void)
{
	struct timeval tv = { 0, 2500000 };
	fd_set r, w, e;

	start();
	things[1].events = POLLIN;
	things[2].events = POLLOUT;
	things[3].events = POLLHUP;
	things[39].events = POLLPRI;
	FD_ZERO(&r);
	FD_ZERO(&w);
	FD_ZERO(&e);
	for (int i = 0; i < NFILES; i++) {
		FD_SET(i, &r);
		FD_SET(i, &w);
		FD_SET(i, &e);
	}
	CHECK_EQ(select(NFILES, &r, &w, &e, NULL), 4);
	for (int i = 0; i < NFILES; i++) {
		CHECK_EQ(!!FD_ISSET(i, &r), i == 1 || i == 3);
		CHECK_EQ(!!FD_ISSET(i, &w), i == 2);
		CHECK_EQ(!!FD_ISSET(i, &e), i == 39);
	}
	FD_ZERO(&r);
	FD_SET(0, &r);
	CHECK_EQ(select(1, &r, NULL, NULL, &tv), 0);
	CHECK_EQ(fake_time, 2500 * NS_PER_MS);
	CHECK(!FD_ISSET(0, &r));
	FD_SET(NFILES, &r);
	CHECK_EQ(select(NFILES + 1, &r, NULL, NULL, &tv), -1);
	CHECK_EQ(errno, EBADF);
	CHECK_EQ(select(FD_SETSIZE + 1, &r, NULL, NULL, &tv), -1);
	CHECK_EQ(errno, EINVAL);
	end();
}

int main(void)
{
	RUN(test_ready_at_once);
	RUN(test_file_that_is_always_ready);
	RUN(test_timeout);
	RUN(test_wakes);
	RUN(test_closed_while_waiting);
	RUN(test_no_memory);
	RUN(test_select);
	return check_done();
}
