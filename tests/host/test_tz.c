// SPDX-License-Identifier: BSD-2-Clause
/* lib/base/tz_rule.c and tzif.c: rules and files of time zones. */
// link: lib/base/tz_rule.c lib/base/tzif.c
#include <errno.h>
#include <time.h>
#include "lib/base/tzif.h"
#include "tests/host/fake/fake.h"

static int64_t utc(int year, int month, int day, int hour, int minute, int second)
{
	struct tm tm = { .tm_year = year - 1900,
			 .tm_mon = month - 1,
			 .tm_mday = day,
			 .tm_hour = hour,
			 .tm_min = minute,
			 .tm_sec = second };

	return timegm(&tm);
}

/* From memory that ends with it, so that ASan sees any look behind the end. */
static bool parse(const char *text, struct tz_rule *out)
{
	size_t len = strlen(text);
	char *copy = memcpy(malloc(len + !len), text, len);
	bool ok = tz_rule_parse(out, copy, len);

	free(copy);
	return ok;
}

static int offset_at(const char *rule, int64_t t)
{
	struct tz_rule r;

	return parse(rule, &r) ? tz_rule_at(&r, t)->offset : -1;
}

static void test_rule_names(void)
{
	struct tz_rule r;

	CHECK(parse("UTC0", &r));
	CHECK_STR(tz_rule_at(&r, 0)->name, "UTC");
	CHECK(!tz_rule_at(&r, 0)->summer);
	CHECK(parse("<+0330>-3:30", &r));
	CHECK_STR(tz_rule_at(&r, 0)->name, "+0330");
	CHECK_EQ(tz_rule_at(&r, 0)->offset, 12600);
	CHECK(parse("ABC+1:02:03DEF-4:05:06,J1,J2", &r));
	CHECK_EQ(r.local[0].offset, -3723);
	CHECK_EQ(r.local[1].offset, 14706);
}

static void test_rule_days(void)
{
	const char *berlin = "CET-1CEST,M3.5.0,M10.5.0/3", *sydney = "AEST-10AEDT,M10.1.0,M4.1.0/3";

	CHECK_EQ(offset_at(berlin, utc(2024, 3, 31, 0, 59, 59)), 3600);
	CHECK_EQ(offset_at(berlin, utc(2024, 3, 31, 1, 0, 0)), 7200);
	CHECK_EQ(offset_at(berlin, utc(2024, 10, 27, 0, 59, 59)), 7200);
	CHECK_EQ(offset_at(berlin, utc(2024, 10, 27, 1, 0, 0)), 3600);
	CHECK_EQ(offset_at(sydney, utc(2024, 1, 1, 0, 0, 0)), 39600);
	CHECK_EQ(offset_at(sydney, utc(2024, 4, 6, 15, 59, 59)), 39600);
	CHECK_EQ(offset_at(sydney, utc(2024, 4, 6, 16, 0, 0)), 36000);
	CHECK_EQ(offset_at(sydney, utc(2024, 12, 31, 23, 0, 0)), 39600);
	/* The days of the USA, where none are named. */
	CHECK_EQ(offset_at("EST5EDT", utc(2024, 3, 10, 6, 59, 59)), -18000);
	CHECK_EQ(offset_at("EST5EDT", utc(2024, 3, 10, 7, 0, 0)), -14400);
	/* J60 is 1 March, 59 is 29 February, of a leap year. */
	CHECK_EQ(offset_at("AAA0BBB,J60/0,J365", utc(2024, 2, 29, 23, 59, 59)), 0);
	CHECK_EQ(offset_at("AAA0BBB,J60/0,J365", utc(2024, 3, 1, 0, 0, 0)), 3600);
	CHECK_EQ(offset_at("AAA0BBB,59/0,365", utc(2024, 2, 29, 0, 0, 0)), 3600);
	/* RFC 9636, 3.3.1: hours before midnight; summer all year. */
	CHECK_EQ(offset_at("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", utc(2024, 3, 31, 1, 0, 0)), -3600);
	CHECK_EQ(offset_at("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", utc(2024, 3, 31, 0, 59, 59)), -7200);
	CHECK_EQ(offset_at("XXX3EDT4,0/0,J365/23", utc(2024, 1, 1, 4, 0, 0)), -14400);
	CHECK_EQ(offset_at("XXX3EDT4,0/0,J365/23", utc(2023, 12, 31, 23, 0, 0)), -14400);
}

