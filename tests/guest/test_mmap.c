// SPDX-License-Identifier: BSD-2-Clause
// run: -m 64M
/* Mapped memory: reservations, first touch, rights, parts, moving, advice, errors, no leaks. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>
#include <unik/memory.h>
#include "tests/check.h"

#define PAGE 4096UL
#define MIB  (1UL << 20)
#define GIB  (1UL << 30)

#define CHECK_ERRNO(call, err)        \
	do {                          \
		errno = 0;            \
		CHECK_EQ((call), -1); \
		CHECK_EQ(errno, err); \
	} while (0)
#define CHECK_FAILS(call, err)               \
	do {                                 \
		errno = 0;                   \
		CHECK((call) == MAP_FAILED); \
		CHECK_EQ(errno, err);        \
	} while (0)

static char *anonymous(void *at, size_t len, int prot, int flags)
{
	return mmap(at, len, prot, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
}

static char *read_write(size_t len)
{
	return anonymous(NULL, len, PROT_READ | PROT_WRITE, 0);
}

static size_t free_bytes(void)
{
	size_t n;

	unik_memory(NULL, &n);
	return n;
}

static size_t resident(char *p, size_t len)
{
	static unsigned char vec[4096];
	size_t n = 0;

	CHECK_EQ(mincore(p, len, vec), 0);
	for (size_t i = 0; i < len / PAGE; i++)
		n += vec[i];
	return n;
}

/* The area map's own memory stays: let it grow before pages are counted. */
static void make_map_large(void)
{
	char *p = read_write(512 * PAGE);

	for (int i = 0; i < 512; i += 2)
		munmap(p + i * PAGE, PAGE);
	munmap(p, 512 * PAGE);
}

static void test_first_touch(void)
{
	size_t before = free_bytes(), used;
	char *p = read_write(16 * MIB);

	CHECK(p != MAP_FAILED);
	CHECK_EQ((uintptr_t)p % PAGE, 0);
	CHECK(before - free_bytes() < 64 * 1024);
	CHECK_EQ(resident(p, 16 * MIB), 0);
	for (size_t i = 0; i < 16 * MIB; i += PAGE)
		CHECK_EQ(p[i], 0);
	memset(p, 0x5a, 8 * MIB);
	CHECK_EQ(resident(p, 16 * MIB), 4096);
	used = before - free_bytes();
	CHECK(used >= 16 * MIB && used < 17 * MIB);
	CHECK_EQ(p[8 * MIB - 1], 0x5a);
	CHECK_EQ(p[8 * MIB], 0);
	CHECK_EQ(munmap(p, 16 * MIB), 0);
}

/* Much more than there is memory costs nothing until it is used. */
static void test_reservation(void)
{
	size_t before = free_bytes();
	char *p = anonymous(NULL, 4096 * GIB, PROT_NONE, MAP_NORESERVE);
	char *q = read_write(64 * GIB);

	CHECK(p != MAP_FAILED && q != MAP_FAILED);
	CHECK_EQ(mprotect(p + 1024 * GIB, MIB, PROT_READ | PROT_WRITE), 0);
	memset(p + 1024 * GIB, 1, MIB);
	q[0] = q[63 * GIB] = 1;
	CHECK(before - free_bytes() < MIB + 64 * 1024);
	CHECK_EQ(munmap(p, 4096 * GIB), 0);
	CHECK_EQ(munmap(q, 64 * GIB), 0);
	CHECK_EQ(free_bytes(), before);
}

