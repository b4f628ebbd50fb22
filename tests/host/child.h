// SPDX-License-Identifier: BSD-2-Clause
/*
 * child.h - run a part of a test in a process of its own, for modules that find or measure
 * something once and remember it.
 */
#pragma once
#include <sys/wait.h>
#include <unistd.h>
#include "tests/host/fake/fake.h"

/* Of make coverage, which links it: without it, what a child counted ends with the child. */
__attribute__((weak)) void __gcov_dump(void);

/* in_child() - call f; a failed check or a crash in it fails the test. */
static inline void in_child(void (*f)(void))
{
	int status = 1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		f();
		fflush(stdout);
		if (__gcov_dump)
			__gcov_dump();
		_exit(check_failures != 0);
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