/* What this machine's C library says about the same rule, over centuries; from 1970 on,
 * because it knows no summers before that. */
static void test_rule_against_libc(void)
{
	static const char *const rules[] = {
		"CET-1CEST,M3.5.0,M10.5.0/3",       "AEST-10AEDT,M10.1.0,M4.1.0/3",
		"NZST-12NZDT,M9.5.0,M4.1.0/3",      "PST8PDT,J74,J300/1:30",
		"<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", "IST-5:30"
	};

	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		struct tz_rule r;

		CHECK(parse(rules[i], &r));
		setenv("TZ", rules[i], 1);
		tzset();
		for (time_t t = 0; t < 8000000000; t += 1234567) {
			struct tm tm;

			localtime_r(&t, &tm);
			CHECK_EQ(tz_rule_at(&r, t)->offset, tm.tm_gmtoff);
		}
	}
	unsetenv("TZ");
}

static void test_no_rules(void)
{
	static const char *const bad[] = {
		"",
		"U",
		"UT0",
		"UTC",
		"UTC25",
		"UTC0x",
		"UTC0:60",
		"<UTC0",
		"<UTCUTCUTCUTCUTC>0",
		"Europe/Berlin",
		"CET-1CEST,",
		"CET-1CEST,M3.5.0",
		"CET-1CEST,M3.5.0,",
		"CET-1CEST,M13.5.0,M10.5.0",
		"CET-1CEST,M0.5.0,M10.5.0",
		"CET-1CEST,M3.6.0,M10.5.0",
		"CET-1CEST,M3.5.7,M10.5.0",
		"CET-1CEST,J0,J5",
		"CET-1CEST,J1,J366",
		"CET-1CEST,1,366",
		"CET-1CEST,M3.5.0/168,M10.5.0",
		"CET-1CEST,M3.5.0,M10.5.0/3 ",
		"CET-99999999999999999999",
	};
	struct tz_rule r;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (parse(bad[i], &r))
			CHECK_FAIL("taken: %s", bad[i]);
}

static void test_far_times(void)
{
	const char *berlin = "CET-1CEST,M3.5.0,M10.5.0/3";
	int64_t era = 146097LL * 86400, far = (1LL << 61) / era * era;

	CHECK_EQ(offset_at(berlin, utc(2024, 7, 1, 0, 0, 0) + far), 7200);
	CHECK_EQ(offset_at(berlin, utc(2024, 7, 1, 0, 0, 0) - far), 7200);
	CHECK_EQ(offset_at(berlin, utc(2024, 1, 1, 0, 0, 0) - far), 3600);
	CHECK_EQ(tz_days(1970, 0), 0);
	CHECK_EQ(tz_days(0, 2), -719468);
	CHECK_EQ(tz_days(-400, 2), -719468 - 146097);
}

/* --- files ------------------------------------------------------------------------------ */

struct image {
	uint8_t *at;
	size_t len;
};

static void put(struct image *f, const void *bytes, size_t len)
{
	f->at = realloc(f->at, f->len + len);
	memcpy(f->at + f->len, bytes, len);
	f->len += len;
}

static void put_number(struct image *f, int64_t value, int bytes)
{
	for (int i = bytes; i-- > 0;) {
		uint8_t byte = (uint8_t)((uint64_t)value >> (8 * i));

		put(f, &byte, 1);
	}
}

static const int64_t moments[] = { -2000000000, 1000000, 2000000, 3000000 };

/* Local mean time, then winter, summer, winter, summer. */
static void put_block(struct image *f, int version, int time_bytes)
{
	put(f, "TZif", 4);
	put_number(f, version ? version + '0' : 0, 1);
	put(f, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 15);
	put_number(f, 0, 4);
	put_number(f, 0, 4);
	put_number(f, 0, 4);
	put_number(f, 4, 4);
	put_number(f, 3, 4);
	put_number(f, 13, 4);
	for (int i = 0; i < 4; i++)
		put_number(f, moments[i], time_bytes);
	put(f, "\1\2\1\2", 4);
	put_number(f, 3208, 4);
	put(f, "\0\0", 2);
	put_number(f, 3600, 4);
	put(f, "\0\4", 2);
	put_number(f, 7200, 4);
	put(f, "\1\10", 2);
	put(f, "LMT\0CET\0CEST\0", 13);
}

static struct image make_file(int version, const char *foot)
{
	struct image f = { 0 };

