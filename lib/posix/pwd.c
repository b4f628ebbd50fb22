// SPDX-License-Identifier: BSD-2-Clause
/*
 * pwd.c - users (POSIX.1-2017, getpwnam() and its family).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pwd.h>
#include "lib/posix/accounts.h"

static const struct account_table users = {
	"/etc/passwd",
	"root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
	7,
};

static int find(const struct account_query *q, struct passwd *out, char *buf, size_t size,
		struct passwd **result)
{
	static char none[] = "";
	char *field[7];
	int n = account_find(&users, q, buf, size, field);

	*result = NULL;
	if (n <= 0)
		return -n;
	*out = (struct passwd){ .pw_name = field[0],
				.pw_passwd = field[1],
				.pw_uid = account_id(field[2]),
				.pw_gid = account_id(field[3]),
				.pw_comment = none,
				.pw_gecos = field[4],
				.pw_dir = field[5],
				.pw_shell = field[6] };
	*result = out;
	return 0;
}

UNIK_API int getpwnam_r(const char *name, struct passwd *out, char *buf, size_t size,
			struct passwd **result)
{
	return find(&(struct account_query){ .name = name }, out, buf, size, result);
}

UNIK_API int getpwuid_r(uid_t id, struct passwd *out, char *buf, size_t size,
			struct passwd **result)
{
	return find(&(struct account_query){ .id = id }, out, buf, size, result);
}

/* The forms with memory of their own, for one thread at a time, as POSIX has them. */
static struct passwd *find_static(const struct account_query *q)
{
	static struct passwd found;
	static char text[1024];
	struct passwd *result;
	int err = find(q, &found, text, sizeof(text), &result);

	if (err)
		errno = err;
	return result;
}

UNIK_API struct passwd *getpwnam(const char *name)
{
	return find_static(&(struct account_query){ .name = name });
}

UNIK_API struct passwd *getpwuid(uid_t id)
{
	return find_static(&(struct account_query){ .id = id });
}

static unsigned next_user;

UNIK_API void setpwent(void)
{
	next_user = 0;
}

UNIK_API void endpwent(void)
{
	next_user = 0;
}

UNIK_API struct passwd *getpwent(void)
{
	return find_static(&(struct account_query){ .any = true, .skip = next_user++ });
}
