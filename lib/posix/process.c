// SPDX-License-Identifier: BSD-2-Clause
/*
 * process.c - there is one process, so none can be started and none waited for.
 *
 * POSIX requires the names. ENOSYS is what a system answers that has no second address space; a
 * program that asks first (system(NULL)) is told that there is no shell.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "lib/base/compiler.h"
#include "lib/libc/result.h"

UNIK_API pid_t fork(void)
{
	return (pid_t)posix_result(-ENOSYS);
}

UNIK_API pid_t vfork(void)
{
	return (pid_t)posix_result(-ENOSYS);
}

UNIK_API int execv(const char *path, char *const argv[])
{
	return (int)posix_result(-ENOSYS);
}

UNIK_API int execve(const char *path, char *const argv[], char *const envp[])
{
	return (int)posix_result(-ENOSYS);
}

UNIK_API int execvp(const char *file, char *const argv[])
{
	return (int)posix_result(-ENOSYS);
}

UNIK_API int execl(const char *path, const char *arg, ...)
{
	return (int)posix_result(-ENOSYS);
}

UNIK_API int execle(const char *path, const char *arg, ...)
{
	return (int)posix_result(-ENOSYS);
}

UNIK_API int execlp(const char *file, const char *arg, ...)
{
	return (int)posix_result(-ENOSYS);
}

UNIK_API pid_t wait(int *status)
{
	return (pid_t)posix_result(-ECHILD);
}

UNIK_API pid_t waitpid(pid_t pid, int *status, int options)
{
	return (pid_t)posix_result(options & ~(WNOHANG | WUNTRACED) ? -EINVAL : -ECHILD);
}

UNIK_API FILE *popen(const char *command, const char *mode)
{
	errno = mode && (*mode == 'r' || *mode == 'w') ? ENOSYS : EINVAL;
	return NULL;
}

UNIK_API int pclose(FILE *stream)
{
	return (int)posix_result(-ECHILD); /* no stream came from popen() */
}

/* newlib's system() is this. */
int _system(const char *command);

UNIK_API int _system(const char *command)
{
	return command ? (int)posix_result(-ENOSYS) : 0;
}
