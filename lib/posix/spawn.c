// SPDX-License-Identifier: BSD-2-Clause
/*
 * spawn.c - what makes or waits for processes, beside process.c: there is one, and it has no
 * children.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include "lib/libc/result.h"

static int no_processes(void)
{
	return (int)posix_result(-ENOSYS);
}

static int no_children(void)
{
	return (int)posix_result(-ECHILD);
}

/* Never called, for nothing forks. */
UNIK_API int pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void))
{
	return 0;
}

UNIK_API int fexecve(int fd, char *const argv[], char *const envp[])
{
	return no_processes();
}

static int check_options(int options, int known)
{
	return options & ~known ? (int)posix_result(-EINVAL) : no_children();
}

UNIK_API pid_t wait3(int *status, int options, struct rusage *usage)
{
	return check_options(options, WNOHANG | WUNTRACED | WCONTINUED);
}

UNIK_API pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
	return wait3(status, options, usage);
}

UNIK_API int waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
	if (type != P_ALL && type != P_PID && type != P_PGID)
		return (int)posix_result(-EINVAL);
	if (!(options & (WEXITED | WSTOPPED | WCONTINUED)))
		return (int)posix_result(-EINVAL);
	return check_options(options, WNOHANG | WEXITED | WSTOPPED | WCONTINUED | WNOWAIT);
}

UNIK_API int posix_spawn(pid_t *restrict pid, const char *restrict path,
			 const posix_spawn_file_actions_t *actions,
			 const posix_spawnattr_t *restrict attr, char *const argv[restrict],
			 char *const envp[restrict])
{
	return ENOSYS;
}

UNIK_API int posix_spawnp(pid_t *restrict pid, const char *restrict file,
			  const posix_spawn_file_actions_t *actions,
			  const posix_spawnattr_t *restrict attr, char *const argv[restrict],
			  char *const envp[restrict])
{
	return ENOSYS;
}

/* Nothing can be spawned, so nothing is kept of how. */
UNIK_API int posix_spawn_file_actions_init(posix_spawn_file_actions_t *actions)
{
	return ENOSYS;
}

UNIK_API int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t *actions)
{
	return ENOSYS;
}

UNIK_API int posix_spawn_file_actions_addopen(posix_spawn_file_actions_t *restrict actions, int fd,
					      const char *restrict path, int flags, mode_t mode)
{
	return ENOSYS;
}

UNIK_API int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *actions, int fd, int to)
{
	return ENOSYS;
}

UNIK_API int posix_spawn_file_actions_addclose(posix_spawn_file_actions_t *actions, int fd)
{
	return ENOSYS;
}

UNIK_API int posix_spawnattr_init(posix_spawnattr_t *attr)
{
	return ENOSYS;
}

UNIK_API int posix_spawnattr_destroy(posix_spawnattr_t *attr)
{
	return ENOSYS;
}

UNIK_API int posix_spawnattr_setflags(posix_spawnattr_t *attr, short flags)
{
	return ENOSYS;
}

UNIK_API int posix_spawnattr_setpgroup(posix_spawnattr_t *attr, pid_t group)
{
	return ENOSYS;
}

UNIK_API int posix_spawnattr_setsigmask(posix_spawnattr_t *restrict attr,
					const sigset_t *restrict mask)
{
	return ENOSYS;
}

UNIK_API int posix_spawnattr_setsigdefault(posix_spawnattr_t *restrict attr,
					   const sigset_t *restrict set)
{
	return ENOSYS;
}

UNIK_API int posix_spawnattr_getflags(const posix_spawnattr_t *restrict attr, short *restrict flags)
{
	return ENOSYS;
}

UNIK_API int posix_spawnattr_getpgroup(const posix_spawnattr_t *restrict attr,
				       pid_t *restrict group)
{
	return ENOSYS;
}

UNIK_API int posix_spawnattr_getschedparam(const posix_spawnattr_t *restrict attr,
					   struct sched_param *restrict param)
{
	return ENOSYS;
}

UNIK_API int posix_spawnattr_getschedpolicy(const posix_spawnattr_t *restrict attr,
					    int *restrict policy)
{
	return ENOSYS;
}

UNIK_API int posix_spawnattr_getsigdefault(const posix_spawnattr_t *restrict attr,
					   sigset_t *restrict set)
{
	return ENOSYS;
}

UNIK_API int posix_spawnattr_getsigmask(const posix_spawnattr_t *restrict attr,
					sigset_t *restrict mask)
{
	return ENOSYS;
}

UNIK_API int posix_spawnattr_setschedparam(posix_spawnattr_t *restrict attr,
					   const struct sched_param *restrict param)
{
	return ENOSYS;
}

UNIK_API int posix_spawnattr_setschedpolicy(posix_spawnattr_t *attr, int policy)
{
	return ENOSYS;
}
