/* SPDX-License-Identifier: BSD-2-Clause
 *
 * zone.h - the time zone of the program: what TZ says, or /etc/localtime, or UTC.
 *
 * TZ is a rule (lib/base/tz_rule.h), or the name of a time zone file, from /usr/share/zoneinfo on;
 * a colon before a name says that it is no rule. What cannot be read is UTC.
 *
 * Threading: any thread; a mutex inside. Opens files: a program without any has no zone files, and
 * does not get a file system by asking.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct zone_time {
	int32_t offset; /* east of Greenwich [s] */
	bool summer;
	const char *name; /* stays, until the program has seen sixteen others */
};

/* zone_update() - do as TZ says now; tzname, timezone and daylight too. */
void zone_update(void);

/* zone_at() - what holds at t [s since 1970], by the last zone_update(); |t| below 2^62. */
void zone_at(int64_t t, struct zone_time *out);