static void test_places(void)
{
	char *p = read_write(8 * PAGE), *q;
	char *low = (char *)((uintptr_t)p & 0xffff000000000000) + 0x20000000;

	CHECK_EQ(munmap(p + 2 * PAGE, PAGE), 0);
	CHECK(anonymous(p + 2 * PAGE, PAGE, PROT_READ, 0) ==
	      p + 2 * PAGE);                  /* a hint that is free */
	q = anonymous(p, PAGE, PROT_READ, 0); /* one that is not */
	CHECK(q != MAP_FAILED && (q < p || q >= p + 8 * PAGE));
	CHECK_EQ(munmap(q, PAGE), 0);
	CHECK_FAILS(anonymous(p, PAGE, PROT_READ, MAP_FIXED_NOREPLACE), EEXIST);
	p[4 * PAGE] = 1;
	CHECK(anonymous(p + 4 * PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_FIXED) == p + 4 * PAGE);
	CHECK_EQ(p[4 * PAGE], 0);
	CHECK(anonymous(low, PAGE, PROT_READ, MAP_FIXED_NOREPLACE) == low);
	CHECK_EQ(munmap(low, PAGE), 0);
	CHECK_FAILS(anonymous(NULL, PAGE, PROT_READ, MAP_FIXED), ENOMEM);
	CHECK_FAILS(anonymous((void *)&check_tests, PAGE, PROT_READ, MAP_FIXED), EINVAL);
	CHECK_FAILS(anonymous((void *)((uintptr_t)malloc & -PAGE), PAGE, PROT_READ, MAP_FIXED),
		    ENOMEM);
	CHECK_EQ(munmap(p, 8 * PAGE), 0);
}

static void test_parts(void)
{
	size_t before = free_bytes(), n = 64;
	char *p = read_write(n * PAGE);

	memset(p, 7, n * PAGE);
	for (size_t i = 1; i < n; i += 2)
		CHECK_EQ(munmap(p + i * PAGE, PAGE), 0);
	for (size_t i = 0; i < n; i += 2)
		CHECK_EQ(p[i * PAGE], 7);
	CHECK_ERRNO(mprotect(p, n * PAGE, PROT_READ), ENOMEM);
	CHECK_EQ(munmap(p, n * PAGE), 0);
	CHECK_EQ(munmap(p, n * PAGE), 0); /* nothing there is no error */
	CHECK_EQ(free_bytes(), before);
}

static void test_rights(void)
{
	static const unsigned char code[] = { 0xb8, 42, 0, 0, 0, 0xc3 }; /* movl $42, %eax; ret */
	char *p = read_write(3 * PAGE);

	memset(p, 3, 3 * PAGE);
	CHECK_EQ(mprotect(p + PAGE, PAGE, PROT_NONE), 0);
	CHECK_EQ(resident(p, 3 * PAGE), 3);
	CHECK_EQ(mprotect(p + PAGE, PAGE, PROT_READ), 0);
	CHECK_EQ(p[PAGE], 3); /* kept */
	CHECK_EQ(mprotect(p, 3 * PAGE, PROT_READ | PROT_WRITE), 0);
	p[PAGE] = 4;
	memcpy(p, code, sizeof(code));
	CHECK_EQ(mprotect(p, PAGE, PROT_READ | PROT_EXEC), 0);
#ifdef __x86_64__
	CHECK_EQ(((int (*)(void))(void *)p)(), 42);
#endif
	CHECK_EQ(munmap(p, 3 * PAGE), 0);
}

static void test_remap(void)
{
	size_t before = free_bytes();
	char *p = read_write(4 * PAGE), *q;

	for (int i = 0; i < 4; i++)
		p[i * PAGE] = (char)i;
	q = mremap(p, 4 * PAGE, 300 * PAGE, MREMAP_MAYMOVE);
	CHECK(q != MAP_FAILED);
	CHECK(anonymous(q + 300 * PAGE, PAGE, PROT_READ, MAP_FIXED) == q + 300 * PAGE);
	CHECK_FAILS(mremap(q, 300 * PAGE, 400 * PAGE, 0), ENOMEM);
	p = mremap(q, 300 * PAGE, 400 * PAGE, MREMAP_MAYMOVE);
	CHECK(p != MAP_FAILED && p != q);
	for (int i = 0; i < 4; i++)
		CHECK_EQ(p[i * PAGE], i);
	CHECK_EQ(p[399 * PAGE], 0);
	CHECK_EQ(munmap(q + 300 * PAGE, PAGE), 0);
	CHECK(mremap(p, 400 * PAGE, 2 * PAGE, 0) == p);
	CHECK_EQ(p[PAGE], 1);
	CHECK(mremap(p, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, q) == q);
	CHECK_EQ(q[PAGE], 1);
	CHECK_FAILS(mremap(q, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, q + PAGE), EINVAL);
	CHECK_FAILS(mremap(p, PAGE, 2 * PAGE, MREMAP_MAYMOVE), EFAULT);
	CHECK_FAILS(mremap(q, PAGE, 2 * PAGE, MREMAP_FIXED, p), EINVAL);
	CHECK_FAILS(mremap(q, 0, PAGE, MREMAP_MAYMOVE), EINVAL);
	CHECK_EQ(munmap(q, 2 * PAGE), 0);
	CHECK_EQ(free_bytes(), before);
}

