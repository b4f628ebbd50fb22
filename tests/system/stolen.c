// SPDX-License-Identifier: BSD-2-Clause
/*
 * stolen.c - where the time went, with other machines on the same CPU: computes for MS milliseconds
 * of the clock, then sleeps half as long. Argument: MS. Prints, in milliseconds, what the program
 * and the machine had of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

struct look {
	long long clock_ms, cpu_ms, usage_ms;
	long long user_ms, idle_ms, steal_ms; /* of /proc/stat */
};

static long long read_clock(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static struct look look(void)
{
	const long long hz = sysconf(_SC_CLK_TCK);
	struct look l = { .clock_ms = read_clock(CLOCK_MONOTONIC),
			  .cpu_ms = read_clock(CLOCK_PROCESS_CPUTIME_ID) };
	FILE *f = fopen("/proc/stat", "r");
	struct rusage u;

	if (!f || fscanf(f, "cpu %lld %*d %*d %lld %*d %*d %*d %lld", &l.user_ms, &l.idle_ms,
			 &l.steal_ms) != 3)
		exit(1);
	fclose(f);
	getrusage(RUSAGE_SELF, &u);
	l.usage_ms = u.ru_utime.tv_sec * 1000LL + u.ru_utime.tv_usec / 1000;
	l.user_ms = l.user_ms * 1000 / hz;
	l.idle_ms = l.idle_ms * 1000 / hz;
	l.steal_ms = l.steal_ms * 1000 / hz;
	return l;
}

int main(int argc, char **argv)
{
	long ms = argc > 1 ? atol(argv[1]) : 1000;
	struct look a = look(), b;

	if (a.cpu_ms < 0 || a.cpu_ms > a.clock_ms + 1000)
		return 1; /* more than there was since the start */
	a = look();       /* the first one brings the file system up, which takes its time */
	while (read_clock(CLOCK_MONOTONIC) < a.clock_ms + ms)
		;
	usleep((useconds_t)ms * 500);
	b = look();
	printf("clock %lld cpu %lld usage %lld user %lld idle %lld steal %lld\n",
	       b.clock_ms - a.clock_ms, b.cpu_ms - a.cpu_ms, b.usage_ms - a.usage_ms,
	       b.user_ms - a.user_ms, b.idle_ms - a.idle_ms, b.steal_ms - a.steal_ms);
	return 0;
}
