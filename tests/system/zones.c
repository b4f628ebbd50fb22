// SPDX-License-Identifier: BSD-2-Clause
/*
 * zones - a program for the system tests: what clocks show in time zones.
 *
 *   zones FROM STEP N ZONE…   for each zone ("-": TZ is not set) N lines, from FROM seconds since
 *                             1970 on in steps: the zone, the time, and what strftime() says
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void show(const char *zone, time_t t)
{
	char text[80], more[32];
	struct tm tm, back;

	if (!localtime_r(&t, &tm)) {
		printf("%s %lld: %s\n", zone, (long long)t, strerror(errno));
		return;
	}
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S %Z", &tm);
	strftime(more, sizeof(more), "%z %a %j", &tm);
	back = tm;
	printf("%s %lld: %s %ld %d %s%s\n", zone, (long long)t, text, tm.tm_gmtoff, tm.tm_isdst,
	       more, mktime(&back) == t ? "" : " not what mktime() makes of it");
}

int main(int argc, char **argv)
{
	long long from = argc > 3 ? atoll(argv[1]) : 0, step = argc > 3 ? atoll(argv[2]) : 0;

	/* So that there is a file system. */
	close(open("/", O_RDONLY));
	for (int i = 4; i < argc; i++) {
		if (strcmp(argv[i], "-") == 0)
			unsetenv("TZ");
		else
			setenv("TZ", argv[i], 1);
		tzset();
		printf("%s names %s %s %ld %d\n", argv[i], tzname[0], tzname[1], timezone,
		       daylight);
		for (int n = 0; n < atoi(argv[3]); n++)
			show(argv[i], from + n * step);
	}
	printf("done\n");
	return 0;
}
