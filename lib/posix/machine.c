// SPDX-License-Identifier: BSD-2-Clause
/*
 * machine.c - memory, processors, scheduling and the odd questions that programs written for Linux
 * ask about their system.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <time.h>
#include <unistd.h>
#include "kernel/page.h"
#include "kernel/thread.h"
#include "kernel/time.h"
#include "lib/libc/result.h"

UNIK_API int sysinfo(struct sysinfo *out)
{
	struct page_stats pages;

	page_get_stats(&pages);
	memset(out, 0, sizeof(*out));
	out->uptime = (long)(time_now() / NS_PER_S);
	out->totalram = pages.total_pages * PAGE_SIZE;
	out->freeram = pages.free_pages * PAGE_SIZE;
	out->procs = 1;
	out->mem_unit = 1;
	return 0;
}

UNIK_API int get_nprocs(void)
{
	return (int)sysconf(_SC_NPROCESSORS_ONLN);
}

UNIK_API int get_nprocs_conf(void)
{
	return (int)sysconf(_SC_NPROCESSORS_CONF);
}

UNIK_API long get_phys_pages(void)
{
	return sysconf(_SC_PHYS_PAGES);
}

UNIK_API long get_avphys_pages(void)
{
	return sysconf(_SC_AVPHYS_PAGES);
}

/* Nobody takes samples. */
UNIK_API int getloadavg(double out[], int n)
{
	return -1;
}

UNIK_API unsigned long getauxval(unsigned long type)
{
	switch (type) {
	case AT_PAGESZ:
		return PAGE_SIZE;
	case AT_CLKTCK:
		return CLOCKS_PER_SEC;
	case AT_UID:
	case AT_EUID:
	case AT_GID:
	case AT_EGID:
	case AT_SECURE:
		return 0;
	default:
		errno = ENOENT;
		return 0;
	}
}

static int name_thread(const char *name)
{
	struct thread *t = thread_current();
	size_t len = strnlen(name, THREAD_NAME_BYTES - 1);

	memcpy(t->name, name, len);
	t->name[len] = '\0';
	return 0;
}

UNIK_API int prctl(int option, ...)
{
	va_list args;
	char *name;

	va_start(args, option);
	name = va_arg(args, char *);
	va_end(args);
	if (option == PR_SET_NAME)
		return name_thread(name);
	if (option != PR_GET_NAME)
		return (int)posix_result(-EINVAL);
	strcpy(name, thread_current()->name);
	return 0;
}

UNIK_API int personality(unsigned long persona)
{
	return (int)posix_result(persona == PER_LINUX || persona == 0xffffffff ? PER_LINUX
									       : -EINVAL);
}

UNIK_API long syscall(long number, ...)
{
	return posix_result(-ENOSYS);
}

/* The heap does not lie in one piece that could be made longer. */
UNIK_API void *sbrk(ptrdiff_t by)
{
	errno = ENOMEM;
	return (void *)-1;
}

UNIK_API int brk(void *end)
{
	return (int)posix_result(-ENOMEM);
}
