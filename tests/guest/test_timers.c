// SPDX-License-Identifier: BSD-2-Clause
/* Timers, alarms and processor time. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "tests/check.h"

#define MS 1000000LL

static volatile sig_atomic_t ncaught, noverruns, last_value, last_code;

static void note(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	ncaught++;
	noverruns += info->si_overrun;
	last_value = info->si_value.sival_int;
	last_code = info->si_code;
}

static void handle(int sig)
{
	struct sigaction a = { .sa_sigaction = note, .sa_flags = SA_SIGINFO };

	CHECK_EQ(sigaction(sig, &a, NULL), 0);
	ncaught = noverruns = 0;
}

static long long now_ns(clockid_t clock)
{
	struct timespec t;

	CHECK_EQ(clock_gettime(clock, &t), 0);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void spin_ms(long ms)
{
	long long end = now_ns(CLOCK_MONOTONIC) + ms * MS;

	while (now_ns(CLOCK_MONOTONIC) < end)
		;
}

static void sleep_ms(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	while (nanosleep(&t, &t))
		;
}

/* Until the handler has run `count` times. A signal that comes before this is not missed. */
static void await(int count)
{
	sigset_t set, old;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	sigaddset(&set, SIGALRM);
	sigprocmask(SIG_BLOCK, &set, &old);
	while (ncaught < count)
		sigsuspend(&old);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

static struct itimerspec spec(long value_ms, long interval_ms)
{
	return (struct itimerspec){ { interval_ms / 1000, interval_ms % 1000 * 1000000 },
				    { value_ms / 1000, value_ms % 1000 * 1000000 } };
}

static void test_one_shot(void)
{
	struct sigevent e = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN };
	struct itimerspec s = spec(50, 0), left;
	long long start;
	timer_t t;

	handle(SIGRTMIN);
	e.sigev_value.sival_int = 42;
	CHECK_EQ(timer_create(CLOCK_MONOTONIC, &e, &t), 0);
	start = now_ns(CLOCK_MONOTONIC);
	CHECK_EQ(timer_settime(t, 0, &s, NULL), 0);
	CHECK_EQ(timer_gettime(t, &left), 0);
	CHECK(left.it_value.tv_sec == 0 && left.it_value.tv_nsec <= 50 * MS);
	CHECK(left.it_value.tv_nsec > 0 || now_ns(CLOCK_MONOTONIC) - start >= 50 * MS);
	await(1);
	CHECK_EQ(ncaught, 1);
	CHECK(last_value == 42 && last_code == SI_TIMER);
	CHECK(now_ns(CLOCK_MONOTONIC) - start >= 50 * MS);
	CHECK(now_ns(CLOCK_MONOTONIC) - start < 5000 * MS); /* and on a busy machine, too */
	timer_gettime(t, &left);
	CHECK(left.it_value.tv_sec == 0 && left.it_value.tv_nsec == 0);
	CHECK_EQ(timer_delete(t), 0);
	errno = 0;
	CHECK(timer_delete(t) == -1 && errno == EINVAL);
	CHECK(timer_settime(t, 0, &s, NULL) == -1 && errno == EINVAL);
}

static void test_absolute(void)
{
	struct itimerspec s = spec(0, 0);
	long long start = now_ns(CLOCK_REALTIME);
	timer_t t;

	handle(SIGALRM);
	CHECK_EQ(timer_create(CLOCK_REALTIME, NULL, &t), 0);
	s.it_value.tv_sec = (start + 40 * MS) / 1000000000;
	s.it_value.tv_nsec = (start + 40 * MS) % 1000000000;
	CHECK_EQ(timer_settime(t, TIMER_ABSTIME, &s, NULL), 0);
	await(1);
	CHECK(now_ns(CLOCK_REALTIME) - start >= 40 * MS);
	s.it_value.tv_nsec = 1000000000;
	errno = 0;
	CHECK(timer_settime(t, 0, &s, NULL) == -1 && errno == EINVAL);
	timer_delete(t);
}

/* 10 expirations while the signal is blocked are one signal and 9 overruns; more if it takes
 * longer. */
static void test_overrun(void)
{
	struct sigevent e = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN };
	struct itimerspec s = spec(10, 10), off = spec(0, 0);
	long long start;
	siginfo_t info;
	sigset_t set;
	timer_t t;

	handle(SIGRTMIN);
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	timer_create(CLOCK_MONOTONIC, &e, &t);
	start = now_ns(CLOCK_MONOTONIC);
	timer_settime(t, 0, &s, NULL);
	sleep_ms(105);
	CHECK_EQ(sigwaitinfo(&set, &info), SIGRTMIN);
	CHECK(info.si_overrun >= 8);
	CHECK(info.si_overrun < (now_ns(CLOCK_MONOTONIC) - start) / (10 * MS));
	CHECK_EQ(timer_getoverrun(t), info.si_overrun);
	timer_settime(t, 0, &off, NULL);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	ncaught = 0;
	sleep_ms(30);
	CHECK_EQ(ncaught, 0);
	timer_delete(t);
}

