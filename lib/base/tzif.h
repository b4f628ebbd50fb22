/* SPDX-License-Identifier: BSD-2-Clause
 *
 * tzif.h - time zone files: TZif, versions 1 to 4 (RFC 9636).
 *
 * Every number is checked when the file is opened; the file may be anything. Nothing is copied
 * out of it but the rule in its footer.
 *
 * Threading: no state.
 */
#pragma once
#include "lib/base/tz_rule.h"

struct tzif {
	const uint8_t *times, *kinds, *types, *names; /* in the file */
	uint32_t ntimes, ntypes;
	uint8_t time_bytes; /* 4 or 8 */
	bool has_rule;
	struct tz_rule rule; /* behind the last of the times */
};

/* tzif_open() - look at a file of len bytes, which stays where it is as long as *out is used.
 * 0; -EINVAL: damaged, or one that counts leap seconds, which POSIX's time does not. */
int tzif_open(struct tzif *out, const void *file, size_t len);

/* tzif_at() - what holds at t [s since 1970]; |t| below 2^62. */
void tzif_at(const struct tzif *z, int64_t t, struct tz_local *out);

/* tzif_latest() - the last kind of time, standard or summer, that the file knows. False: it knows
 * no such. */
bool tzif_latest(const struct tzif *z, bool summer, struct tz_local *out);
