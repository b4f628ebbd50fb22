// SPDX-License-Identifier: BSD-2-Clause
/*
 * time.c - the clock, and the timer: a signal.
 */
#include <time.h>
#include "arch/host/linux/linux.h"

#define NS_PER_S 1000000000LL
#define RETRY_NS 50000

static timer_t timer;
static int64_t due = HOST_NEVER; /* by clock() */
static int64_t started;

static int64_t now(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

uint64_t time_clock(void *host)
{
	(void)host;
	return (uint64_t)(now(CLOCK_MONOTONIC) - started);
}

int64_t time_wall(void *host)
{
	(void)host;
	return now(CLOCK_REALTIME);
}

void time_start(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM };

	started = now(CLOCK_MONOTONIC);
	if (timer_create(CLOCK_MONOTONIC, &event, &timer))
		fail("no timer");
}

/* 0 switches it off, as a time that does not come. */
static void arm(int64_t at)
{
	int64_t when = at < HOST_NEVER - started ? at + started : 0;
	struct itimerspec spec = { .it_value = { when / NS_PER_S, when % NS_PER_S } };

	timer_settime(timer, TIMER_ABSTIME, &spec, NULL);
}

void time_set(void *host, int64_t deadline)
{
	(void)host;
	due = deadline;
	arm(deadline);
}

int64_t time_left(void)
{
	int64_t left = due - (int64_t)time_clock(NULL);

	if (due == HOST_NEVER)
		return HOST_NEVER;
	return left > 0 ? left : 0;
}

void time_again(void)
{
	arm(due);
}

void time_retry(void)
{
	arm((int64_t)time_clock(NULL) + RETRY_NS);
}
