// SPDX-License-Identifier: BSD-2-Clause
/*
 * archive_tar.c - tar archives: POSIX.1-2017, pax, "ustar Interchange Format" and "pax Extended
 * Header"; and the long names of GNU tar.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include "lib/fs/archive.h"

#define BLOCK_BYTES 512

/* Text; numbers are octal digits. The data follows in whole blocks. */
struct tar_header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], check[8], type, link[100];
	char magic[6], version[2], user[32], group[32], dev_major[8], dev_minor[8], prefix[155];
	char unused[12];
};
_Static_assert(sizeof(struct tar_header) == BLOCK_BYTES, "a block");

/* A name: in the archive, or put together from a header's two fields. */
struct text {
	const char *at;
	size_t len;
};

/* What a header before a member says about it; NULL: nothing. */
struct longer {
	struct text name, link;
};

/* Up to `size` digits, blanks around them. Anything else is wrong. */
static bool parse_octal(const char *text, size_t size, uint64_t *out)
{
	uint64_t v = 0;
	size_t i = 0;

	while (i < size && text[i] == ' ')
		i++;
	for (; i < size && text[i] >= '0' && text[i] <= '7'; i++)
		v = v << 3 | (uint64_t)(text[i] - '0');
	*out = v;
	return i == size || text[i] == '\0' || text[i] == ' ';
}

/* The sum of the header's bytes, those of the sum itself taken as blanks. */
static bool check_sum(const struct tar_header *h)
{
	const uint8_t *byte = (const uint8_t *)h;
	uint64_t sum = sizeof(h->check) * ' ', want;

	for (size_t i = 0; i < BLOCK_BYTES; i++)
		if (i < offsetof(struct tar_header, check) ||
		    i >= offsetof(struct tar_header, type))
			sum += byte[i];
	return parse_octal(h->check, sizeof(h->check), &want) && sum == want;
}

bool archive_tar_is(const void *bytes, size_t len)
{
	const struct tar_header *h = bytes;

	return len >= BLOCK_BYTES && memcmp(h->magic, "ustar", 5) == 0;
}

static bool is_zero(const uint8_t *block)
{
	for (size_t i = 0; i < BLOCK_BYTES; i++)
		if (block[i])
			return false;
	return true;
}

/* The records "LENGTH KEY=VALUE\n" of an extended header. */
static bool parse_pax(struct longer *out, const char *p, size_t size)
{
	while (size > 0) {
		size_t len = 0, at = 0;

		for (; at < size && at < 8 && p[at] >= '0' && p[at] <= '9'; at++)
			len = len * 10 + (size_t)(p[at] - '0');
		if (len > size || len < at + 3 || p[at] != ' ' || p[len - 1] != '\n')
			return false;
		at++;
		if (len - at > 5 && memcmp(&p[at], "path=", 5) == 0)
			out->name = (struct text){ &p[at + 5], len - at - 6 };
		else if (len - at > 9 && memcmp(&p[at], "linkpath=", 9) == 0)
			out->link = (struct text){ &p[at + 9], len - at - 10 };
		else if (len - at > 5 && memcmp(&p[at], "size=", 5) == 0)
			return false; /* 8 GiB and more: not in an archive in memory */
		p += len;
		size -= len;
	}
	return true;
}

static mode_t type_of(char type)
{
	switch (type) {
	case '0':
	case '7':
	case '\0':
		return S_IFREG;
	case '2':
		return S_IFLNK;
	case '5':
		return S_IFDIR;
	default:
		return S_IFCHR; /* left out */
	}
}

/* prefix/name in buf[256], unless it was given before. */
static void get_name(struct text *out, const struct tar_header *h, char *buf)
{
	size_t len = strnlen(h->prefix, sizeof(h->prefix)), n = strnlen(h->name, sizeof(h->name));

	if (out->at)
		return;
	if (h->magic[5] != '\0') /* GNU's format has other things there */
		len = 0;
	memcpy(buf, h->prefix, len);
	if (len)
		buf[len++] = '/';
	memcpy(buf + len, h->name, n);
	*out = (struct text){ buf, len + n };
}

static int put_member(const struct tar_header *h, struct longer *names, uint64_t size,
		      uint32_t mtime_s)
{
	char buf[sizeof(h->prefix) + 1 + sizeof(h->name)];
	struct member m = { .size = size, .data = h + 1, .mtime_s = mtime_s };
	struct ramfs_node *n;
	uint64_t mode;

	get_name(&names->name, h, buf);
	if (!names->link.at)
		names->link = (struct text){ h->link, strnlen(h->link, sizeof(h->link)) };
	if (names->name.len >= PATH_MAX || names->link.len >= PATH_MAX ||
	    !parse_octal(h->mode, sizeof(h->mode), &mode))
		return -EINVAL;
	m.name = names->name.at;
	m.name_len = names->name.len;
	if (h->type == '1') { /* another name of a member that came before */
		m.same = archive_find(names->link.at, names->link.len);
		if (!m.same || !S_ISREG(m.same->vnode.mode))
			return -EINVAL;
		m.size = 0;
		m.mtime_s = (uint32_t)(m.same->mtime / NS_PER_S);
	} else {
		m.mode = type_of(h->type) | (mode & 07777);
	}
	if (h->type == '2') {
		m.data = names->link.at;
		m.size = names->link.len;
	}
	return archive_put(&m, &n);
}

int archive_tar_add(const uint8_t *bytes, size_t len)
{
	struct longer names = { 0 };
	size_t at = 0;

	while (len - at >= BLOCK_BYTES) {
		const struct tar_header *h = (const struct tar_header *)(bytes + at);
		const char *data = (const char *)(h + 1);
		uint64_t size, mtime;
		int err = 0;

		if (is_zero(bytes + at))
			return 0;
		at += BLOCK_BYTES;
		if (!archive_tar_is(h, BLOCK_BYTES) || !check_sum(h) ||
		    !parse_octal(h->size, sizeof(h->size), &size) ||
		    !parse_octal(h->mtime, sizeof(h->mtime), &mtime) || size > len - at)
			return -EINVAL;
		if (h->type == 'L')
			names.name = (struct text){ data, strnlen(data, size) };
		else if (h->type == 'K')
			names.link = (struct text){ data, strnlen(data, size) };
		else if (h->type == 'x')
			err = parse_pax(&names, data, size) ? 0 : -EINVAL;
		else if (h->type != 'g') {
			err = put_member(h, &names, size, (uint32_t)mtime);
			names = (struct longer){ 0 };
		}
		if (err)
			return err;
		at = MIN(len, at + ALIGN_UP((size_t)size, BLOCK_BYTES));
	}
	return -EINVAL; /* without its end it is cut short */
}
