// SPDX-License-Identifier: BSD-2-Clause
/*
 * probe - a program for the system tests: does one thing that they ask for and shows how it went.
 *
 *   probe args WORD...    print argv and the environment
 *   probe status N        return N
 *   probe cat PATH        print a file of the boot archive
 *   probe ram MIB         use so much memory
 *   probe echo            repeat what is typed, up to a line "quit"
 *   probe spin            never end
 *   probe abort|assert|null|wild|overflow   end badly
 */
#include <assert.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <unik/console.h>

extern char **environ;

static int do_args(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		printf("argv[%d]=<%s>\n", i, argv[i]);
	for (char **e = environ; *e; e++)
		printf("env <%s>\n", *e);
	puts("end of args");
	return 0;
}

static int do_status(int argc, char **argv)
{
	return argc > 2 ? atoi(argv[2]) : 0;
}

static int do_cat(int argc, char **argv)
{
	char buf[512];
	ssize_t len;
	int fd = open(argc > 2 ? argv[2] : "", O_RDONLY);

	if (fd < 0) {
		perror("open");
		return 1;
	}
	while ((len = read(fd, buf, sizeof(buf))) > 0)
		if (write(1, buf, len) != len)
			return 2;
	return len < 0;
}

/* Block by block, because no machine has all its memory in one run; both ends of each hold its own
 * number, because no two may be the same memory. */
static int do_ram(int argc, char **argv)
{
	enum { BLOCK_WORDS = (2 << 20) / sizeof(size_t), MAX_BLOCKS = 16384 };
	static volatile size_t *block[MAX_BLOCKS];
	size_t nblocks = (size_t)(argc > 2 ? atoi(argv[2]) : 2) / 2, bad = 0;

	for (size_t b = 0; b < nblocks && b < MAX_BLOCKS; b++) {
		block[b] = malloc(BLOCK_WORDS * sizeof(size_t));
		if (!block[b]) {
			printf("no memory after %lu MiB\n", (unsigned long)(2 * b));
			return 1;
		}
		block[b][0] = block[b][BLOCK_WORDS - 1] = b;
	}
	for (size_t b = 0; b < nblocks && b < MAX_BLOCKS; b++)
		bad += block[b][0] != b || block[b][BLOCK_WORDS - 1] != b;
	printf("%lu MiB, %lu bad\n", (unsigned long)(2 * nblocks), (unsigned long)bad);
	return bad != 0;
}

static int do_echo(int argc, char **argv)
{
	char line[128];

	puts("echo ready");
	while (fgets(line, sizeof(line), stdin)) {
		printf("<%s", line);
		if (!strcmp(line, "quit\n"))
			return 0;
	}
	return 1;
}

/* Echo what is typed on the virtio console until a 'q' comes. */
static int do_hvc(int argc, char **argv)
{
	int fd = unik_console_open("hvc0", O_RDWR);
	char c = 0;

	if (fd < 0)
		return 2;
	puts("hvc0 is open");
	write(fd, "ready\n", 6);
	while (c != 'q' && read(fd, &c, 1) == 1)
		write(fd, &c, 1);
	return c == 'q' ? 0 : 1;
}

static int do_spin(int argc, char **argv)
{
	puts("spinning");
	for (volatile int i = 0;; i++)
		if (argc < 0)
			return 0;
}

static int do_abort(int argc, char **argv)
{
	abort();
}

static int do_assert(int argc, char **argv)
{
	assert(argc == 1000);
	return 0;
}

__attribute__((noinline)) static int write_to(volatile int *at)
{
	*at = 1;
	return *at;
}

static int do_null(int argc, char **argv)
{
	return write_to((int *)(intptr_t)(argc == 1000));
}

/* A call to nowhere: the trace must still show who called. */
static int do_wild(int argc, char **argv)
{
	int (*volatile nowhere)(void) = NULL;

	return nowhere() + 1;
}

__attribute__((noinline)) static int overflow(volatile char *above)
{
	volatile char here[1024];

	if (!above)
		return 0;
	here[0] = above[0];
	return overflow(here) + here[0];
}

static int do_overflow(int argc, char **argv)
{
	volatile char first[1] = { 1 };

	return overflow(first);
}

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} jobs[] = {
	{ "args", do_args }, { "status", do_status },     { "cat", do_cat },
	{ "ram", do_ram },   { "echo", do_echo },         { "hvc", do_hvc },
	{ "spin", do_spin }, { "abort", do_abort },       { "assert", do_assert },
	{ "null", do_null }, { "overflow", do_overflow }, { "wild", do_wild },
};

int main(int argc, char **argv)
{
	int status = 2;

	/* The loop goes on after the call, so that main() stands in the trace. */
	for (size_t i = 0; argc > 1 && i < sizeof(jobs) / sizeof(jobs[0]); i++)
		if (!strcmp(argv[1], jobs[i].name))
			status = jobs[i].run(argc, argv);
	return status;
}