/*
 * Each 10 ms are a signal, or an overrun of a later one where the machine was slow. So the count is
 * never ahead of the clock; it falls behind for moments only: one that is lost is never made up.
 */
static void test_periodic(void)
{
	struct sigevent e = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN };
	struct itimerspec s = spec(10, 10);
	long long start, passed, behind;
	timer_t t;

	handle(SIGRTMIN);
	timer_create(CLOCK_MONOTONIC, &e, &t);
	start = now_ns(CLOCK_MONOTONIC);
	timer_settime(t, 0, &s, NULL);
	do {
		int count = ncaught + noverruns;

		passed = (now_ns(CLOCK_MONOTONIC) - start) / (10 * MS);
		behind = passed - count;
	} while (behind >= 0 && passed < 2000 && (behind > 0 || passed < 20 || ncaught < 3));
	timer_delete(t);
	CHECK_EQ(behind, 0);
	CHECK(ncaught >= 3);
}

static sem_t called;
static volatile int calls;

static void call(union sigval value)
{
	calls += value.sival_int;
	sem_post(&called);
}

static void test_thread(void)
{
	struct sigevent e = { .sigev_notify = SIGEV_THREAD, .sigev_notify_function = call };
	struct itimerspec s = spec(10, 10);
	timer_t t;

	sem_init(&called, 0, 0);
	e.sigev_value.sival_int = 2;
	CHECK_EQ(timer_create(CLOCK_MONOTONIC, &e, &t), 0);
	timer_settime(t, 0, &s, NULL);
	for (int i = 0; i < 3; i++)
		while (sem_wait(&called))
			;
	timer_delete(t);
	CHECK(calls >= 6);
}

static void test_invalid(void)
{
	struct sigevent e = { .sigev_notify = 77, .sigev_signo = SIGALRM };
	timer_t t[257];
	int n = 0;

	errno = 0;
	CHECK(timer_create(CLOCK_MONOTONIC, &e, t) == -1 && errno == EINVAL);
	e.sigev_notify = SIGEV_SIGNAL;
	e.sigev_signo = NSIG;
	CHECK(timer_create(CLOCK_MONOTONIC, &e, t) == -1 && errno == EINVAL);
	CHECK(timer_create(4711, NULL, t) == -1 && errno == EINVAL);
	CHECK(timer_getoverrun(0) == -1 && errno == EINVAL);
	e.sigev_notify = SIGEV_NONE;
	while (n < 257 && timer_create(CLOCK_MONOTONIC, &e, &t[n]) == 0)
		n++;
	CHECK(n == 256 && errno == EAGAIN);
	while (n > 0)
		timer_delete(t[--n]);
}

static void test_alarm(void)
{
	struct itimerval v = { { 0, 20000 }, { 0, 20000 } }, old;
	int count;

	handle(SIGALRM);
	CHECK_EQ(alarm(10), 0);
	CHECK_EQ(alarm(1), 10);
	pause();
	CHECK_EQ(ncaught, 1);
	CHECK_EQ(setitimer(ITIMER_REAL, &v, NULL), 0);
	await(3);
	v.it_value.tv_usec = 0;
	CHECK_EQ(setitimer(ITIMER_REAL, &v, &old), 0);
	CHECK_EQ(old.it_interval.tv_usec, 20000);
	v.it_value.tv_usec = 1000000;
	errno = 0;
	CHECK(setitimer(ITIMER_REAL, &v, NULL) == -1 && errno == EINVAL);
	CHECK(getitimer(3, &v) == -1 && errno == EINVAL);
	count = ncaught;
	CHECK_EQ(ualarm(10000, 0), 0);
	await(count + 1);
	sleep_ms(30);
	CHECK_EQ(ncaught, count + 1);
}

static volatile int stop;

static void *spin(void *arg)
{
	while (!stop)
		;
	return arg;
}

/* Use processor time of this thread; how much the clock says that took. */
static long long use_ms(long ms)
{
	long long start = now_ns(CLOCK_MONOTONIC), end = now_ns(CLOCK_THREAD_CPUTIME_ID) + ms * MS;

	while (now_ns(CLOCK_THREAD_CPUTIME_ID) < end)
		;
	return now_ns(CLOCK_MONOTONIC) - start;
}

/* The least that one of ten sleeps of 100 ms costs: the machine may be busy with something else. */
static long long cost_of_sleeping(void)
{
	long long least = 100 * MS;

	for (int i = 0; i < 10 && least >= 30 * MS; i++) {
		long long start = now_ns(CLOCK_PROCESS_CPUTIME_ID), cost;

		sleep_ms(100);
		cost = now_ns(CLOCK_PROCESS_CPUTIME_ID) - start;
		least = cost < least ? cost : least;
	}
	return least;
}

