// SPDX-License-Identifier: BSD-2-Clause
#include "lib/base/tzif.h"
#include <errno.h>
#include <string.h>
#include "lib/base/compiler.h"

#define HEADER_BYTES 44
#define TYPE_BYTES   6

/* The counts of a header (RFC 9636, 3.1), in its order. */
enum { ISUT, ISSTD, LEAP, TIME, TYPE, CHAR, COUNTS };

static uint32_t read32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t time_of(const struct tzif *z, uint32_t i)
{
	const uint8_t *p = z->times + (size_t)i * z->time_bytes;

	if (z->time_bytes == 4)
		return (int32_t)read32(p);
	return (int64_t)((uint64_t)read32(p) << 32 | read32(p + 4));
}

/* A header, and what is behind it, in which a time has time_bytes. Returns the bytes of both; 0:
 * not so, or not wholly there. */
static size_t read_block(struct tzif *z, const uint8_t *p, size_t len, uint8_t time_bytes)
{
	uint64_t n[COUNTS], body;

	if (len < HEADER_BYTES || memcmp(p, "TZif", 4) != 0)
		return 0;
	for (int i = 0; i < COUNTS; i++)
		n[i] = read32(p + 20 + 4 * i);
	body = n[TIME] * (time_bytes + 1U) + n[TYPE] * TYPE_BYTES + n[CHAR] +
	       n[LEAP] * (time_bytes + 4U) + n[ISSTD] + n[ISUT];
	if (body > len - HEADER_BYTES)
		return 0;
	z->time_bytes = time_bytes;
	z->ntimes = (uint32_t)n[TIME];
	z->ntypes = (uint32_t)n[TYPE];
	z->times = p + HEADER_BYTES;
	z->kinds = z->times + n[TIME] * time_bytes;
	z->types = z->kinds + n[TIME];
	z->names = z->types + n[TYPE] * TYPE_BYTES;
	return HEADER_BYTES + body;
}

/* Types exist and names end; nothing after this looks again. */
static bool is_sound(const struct tzif *z, const uint8_t *header)
{
	uint32_t nchars = read32(header + 40);

	if (read32(header + 28) != 0 || z->ntypes == 0 || z->ntypes > 256 || nchars == 0 ||
	    z->names[nchars - 1] != '\0')
		return false;
	for (uint32_t i = 0; i < z->ntypes; i++) {
		const uint8_t *type = z->types + (size_t)i * TYPE_BYTES;
		int32_t offset = (int32_t)read32(type);

		/* RFC 9636, 3.2: these may be expected; no place has ever had others. */
		if (offset < -89999 || offset > 93599 || type[4] > 1 || type[5] >= nchars)
			return false;
	}
	for (uint32_t i = 0; i < z->ntimes; i++)
		if (z->kinds[i] >= z->ntypes || (i > 0 && time_of(z, i) <= time_of(z, i - 1)))
			return false;
	return true;
}

int tzif_open(struct tzif *out, const void *file, size_t len)
{
	const uint8_t *p = file, *end = p + len, *foot;
	size_t size = read_block(out, p, len, 4);

	out->has_rule = false;
	if (size == 0)
		return -EINVAL;
	if (p[4] == '\0')
		return is_sound(out, p) ? 0 : -EINVAL;

	p += size;
	size = read_block(out, p, (size_t)(end - p), 8);
	if (size == 0 || !is_sound(out, p))
		return -EINVAL;
	p += size;
	if (p == end || *p++ != '\n')
		return -EINVAL;
	foot = memchr(p, '\n', (size_t)(end - p));
	if (!foot)
		return -EINVAL;
	out->has_rule = foot > p; /* else nothing is known of later times */
	if (out->has_rule && !tz_rule_parse(&out->rule, (const char *)p, (size_t)(foot - p)))
		return -EINVAL;
	return 0;
}

static void read_type(const struct tzif *z, uint32_t i, struct tz_local *out)
{
	const uint8_t *type = z->types + (size_t)i * TYPE_BYTES;
	const char *name = (const char *)z->names + type[5];
	size_t len = MIN(strlen(name), sizeof(out->name) - 1);

	out->offset = (int32_t)read32(type);
	out->summer = type[4];
	memcpy(out->name, name, len);
	out->name[len] = '\0';
}

void tzif_at(const struct tzif *z, int64_t t, struct tz_local *out)
{
	uint32_t from = 0, to = z->ntimes;

	/* How many transitions are not behind t. */
	while (from < to) {
		uint32_t middle = from + (to - from) / 2;

		if (time_of(z, middle) <= t)
			from = middle + 1;
		else
			to = middle;
	}
	if (from == z->ntimes && z->has_rule)
		*out = *tz_rule_at(&z->rule, t);
	else
		read_type(z, from ? z->kinds[from - 1] : 0, out);
}

bool tzif_latest(const struct tzif *z, bool summer, struct tz_local *out)
{
	if (z->has_rule && z->rule.local[summer].summer == summer) {
		*out = z->rule.local[summer];
		return true;
	}
	for (uint32_t i = z->ntimes; i-- > 0;)
		if (z->types[z->kinds[i] * TYPE_BYTES + 4] == summer) {
			read_type(z, z->kinds[i], out);
			return true;
		}
	read_type(z, 0, out);
	return out->summer == summer;
}
