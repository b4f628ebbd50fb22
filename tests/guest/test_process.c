// SPDX-License-Identifier: BSD-2-Clause
/* What a program hears that wants a second process, or waits for one. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tests/check.h"

#define CHECK_ERRNO(call, error)        \
	do {                            \
		errno = 0;              \
		CHECK_EQ(call, -1);     \
		CHECK_EQ(errno, error); \
	} while (0)

static void test_start(void)
{
	char *argv[] = { "sh", NULL };

	CHECK_ERRNO(fork(), ENOSYS);
	CHECK_ERRNO(execv("/bin/sh", argv), ENOSYS);
	CHECK_ERRNO(execlp("sh", "sh", NULL), ENOSYS);
}

static void test_wait(void)
{
	int status = 42;

	CHECK_ERRNO(wait(&status), ECHILD);
	CHECK_ERRNO(waitpid(-1, &status, WNOHANG), ECHILD);
	CHECK_ERRNO(waitpid(-1, &status, 1 << 20), EINVAL);
	CHECK_EQ(status, 42);
}

static void test_shell(void)
{
	CHECK_EQ(system(NULL), 0);
	CHECK_ERRNO(system("true"), ENOSYS);
	errno = 0;
	CHECK(popen("true", "r") == NULL && errno == ENOSYS);
	CHECK(popen("true", "x") == NULL && errno == EINVAL);
}

int main(void)
{
	RUN(test_start);
	RUN(test_wait);
	RUN(test_shell);
	return check_done();
}
