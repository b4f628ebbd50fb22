// SPDX-License-Identifier: BSD-2-Clause
/*
 * absent.c - what is declared so that programs compile, and is not there: System V IPC, passwords,
 * loading of code, message catalogues, logins. Each call says so.
 */
#define _GNU_SOURCE
#include <crypt.h>
#include <dlfcn.h>
#include <errno.h>
#include <nl_types.h>
#include <unistd.h>
#include <utmpx.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include "lib/libc/result.h"

static int no_system_v(void)
{
	return (int)posix_result(-ENOSYS);
}

UNIK_API key_t ftok(const char *path, int id)
{
	return no_system_v();
}

UNIK_API int shmget(key_t key, size_t size, int flags)
{
	return no_system_v();
}

UNIK_API void *shmat(int id, const void *addr, int flags)
{
	return (void *)(intptr_t)no_system_v();
}

UNIK_API int shmdt(const void *addr)
{
	return no_system_v();
}

UNIK_API int shmctl(int id, int command, struct shmid_ds *arg)
{
	return no_system_v();
}

UNIK_API int semget(key_t key, int count, int flags)
{
	return no_system_v();
}

UNIK_API int semop(int id, struct sembuf *ops, size_t count)
{
	return no_system_v();
}

UNIK_API int semctl(int id, int number, int command, ...)
{
	return no_system_v();
}

UNIK_API int msgget(key_t key, int flags)
{
	return no_system_v();
}

UNIK_API int msgsnd(int id, const void *message, size_t size, int flags)
{
	return no_system_v();
}

UNIK_API ssize_t msgrcv(int id, void *message, size_t size, long type, int flags)
{
	return no_system_v();
}

UNIK_API int msgctl(int id, int command, struct msqid_ds *arg)
{
	return no_system_v();
}

/* --- passwords ---------------------------------------------------------------------------- */

UNIK_API char *crypt(const char *key, const char *salt)
{
	errno = ENOSYS;
	return NULL;
}

UNIK_API char *crypt_r(const char *key, const char *salt, struct crypt_data *data)
{
	return crypt(key, salt);
}

/* --- loading of code ---------------------------------------------------------------------- */

static const char *dl_reason; /* for the next dlerror() */

static void *refuse(const char *reason)
{
	__atomic_store_n(&dl_reason, reason, __ATOMIC_RELAXED);
	return NULL;
}

UNIK_API void *dlopen(const char *file, int mode)
{
	return refuse("code cannot be loaded at run time");
}

UNIK_API void *dlsym(void *restrict handle, const char *restrict name)
{
	return refuse("the image has no table of symbols");
}

UNIK_API int dlclose(void *handle)
{
	refuse("nothing was loaded");
	return -1;
}

UNIK_API char *dlerror(void)
{
	return (char *)__atomic_exchange_n(&dl_reason, NULL, __ATOMIC_RELAXED);
}

UNIK_API int dladdr(const void *addr, Dl_info *out)
{
	return 0;
}

/* --- message catalogues ------------------------------------------------------------------- */

UNIK_API nl_catd catopen(const char *name, int flag)
{
	errno = ENOENT;
	return (nl_catd)-1;
}

UNIK_API char *catgets(nl_catd catalog, int set, int message, const char *text)
{
	errno = EBADF;
	return (char *)text;
}

UNIK_API int catclose(nl_catd catalog)
{
	return (int)posix_result(-EBADF);
}

/* --- logins ------------------------------------------------------------------------------- */

UNIK_API void setutxent(void)
{
}

UNIK_API void endutxent(void)
{
}

UNIK_API struct utmpx *getutxent(void)
{
	return NULL;
}

UNIK_API struct utmpx *getutxid(const struct utmpx *like)
{
	return NULL;
}

UNIK_API struct utmpx *getutxline(const struct utmpx *like)
{
	return NULL;
}

UNIK_API struct utmpx *pututxline(const struct utmpx *new)
{
	errno = EPERM;
	return NULL;
}
