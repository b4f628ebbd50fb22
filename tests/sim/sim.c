// SPDX-License-Identifier: BSD-2-Clause
/*
 * sim.c - runs seeds, each in a process of its own, and says what happened. See docs/simulation.md.
 *
 *   sim SEED            one, and what happens in it; no other process, for a debugger
 *   sim FIRST-LAST      many; the table of faults
 *   sim --find FIRST-LAST   up to the first violation, which there must be
 *   sim --soak HOURS    seeds that nobody has run, up to the first violation
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "tests/sim/sim.h"

#define JOBS_MAX       64
#define TWICE_EVERY    20 /* so many seeds are run a second time, and must be the same */
#define SECONDS_MAX    60 /* of the real world, for one seed */
#define FAILURES_MAX   10
#define REPORT_SECONDS 60

struct job {
	pid_t pid;
	uint64_t seed, expect; /* the hash of its first run, 0: this is the first */
	struct result *result;
};

static struct job jobs[JOBS_MAX];
static uint64_t totals[FAULT_KINDS], seeds, events, failures, repeated, first_failure;
static double virtual_seconds;
static const char *program;
static time_t soak_end, next_report; /* 0: seeds have a last one */

static void start(struct job *j)
{
	memset(j->result, 0, sizeof(*j->result));
	j->pid = fork();
	if (j->pid < 0) {
		perror("sim: fork");
		exit(2);
	}
	if (j->pid == 0) {
		alarm(SECONDS_MAX);
		world_run(j->seed, false, j->result);
	}
}

static void fail(const struct job *j, const char *why)
{
	if (failures++ == 0)
		first_failure = j->seed;
	printf("seed %llu: %s\n", (unsigned long long)j->seed, why);
	if (j->result->console[0])
		printf("---- what the instances said last\n%s----\n", j->result->console);
	printf("again, with all events: %s %llu\n", program, (unsigned long long)j->seed);
	fflush(stdout);
}

static void add(const struct result *r)
{
	for (unsigned k = 0; k < FAULT_KINDS; k++)
		totals[k] += r->count[k];
	events += r->events;
	virtual_seconds += (double)r->end / (double)NS_PER_S;
	seeds++;
}

/* Returns whether the job goes on, with the same seed a second time. */
static bool judge(struct job *j, int status)
{
	const struct result *r = j->result;
	char text[64];

	if (WIFSIGNALED(status)) {
		snprintf(text, sizeof(text), "ended by signal %d (%s)", WTERMSIG(status),
			 strsignal(WTERMSIG(status)));
		fail(j, text);
	} else if (!r->passed) {
		fail(j, r->reason[0] ? r->reason : "ended without a result");
	} else if (j->expect) {
		repeated++;
		if (r->hash != j->expect)
			fail(j, "not the same when run twice");
		return false;
	}
	add(r);
	if (!r->passed || j->seed % TWICE_EVERY)
		return false;
	j->expect = r->hash;
	start(j);
	return true;
}

static struct job *find(pid_t pid)
{
	for (unsigned n = 0; n < JOBS_MAX; n++)
		if (jobs[n].pid == pid)
			return &jobs[n];
	return NULL;
}

static void wait_one(void)
{
	int status;
	pid_t pid = wait(&status);
	struct job *j = find(pid);

	if (!j) {
		perror("sim: wait");
		exit(2);
	}
	j->pid = 0;
	judge(j, status);
}

static bool goes_on(uint64_t seed)
{
	time_t now;

	if (!soak_end)
		return true;
	now = time(NULL);
	if (now >= next_report) {
		printf("%llu seeds, the next is %llu; %.1f hours to go\n",
		       (unsigned long long)seeds, (unsigned long long)seed,
		       (double)(soak_end - now) / 3600);
		fflush(stdout);
		next_report = now + REPORT_SECONDS;
	}
	return now < soak_end;
}

static void run_all(uint64_t from, uint64_t to, unsigned njob, uint64_t failures_max)
{
	for (uint64_t seed = from; seed <= to && failures < failures_max && goes_on(seed); seed++) {
		struct job *j = NULL;

		while (!j) {
			for (unsigned n = 0; n < njob; n++)
				if (!jobs[n].pid)
					j = &jobs[n];
			if (!j)
				wait_one();
		}
		j->seed = seed;
		j->expect = 0;
		start(j);
	}
	for (unsigned n = 0; n < njob; n++)
		while (jobs[n].pid)
			wait_one();
}

static void print_table(void)
{
	static const char *const names[] = {
#define X(name, text) text,
		FAULTS(X)
#undef X
	};

	for (unsigned k = 0; k < FAULT_KINDS; k++)
		if (k != FAULT_BUG || totals[k])
			printf("%12llu  %s\n", (unsigned long long)totals[k], names[k]);
	printf("%llu seeds, %llu run twice, %llu events, %.0f virtual hours: %llu violations\n",
	       (unsigned long long)seeds, (unsigned long long)repeated, (unsigned long long)events,
	       virtual_seconds / 3600, (unsigned long long)failures);
}

static struct result *shared(size_t n)
{
	struct result *r = mmap(NULL, n * sizeof(*r), PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (r == MAP_FAILED) {
		perror("sim: mmap");
		exit(2);
	}
	return r;
}

/* Seeds must mean the same in each process: the same addresses, too. */
static void fix_addresses(char **argv)
{
	int was = personality(0xffffffff);

	if (was != -1 && !(was & ADDR_NO_RANDOMIZE) &&
	    personality((unsigned long)was | ADDR_NO_RANDOMIZE) != -1)
		execv("/proc/self/exe", argv);
}

static int run_one(uint64_t seed)
{
	struct result *r = shared(1);

	world_run(seed, true, r);
}

static int run_many(uint64_t from, uint64_t to, bool wanted)
{
	uint64_t failures_max = wanted || soak_end ? 1 : FAILURES_MAX;
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned njob = cpus < 1 ? 1 : cpus > JOBS_MAX ? JOBS_MAX : (unsigned)cpus;
	struct result *r = shared(njob);

	for (unsigned n = 0; n < njob; n++)
		jobs[n].result = &r[n];
	run_all(from, to, njob, failures_max);
	if (!wanted)
		print_table();
	else if (failures)
		printf("%s: found by seed %llu\n", program, (unsigned long long)first_failure);
	else
		printf("%s: NOT found by %llu seeds\n", program, (unsigned long long)seeds);
	return wanted ? !failures : failures != 0;
}

/* From the time on, which nobody has had. */
static int run_soak(const char *hours)
{
	time_t now = time(NULL);

	soak_end = now + (time_t)(strtod(hours, NULL) * 3600);
	return run_many((uint64_t)now * 1000, UINT64_MAX, false);
}

int main(int argc, char **argv)
{
	bool wanted = argc == 3 && strcmp(argv[1], "--find") == 0;
	char *text = argc == 2 + wanted ? argv[1 + wanted] : "", *end;
	uint64_t from = strtoull(text, &end, 10), to = from;

	program = argv[0];
	fix_addresses(argv);
	if (argc == 3 && strcmp(argv[1], "--soak") == 0)
		return run_soak(argv[2]);
	if (end != text && *end == '-')
		to = strtoull(text = end + 1, &end, 10);
	if (end == text || *end || to < from) {
		fprintf(stderr, "usage: %s SEED | %s [--find] FIRST-LAST | %s --soak HOURS\n",
			program, program, program);
		return 2;
	}
	return strchr(argv[1 + wanted], '-') ? run_many(from, to, wanted) : run_one(from);
}
