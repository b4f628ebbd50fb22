// SPDX-License-Identifier: BSD-2-Clause
/* Message queues. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "tests/check.h"

#define CHECK_FAILS(call, error)            \
	do {                                \
		errno = 0;                  \
		CHECK_EQ((long)(call), -1); \
		CHECK_EQ(errno, error);     \
	} while (0)

static char buffer[64];
static volatile sig_atomic_t ncaught, caught_code, caught_value;

static mqd_t make(const char *name, int flags)
{
	struct mq_attr attr = { .mq_maxmsg = 3, .mq_msgsize = sizeof(buffer) };
	mqd_t q = mq_open(name, O_CREAT | O_EXCL | flags, 0600, &attr);

	CHECK(q >= 0);
	return q;
}

static struct timespec in_ms(long ms)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	t.tv_nsec += ms * 1000000;
	t.tv_sec += t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	return t;
}

static void test_order(void)
{
	static const struct {
		const char *text;
		unsigned priority;
	} want[] = { { "high", 9 }, { "first", 1 }, { "second", 1 } };
	mqd_t q = make("/order", O_RDWR);
	struct mq_attr attr;
	unsigned priority;

	CHECK_EQ(mq_send(q, "first", 6, 1), 0);
	CHECK_EQ(mq_send(q, "high", 5, 9), 0);
	CHECK_EQ(mq_send(q, "second", 7, 1), 0);
	CHECK_EQ(mq_getattr(q, &attr), 0);
	CHECK_EQ(attr.mq_curmsgs, 3);
	for (int i = 0; i < 3; i++) {
		CHECK_EQ(mq_receive(q, buffer, sizeof(buffer), &priority),
			 strlen(want[i].text) + 1);
		CHECK(!strcmp(buffer, want[i].text));
		CHECK_EQ(priority, want[i].priority);
	}
	CHECK_EQ(mq_unlink("/order"), 0);
	CHECK_EQ(mq_send(q, "", 0, 0), 0); /* without its name */
	CHECK_EQ(mq_receive(q, buffer, sizeof(buffer), NULL), 0);
	CHECK_EQ(mq_close(q), 0);
	CHECK_FAILS(mq_close(q), EBADF);
}

static void test_refusals(void)
{
	struct mq_attr bad = { .mq_maxmsg = -1, .mq_msgsize = 1 };
	char name[NAME_MAX + 3] = "/";
	mqd_t q = make("/refusals", O_RDWR), in;

	memset(name + 1, 'x', NAME_MAX + 1);
	CHECK_FAILS(mq_open(name, O_CREAT | O_RDWR, 0600, NULL), ENAMETOOLONG);
	CHECK_FAILS(mq_open("/", O_CREAT | O_RDWR, 0600, NULL), EINVAL);
	CHECK_FAILS(mq_open("/bad", O_CREAT | O_RDWR, 0600, &bad), EINVAL);
	CHECK_FAILS(mq_open("/absent", O_RDWR), ENOENT);
	CHECK_FAILS(mq_open("/refusals", O_CREAT | O_EXCL | O_RDWR, 0600, NULL), EEXIST);
	CHECK_FAILS(mq_unlink("/absent"), ENOENT);
	CHECK_FAILS(mq_send(q, buffer, sizeof(buffer) + 1, 0), EMSGSIZE);
	CHECK_FAILS(mq_send(q, buffer, 1, MQ_PRIO_MAX), EINVAL);
	CHECK_FAILS(mq_receive(q, buffer, sizeof(buffer) - 1, NULL), EMSGSIZE);
	CHECK_FAILS(mq_send(STDOUT_FILENO, buffer, 1, 0), EBADF);
	in = mq_open("/refusals", O_RDONLY | O_NONBLOCK);
	CHECK_FAILS(mq_send(in, buffer, 1, 0), EBADF);
	CHECK_FAILS(mq_receive(in, buffer, sizeof(buffer), NULL), EAGAIN);
	CHECK_EQ(mq_close(in), 0);
	CHECK_EQ(mq_close(q), 0);
	CHECK_EQ(mq_unlink("/refusals"), 0);
}

static void test_timeouts(void)
{
	mqd_t q = make("/timeouts", O_RDWR);
	struct timespec soon = in_ms(50), invalid = { 0, -1 };

	CHECK_FAILS(mq_timedreceive(q, buffer, sizeof(buffer), NULL, &soon), ETIMEDOUT);
	CHECK_FAILS(mq_timedreceive(q, buffer, sizeof(buffer), NULL, &invalid), EINVAL);
	for (int i = 0; i < 3; i++)
		CHECK_EQ(mq_timedsend(q, "x", 1, 0, &invalid), 0); /* it need not wait */
	CHECK_FAILS(mq_timedsend(q, "x", 1, 0, &invalid), EINVAL);
	soon = in_ms(50);
	CHECK_FAILS(mq_timedsend(q, "x", 1, 0, &soon), ETIMEDOUT);
	CHECK_EQ(mq_close(q), 0);
	CHECK_EQ(mq_unlink("/timeouts"), 0);
}

static void *send_ten(void *arg)
{
	mqd_t q = *(mqd_t *)arg;

	for (char i = 0; i < 10; i++)
		CHECK_EQ(mq_send(q, &i, 1, 0), 0); /* the queue holds three */
	return NULL;
}

static void test_threads(void)
{
	mqd_t q = make("/threads", O_RDWR);
	struct pollfd p = { .fd = q, .events = POLLIN };
	pthread_t thread;

	CHECK_EQ(poll(&p, 1, 0), 0);
	CHECK_EQ(pthread_create(&thread, NULL, send_ten, &q), 0);
	CHECK_EQ(poll(&p, 1, 5000), 1);
	for (int i = 0; i < 10; i++) {
		CHECK_EQ(mq_receive(q, buffer, sizeof(buffer), NULL), 1);
		CHECK_EQ(buffer[0], i);
	}
	pthread_join(thread, NULL);
	CHECK_EQ(mq_close(q), 0);
	CHECK_EQ(mq_unlink("/threads"), 0);
}

static void note(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	ncaught++;
	caught_code = info->si_code;
	caught_value = info->si_value.sival_int;
}

static void test_notify(void)
{
	struct sigaction a = { .sa_sigaction = note, .sa_flags = SA_SIGINFO };
	struct sigevent e = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	mqd_t q = make("/notify", O_RDWR);

	e.sigev_value.sival_int = 17;
	CHECK_EQ(sigaction(SIGUSR1, &a, NULL), 0);
	CHECK_EQ(mq_notify(q, &e), 0);
	CHECK_FAILS(mq_notify(q, &e), EBUSY);
	CHECK_EQ(mq_send(q, "x", 1, 0), 0);
	CHECK_EQ(ncaught, 1);
	CHECK_EQ(caught_code, SI_MESGQ);
	CHECK_EQ(caught_value, 17);
	CHECK_EQ(mq_notify(q, &e), 0); /* once only, and not while it holds messages */
	CHECK_EQ(mq_send(q, "x", 1, 0), 0);
	CHECK_EQ(ncaught, 1);
	CHECK_EQ(mq_notify(q, NULL), 0);
	CHECK_EQ(mq_close(q), 0);
	CHECK_EQ(mq_unlink("/notify"), 0);
}

int main(void)
{
	RUN(test_order);
	RUN(test_refusals);
	RUN(test_timeouts);
	RUN(test_threads);
	RUN(test_notify);
	return check_done();
}
