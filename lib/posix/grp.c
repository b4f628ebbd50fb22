// SPDX-License-Identifier: BSD-2-Clause
/*
 * grp.c - groups (POSIX.1-2017, getgrnam() and its family).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>
#include "lib/posix/accounts.h"

static const struct account_table groups = {
	"/etc/group",
	"root:x:0:\nnogroup:x:65534:\nnobody:x:65534:\n",
	4,
};

/* The names of a list become an array behind `used` bytes of the buffer. */
static int split_members(char *list, char *buf, size_t size, size_t used, char ***out)
{
	char **member = (char **)ALIGN_UP((uintptr_t)buf + used, sizeof(char *));
	char **end = (char **)ALIGN_DOWN((uintptr_t)buf + size, sizeof(char *));

	*out = member;
	while (*list) {
		char *comma = strchrnul(list, ',');
		bool last = !*comma;

		if (member >= end)
			return -ERANGE;
		*comma = '\0';
		*member++ = list;
		list = last ? comma : comma + 1;
	}
	if (member >= end)
		return -ERANGE;
	*member = NULL;
	return 0;
}

static int find(const struct account_query *q, struct group *out, char *buf, size_t size,
		struct group **result)
{
	char *field[4], **members;
	int n = account_find(&groups, q, buf, size, field), err;

	*result = NULL;
	if (n <= 0)
		return -n;
	err = split_members(field[3], buf, size, (size_t)n, &members);
	if (err)
		return -err;
	*out = (struct group){ .gr_name = field[0],
			       .gr_passwd = field[1],
			       .gr_gid = account_id(field[2]),
			       .gr_mem = members };
	*result = out;
	return 0;
}

UNIK_API int getgrnam_r(const char *name, struct group *out, char *buf, size_t size,
			struct group **result)
{
	return find(&(struct account_query){ .name = name }, out, buf, size, result);
}

UNIK_API int getgrgid_r(gid_t id, struct group *out, char *buf, size_t size, struct group **result)
{
	return find(&(struct account_query){ .id = id }, out, buf, size, result);
}

/* The forms with memory of their own, for one thread at a time, as POSIX has them. */
static struct group *find_static(const struct account_query *q)
{
	static struct group found;
	static char text[1024];
	struct group *result;
	int err = find(q, &found, text, sizeof(text), &result);

	if (err)
		errno = err;
	return result;
}

UNIK_API struct group *getgrnam(const char *name)
{
	return find_static(&(struct account_query){ .name = name });
}

UNIK_API struct group *getgrgid(gid_t id)
{
	return find_static(&(struct account_query){ .id = id });
}

static unsigned next_group;

UNIK_API void setgrent(void)
{
	next_group = 0;
}

UNIK_API void endgrent(void)
{
	next_group = 0;
}

UNIK_API struct group *getgrent(void)
{
	return find_static(&(struct account_query){ .any = true, .skip = next_group++ });
}

/* The given group, and those that list the user. -1 and the count when there is no room. */
UNIK_API int getgrouplist(const char *user, gid_t group, gid_t *out, int *count)
{
	char text[1024];
	struct group g, *found;
	gid_t given = group;
	int n = 0;

	for (unsigned skip = 0;; skip++) {
		if (n < *count)
			out[n] = group;
		n++;
		do {
			struct account_query q = { .member = user, .skip = skip };

			if (find(&q, &g, text, sizeof(text), &found) || !found)
				goto end;
		} while (g.gr_gid == given && ++skip);
		group = g.gr_gid;
	}
end:
	n = n > *count ? (*count = n, -1) : (*count = n);
	return n;
}

UNIK_API int initgroups(const char *user, gid_t group)
{
	gid_t list[NGROUPS_MAX];
	int count = NGROUPS_MAX;

	getgrouplist(user, group, list, &count);
	return setgroups(count > NGROUPS_MAX ? NGROUPS_MAX : count, list);
}
