// SPDX-License-Identifier: BSD-2-Clause
// run: --net user -m 16M
/*
 * What a program gets when memory, descriptors, pools and the file system are used up; and that
 * everything is as before once it has given back what it took.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include "tests/check.h"

#define MANY 20000

/* Take until there is none, give all back; returns how many there were. */
static int take_all(void *(*take)(void), void (*give)(void *p), int *error)
{
	static void *taken[MANY];
	int n = 0, count;

	while (n < MANY && (taken[n] = take()))
		n++;
	*error = errno;
	for (count = n; n > 0;)
		give(taken[--n]);
	return count;
}

static void *take_memory(void)
{
	return malloc(10000);
}

static void test_malloc(void)
{
	int error, first = take_all(take_memory, free, &error);

	CHECK(first > 100 && first < MANY);
	CHECK_EQ(error, ENOMEM);
	for (int i = 0; i < 3; i++) {
		int again = take_all(take_memory, free, &error);

		CHECK(again > first - first / 50);
	}
	errno = 0;
	CHECK(malloc(1UL << 40) == NULL);
	CHECK_EQ(errno, ENOMEM);
}

static void test_mmap(void)
{
	enum { PROT = PROT_READ | PROT_WRITE, FLAGS = MAP_PRIVATE | MAP_ANONYMOUS };
	size_t len = 64 << 20;
	char *p = mmap(NULL, len, PROT, FLAGS, -1, 0);

	CHECK(mmap(NULL, 1UL << 50, PROT, FLAGS, -1, 0) == MAP_FAILED);
	CHECK_EQ(errno, ENOMEM);
	CHECK(p != MAP_FAILED);
	CHECK_EQ(madvise(p, len, MADV_POPULATE_WRITE), -1);
	CHECK_EQ(errno, ENOMEM);
	CHECK_EQ(munmap(p, len), 0);
	p = mmap(NULL, 1 << 20, PROT, FLAGS, -1, 0);
	CHECK(p != MAP_FAILED);
	memset(p, 1, 1 << 20);
	CHECK_EQ(munmap(p, 1 << 20), 0);
}

static sem_t go;

static void *wait_to_go(void *arg)
{
	sem_wait(&go);
	return arg;
}

static int start_threads(void)
{
	enum { MOST = 1000 };
	static pthread_t t[MOST];
	int n = 0, err = 0, count;

	while (n < MOST && !(err = pthread_create(&t[n], NULL, wait_to_go, NULL)))
		n++;
	CHECK_EQ(err, EAGAIN);
	for (int i = 0; i < n; i++)
		sem_post(&go);
	for (count = n; n > 0;)
		CHECK_EQ(pthread_join(t[--n], NULL), 0);
	return count;
}

static void test_threads(void)
{
	int first;

	CHECK_EQ(sem_init(&go, 0, 0), 0);
	first = start_threads();
	CHECK(first > 20);
	CHECK(start_threads() > first - first / 10);
}

static void limit_descriptors(rlim_t most)
{
	struct rlimit l;

	CHECK_EQ(getrlimit(RLIMIT_NOFILE, &l), 0);
	l.rlim_cur = most ? most : l.rlim_max;
	CHECK_EQ(setrlimit(RLIMIT_NOFILE, &l), 0);
}

static void test_descriptors(void)
{
	int fd[40], two[2], n = 0;

	limit_descriptors(20);
	while (n < 40 && (fd[n] = open("/dev/null", O_RDWR)) >= 0)
		n++;
	CHECK_EQ(errno, EMFILE);
	CHECK_EQ(n, 17);
	errno = 0;
	CHECK_EQ(socket(AF_INET, SOCK_DGRAM, 0), -1);
	CHECK_EQ(errno, EMFILE);
	errno = 0;
	CHECK_EQ(dup(0), -1);
	CHECK_EQ(errno, EMFILE);
	CHECK_EQ(close(fd[--n]), 0);
	CHECK_EQ(pipe(two), -1); /* one is not enough for it, and is not lost */
	CHECK_EQ(errno, EMFILE);
	CHECK_EQ(fd[n] = open("/dev/null", O_RDWR), 19);
	for (n++; n > 0;)
		CHECK_EQ(close(fd[--n]), 0);
	limit_descriptors(0);
}

/* A connection that there is no number for waits until there is one. */
static void test_accept(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	int listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
	int fd;
	char byte = 'x';

	CHECK_EQ(bind(listener, (struct sockaddr *)&a, sizeof(a)), 0);
	CHECK_EQ(listen(listener, 5), 0);
	CHECK_EQ(getsockname(listener, (struct sockaddr *)&a, &len), 0);
	CHECK_EQ(connect(client, (struct sockaddr *)&a, sizeof(a)), 0);
	limit_descriptors((rlim_t)client + 1);
	for (int i = 0; i < 100; i++) {
		errno = 0;
		CHECK_EQ(accept(listener, NULL, NULL), -1);
		CHECK_EQ(errno, EMFILE);
	}
	limit_descriptors(0);
	fd = accept(listener, NULL, NULL);
	CHECK(fd > client);
	CHECK_EQ(write(client, &byte, 1), 1);
	byte = 0;
	CHECK_EQ(read(fd, &byte, 1), 1);
	CHECK_EQ(byte, 'x');
	close(fd);
	close(client);
	close(listener);
}

static void *take_socket(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return NULL;
	if (bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0)
		return (void *)(intptr_t)(fd + 1);
	close(fd);
	return NULL;
}

static void give_socket(void *fd)
{
	CHECK_EQ(close((int)(intptr_t)fd - 1), 0);
}

static void test_sockets(void)
{
	int error, first = take_all(take_socket, give_socket, &error);

	CHECK(first > 500 && first < MANY);
	CHECK(error == ENOBUFS || error == ENOMEM);
	CHECK(take_all(take_socket, give_socket, &error) > first - first / 10);
}

static int fill_file(void)
{
	static const char block[4096] = "no zeros";
	int fd = open("/tmp/big", O_CREAT | O_WRONLY | O_TRUNC, 0644), n = 0;

	CHECK(fd >= 0);
	while (n < MANY && write(fd, block, sizeof(block)) == sizeof(block))
		n++;
	CHECK_EQ(errno, ENOSPC);
	CHECK_EQ(close(fd), 0);
	CHECK_EQ(unlink("/tmp/big"), 0);
	return n;
}

static void test_file_system(void)
{
	int first = fill_file();

	CHECK(first > 100 && first < MANY);
	CHECK(fill_file() > first - first / 50);
}

int main(void)
{
	RUN(test_malloc);
	RUN(test_mmap);
	RUN(test_threads);
	RUN(test_descriptors);
	RUN(test_accept);
	RUN(test_sockets);
	RUN(test_file_system);
	return check_done();
}