static void test_advice(void)
{
	size_t before;
	char *p = read_write(MIB);

	before = free_bytes();
	memset(p, 9, MIB);
	CHECK_EQ(madvise(p, MIB, MADV_WILLNEED), 0);
	CHECK_EQ(posix_madvise(p, MIB, POSIX_MADV_DONTNEED), 0);
	CHECK_EQ(p[5], 9);
	CHECK_EQ(madvise(p, MIB / 2, MADV_DONTNEED), 0);
	CHECK_EQ(resident(p, MIB), 128);
	CHECK_EQ(p[5], 0);
	CHECK_EQ(p[MIB / 2], 9);
	CHECK_EQ(madvise(p, MIB, MADV_FREE), 0);
	CHECK_EQ(free_bytes(), before);
	CHECK_ERRNO(madvise(p, MIB, 9999), EINVAL);
	CHECK_ERRNO(madvise(p + 1, PAGE, MADV_NORMAL), EINVAL);
	CHECK_EQ(msync(p, MIB, MS_SYNC), 0);
	CHECK_ERRNO(msync(p, MIB, MS_SYNC | MS_ASYNC), EINVAL);
	CHECK_EQ(mlock(p + 10, PAGE), 0);
	CHECK_EQ(resident(p, MIB), 2);
	CHECK_EQ(munlock(p + 10, PAGE), 0);
	CHECK_EQ(mlockall(MCL_CURRENT), 0);
	CHECK_EQ(resident(p, MIB), 256);
	CHECK_EQ(munlockall(), 0);
	CHECK_ERRNO(mlockall(0), EINVAL);
	CHECK_EQ(munmap(p, MIB), 0);
	CHECK_ERRNO(madvise(p, PAGE, MADV_WILLNEED), ENOMEM);
	CHECK_ERRNO(msync(p, PAGE, MS_SYNC), ENOMEM);
	CHECK_ERRNO(mlock(p, PAGE), ENOMEM);
	p = anonymous(NULL, MIB, PROT_READ | PROT_WRITE, MAP_POPULATE | MAP_STACK);
	CHECK_EQ(resident(p, MIB), 256);
	CHECK_EQ(munmap(p, MIB), 0);
}

/* More than there is: what is promised cannot all be had, and what was got comes back. */
static void test_out_of_memory(void)
{
	size_t before = free_bytes();
	char *p = read_write(GIB);

	CHECK(p != MAP_FAILED);
	CHECK_ERRNO(mlock(p, GIB), ENOMEM);
	CHECK(free_bytes() < MIB);
	CHECK_EQ(munmap(p, GIB), 0);
	CHECK(free_bytes() >= before); /* kept memory was given back as well */
}