	put_block(&f, version, 4);
	if (version >= 2) {
		put_block(&f, version, 8);
		put(&f, "\n", 1);
		put(&f, foot, strlen(foot));
		put(&f, "\n", 1);
	}
	return f;
}

static void check_at(const struct tzif *z, int64_t t, int offset, bool summer, const char *name)
{
	struct tz_local l;

	tzif_at(z, t, &l);
	CHECK_EQ(l.offset, offset);
	CHECK_EQ(l.summer, summer);
	CHECK_STR(l.name, name);
}

static void test_versions(void)
{
	for (int version = 0; version <= 4; version += version ? 1 : 2) {
		struct image f = make_file(version, "CET-1CEST,M3.5.0,M10.5.0/3");
		struct tz_local l;
		struct tzif z;

		CHECK_EQ(tzif_open(&z, f.at, f.len), 0);
		check_at(&z, -3000000000, 3208, false, "LMT");
		check_at(&z, -2000000001, 3208, false, "LMT");
		check_at(&z, -2000000000, 3600, false, "CET");
		check_at(&z, 999999, 3600, false, "CET");
		check_at(&z, 1000000, 7200, true, "CEST");
		check_at(&z, 2000000, 3600, false, "CET");
		check_at(&z, 3000000, version ? 3600 : 7200, !version, version ? "CET" : "CEST");
		check_at(&z, 1720000000, 7200, true, "CEST");
		CHECK(tzif_latest(&z, true, &l) && l.offset == 7200);
		CHECK(tzif_latest(&z, false, &l) && l.offset == 3600);
		free(f.at);
	}
}

static void test_foot(void)
{
	struct image f = make_file(2, ""), bad = make_file(2, "no rule");
	struct tzif z;

	CHECK_EQ(tzif_open(&z, f.at, f.len), 0);
	check_at(&z, 1720000000, 7200, true, "CEST");
	CHECK_EQ(tzif_open(&z, bad.at, bad.len), -EINVAL);
	free(f.at);
	free(bad.at);
}

/* Cut anywhere. */
static void test_cut_files(void)
{
	struct image f = make_file(3, "CET-1CEST,M3.5.0,M10.5.0/3");

	for (size_t len = 0; len < f.len; len++) {
		uint8_t *cut = memcpy(malloc(len + !len), f.at, len);
		struct tzif z;

		CHECK_EQ(tzif_open(&z, cut, len), -EINVAL);
		free(cut);
	}
	free(f.at);
}

/* A byte changed: refused, or harmless. */
static void test_damaged_files(void)
{
	struct image f = make_file(2, "CET-1CEST,M3.5.0,M10.5.0/3");

	for (size_t i = 0; i < f.len; i++)
		for (int change = 1; change < 256; change += 2) {
			struct tz_local l;
			struct tzif z;

			f.at[i] ^= (uint8_t)change;
			if (tzif_open(&z, f.at, f.len) == 0)
				for (int64_t t = -4000000000; t < 4000000000; t += 999999999) {
					tzif_at(&z, t, &l);
					CHECK(l.offset > -90000 && l.offset < 93600);
					CHECK(strlen(l.name) < TZ_NAME_SIZE);
				}
			f.at[i] ^= (uint8_t)change;
		}
	free(f.at);
}

static void refuse(size_t at, uint8_t byte)
{
	struct image f = make_file(0, NULL);
	struct tzif z;

	f.at[at] = byte;
	CHECK_EQ(tzif_open(&z, f.at, f.len), -EINVAL);
	free(f.at);
}

static void test_refused(void)
{
	refuse(0, 't');
	refuse(31, 1);           /* leap seconds */
	refuse(39, 0);           /* no types */
	refuse(44 + 16, 3);      /* a type that is not there */
	refuse(44 + 20, 2);      /* an offset of years */
	refuse(44 + 20 + 4, 2);  /* neither summer nor not */
	refuse(44 + 20 + 5, 13); /* a name behind the names */
	refuse(44 + 20 + 18 + 12, 'x');
	refuse(44, 0x7f); /* times out of order */
	refuse(32, 0xff); /* more times than bytes */
}

int main(void)
{
	RUN(test_rule_names);
	RUN(test_rule_days);
	RUN(test_rule_against_libc);
	RUN(test_no_rules);
	RUN(test_far_times);
	RUN(test_versions);
	RUN(test_foot);
	RUN(test_cut_files);
	RUN(test_damaged_files);
	RUN(test_refused);
	return check_done();
}