/* Another thread's time is its own, and not more than passes. */
static long long time_of_other(void)
{
	long long own = now_ns(CLOCK_THREAD_CPUTIME_ID), start = now_ns(CLOCK_MONOTONIC), others;
	pthread_t t;
	clockid_t id;

	stop = 0;
	pthread_create(&t, NULL, spin, NULL);
	CHECK_EQ(pthread_getcpuclockid(t, &id), 0);
	do {
		sleep_ms(100);
		others = now_ns(id);
	} while (others < 50 * MS && now_ns(CLOCK_MONOTONIC) - start < 10000 * MS);
	CHECK(others >= 50 * MS && others <= now_ns(CLOCK_MONOTONIC) - start);
	CHECK(now_ns(CLOCK_THREAD_CPUTIME_ID) - own < others);
	stop = 1;
	pthread_join(t, NULL);
	return others;
}

static void test_cpu_time(void)
{
	long long process, others;
	struct rusage u;
	struct tms tms;
	clockid_t id;

	now_ns(CLOCK_THREAD_CPUTIME_ID);
	process = now_ns(CLOCK_PROCESS_CPUTIME_ID);
	CHECK(process >= 0 && process <= now_ns(CLOCK_MONOTONIC));
	CHECK(cost_of_sleeping() < 30 * MS);
	CHECK(use_ms(50) >= 50 * MS);
	others = time_of_other();
	CHECK(now_ns(CLOCK_PROCESS_CPUTIME_ID) - process >= 50 * MS + others);
	CHECK_EQ(clock_getcpuclockid(0, &id), 0);
	CHECK_EQ(clock_getcpuclockid(4711, &id), ESRCH);
	CHECK_EQ(getrusage(RUSAGE_SELF, &u), 0);
	CHECK(u.ru_utime.tv_sec * 1000000000LL + u.ru_utime.tv_usec * 1000 >= 50 * MS + others);
	errno = 0;
	CHECK(getrusage(77, &u) == -1 && errno == EINVAL);
	CHECK(times(&tms) != (clock_t)-1 && tms.tms_utime > 0);
	CHECK(clock() > 0);
}

/* On a busy machine the signal may be late. */
static void test_virtual_timer(void)
{
	struct itimerval v = { { 0, 0 }, { 0, 30000 } };
	long long start;

	handle(SIGVTALRM);
	start = now_ns(CLOCK_PROCESS_CPUTIME_ID);
	CHECK_EQ(setitimer(ITIMER_VIRTUAL, &v, NULL), 0);
	sleep_ms(100);
	CHECK(ncaught == 0 || now_ns(CLOCK_PROCESS_CPUTIME_ID) - start >= 30 * MS);
	for (int i = 0; i < 300 && ncaught == 0; i++)
		spin_ms(10);
	CHECK_EQ(ncaught, 1);
	CHECK(now_ns(CLOCK_PROCESS_CPUTIME_ID) - start >= 30 * MS);
}

static void test_signalfd(void)
{
	struct signalfd_siginfo info;
	struct pollfd p = { .events = POLLIN };
	union sigval value = { 17 };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 3);
	sigaddset(&set, SIGALRM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	p.fd = signalfd(-1, &set, SFD_NONBLOCK);
	CHECK(p.fd >= 0);
	errno = 0;
	CHECK(read(p.fd, &info, sizeof(info)) == -1 && errno == EAGAIN);
	CHECK_EQ(poll(&p, 1, 0), 0);
	sigqueue(getpid(), SIGRTMIN + 3, value);
	CHECK_EQ(poll(&p, 1, 0), 1);
	CHECK_EQ(read(p.fd, &info, sizeof(info)), sizeof(info));
	CHECK(info.ssi_signo == SIGRTMIN + 3 && info.ssi_int == 17);
	ualarm(20000, 0);
	CHECK_EQ(poll(&p, 1, 2000), 1);
	CHECK_EQ(read(p.fd, &info, sizeof(info)), sizeof(info));
	CHECK_EQ(info.ssi_signo, SIGALRM);
	CHECK(read(p.fd, &info, 10) == -1 && errno == EINVAL);
	close(p.fd);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void test_no_children(void)
{
	siginfo_t info;

	errno = 0;
	CHECK(waitid(P_ALL, 0, &info, WEXITED) == -1 && errno == ECHILD);
	CHECK(waitid(P_ALL, 0, &info, 0) == -1 && errno == EINVAL);
	CHECK_EQ(pthread_atfork(NULL, NULL, NULL), 0);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	RUN(test_cpu_time);
	RUN(test_one_shot);
	RUN(test_absolute);
	RUN(test_overrun);
	RUN(test_periodic);
	RUN(test_thread);
	RUN(test_invalid);
	RUN(test_alarm);
	RUN(test_virtual_timer);
	RUN(test_signalfd);
	RUN(test_no_children);
	return check_done();
}
