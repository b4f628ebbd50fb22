// SPDX-License-Identifier: BSD-2-Clause
/*
 * check.h - assertions for tests, the same on the host and inside an image.
 *
 * A test is a `static void test_x(void)`; main() RUNs each and returns check_done(). Output is
 * TAP 13: "ok 1 - test_x" or "not ok", the plan last. The exit status is 0 only when tests ran
 * and none failed. A failed check says where and goes on with the next test.
 *
 * Threading: checks may be made from any thread; RUN and check_done() from main's.
 */
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int check_tests, check_failures_total;
static volatile int check_failures;

#define CHECK_FAIL(...)                                                   \
	do {                                                              \
		__atomic_fetch_add(&check_failures, 1, __ATOMIC_RELAXED); \
		printf("# %s:%d: ", __FILE__, __LINE__);                  \
		printf(__VA_ARGS__);                                      \
		printf("\n");                                             \
	} while (0)

/* CHECK(cond) - cond holds. */
#define CHECK(cond)                                      \
	do {                                             \
		if (!(cond))                             \
			CHECK_FAIL("failed: %s", #cond); \
	} while (0)

/* CHECK_EQ(a, b) - two integers are equal; shows both when not. */
#define CHECK_EQ(a, b)                                                                       \
	do {                                                                                 \
		long long check_a_ = (long long)(a), check_b_ = (long long)(b);              \
		if (check_a_ != check_b_)                                                    \
			CHECK_FAIL("%s is %lld, not %lld (%s)", #a, check_a_, check_b_, #b); \
	} while (0)

/* CHECK_STR(a, b) - two strings are equal. */
#define CHECK_STR(a, b)                                                                 \
	do {                                                                            \
		const char *check_a_ = (a), *check_b_ = (b);                            \
		if (strcmp(check_a_, check_b_) != 0)                                    \
			CHECK_FAIL("%s is \"%s\", not \"%s\"", #a, check_a_, check_b_); \
	} while (0)

#define RUN(test) check_run(#test, test)

static inline void check_run(const char *name, void (*test)(void))
{
	check_failures = 0;
	test();
	check_tests++;
	printf("%s %d - %s\n", check_failures ? "not ok" : "ok", check_tests, name);
	check_failures_total += check_failures != 0;
}

static inline int check_done(void)
{
	printf("1..%d\n", check_tests);
	fflush(stdout);
	return check_tests == 0 || check_failures_total != 0;
}
