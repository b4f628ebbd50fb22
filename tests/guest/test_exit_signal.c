// SPDX-License-Identifier: BSD-2-Clause
// expect: exit status=143 output="caught 10, ignored"
/* Signals that a program sends to itself; the default of SIGTERM ends it with 128 + 15. */
#include <signal.h>
#include <stdio.h>

static void caught(int sig)
{
	printf("caught %d, ", sig == SIGUSR1 ? 10 : sig);
}

int main(void)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	signal(SIGUSR1, caught);
	signal(SIGPIPE, SIG_IGN);
	raise(SIGUSR1);
	raise(SIGPIPE);
	puts("ignored");
	raise(SIGTERM);
	return 0;
}
