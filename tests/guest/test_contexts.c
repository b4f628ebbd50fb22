// SPDX-License-Identifier: BSD-2-Clause
/* Contexts of one thread, and small things that go with signals and files. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>
#include "tests/check.h"

#define STACK_BYTES 32768

static ucontext_t home, one, two;
static char stacks[2][STACK_BYTES];
static int steps, sum;
static double product = 1;

static void add(long a, long b, long c, long d, long e, long f, long g, long h, long i)
{
	double own = product; /* in a register that is kept, perhaps */

	CHECK((char *)&own > stacks[0] && (char *)&own < stacks[1]);
	for (int n = 0; n < 3; n++) {
		sum += (int)(a + b + c + d + e + f + g + h + i);
		product *= own + 1;
		CHECK_EQ(swapcontext(&one, &two), 0);
	}
}

static void count(void)
{
	sigset_t set;

	CHECK_EQ(sigprocmask(SIG_SETMASK, NULL, &set), 0);
	CHECK(sigismember(&set, SIGUSR1));
	for (;;) {
		steps++;
		CHECK_EQ(swapcontext(&two, &one), 0);
	}
}

static void make(ucontext_t *c, char *stack)
{
	CHECK_EQ(getcontext(c), 0);
	c->uc_stack.ss_sp = stack;
	c->uc_stack.ss_size = STACK_BYTES;
	c->uc_link = &home;
}

static void test_coroutines(void)
{
	sigset_t set;

	make(&one, stacks[0]);
	make(&two, stacks[1]);
	sigaddset(&two.uc_sigmask, SIGUSR1);
	makecontext(&one, (void (*)(void))add, 9, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
	makecontext(&two, count, 0);
	CHECK_EQ(swapcontext(&home, &one), 0);
	CHECK_EQ(sum, 3 * 45);
	CHECK_EQ(steps, 3);
	CHECK(product == 8);
	CHECK_EQ(sigprocmask(SIG_SETMASK, NULL, &set), 0);
	CHECK(!sigismember(&set, SIGUSR1));
}

static void test_again(void)
{
	volatile int n = 0;
	ucontext_t here;

	CHECK_EQ(getcontext(&here), 0);
	if (++n < 5)
		setcontext(&here);
	CHECK_EQ(n, 5);
}

static void test_memory_file(void)
{
	int fd = memfd_create("anything", MFD_CLOEXEC);

	CHECK(fd >= 0);
	CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	CHECK_EQ(ftruncate(fd, 4096), 0);
	close(fd);
	CHECK_EQ(memfd_create("anything", MFD_ALLOW_SEALING), -1);
	CHECK_EQ(errno, EINVAL);
}

static void test_no_terminals(void)
{
	CHECK_EQ(posix_openpt(O_RDWR), -1);
	CHECK_EQ(errno, ENOSYS);
	CHECK_EQ(grantpt(1), -1);
	CHECK_EQ(errno, EINVAL);
	CHECK_EQ(unlockpt(99), -1);
	CHECK_EQ(errno, EBADF);
	CHECK(ptsname(1) == NULL);
	CHECK_EQ(errno, ENOTTY);
}

static void test_psiginfo(void)
{
	siginfo_t info = { .si_signo = SIGUSR1, .si_code = SI_QUEUE };
	char said[64] = "";
	int fds[2], old = dup(2);

	CHECK_EQ(pipe(fds), 0);
	dup2(fds[1], 2);
	psiginfo(&info, "here");
	dup2(old, 2);
	CHECK(read(fds[0], said, sizeof(said) - 1) > 0);
	CHECK_STR(said, "here: User defined signal 1 (by sigqueue() -1)\n");
}

int main(void)
{
	RUN(test_coroutines);
	RUN(test_again);
	RUN(test_memory_file);
	RUN(test_no_terminals);
	RUN(test_psiginfo);
	return check_done();
}
