// SPDX-License-Identifier: BSD-2-Clause
#include "now.h"

#include <time.h>

#include "stats.h"

struct now now = { .tick = UINT32_MAX };

bool now_update(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	if ((uint32_t)ts.tv_sec == now.tick)
		return false;
	now.tick = (uint32_t)ts.tv_sec;
	clock_gettime(CLOCK_REALTIME, &ts);
	now.real = ts.tv_sec;
	http_date_format(now.date, now.real);
	stats_update();
	return true;
}
