// SPDX-License-Identifier: BSD-2-Clause
/*
 * local_time.c - times as clocks show them: what newlib has of this knows rules only.
 */
#include <errno.h>
#include <reent.h>
#include <time.h>
#include "lib/base/compiler.h"
#include "lib/base/tz_rule.h"
#include "lib/posix/zone.h"

#define DAY 86400
/* Times whose year fits an int. */
#define FIRST_TIME (-67768040609740800)
#define LAST_TIME  67768036191676799

UNIK_API void tzset(void)
{
	zone_update();
}

/* The names by which newlib's strftime() and others call it. */
void _tzset_r(struct _reent *reent);
void _tzset_unlocked(void);
void _tzset_unlocked_r(struct _reent *reent);

UNIK_API void _tzset_r(struct _reent *reent)
{
	zone_update();
}

UNIK_API void _tzset_unlocked(void)
{
	zone_update();
}

UNIK_API void _tzset_unlocked_r(struct _reent *reent)
{
	zone_update();
}

static bool fill_in(int64_t t, struct tm *out)
{
	struct zone_time now;
	time_t shown;

	if (t < FIRST_TIME + DAY || t > LAST_TIME - DAY) {
		errno = EOVERFLOW;
		return false;
	}
	zone_at(t, &now);
	shown = t + now.offset;
	gmtime_r(&shown, out);
	out->tm_isdst = now.summer;
	out->tm_gmtoff = now.offset;
	out->tm_zone = now.name;
	return true;
}

UNIK_API struct tm *localtime_r(const time_t *t, struct tm *out)
{
	zone_update();
	return fill_in(*t, out) ? out : NULL;
}

/* Seconds from 1970 to what the fields say, which may be beyond their ranges. */
static int64_t seconds_of(const struct tm *tm)
{
	int months = tm->tm_mon % 12;
	int64_t year = 1900LL + tm->tm_year + tm->tm_mon / 12;

	if (months < 0) {
		months += 12;
		year--;
	}
	return (tz_days(year, months) + tm->tm_mday - 1) * DAY + tm->tm_hour * 3600LL +
	       tm->tm_min * 60LL + tm->tm_sec;
}

/* Do clocks show the time at that offset, in the half of the year that is asked for (< 0: in any)?
 */
static bool is_shown(int64_t shown, const struct zone_time *as, int summer)
{
	struct zone_time then;

	zone_at(shown - as->offset, &then);
	return then.offset == as->offset && (summer < 0 || then.summer == summer);
}

/* The next time of this kind, standard or summer, is how far from Greenwich? */
static bool find_kind(int64_t near, bool summer, struct zone_time *out)
{
	for (int weeks = 1; weeks <= 53 && _daylight; weeks++)
		for (int sign = -1; sign <= 1; sign += 2) {
			zone_at(near + (int64_t)sign * weeks * 7 * DAY, out);
			if (out->summer == summer)
				return true;
		}
	return false;
}

/* When do clocks show this? What they show twice is the first of both, if nobody says which; what
 * they skip is counted on from before the gap. */
static int64_t time_shown(int64_t shown, int summer)
{
	struct zone_time kind[3];

	zone_at(shown - DAY, &kind[0]);
	zone_at(shown + DAY, &kind[1]);
	for (int any = 0; any < 2; any++) {
		for (int i = 0; i < 2; i++)
			if (is_shown(shown, &kind[i], any ? -1 : summer))
				return shown - kind[i].offset;
		if (any || summer < 0)
			continue;
		/* They never do in that half of the year: as if they went on as in that half. */
		for (int i = 0; i < 2; i++)
			if (kind[i].summer == summer)
				return shown - kind[i].offset;
		if (find_kind(shown, summer, &kind[2]))
			return shown - kind[2].offset;
	}
	return shown - kind[0].offset;
}

UNIK_API time_t mktime(struct tm *tm)
{
	int64_t t;

	zone_update();
	t = time_shown(seconds_of(tm), tm->tm_isdst > 0 ? 1 : tm->tm_isdst);
	return fill_in(t, tm) ? t : -1;
}
