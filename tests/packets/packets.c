// SPDX-License-Identifier: BSD-2-Clause
/*
 * packets.c - runs scripts, each in a process of its own.
 *
 *   packets SCRIPT...      many; says which failed, and why
 *   packets -v SCRIPT      one, with all that happens; no other process, for a debugger
 *   packets -t PERMILLE SEED sack|none SECONDS   a stream that loses segments
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tests/packets/packets.h"

#define SECONDS_MAX 20 /* of the real world, for one script */

static unsigned running, failed;

/* The image takes addresses that must be free. */
static void fix_addresses(char **argv)
{
	int was = personality(0xffffffff);

	if (was != -1 && !(was & ADDR_NO_RANDOMIZE) &&
	    personality((unsigned long)was | ADDR_NO_RANDOMIZE) != -1)
		execv("/proc/self/exe", argv);
}

static void wait_one(void)
{
	int status;

	if (wait(&status) < 0)
		return;
	running--;
	if (WIFSIGNALED(status))
		fprintf(stderr, "a script ended by signal %d (%s)\n", WTERMSIG(status),
			strsignal(WTERMSIG(status)));
	if (status)
		failed++;
}

static void start(const char *path)
{
	pid_t pid = fork();

	if (pid < 0) {
		perror("packets: fork");
		exit(2);
	}
	if (pid == 0) {
		setvbuf(stderr, NULL, _IOFBF, 0); /* one that fails does not talk into another */
		alarm(SECONDS_MAX);
		script_run(path);
		exit(0);
	}
	running++;
}

int main(int argc, char **argv)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	fix_addresses(argv);
	if (argc == 3 && strcmp(argv[1], "-v") == 0) {
		verbose = true;
		script_run(argv[2]);
		return 0;
	}
	if (argc == 6 && strcmp(argv[1], "-t") == 0) {
		transfer_run((unsigned)atoi(argv[2]), strtoull(argv[3], NULL, 0),
			     strcmp(argv[4], "sack") == 0, atoi(argv[5]));
		return 0;
	}
	for (int i = 1; i < argc; i++) {
		if (running >= (unsigned)(cpus > 1 ? cpus : 1))
			wait_one();
		start(argv[i]);
	}
	while (running)
		wait_one();
	printf("packet scripts: %u passed, %u failed\n", (unsigned)(argc - 1) - failed, failed);
	return argc < 2 || failed;
}
