// SPDX-License-Identifier: BSD-2-Clause
/* Asynchronous I/O. */
#define _GNU_SOURCE
#include <aio.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "tests/check.h"

#define N 40

static const struct timespec second = { .tv_sec = 1 }, moment = { .tv_nsec = 10000000 };

static struct aiocb request(int fd, void *buf, size_t n, off_t at)
{
	return (struct aiocb){ .aio_fildes = fd,
			       .aio_buf = buf,
			       .aio_nbytes = n,
			       .aio_offset = at,
			       .aio_sigevent.sigev_notify = SIGEV_NONE };
}

static int wait_for(struct aiocb *cb)
{
	const struct aiocb *list[] = { NULL, cb };

	while (aio_error(cb) == EINPROGRESS)
		CHECK_EQ(aio_suspend(list, 2, &second), 0);
	return aio_error(cb);
}

static int new_file(int flags)
{
	int fd = open("/tmp/aio", O_CREAT | O_TRUNC | O_RDWR | flags, 0600);

	CHECK(fd >= 0);
	return fd;
}

static void test_file(void)
{
	char out[] = "written", in[16] = "";
	int fd = new_file(0);
	struct aiocb w = request(fd, out, 7, 100), r = request(fd, in, 16, 102), s = w;

	CHECK_EQ(aio_write(&w), 0);
	CHECK_EQ(aio_fsync(O_SYNC, &s), 0);
	CHECK_EQ(wait_for(&s), 0);
	CHECK_EQ(aio_error(&w), 0); /* was before it */
	CHECK_EQ(aio_return(&w), 7);
	CHECK_EQ(aio_return(&w), -1); /* once */
	CHECK_EQ(errno, EINVAL);
	CHECK_EQ(aio_error(&w), -1);
	CHECK_EQ(errno, EINVAL);
	CHECK_EQ(aio_return(&s), 0);
	CHECK_EQ(aio_read(&r), 0);
	CHECK_EQ(wait_for(&r), 0);
	CHECK_EQ(aio_return(&r), 5);
	CHECK_STR(in, "itten");
	CHECK_EQ(lseek(fd, 0, SEEK_CUR), 0);
	close(fd);
}

/* Appended in the order of the calls; the descriptor may go before the work is done. */
static void test_append(void)
{
	static char text[N][4], all[3 * N + 1], expected[3 * N + 1];
	static struct aiocb w[N];
	int fd = new_file(O_APPEND);

	for (int i = 0; i < N; i++) {
		snprintf(text[i], sizeof(text[i]), "%02d,", i);
		strcat(expected, text[i]);
		w[i] = request(fd, text[i], 3, 0);
		CHECK_EQ(aio_write(&w[i]), 0);
	}
	close(fd);
	for (int i = 0; i < N; i++)
		CHECK_EQ(wait_for(&w[i]), 0);
	fd = open("/tmp/aio", O_RDONLY);
	CHECK_EQ(read(fd, all, sizeof(all)), 3 * N);
	CHECK_STR(all, expected);
	close(fd);
}

/* Reads that wait for somebody keep neither writes nor each other from going on. */
static void test_pipes(void)
{
	enum { PIPES = 10 };
	static char in[PIPES][4];
	static struct aiocb r[PIPES];
	int fds[PIPES][2];
	const struct aiocb *list[1];

	for (int i = 0; i < PIPES; i++) {
		CHECK_EQ(pipe(fds[i]), 0);
		r[i] = request(fds[i][0], in[i], 4, 0);
		CHECK_EQ(aio_read(&r[i]), 0);
	}
	list[0] = &r[0];
	CHECK_EQ(aio_suspend(list, 1, &moment), -1);
	CHECK_EQ(errno, EAGAIN);
	CHECK_EQ(aio_error(&r[0]), EINPROGRESS);
	CHECK_EQ(aio_cancel(fds[0][0], &r[0]), AIO_NOTCANCELED);
	for (int i = PIPES - 1; i >= 0; i--) {
		CHECK_EQ(write(fds[i][1], "abc", 4), 4);
		CHECK_EQ(wait_for(&r[i]), 0);
		CHECK_EQ(aio_return(&r[i]), 4);
		CHECK_STR(in[i], "abc");
		close(fds[i][0]);
		close(fds[i][1]);
	}
}

static void test_cancel(void)
{
	static char in[2][4];
	struct aiocb first, second_one;
	int fds[2];

	CHECK_EQ(pipe(fds), 0);
	first = request(fds[0], in[0], 4, 0);
	second_one = request(fds[0], in[1], 4, 0);
	CHECK_EQ(aio_read(&first), 0);
	CHECK_EQ(aio_read(&second_one), 0);
	nanosleep(&moment, NULL);
	CHECK_EQ(aio_cancel(fds[0], &second_one), AIO_CANCELED);
	CHECK_EQ(aio_error(&second_one), ECANCELED);
	CHECK_EQ(aio_return(&second_one), -1);
	CHECK_EQ(aio_cancel(fds[0], NULL), AIO_NOTCANCELED);
	CHECK_EQ(write(fds[1], "abc", 4), 4);
	CHECK_EQ(wait_for(&first), 0);
	CHECK_EQ(aio_cancel(fds[0], NULL), AIO_ALLDONE);
	CHECK_EQ(aio_cancel(999, NULL), -1);
	CHECK_EQ(errno, EBADF);
	close(fds[0]);
	close(fds[1]);
}

