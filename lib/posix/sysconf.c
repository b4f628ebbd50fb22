// SPDX-License-Identifier: BSD-2-Clause
/*
 * sysconf.c - what there is and how much of it: sysconf(), pathconf(), confstr().
 */
#include <errno.h>
#include <limits.h>
#include <mqueue.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "kernel/page.h"
#include "lib/libc/fd.h"
#include "lib/libc/result.h"

#define YES _POSIX_VERSION

/* What does not change; 0: see changing(), or an option that is not there. */
static const int32_t fixed[] = {
	[_SC_ARG_MAX] = ARG_MAX,
	[_SC_CHILD_MAX] = 1,
	[_SC_CLK_TCK] = CLOCKS_PER_SEC,
	[_SC_NGROUPS_MAX] = NGROUPS_MAX,
	[_SC_SAVED_IDS] = 1,
	[_SC_VERSION] = YES,
	[_SC_PAGESIZE] = PAGE_SIZE,
	[_SC_NPROCESSORS_CONF] = 1,
	[_SC_NPROCESSORS_ONLN] = 1,
	[_SC_SEM_VALUE_MAX] = INT_MAX,
	[_SC_TZNAME_MAX] = 10,
	[_SC_FSYNC] = YES,
	[_SC_MAPPED_FILES] = YES,
	[_SC_MEMLOCK] = YES,
	[_SC_MEMLOCK_RANGE] = YES,
	[_SC_MEMORY_PROTECTION] = YES,
	[_SC_MESSAGE_PASSING] = YES,
	[_SC_MQ_OPEN_MAX] = FD_MAX,
	[_SC_MQ_PRIO_MAX] = MQ_PRIO_MAX,
	[_SC_REALTIME_SIGNALS] = YES,
	[_SC_SEMAPHORES] = YES,
	[_SC_SHARED_MEMORY_OBJECTS] = YES,
	[_SC_TIMERS] = YES,
	[_SC_DELAYTIMER_MAX] = INT_MAX,
	[_SC_THREAD_KEYS_MAX] = PTHREAD_KEYS_MAX,
	[_SC_THREAD_STACK_MIN] = PTHREAD_STACK_MIN,
	[_SC_TTY_NAME_MAX] = TTY_NAME_MAX,
	[_SC_THREADS] = YES,
	[_SC_THREAD_ATTR_STACKSIZE] = YES,
	[_SC_THREAD_SAFE_FUNCTIONS] = YES,
	[_SC_GETGR_R_SIZE_MAX] = 1024,
	[_SC_GETPW_R_SIZE_MAX] = 1024,
	[_SC_LOGIN_NAME_MAX] = 256,
	[_SC_THREAD_DESTRUCTOR_ITERATIONS] = PTHREAD_DESTRUCTOR_ITERATIONS,
	[_SC_ASYNCHRONOUS_IO] = YES,
	[_SC_AIO_LISTIO_MAX] = AIO_LISTIO_MAX,
	[_SC_AIO_MAX] = AIO_MAX,
	[_SC_AIO_PRIO_DELTA_MAX] = AIO_PRIO_DELTA_MAX,
	[_SC_PRIORITY_SCHEDULING] = YES,
	[_SC_THREAD_PRIORITY_SCHEDULING] = YES,
	[_SC_THREAD_PRIO_INHERIT] = YES,
	[_SC_THREAD_PRIO_PROTECT] = YES,
	[_SC_THREAD_PROCESS_SHARED] = YES,
	[_SC_THREAD_ATTR_STACKADDR] = YES,
	[_SC_THREAD_CPUTIME] = YES,
	[_SC_CPUTIME] = YES,
	[_SC_SYNCHRONIZED_IO] = YES,
	[_SC_ADVISORY_INFO] = YES,
	[_SC_RTSIG_MAX] = RTSIG_MAX,
	[_SC_SIGQUEUE_MAX] = SIGQUEUE_MAX,
	[_SC_TIMER_MAX] = TIMER_MAX,
	[_SC_ATEXIT_MAX] = 32, /* and more while there is memory */
	[_SC_BARRIERS] = YES,
	[_SC_BC_BASE_MAX] = 99,
	[_SC_BC_DIM_MAX] = 2048,
	[_SC_BC_SCALE_MAX] = 99,
	[_SC_BC_STRING_MAX] = 1000,
	[_SC_CLOCK_SELECTION] = YES,
	[_SC_COLL_WEIGHTS_MAX] = 2,
	[_SC_EXPR_NEST_MAX] = 32,
	[_SC_HOST_NAME_MAX] = HOST_NAME_MAX,
	[_SC_IOV_MAX] = IOV_MAX,
	[_SC_IPV6] = YES,
	[_SC_LINE_MAX] = 2048,
	[_SC_MONOTONIC_CLOCK] = YES,
	[_SC_READER_WRITER_LOCKS] = YES,
	[_SC_REGEXP] = 1,
	[_SC_RE_DUP_MAX] = 255,
	[_SC_SPIN_LOCKS] = YES,
	[_SC_SYMLOOP_MAX] = SYMLOOP_MAX,
	[_SC_TIMEOUTS] = YES,
	[_SC_V7_LP64_OFF64] = 1,
	[_SC_2_C_BIND] = YES,
	[_SC_LEVEL1_DCACHE_LINESIZE] = 64,
	[_SC_LEVEL1_ICACHE_LINESIZE] = 64,
	[_SC_POSIX_26_VERSION] = 0, /* the last name */
};

