// SPDX-License-Identifier: BSD-2-Clause
/*
 * system.c - who and what this is: one process, user 0, one machine.
 */
#include <limits.h>
#include <sched.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>
#include "arch/cpu.h"
#include "kernel/boot_info.h"
#include "kernel/page.h"
#include "kernel/thread.h"
#include "lib/libc/result.h"

#define PROCESS_ID 1

UNIK_API pid_t getpid(void)
{
	return PROCESS_ID;
}

UNIK_API pid_t getppid(void)
{
	return 0;
}

UNIK_API uid_t getuid(void)
{
	return 0;
}

UNIK_API uid_t geteuid(void)
{
	return 0;
}

UNIK_API gid_t getgid(void)
{
	return 0;
}

UNIK_API gid_t getegid(void)
{
	return 0;
}

UNIK_API int sched_yield(void)
{
	thread_yield();
	return 0;
}

UNIK_API int getpagesize(void)
{
	return PAGE_SIZE;
}

/* Made known by sethostname(); empty: what the command line says, or "unik". */
static char host_name[HOST_NAME_MAX + 1];

UNIK_API int gethostname(char *out, size_t size)
{
	char name[HOST_NAME_MAX + 1] = "unik";

	if (host_name[0])
		strcpy(name, host_name);
	else
		boot_option("unik.hostname", name, sizeof(name));
	if (strlen(name) >= size)
		return (int)posix_result(-ENAMETOOLONG);
	strcpy(out, name);
	return 0;
}

UNIK_API int sethostname(const char *name, size_t len)
{
	if (len > HOST_NAME_MAX)
		return (int)posix_result(-EINVAL);
	memcpy(host_name, name, len);
	host_name[len] = '\0';
	return 0;
}

UNIK_API int uname(struct utsname *out)
{
	memset(out, 0, sizeof(*out));
	strcpy(out->sysname, "libunik");
	gethostname(out->nodename, sizeof(out->nodename));
	strcpy(out->release, "0.1");
	strcpy(out->version, "0");
	strlcpy(out->machine, arch_name, sizeof(out->machine));
	return 0;
}
