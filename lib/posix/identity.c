// SPDX-License-Identifier: BSD-2-Clause
/*
 * identity.c - users, groups and process groups: user 0 in group 0, process 1 that leads its group
 * and its session, and no way to become anybody else.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "lib/libc/result.h"

#define PROCESS_ID 1
#define NO_CHANGE  ((uid_t)-1) /* POSIX: leave this one as it is */

/* The result of becoming who one is. */
static int become(int possible)
{
	return (int)posix_result(possible ? 0 : -EPERM);
}

static int is_self(unsigned id)
{
	return id == 0 || id == NO_CHANGE;
}

UNIK_API int setuid(uid_t id)
{
	return become(id == 0);
}

UNIK_API int seteuid(uid_t id)
{
	return become(id == 0);
}

UNIK_API int setgid(gid_t id)
{
	return become(id == 0);
}

UNIK_API int setegid(gid_t id)
{
	return become(id == 0);
}

UNIK_API int setreuid(uid_t real, uid_t effective)
{
	return become(is_self(real) && is_self(effective));
}

UNIK_API int setregid(gid_t real, gid_t effective)
{
	return become(is_self(real) && is_self(effective));
}

UNIK_API int setresuid(uid_t real, uid_t effective, uid_t saved)
{
	return become(is_self(real) && is_self(effective) && is_self(saved));
}

UNIK_API int setresgid(gid_t real, gid_t effective, gid_t saved)
{
	return become(is_self(real) && is_self(effective) && is_self(saved));
}

UNIK_API int getresuid(uid_t *real, uid_t *effective, uid_t *saved)
{
	*real = *effective = *saved = 0;
	return 0;
}

UNIK_API int getresgid(gid_t *real, gid_t *effective, gid_t *saved)
{
	*real = *effective = *saved = 0;
	return 0;
}

UNIK_API int issetugid(void)
{
	return 0;
}

/* There are no supplementary groups, and group 0 is not worth one. */
UNIK_API int getgroups(int size, gid_t list[])
{
	return (int)posix_result(size < 0 ? -EINVAL : 0);
}

UNIK_API int setgroups(int count, const gid_t *list)
{
	for (int i = 0; i < count; i++)
		if (list[i] != 0)
			return become(0);
	return (int)posix_result(count < 0 ? -EINVAL : 0);
}

UNIK_API pid_t getpgrp(void)
{
	return PROCESS_ID;
}

static pid_t of_process(pid_t pid)
{
	return (pid_t)posix_result(pid == 0 || pid == PROCESS_ID ? PROCESS_ID : -ESRCH);
}

UNIK_API pid_t getpgid(pid_t pid)
{
	return of_process(pid);
}

UNIK_API pid_t getsid(pid_t pid)
{
	return of_process(pid);
}

/* A leader of a session stays in its group, and a leader of a group makes no session. */
UNIK_API int setpgid(pid_t pid, pid_t group)
{
	return of_process(pid) < 0 ? -1 : become(0);
}

UNIK_API int setpgrp(void)
{
	return setpgid(0, 0);
}

UNIK_API pid_t setsid(void)
{
	return become(0);
}

UNIK_API int getlogin_r(char *out, size_t size)
{
	if (size < sizeof("root"))
		return ERANGE;
	strcpy(out, "root");
	return 0;
}

UNIK_API char *getlogin(void)
{
	static char name[] = "root";

	return name;
}

UNIK_API long gethostid(void)
{
	return 0;
}

UNIK_API int getdomainname(char *out, size_t size)
{
	if (size == 0)
		return (int)posix_result(-EINVAL);
	*out = '\0';
	return 0;
}

UNIK_API int setdomainname(const char *name, size_t len)
{
	return become(len == 0);
}
