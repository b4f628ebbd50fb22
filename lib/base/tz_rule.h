/* SPDX-License-Identifier: BSD-2-Clause
 *
 * tz_rule.h - a time zone by rule: what POSIX says about TZ (XBD 8.3), with the hours that RFC
 * 9636, 3.3.1 adds. `CET-1CEST,M3.5.0,M10.5.0/3` and the like.
 *
 * Threading: no state. The text may be anything.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TZ_NAME_SIZE 12 /* of an abbreviation, with its terminator */

/* What clocks show at some time. */
struct tz_local {
	int32_t offset; /* east of Greenwich [s] */
	bool summer;
	char name[TZ_NAME_SIZE];
};

/* When clocks are changed: a day of the year and a time of that day. */
struct tz_change {
	char kind; /* 'M' n-th weekday of a month, 'J' day without 29 February, 'D' day from 0 */
	uint8_t month, week;
	uint16_t day;
	int32_t at; /* by the clocks before the change, from midnight [s] */
};

struct tz_rule {
	struct tz_local local[2];   /* standard, summer; without the latter both are equal */
	struct tz_change change[2]; /* to summer, and back */
};

/* tz_rule_parse() - a text of len bytes. False: it is not one of these, *out is undefined. */
bool tz_rule_parse(struct tz_rule *out, const char *text, size_t len);

/* tz_rule_at() - what holds at t [s since 1970]; |t| below 2^62. */
const struct tz_local *tz_rule_at(const struct tz_rule *rule, int64_t t);

/* tz_days() - days from 1970-01-01 to the first day of a month, 0 to 11, of a year; the year may be
 * any int and more. Gregorian, before its time too. */
int64_t tz_days(int64_t year, int month);
