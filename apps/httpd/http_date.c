// SPDX-License-Identifier: BSD-2-Clause
/*
 * HTTP dates, in the proleptic Gregorian calendar, without the C library's time zones.
 *
 * Days are counted in years that begin on 1 March, so that the leap day comes last and the
 * lengths of the months follow one line: (153 * month + 2) / 5.
 */
#include "http.h"

#include <string.h>

enum {
	DAY_SECONDS = 86400,
	DAYS_400_YEARS = 146097,
	DAYS_TO_1970 = 719468, /* from 1 March of year 0 */
};

static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
static const char weekdays[] = "ThuFriSatSunMonTueWed"; /* 1 January 1970 was a Thursday */

struct date {
	unsigned int year, month, day; /* month 1..12 */
};

static int64_t days_from_date(const struct date *d)
{
	unsigned int year = d->month > 2 ? d->year : d->year - 1;
	unsigned int month = (d->month + 9) % 12;

	return (int64_t)year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 +
	       d->day - 1 - DAYS_TO_1970;
}

static void date_from_days(struct date *d, unsigned int days)
{
	unsigned int era = (days + DAYS_TO_1970) / DAYS_400_YEARS;
	unsigned int n = (days + DAYS_TO_1970) % DAYS_400_YEARS;
	unsigned int year = (n - n / 1460 + n / 36524 - n / (DAYS_400_YEARS - 1)) / 365;
	unsigned int day = n - (365 * year + year / 4 - year / 100);
	unsigned int month = (5 * day + 2) / 153;

	d->day = day - (153 * month + 2) / 5 + 1;
	d->month = month < 10 ? month + 3 : month - 9;
	d->year = era * 400 + year + (d->month <= 2);
}

static void put2(char *at, unsigned int v)
{
	at[0] = (char)('0' + v / 10 % 10);
	at[1] = (char)('0' + v % 10);
}

void http_date_format(char out[HTTP_DATE_LEN], int64_t seconds)
{
	uint64_t s = seconds < 0 ? 0 : (uint64_t)seconds;
	unsigned int days = (unsigned int)(s / DAY_SECONDS), rest = (unsigned int)(s % DAY_SECONDS);
	struct date d;

	date_from_days(&d, days);
	memcpy(out, "Thu, 01 Jan 1970 00:00:00 GMT", HTTP_DATE_LEN);
	memcpy(out, weekdays + days % 7 * 3, 3);
	put2(out + 5, d.day);
	memcpy(out + 8, months + (d.month - 1) * 3, 3);
	put2(out + 12, d.year / 100);
	put2(out + 14, d.year);
	put2(out + 17, rest / 3600);
	put2(out + 20, rest / 60 % 60);
	put2(out + 23, rest % 60);
}

/* Reads `count` digits, or fewer behind blanks. Returns the number, or -1. */
static int read_digits(const char *s, unsigned int count)
{
	int n = 0;

	for (; count > 1 && *s == ' '; count--)
		s++;
	for (; count; count--, s++) {
		if (*s < '0' || *s > '9')
			return -1;
		n = n * 10 + *s - '0';
	}
	return n;
}

static int read_month(const char *s)
{
	for (int month = 0; month < 12; month++)
		if (!memcmp(s, months + month * 3, 3))
			return month + 1;
	return -1;
}

/* The parts of a date in the order of a pattern: a digit stands for one, the rest for itself. */
enum { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, SHORT_YEAR, PARTS };
static const uint8_t part_len[PARTS] = { 4, 3, 2, 2, 2, 2, 2 };

/* Behind the day's name: IMF-fixdate, RFC 850, asctime. Ref: RFC 9110, 5.6.7. */
static const char patterns[3][18] = { ", 2 1 0 3:4:5 GMT", ", 2-1-6 3:4:5 GMT", " 1 2 3:4:5 0" };

static bool read_pattern(const char *pattern, const char *s, const char *end, int part[PARTS])
{
	for (; *pattern; pattern++) {
		unsigned int which = (unsigned int)(*pattern - '0');
		unsigned int len = which < PARTS ? part_len[which] : 1;

		if ((size_t)(end - s) < len)
			return false;
		if (which < PARTS) {
			part[which] = which == MONTH ? read_month(s) : read_digits(s, len);
			if (part[which] < 0)
				return false;
		} else if (*s != *pattern) {
			return false;
		}
		s += len;
	}
	return s == end;
}

static int64_t date_seconds(const int part[PARTS])
{
	const struct date d = { (unsigned int)part[YEAR], (unsigned int)part[MONTH],
				(unsigned int)part[DAY] };

	if (!d.day || d.day > 31 || part[HOUR] > 23 || part[MINUTE] > 59 || part[SECOND] > 60 ||
	    d.year < 1970)
		return -1;
	return days_from_date(&d) * DAY_SECONDS + part[HOUR] * 3600 + part[MINUTE] * 60 +
	       part[SECOND];
}

int64_t http_date_parse(const char *s, size_t len)
{
	const char *end = s + len;
	int part[PARTS];

	while (s < end && *s >= 'A') /* the day's name says nothing new */
		s++;
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
		if (!read_pattern(patterns[i], s, end, part))
			continue;
		if (i == 1) /* two digits: no date is that old, none that far ahead */
			part[YEAR] = part[SHORT_YEAR] + (part[SHORT_YEAR] < 70 ? 2000 : 1900);
		return date_seconds(part);
	}
	return -1;
}
