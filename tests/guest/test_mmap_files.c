// SPDX-License-Identifier: BSD-2-Clause
// archives: files/first
/* Mappings of files: private copies, and the pages of files in memory. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>
#include "tests/check.h"

#define PAGE 4096UL

#define CHECK_FAILS(call, err)               \
	do {                                 \
		errno = 0;                   \
		CHECK((call) == MAP_FAILED); \
		CHECK_EQ(errno, err);        \
	} while (0)

static void test_private(void)
{
	int fd = open("/text", O_RDONLY);
	char *p = mmap(NULL, 23, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	char *q = mmap(NULL, 23, PROT_READ, MAP_SHARED, fd, 0);
	char line[6] = "";

	CHECK(p != MAP_FAILED && q != MAP_FAILED);
	CHECK_EQ(memcmp(p, "first line\n", 11), 0);
	CHECK_EQ(p[23], 0);
	CHECK_EQ(p[PAGE - 1], 0);
	p[0] = 'F';
	CHECK_EQ(q[0], 'f');
	CHECK_EQ(pread(fd, line, 5, 0), 5);
	CHECK_STR(line, "first");
	CHECK_EQ(madvise(p, PAGE, MADV_DONTNEED), 0);
	CHECK_EQ(p[0], 'f');
	CHECK_FAILS(mmap(NULL, 23, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), EACCES);
	CHECK_FAILS(mmap(NULL, 23, PROT_READ, MAP_PRIVATE, fd, 100), EINVAL);
	CHECK_FAILS(mmap(NULL, 23, PROT_READ, MAP_PRIVATE, fd, INT64_MAX & -PAGE), EOVERFLOW);
	CHECK_EQ(close(fd), 0);
	CHECK_EQ(q[6], 'l'); /* the mapping holds the file */
	CHECK_EQ(munmap(p, 23), 0);
	CHECK_EQ(munmap(q, 23), 0);
}

static void test_no_file(void)
{
	CHECK_FAILS(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, 99, 0), EBADF);
	int fd = open("/sub", O_RDONLY);

	CHECK_FAILS(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0), EISDIR);
	close(fd);
}

/* Two mappings, and read() and write(), see the same bytes. */
static void test_shared(void)
{
	int fd = shm_open("/object", O_RDWR | O_CREAT | O_EXCL, 0600);
	char *p, *q, text[8] = "";

	if (fd < 0) {
		CHECK(errno == ENOENT || errno == EROFS); /* no file system in memory yet */
		return;
	}
	CHECK_EQ(ftruncate(fd, 3 * PAGE), 0);
	p = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	q = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, PAGE);
	CHECK(p != MAP_FAILED && q != MAP_FAILED);
	memcpy(p + PAGE, "across", 6);
	CHECK_EQ(memcmp(q, "across", 6), 0);
	CHECK_EQ(pread(fd, text, 6, PAGE), 6);
	CHECK_STR(text, "across");
	CHECK_EQ(pwrite(fd, "A", 1, PAGE), 1);
	CHECK_EQ(q[0], 'A');
	CHECK_EQ(madvise(p, 2 * PAGE, MADV_DONTNEED), 0); /* the file keeps them */
	CHECK_EQ(p[PAGE], 'A');
	CHECK_EQ(write(fd, p + PAGE, PAGE), PAGE); /* from itself */
	CHECK_EQ(p[0], 'A');
	CHECK_EQ(ftruncate(fd, 4 * PAGE), 0); /* what it grows by comes on its first touch */
	p[3 * PAGE] = 'Z';
	CHECK_EQ(pread(fd, text, 1, 3 * PAGE), 1);
	CHECK_EQ(text[0], 'Z');
	CHECK(mremap(q, PAGE, 2 * PAGE, MREMAP_MAYMOVE) != MAP_FAILED);
	CHECK_EQ(shm_unlink("/object"), 0);
	CHECK_EQ(shm_unlink("/object"), -1);
	CHECK_EQ(close(fd), 0);
	p[0] = 'x';
	CHECK_EQ(munmap(p, 4 * PAGE), 0);
}

static sigjmp_buf faulted;
static volatile int fault_code;
static char *volatile fault_address;

static void on_fault(int sig, siginfo_t *info, void *context)
{
	fault_code = sig * 100 + info->si_code;
	fault_address = info->si_addr;
	siglongjmp(faulted, 1);
}

static int code_of_read(volatile char *p)
{
	fault_code = 0;
	if (sigsetjmp(faulted, 1) == 0)
		(void)p[0];
	return fault_code;
}

/* Behind the end of a file is SIGBUS, without the right or a mapping SIGSEGV. */
static void test_signals(void)
{
	struct sigaction act = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };
	int fd = open("/text", O_RDONLY);
	char *p = mmap(NULL, 2 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);

	sigaction(SIGBUS, &act, NULL);
	sigaction(SIGSEGV, &act, NULL);
	CHECK_EQ(code_of_read(p), 0);
	CHECK_EQ(code_of_read(p + PAGE), SIGBUS * 100 + BUS_ADRERR);
	CHECK(fault_address == p + PAGE);
	CHECK_EQ(mprotect(p, PAGE, PROT_NONE), 0);
	CHECK_EQ(code_of_read(p) / 100, SIGSEGV);
	CHECK_EQ(munmap(p, 2 * PAGE), 0);
	CHECK_EQ(code_of_read(p), SIGSEGV * 100 + SEGV_MAPERR);
	close(fd);
}

int main(void)
{
	RUN(test_private);
	RUN(test_no_file);
	RUN(test_shared);
	RUN(test_signals);
	return check_done();
}
