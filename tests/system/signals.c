// SPDX-License-Identifier: BSD-2-Clause
/* What reaches a program from outside: ^C and the power button. `wait`: by a handler in pause();
 * `spin`: while it computes; `default`: the program wants nothing of it but to know. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t caught;

static void note(int sig)
{
	caught = sig;
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "wait";
	volatile unsigned long spins = 0;
	int is_default = strcmp(how, "default") == 0;

	setvbuf(stdout, NULL, _IONBF, 0);
	signal(SIGINT, is_default ? SIG_DFL : note);
	signal(SIGTERM, is_default ? SIG_DFL : note);
	puts("ready");
	if (strcmp(how, "spin") == 0)
		while (!caught)
			spins++;
	else
		pause();
	printf("caught %s\n", caught == SIGINT ? "SIGINT" : "SIGTERM");
	return 0;
}
