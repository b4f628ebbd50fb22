// SPDX-License-Identifier: BSD-2-Clause
/* Clocks and sleeping. The upper limits are wide: an emulated machine may be slow. */
// boards: no, a Raspberry Pi has no clock that runs on
#include <errno.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>
#include "tests/check.h"

#define MS 1000000LL

static long long read_ns(clockid_t clock)
{
	struct timespec ts;

	CHECK_EQ(clock_gettime(clock, &ts), 0);
	return ts.tv_sec * 1000 * MS + ts.tv_nsec;
}

static void test_monotonic(void)
{
	long long last = read_ns(CLOCK_MONOTONIC);
	int moved = 0;

	for (int i = 0; i < 100000; i++) {
		long long now = read_ns(CLOCK_MONOTONIC);

		CHECK(now >= last);
		moved += now > last;
		last = now;
	}
	CHECK(moved > 1000);
}

static void check_sleep(long long span_ns)
{
	struct timespec span = { span_ns / (1000 * MS), span_ns % (1000 * MS) };
	long long start = read_ns(CLOCK_MONOTONIC), took;

	CHECK_EQ(nanosleep(&span, NULL), 0);
	took = read_ns(CLOCK_MONOTONIC) - start;
	CHECK(took >= span_ns);
	if (took > span_ns + 50 * MS)
		CHECK_FAIL("slept %lld ns, not %lld", took, span_ns);
}

static void test_sleep(void)
{
	static const long long spans[] = { 0, 1, 1000, 100000, MS, 10 * MS, 150 * MS };
	struct timespec bad = { 0, 1000 * MS };

	for (unsigned i = 0; i < sizeof(spans) / sizeof(spans[0]); i++)
		check_sleep(spans[i]);
	CHECK_EQ(nanosleep(&bad, NULL), -1);
	CHECK_EQ(errno, EINVAL);
	CHECK_EQ(usleep(2000), 0);
}

static void test_absolute(void)
{
	struct timespec until;
	long long start = read_ns(CLOCK_MONOTONIC), took;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += (until.tv_nsec + 20 * MS) / (1000 * MS);
	until.tv_nsec = (until.tv_nsec + 20 * MS) % (1000 * MS);
	CHECK_EQ(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, NULL), 0);
	took = read_ns(CLOCK_MONOTONIC) - start;
	CHECK(took >= 19 * MS && took < 80 * MS);
	CHECK_EQ(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, NULL), 0);
	CHECK_EQ(clock_nanosleep(99, 0, &until, NULL), EINVAL);
}

static void test_wall(void)
{
	struct timespec set = { 2000000000, 0 };
	struct timezone zone = { 77, 77 };
	struct timeval tv;
	struct tm tm;
	time_t t = time(NULL);

	CHECK(t > 1700000000); /* 2023 */
	CHECK_EQ(gettimeofday(&tv, &zone), 0);
	CHECK_EQ(zone.tz_minuteswest, 0);
	CHECK_EQ(zone.tz_dsttime, 0);
	CHECK(tv.tv_sec - t <= 1);
	CHECK(gmtime_r(&t, &tm) != NULL);
	CHECK(tm.tm_year >= 123);
	CHECK_EQ(clock_settime(CLOCK_REALTIME, &set), 0);
	CHECK(time(NULL) - 2000000000 <= 1);
	CHECK_EQ(clock_settime(CLOCK_MONOTONIC, &set), -1);
	CHECK(times(NULL) > 0);
	CHECK(clock() != (clock_t)-1);
}

int main(void)
{
	RUN(test_monotonic);
	RUN(test_sleep);
	RUN(test_absolute);
	RUN(test_wall);
	return check_done();
}
