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

UNIK_API long sysconf(int name)
{
	struct page_stats pages;

	switch (name) {
	case _SC_ARG_MAX:
		return ARG_MAX;
	case _SC_CLK_TCK:
		return CLOCKS_PER_SEC;
	case _SC_OPEN_MAX:
		return OPEN_MAX;
	case _SC_PAGESIZE:
		return PAGE_SIZE;
	case _SC_NPROCESSORS_CONF:
	case _SC_NPROCESSORS_ONLN:
		return 1;
	case _SC_PHYS_PAGES:
	case _SC_AVPHYS_PAGES:
		page_get_stats(&pages);
		return (long)(name == _SC_PHYS_PAGES ? pages.total_pages : pages.free_pages);
	case _SC_IOV_MAX:
		return IOV_MAX;
	case _SC_HOST_NAME_MAX:
		return HOST_NAME_MAX;
	case _SC_VERSION:
	case _SC_THREADS:
	case _SC_MONOTONIC_CLOCK:
		return _POSIX_VERSION;
	case _SC_THREAD_STACK_MIN:
		return PTHREAD_STACK_MIN;
	case _SC_THREAD_KEYS_MAX:
		return PTHREAD_KEYS_MAX;
	default:
		return posix_result(-EINVAL);
	}
}

UNIK_API int gethostname(char *out, size_t size)
{
	char name[HOST_NAME_MAX + 1] = "unik";

	boot_option("unik.hostname", name, sizeof(name));
	if (strlen(name) >= size)
		return (int)posix_result(-ENAMETOOLONG);
	strcpy(out, name);
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
