// SPDX-License-Identifier: BSD-2-Clause
/* Sends its arguments to the log, one message each. */
#include <errno.h>
#include <syslog.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	openlog("logger", LOG_PID, LOG_LOCAL3);
	for (int i = 1; i < argc; i++) {
		errno = ENOENT;
		syslog(LOG_NOTICE, "%s: %m", argv[i]);
	}
	closelog();
	usleep(200000); /* what waits for an address to be resolved is sent */
	return 0;
}