/* What a zero in the table means. The sizes of caches that nobody asked for are 0. */
static long changing(int name)
{
	struct page_stats pages;

	switch (name) {
	case _SC_OPEN_MAX:
	case _SC_STREAM_MAX:
		return fd_limit();
	case _SC_PHYS_PAGES:
	case _SC_AVPHYS_PAGES:
		page_get_stats(&pages);
		return (long)(name == _SC_PHYS_PAGES ? pages.total_pages : pages.free_pages);
	default:
		return name >= _SC_LEVEL1_ICACHE_SIZE && name <= _SC_LEVEL4_CACHE_LINESIZE ? 0 : -1;
	}
}

UNIK_API long sysconf(int name)
{
	if (name < 0 || (size_t)name >= ARRAY_SIZE(fixed))
		return posix_result(-EINVAL);
	return fixed[name] ? fixed[name] : changing(name);
}

static long path_limit(int name)
{
	switch (name) {
	case _PC_LINK_MAX:
		return 32767;
	case _PC_MAX_CANON:
	case _PC_MAX_INPUT:
		return 255;
	case _PC_NAME_MAX:
		return NAME_MAX;
	case _PC_PATH_MAX:
		return PATH_MAX;
	case _PC_PIPE_BUF:
		return PIPE_BUF;
	case _PC_CHOWN_RESTRICTED:
	case _PC_NO_TRUNC:
	case _PC_2_SYMLINKS:
		return 1;
	case _PC_VDISABLE:
		return 0;
	case _PC_FILESIZEBITS:
		return 64;
	case _PC_SYMLINK_MAX:
		return SYMLINK_MAX;
	case _PC_ALLOC_SIZE_MIN:
	case _PC_REC_MIN_XFER_SIZE:
	case _PC_REC_XFER_ALIGN:
		return PAGE_SIZE;
	case _PC_TIMESTAMP_RESOLUTION:
		return 1;
	case _PC_ASYNC_IO:
	case _PC_PRIO_IO:
	case _PC_SYNC_IO:
	case _PC_REC_INCR_XFER_SIZE:
	case _PC_REC_MAX_XFER_SIZE:
		return -1; /* not there, or no limit: errno stays */
	default:
		return posix_result(-EINVAL);
	}
}

UNIK_API long fpathconf(int fd, int name)
{
	struct file *f = fd_get(fd);

	if (!f)
		return posix_result(-EBADF);
	file_put(f);
	return path_limit(name);
}

UNIK_API long pathconf(const char *path, int name)
{
	return access(path, F_OK) ? -1 : path_limit(name);
}

UNIK_API size_t confstr(int name, char *out, size_t size)
{
	static const char path[] = "/bin";

	if (name != _CS_PATH) {
		errno = EINVAL;
		return 0;
	}
	if (size) {
		size_t len = MIN(sizeof(path) - 1, size - 1);

		memcpy(out, path, len);
		out[len] = '\0';
	}
	return sizeof(path);
}
