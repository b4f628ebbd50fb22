// SPDX-License-Identifier: BSD-2-Clause
#include "lib/base/tz_rule.h"
#include <string.h>
#include "lib/base/compiler.h"

#define HOUR 3600
#define DAY  86400

struct text {
	const char *at, *end;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static char peek(const struct text *t)
{
	return t->at < t->end ? *t->at : '\0';
}

static bool skip(struct text *t, char c)
{
	bool there = t->at < t->end && *t->at == c;

	t->at += there;
	return there;
}

/* A number from min to max. */
static bool take_number(struct text *t, int min, int max, int *out)
{
	int n = 0;

	if (!is_digit(peek(t)))
		return false;
	while (is_digit(peek(t)) && n <= max)
		n = n * 10 + (*t->at++ - '0');
	*out = n;
	return n >= min && n <= max;
}

/* [+-]hh[:mm[:ss]] as seconds. */
static bool take_time(struct text *t, int max_hours, int32_t *out)
{
	bool negative = skip(t, '-');
	int hours, minutes = 0, seconds = 0;

	if (!negative)
		skip(t, '+');
	if (!take_number(t, 0, max_hours, &hours))
		return false;
	if (skip(t, ':')) {
		if (!take_number(t, 0, 59, &minutes))
			return false;
		if (skip(t, ':') && !take_number(t, 0, 59, &seconds))
			return false;
	}
	*out = hours * HOUR + minutes * 60 + seconds;
	if (negative)
		*out = -*out;
	return true;
}

/* Three letters or more, or anything that can be a name between < and >. */
static bool take_name(struct text *t, char *out)
{
	bool quoted = skip(t, '<');
	const char *start = t->at;
	size_t len;

	while (is_letter(peek(t)) ||
	       (quoted && (is_digit(peek(t)) || peek(t) == '+' || peek(t) == '-')))
		t->at++;
	len = (size_t)(t->at - start);
	if (len < 3 || len >= TZ_NAME_SIZE || (quoted && !skip(t, '>')))
		return false;
	memcpy(out, start, len);
	out[len] = '\0';
	return true;
}

static bool take_day(struct text *t, struct tz_change *out)
{
	int month = 0, week = 0, day;

	out->kind = 'D';
	if (skip(t, 'M')) {
		out->kind = 'M';
		if (!take_number(t, 1, 12, &month) || !skip(t, '.') ||
		    !take_number(t, 1, 5, &week) || !skip(t, '.') || !take_number(t, 0, 6, &day))
			return false;
	} else if (skip(t, 'J')) {
		out->kind = 'J';
		if (!take_number(t, 1, 365, &day))
			return false;
	} else if (!take_number(t, 0, 365, &day)) {
		return false;
	}
	out->month = (uint8_t)month;
	out->week = (uint8_t)week;
	out->day = (uint16_t)day;
	return true;
}

static bool take_change(struct text *t, struct tz_change *out)
{
	out->at = 2 * HOUR;
	return skip(t, ',') && take_day(t, out) && (!skip(t, '/') || take_time(t, 167, &out->at));
}

bool tz_rule_parse(struct tz_rule *out, const char *text, size_t len)
{
	/* Whoever names no days means, by custom, those of the USA. */
	static const struct tz_change usual[2] = { { 'M', 3, 2, 0, 2 * HOUR },
						   { 'M', 11, 1, 0, 2 * HOUR } };
	struct text t = { text, text + len };
	int32_t west;

	memset(out, 0, sizeof(*out));
	if (!take_name(&t, out->local[0].name) || !take_time(&t, 24, &west))
		return false;
	out->local[0].offset = -west;
	out->local[1] = out->local[0];
	if (t.at == t.end)
		return true;

	if (!take_name(&t, out->local[1].name))
		return false;
	out->local[1].summer = true;
	out->local[1].offset = out->local[0].offset + HOUR;
	if (t.at < t.end && *t.at != ',') {
		if (!take_time(&t, 24, &west))
			return false;
		out->local[1].offset = -west;
	}
	if (t.at == t.end) {
		memcpy(out->change, usual, sizeof(usual));
		return true;
	}
	return take_change(&t, &out->change[0]) && take_change(&t, &out->change[1]) &&
	       t.at == t.end;
}

/* Of non-negative divisors: rounded down. */
static int64_t divide(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static bool is_leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int64_t tz_days(int64_t year, int month)
{
	static const uint16_t before[12] = {
		0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334
	};
	int64_t past = year - 1;

	return past * 365 + divide(past, 4) - divide(past, 100) + divide(past, 400) - 719162 +
	       before[month] + (month > 1 && is_leap(year));
}

/* The year in which the day lies, counted from 1970-01-01. */
static int64_t year_of_day(int64_t day)
{
	int64_t year = 1970 + divide(day * 400, 146097);

	while (tz_days(year, 0) > day)
		year--;
	while (tz_days(year + 1, 0) <= day)
		year++;
	return year;
}

/* From 1970 to the change in that year, by the clocks before it. */
static int64_t change_in(const struct tz_change *c, int64_t year)
{
	int64_t day = tz_days(year, 0), next;
	int first;

	if (c->kind == 'J') {
		day += c->day - 1 + (is_leap(year) && c->day >= 60);
	} else if (c->kind == 'D') {
		day += c->day;
	} else {
		day = tz_days(year, c->month - 1);
		next = c->month == 12 ? tz_days(year + 1, 0) : tz_days(year, c->month);
		first = (int)(day + 4 - divide(day + 4, 7) * 7); /* 1970 began on a Thursday */
		day += (c->day - first + 7) % 7 + 7 * (c->week - 1);
		if (day >= next) /* week 5 is the last one */
			day -= 7;
	}
	return day * DAY + c->at;
}

const struct tz_local *tz_rule_at(const struct tz_rule *rule, int64_t t)
{
	const struct tz_local *standard = &rule->local[0], *summer = &rule->local[1];
	int64_t year, begin, end;
	bool in_summer;

	if (!summer->summer)
		return standard;
	year = year_of_day(divide(t + standard->offset, DAY));
	begin = change_in(&rule->change[0], year) - standard->offset;
	end = change_in(&rule->change[1], year) - summer->offset;
	in_summer = begin < end ? t >= begin && t < end : t >= begin || t < end;
	return in_summer ? summer : standard;
}
