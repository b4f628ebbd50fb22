// SPDX-License-Identifier: BSD-2-Clause
#include "lib/fs/ramfs_space.h"
#include <errno.h>
#include "kernel/boot_info.h"
#include "kernel/log.h"
#include "kernel/page.h"
#include "lib/fs/ramfs.h"

#define RESERVE_PART 32 /* this part of RAM stays free */

bool ramfs_parse_size(const char *text, uint64_t whole, uint64_t *out)
{
	uint64_t n = 0, unit = 1;

	if (*text == '\0')
		return false;
	for (; *text >= '0' && *text <= '9'; text++)
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(*text - '0'), &n))
			return false;
	if (*text == 'K' || *text == 'k')
		unit = 1ull << 10;
	else if (*text == 'M' || *text == 'm')
		unit = 1ull << 20;
	else if (*text == 'G' || *text == 'g')
		unit = 1ull << 30;
	else if (*text == '%' && n <= 100)
		unit = whole / 100;
	else if (*text != '\0')
		return false;
	if (*text != '\0' && text[1] != '\0')
		return false;
	return !__builtin_mul_overflow(n, unit, out);
}

static uint64_t limit; /* bytes */
static bool limit_known;

uint64_t ramfs_limit(void)
{
	struct page_stats s;
	char text[32];

	if (limit_known)
		return limit;
	limit_known = true;
	page_get_stats(&s);
	limit = s.total_pages * PAGE_SIZE / 2;
	if (boot_option("unik.ramfs", text, sizeof(text)) &&
	    !ramfs_parse_size(text, s.total_pages * PAGE_SIZE, &limit))
		log_warn("unik.ramfs=%s: not a size", text);
	return limit;
}

uint64_t ramfs_free_bytes(void)
{
	uint64_t most = ramfs_limit(), left = 0;
	struct page_stats s;

	page_get_stats(&s);
	if (s.free_pages > s.total_pages / RESERVE_PART)
		left = (s.free_pages - s.total_pages / RESERVE_PART) * PAGE_SIZE;
	return ramfs.used_bytes < most ? MIN(left, most - ramfs.used_bytes) : 0;
}

int ramfs_room(uint64_t bytes)
{
	return bytes <= ramfs_free_bytes() ? 0 : -ENOSPC;
}