static void test_errors(void)
{
	char *p = read_write(PAGE);

	CHECK_FAILS(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), EINVAL);
	CHECK_FAILS(mmap(NULL, PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0), EINVAL);
	CHECK_FAILS(mmap(NULL, PAGE, 99, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), EINVAL);
	CHECK_FAILS(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, -1, 0), EBADF);
	CHECK_FAILS(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, 1, 1), EINVAL);
	CHECK_FAILS(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, 1, 0), ENODEV);
	CHECK_FAILS(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | 0x40000, -1, 0),
		    EINVAL);
	CHECK_FAILS(read_write(SIZE_MAX), ENOMEM);
	CHECK_FAILS(read_write(1UL << 62), ENOMEM);
	CHECK_FAILS(read_write(1UL << 47), ENOMEM);
	CHECK_ERRNO(munmap(p, 0), EINVAL);
	CHECK_ERRNO(munmap(p + 1, PAGE), EINVAL);
	CHECK_ERRNO(munmap(p, SIZE_MAX), EINVAL);
	CHECK_ERRNO(munmap((char *)((uintptr_t)malloc & -PAGE), PAGE), EINVAL);
	CHECK_ERRNO(mprotect(p + 1, PAGE, PROT_READ), EINVAL);
	CHECK_ERRNO(mprotect((char *)((uintptr_t)malloc & -PAGE), PAGE, PROT_WRITE), ENOMEM);
	CHECK_EQ(mprotect(p, 1, PROT_READ), 0); /* lengths are rounded up */
	CHECK_EQ(p[PAGE - 1], 0);
	CHECK_EQ(munmap(p, 1), 0);
	CHECK_ERRNO(mincore(p, PAGE, (unsigned char[1]){ 0 }), ENOMEM);
}

/* The kernel copies into memory that nobody has touched. */
static void test_system_calls(void)
{
	char *p = read_write(2 * PAGE);
	int fd[2];

	CHECK_EQ(pipe(fd), 0);
	CHECK_EQ(write(fd[1], "across", 6), 6);
	CHECK_EQ(read(fd[0], p + PAGE - 3, 6), 6);
	CHECK_EQ(memcmp(p + PAGE - 3, "across", 6), 0);
	CHECK_EQ(munmap(p, 2 * PAGE), 0);
	p = read_write(2 * PAGE);
	CHECK_EQ(write(fd[1], p + PAGE, 10), 10);
	CHECK_EQ(read(fd[0], p, 10), 10);
	close(fd[0]);
	close(fd[1]);
	CHECK_EQ(munmap(p, 2 * PAGE), 0);
}

#define NTHREADS 4

static void *map_and_touch(void *arg)
{
	size_t n = 1 + (size_t)arg;

	for (int round = 0; round < 60; round++) {
		char *p = read_write(16 * PAGE);

		memset(p, (int)n, 16 * PAGE);
		double d = (double)n / 3; /* in registers across faults */
		madvise(p + 4 * PAGE, 4 * PAGE, MADV_DONTNEED);
		if (p[15 * PAGE] != (char)n || p[5 * PAGE] != 0 || d * 3 != (double)n)
			return "wrong";
		sched_yield();
		munmap(p, 16 * PAGE);
	}
	return NULL;
}

static void test_threads(void)
{
	pthread_t t[NTHREADS];
	void *result;

	for (size_t i = 0; i < NTHREADS; i++)
		CHECK_EQ(pthread_create(&t[i], NULL, map_and_touch, (void *)i), 0);
	for (int i = 0; i < NTHREADS; i++) {
		CHECK_EQ(pthread_join(t[i], &result), 0);
		CHECK(result == NULL);
	}
}

static void test_no_leak(void)
{
	size_t before = free_bytes();

	for (size_t i = 1; i < 200; i++) {
		char *p = read_write(i * 31 * PAGE);

		p[0] = p[i * 31 * PAGE - 1] = p[i * 15 * PAGE] = 1;
		CHECK_EQ(mprotect(p + i * PAGE, i * PAGE, PROT_READ), 0);
		CHECK_EQ(munmap(p, i * 31 * PAGE), 0);
	}
	CHECK_EQ(free_bytes(), before);
}

int main(void)
{
	make_map_large();
	RUN(test_first_touch);
	RUN(test_reservation);
	RUN(test_places);
	RUN(test_parts);
	RUN(test_rights);
	RUN(test_remap);
	RUN(test_advice);
	RUN(test_out_of_memory);
	RUN(test_errors);
	RUN(test_system_calls);
	RUN(test_threads);
	RUN(test_no_leak);
	return check_done();
}