static sem_t told;
static volatile int told_value, told_code;
static pthread_t teller;

static void on_signal(int sig, siginfo_t *info, void *context)
{
	told_value = info->si_value.sival_int;
	told_code = info->si_code;
	sem_post(&told);
}

static void on_thread(union sigval value)
{
	told_value = value.sival_int;
	teller = pthread_self();
	sem_post(&told);
}

static void wait_told(void)
{
	while (sem_wait(&told))
		CHECK_EQ(errno, EINTR);
}

static void test_notification(void)
{
	struct sigaction a = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO };
	char byte = 'x';
	int fd = new_file(0);
	struct aiocb w = request(fd, &byte, 1, 0);

	sem_init(&told, 0, 0);
	sigaction(SIGRTMIN, &a, NULL);
	w.aio_sigevent = (struct sigevent){ .sigev_notify = SIGEV_SIGNAL,
					    .sigev_signo = SIGRTMIN,
					    .sigev_value.sival_int = 7 };
	CHECK_EQ(aio_write(&w), 0);
	wait_told();
	CHECK_EQ(told_value, 7);
	CHECK_EQ(told_code, SI_ASYNCIO);
	CHECK_EQ(aio_return(&w), 1);
	w.aio_sigevent = (struct sigevent){ .sigev_notify = SIGEV_THREAD,
					    .sigev_notify_function = on_thread,
					    .sigev_value.sival_int = 8 };
	CHECK_EQ(aio_write(&w), 0);
	wait_told();
	CHECK_EQ(told_value, 8);
	CHECK(teller != pthread_self());
	w.aio_sigevent.sigev_notify = 99;
	CHECK_EQ(aio_write(&w), -1);
	CHECK_EQ(errno, EINVAL);
	close(fd);
}

static void test_list(void)
{
	static char text[N], in[N];
	static struct aiocb cb[N];
	static struct aiocb *list[N + 1];
	struct sigevent event = { .sigev_notify = SIGEV_THREAD,
				  .sigev_notify_function = on_thread,
				  .sigev_value.sival_int = 9 };
	int fd = new_file(0);

	for (int i = 0; i < N; i++) {
		text[i] = (char)('A' + i % 26);
		cb[i] = request(fd, &text[i], 1, i);
		cb[i].aio_lio_opcode = LIO_WRITE;
		list[i] = &cb[i];
	}
	CHECK_EQ(lio_listio(LIO_WAIT, list, N + 1, NULL), 0);
	for (int i = 0; i < N; i++) {
		CHECK_EQ(aio_return(&cb[i]), 1);
		cb[i].aio_lio_opcode = LIO_READ;
		cb[i].aio_buf = &in[i];
	}
	CHECK_EQ(lio_listio(LIO_NOWAIT, list, N, &event), 0);
	wait_told();
	CHECK_EQ(told_value, 9);
	CHECK_EQ(memcmp(text, in, N), 0);
	cb[1].aio_fildes = -1;
	CHECK_EQ(lio_listio(LIO_WAIT, list, 3, NULL), -1);
	CHECK_EQ(errno, EIO);
	CHECK_EQ(aio_error(&cb[0]), 0);
	CHECK_EQ(aio_error(&cb[1]), EBADF);
	CHECK_EQ(aio_return(&cb[2]), 1);
	CHECK_EQ(lio_listio(7, list, 3, NULL), -1);
	CHECK_EQ(errno, EINVAL);
	CHECK_EQ(lio_listio(LIO_WAIT, list, AIO_LISTIO_MAX + 1, NULL), -1);
	CHECK_EQ(errno, EINVAL);
	close(fd);
}

static void test_errors(void)
{
	char byte = 0;
	int fd = open("/tmp/aio", O_RDONLY), fds[2];
	struct aiocb cb = request(fd, &byte, 1, 0);
	static struct aiocb many[AIO_MAX + 1];
	int n;

	CHECK_EQ(aio_error(&cb), -1);
	CHECK_EQ(errno, EINVAL);
	CHECK_EQ(aio_write(&cb), -1);
	CHECK_EQ(errno, EBADF);
	cb.aio_offset = -1;
	CHECK_EQ(aio_read(&cb), -1);
	CHECK_EQ(errno, EINVAL);
	cb.aio_offset = 0;
	cb.aio_reqprio = -1;
	CHECK_EQ(aio_read(&cb), -1);
	CHECK_EQ(errno, EINVAL);
	CHECK_EQ(aio_fsync(12345, &cb), -1);
	CHECK_EQ(errno, EINVAL);
	close(fd);
	CHECK_EQ(pipe(fds), 0);
	for (n = 0; n <= AIO_MAX; n++) {
		many[n] = request(fds[0], &byte, 1, 0);
		if (aio_read(&many[n]))
			break;
	}
	CHECK_EQ(errno, EAGAIN);
	CHECK_EQ(n, AIO_MAX);
	nanosleep(&moment, NULL);
	CHECK_EQ(aio_cancel(fds[0], NULL), AIO_NOTCANCELED);
	close(fds[1]);
	CHECK_EQ(wait_for(&many[0]), 0);
	CHECK_EQ(aio_return(&many[0]), 0);
	close(fds[0]);
}

int main(void)
{
	RUN(test_file);
	RUN(test_append);
	RUN(test_pipes);
	RUN(test_cancel);
	RUN(test_notification);
	RUN(test_list);
	RUN(test_errors);
	return check_done();
}
