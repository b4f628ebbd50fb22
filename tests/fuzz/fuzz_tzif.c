// SPDX-License-Identifier: BSD-2-Clause
/* Time zone files, and the rules that TZ and the files' footers have. */
// link: lib/base/tz_rule.c lib/base/tzif.c
#include "lib/base/tzif.h"
#include "tests/fuzz/fuzz.h"

static const int64_t times[] = { -(1LL << 61), -4000000000, -1,       0, 1,
				 1720000000,   4000000000,  1LL << 61 };

static void check(const struct tz_local *l)
{
	FUZZ_ASSERT(memchr(l->name, '\0', sizeof(l->name)));
	FUZZ_ASSERT(l->offset > -95000 && l->offset < 95000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct tz_local local;
	struct tz_rule rule;
	struct tzif z;

	if (tzif_open(&z, data, len) == 0) {
		for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
			tzif_at(&z, times[i], &local);
			check(&local);
		}
		for (int summer = 0; summer < 2; summer++)
			if (tzif_latest(&z, summer, &local))
				FUZZ_ASSERT(local.summer == summer);
	}
	if (tz_rule_parse(&rule, (const char *)data, len))
		for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++)
			check(tz_rule_at(&rule, times[i]));
	return 0;
}
